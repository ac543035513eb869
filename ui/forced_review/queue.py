"""备案强制核验: the queue with its clocks; rule, law, value found and material side by side, decided by keys (rows 11, 12)."""

from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.documents import PaperState
from models.forced_review import OPEN_REVIEWS, ReviewState
from printing.forced_review import ForcedOpinion
from services.documents.attachments import KeepAttachment, keep_attachment
from services.documents.print_log import Requester
from services.engine.findings import numbered
from services.engine.orders import OneRow, Reasoned
from services.forced_review.applications import (
    Handed,
    Supplement,
    accept_review,
    ask_for_more,
    supplement_review,
    withdraw_review,
)
from services.forced_review.civil_facts import civil_facts
from services.forced_review.decisions import (
    DecideReview,
    decide_review,
    escalate_review,
    step_back_review,
    take_review,
    undo_review,
)
from services.forced_review.listings import REVIEWS
from services.forced_review.views import MaterialLine, ReviewView, RuleLine, view_review
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.file_box import SCAN, FileBox
from ui.shell.files import ATTACHMENTS
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import badge, facts, head, note, warning
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.print_panel import print_issued, print_whole, show_unissued


class ReviewDesk(ListDesk[ReviewView]):
    """The review in hand beside the queue."""

    listing = REVIEWS
    look = view_review
    part = "强制核验详情"

    def begin(self) -> None:
        may = self.place.may
        self.ticks: dict[str, Any] = {}
        if may(decide_review):

            def mine(view: ReviewView) -> bool:
                return view.may_decide

            self.command("打开审核", self.take_in_hand, icon="back_hand", key="f4", when=mine)
            self.command("同意（豁免所选）", self.agree, icon="done", key="f8", when=mine)
            self.command("不同意", self.refuse, icon="close", key="f9", when=mine)
            self.command("撤销不同意（60秒内）", self.undo, icon="undo", when=lambda view: view.may_undo)
        if may(escalate_review):
            self.command(
                "提请区局",
                self.escalate,
                icon="forward",
                when=lambda view: view.may_decide and may(escalate_review, view),
            )
        if may(step_back_review):
            self.command(
                "退回初审",
                self.step_back,
                icon="reply",
                when=lambda view: view.may_decide and may(step_back_review, view),
            )
        if may(accept_review):
            self.command("受理", self.accept, icon="inbox", key="f6", when=lambda view: view.may_accept)
            self.command("补正", self.ask_more, icon="assignment_return", when=lambda view: view.may_accept)
        if may(civil_facts):
            self.command("查询民政信息", self.ask_civil, icon="family_restroom", when=lambda view: view.may_decide)
        if may(withdraw_review):
            self.command("撤回", self.withdraw, icon="undo", when=lambda view: may(withdraw_review, view))
        self.command("打印文书", self.print, icon="print", key="ctrl+p", when=lambda view: bool(view.papers))

    # ---------------------------------------------------------------- what is shown

    def draw(self, view: ReviewView) -> None:
        self.ticks = {}
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=f"强制核验 {view.apply_no}")
            badge(view.state)
            if view.clock:
                badge(view.clock, "bad" if view.overdue else "warn" if view.clock == "今日到期" else "info")
        if view.overdue:
            warning(f"应于{view.due_on}前办结，已经超期。")
        if view.more_stops and view.may_decide:
            warning("另有不在申请复核范围内的原因，同意后也不能备案：" + "；".join(view.more_stops))
        self._compare(view)
        self._general(view)
        facts(
            {
                "房屋坐落": view.address,
                "租赁": view.lease,
                "当事人": "；".join(view.parties),
                "申请人": f"{view.applicant}（{view.capacity}）",
                "申请理由": view.reason,
                "受理": f"{view.unit}（{view.channel}）",
                "审核单位": view.review_unit,
                "办件编号": view.case_no,
                "受理时间": view.accepted_at,
                "期限": view.due_on,
                "第几次申请": f"第{view.attempt}次" if view.attempt > 1 else "",
                "补正内容": view.correction,
                "审核中": view.held_by,
                "审核意见": f"{view.reviewer}：{view.opinion or '同意'}" if view.reviewer else "",
                "复核意见": f"{view.second_reviewer}：{view.second_opinion or '同意'}" if view.second_reviewer else "",
                "豁免规则": "、".join(view.waived),
                "备案编号": view.filing_no,
                "办结方式": view.closed_note,
            },
            columns=1,
        )
        self.civil = web.element("div")
        if view.state is ReviewState.CORRECTION and self.place.may(supplement_review):
            self._supplement(view)

    def _compare(self, view: ReviewView) -> None:
        """A row for each rule: what is stated beside what is registered, and what was handed in for it."""
        heads = ("规则和依据", "申请所载", "现登记信息", "材料", "豁免")
        widths = ("27%", "19%", "19%", "23%", "12%")
        # Never squeezed: what a reviewer compares is seen whole.
        compared = web.element("div").style("flex: none")
        with compared, web.element("table").classes("sf-compare-table sf-review-table"):
            with web.element("thead"), web.element("tr"):
                for words, width in zip(heads, widths, strict=True):
                    TextElement(tag="th", text=words).props("scope=col").style(f"width: {width}")
            with web.element("tbody"):
                for line in view.lines:
                    with web.element("tr"):
                        self._rule(view, line, heads)

    def _rule(self, view: ReviewView, line: RuleLine, heads: tuple[str, ...]) -> None:
        with web.element("th").props("scope=row"):
            TextElement(tag="strong", text=f"{line.code} {line.label}")
            TextElement(tag="p", text=line.message)
            TextElement(tag="small", text=line.basis).classes("sf-help")
            if line.district_only:
                badge("仅区级审核", "warn")
        for label, words in ((heads[1], line.applied), (heads[2], line.registered)):
            with web.element("td") as cell:
                cell.props["data-label"] = label
                TextElement(tag="span", text=words)
        with web.element("td") as cell:
            cell.props["data-label"] = heads[3]
            self._materials(line.materials)
        with web.element("td") as cell:
            cell.props["data-label"] = heads[4]
            if view.state not in OPEN_REVIEWS:
                badge(
                    "已豁免" if line.code in view.waived else "未豁免", "warn" if line.code in view.waived else "muted"
                )
            elif not line.stands:
                badge("已消失", "good")
            elif not line.waivable:
                badge("不得豁免", "bad")
            elif view.may_decide:
                box = web.checkbox(value=True).mark(f"waive-{line.code}")
                box.props["aria-label"] = f"豁免{line.code}"
                self.ticks[line.code] = box
            else:
                badge("待审核", "info")

    def _materials(self, materials: tuple[MaterialLine, ...]) -> None:
        with web.element("ul").classes("sf-line-changes"):
            for one in materials:
                with web.element("li"):
                    if one.file_id is not None:
                        web.link(one.name, f"{ATTACHMENTS}{one.file_id}", new_tab=True)
                    else:
                        TextElement(tag="span", text=one.name)
                    if one.original:
                        badge("已核原件", "good")
                    if one.valid_to is not None:
                        TextElement(tag="small", text=f"至{one.valid_to}")

    def _general(self, view: ReviewView) -> None:
        if view.general:
            head("申请材料")
            self._materials(view.general)

    def _supplement(self, view: ReviewView) -> None:
        head("补交材料")
        note("上传后重新提交给审核单位。")

        async def take(name: str, content: bytes) -> None:
            answer = await call(keep_attachment, KeepAttachment("强制核验材料", name, content))
            if answer.ok:
                code = view.lines[0].code if view.lines else ""
                handed = Handed("补充材料", code, file_id=answer.value.id)
                await self.act(supplement_review, Supplement(view.id, (handed,)), "已补交，等待受理")

        box = FileBox("补充材料", take, SCAN)
        with web.element("div").classes("sf-bar"):
            box.button("上传补充材料")

    # ---------------------------------------------------------------- what is done

    async def take_in_hand(self, view: ReviewView) -> None:
        await self.act(take_review, OneRow(view.id), "已打开，30分钟内其他人不能审核")

    async def agree(self, view: ReviewView) -> None:
        """Waive the ticked rules; all others are run again."""
        waive = tuple(code for code, box in self.ticks.items() if box.value)
        told = {
            "房屋": view.address,
            "豁免": "、".join(waive) or "不豁免任何规则",
            "说明": "其余规则重新核验；通过的立即备案，豁免情况印在备案通知书上",
        }
        with self.split:
            order = DecideReview(view.id, True, waive=waive)
            preview = lambda _: show_unissued(decide_review, order)  # noqa: E731
            await confirm("同意强制核验？", summary=told, yes="同意", preview=preview)
            answer = await call(decide_review, order)
            if not answer.ok:
                return
            done = answer.value
            await self.grid.load()
            if done.findings:
                self.place.say(
                    "还有规则未通过：" + "；".join(numbered(one.code, one.message) for one in done.findings), "bad"
                )
            elif done.state is ReviewState.SECOND:
                self.place.say("已提出初审意见，请另一位同事复核", "good")
            else:
                self.place.say(f"已同意，备案编号 {done.filing_no}", "good")
                await self._print(done.paper_id)

    async def refuse(self, view: ReviewView) -> None:
        with self.split:
            words = await ask_reason(
                "不同意强制核验",
                yes="不同意",
                least=10,
                label="不同意的理由",
                preview=lambda words: show_unissued(decide_review, DecideReview(view.id, False, words)),
            )
            answer = await call(decide_review, DecideReview(view.id, False, words))
            if answer.ok:
                await self.done("已办结，60秒内可以撤销；审核意见书请按Ctrl+P打印，打印后不能撤销")

    async def undo(self, view: ReviewView) -> None:
        """Take one's own refusal back while its minute runs; its opinion sheet is void."""
        await self.act(undo_review, OneRow(view.id), "已撤销，审核意见书作废，未发出的消息不再发送")

    async def escalate(self, view: ReviewView) -> None:
        with self.split:
            words = await ask_reason("提请区房屋管理局审核", yes="提请", least=5, label="提请意见")
            await self.act(escalate_review, Reasoned(view.id, words), "已提请区局")

    async def step_back(self, view: ReviewView) -> None:
        with self.split:
            words = await ask_reason("退回初审，由原审核单位重新审核", yes="退回初审", least=5, label="退回初审的意见")
            await self.act(step_back_review, Reasoned(view.id, words), "已退回初审，退回意见已通知初审人")

    async def accept(self, view: ReviewView) -> None:
        await self.act(accept_review, OneRow(view.id), "已受理，三个工作日内由其他同事审核")

    async def ask_more(self, view: ReviewView) -> None:
        with self.split:
            words = await ask_reason("一次性告知补正内容", yes="发出", least=5, label="补正内容")
            await self.act(ask_for_more, Reasoned(view.id, words), "已通知企业补正")

    async def withdraw(self, view: ReviewView) -> None:
        with self.split:
            words = await ask_reason("撤回强制核验申请", yes="撤回", least=5, label="撤回原因")
            await self.act(withdraw_review, Reasoned(view.id, words), "已撤回，可以重新申请")

    async def ask_civil(self, view: ReviewView) -> None:
        """Show beside the review what the civil affairs records say of the parties."""
        with self.split:
            found = (await call(civil_facts, view.id)).or_end()
        self.civil.clear()
        with self.civil:
            head("民政信息")
            columns = (
                Column("person", "人员", width=190),
                Column("what", "项目", width=60),
                Column("said", "记载"),
                Column("answered", "应答", width=80),
            )
            Rows(
                columns,
                found,
                label="民政信息",
                empty="没有接入民政信息",
                wraps=True,
                id_of=lambda one: one.person + one.what,
            )

    async def print(self, view: ReviewView) -> None:
        """Print the opinion once it is decided, before that what the applicant takes home and signs."""
        papers = [one for one in view.papers if one.state is PaperState.VALID]
        if papers[-1].title == ForcedOpinion.TITLE or len(papers) == 1:
            await self._print(papers[-1].id)
        else:
            await print_whole(papers, Requester(view.applicant, view.capacity))

    async def _print(self, paper_id: UUID | None) -> None:
        if paper_id is not None:
            await print_issued(paper_id, ready=False)


REVIEW_DESK = desk_module(ReviewDesk, "filing_reviews", "balance", "review")
