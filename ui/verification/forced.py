"""房源强制核验: the window takes applications in, the bureau decides them side by side with register and scans (rows 28, 29)."""

from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import due_day
from services.documents.attachments import KeepAttachment, keep_attachment
from services.engine.orders import OneRow
from services.verification.forced_materials import Capacity, wanted
from services.verification.forced_review import (
    ApplyForced,
    DecideForced,
    SayForced,
    apply_forced,
    decide_forced,
    escalate_forced,
    step_back_forced,
    take_forced,
    undo_forced,
    withdraw_forced,
)
from services.verification.forced_views import FORCED_REVIEWS, ForcedView, view_forced
from services.verification.notices import issue_notice
from services.verification.views import RequestView
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import choice_field, reason_field, text_field
from ui.shell.file_box import SCAN, FileBox
from ui.shell.files import ATTACHMENTS
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note, print_pdf
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.print_panel import show_unissued


class ForcedDesk(ListDesk[ForcedView]):
    """The application in hand beside the list."""

    listing = FORCED_REVIEWS
    look = view_forced
    part = "强制核验详情"

    def begin(self) -> None:
        may = self.place.may
        waits = partial(may, decide_forced)
        if may(decide_forced):
            self.command("打开审核", self.take_in_hand, icon="back_hand", when=waits)
            self.command("同意", self.agree, icon="done", key="f8", when=waits)
            self.command("不同意", self.refuse, icon="close", key="f9", when=waits)
            self.command("撤销不同意（60秒内）", self.undo, icon="undo", when=lambda view: view.may_undo)
            self.command("提请复审", self.escalate, icon="forward", when=partial(may, escalate_forced))
            self.command("退回初审", self.step_back, icon="reply", when=partial(may, step_back_forced))
        if may(withdraw_forced):
            self.command("撤回", self.withdraw, icon="undo", when=partial(may, withdraw_forced))
        self.command("预览结果通知书", self.preview, icon="visibility", when=lambda view: view.decided)
        self.command("打印结果通知书", self.notice, icon="print", when=lambda view: view.decided)

    def draw(self, view: ForcedView) -> None:
        head(f"强制核验 {view.apply_no}", view.state)
        facts(
            {
                "核验编号": view.verify_no,
                "房屋坐落": view.address,
                "申请人": view.applicant,
                "申请人身份": view.capacity,
                "申请理由": view.reason,
                "受理时间": view.accepted_at,
                "期限": due_day(view.due_on, late=view.overdue),
                "审核中": view.held_by,
                "审核意见": view.opinion,
                "复审意见": view.second_opinion,
                "办结方式": view.closed_note,
            },
            columns=2,
        )
        head("未通过的原因（申请复核）")
        note("；".join(view.reasons) or "没有")
        head("申请与登记比对")
        Rows(
            (Column("label", "项目", width=90), Column("requested", "核验申请"), Column("registered", "登记信息")),
            list(view.beside),
            label="申请与登记比对",
            wraps=True,
            id_of=lambda one: one.label,
        )
        head(f"材料（已核原件 {len(view.originals)} 份，扫描件 {len(view.scans)} 份）")
        note("、".join(view.originals))
        with web.element("ul").classes("sf-line-changes"):
            for file_id, name in view.scans:
                with web.element("li"):
                    web.link(name, f"{ATTACHMENTS}{file_id}", new_tab=True)

    async def take_in_hand(self, view: ForcedView) -> None:
        await self.act(take_forced, view.id, "已打开，30分钟内其他人不能审核")

    async def agree(self, view: ForcedView) -> None:
        """Waive the listed reasons; all other rules are run again."""
        told = {"房屋": view.address, "说明": "只豁免上列原因，其余规则重新核验；通过的核验码立即生效"}
        with self.split:
            await confirm("同意强制核验？", summary=told, yes="同意")
            answer = await call(decide_forced, DecideForced(view.id, True))
            if not answer.ok:
                return
            found = answer.value.findings
            if found:
                self.place.say("其余规则未通过：" + "；".join(one.message for one in found), "bad")
            else:
                self.place.say(f"已同意，核验码 {answer.value.code_no} 已生效", "good")
            await self.grid.load()

    async def refuse(self, view: ForcedView) -> None:
        with self.split:
            words = await ask_reason("不同意强制核验", yes="不同意", least=10, label="不同意的理由")
            await self.act(
                decide_forced,
                DecideForced(view.id, False, words),
                "已办结，60秒内可以撤销；结果通知书请按“打印结果通知书”",
            )

    async def undo(self, view: ForcedView) -> None:
        """Take one's own refusal back while its minute runs."""
        await self.act(undo_forced, OneRow(view.id), "已撤销，未发出的消息不再发送")

    async def escalate(self, view: ForcedView) -> None:
        with self.split:
            words = await ask_reason("提请复审", yes="提请复审", least=5, label="初审意见")
            await self.act(escalate_forced, SayForced(view.id, words), "已提请复审")

    async def step_back(self, view: ForcedView) -> None:
        with self.split:
            words = await ask_reason("退回初审，重新提出初审意见", yes="退回初审", least=5, label="退回初审的意见")
            await self.act(step_back_forced, SayForced(view.id, words), "已退回初审，退回意见已通知初审人")

    async def withdraw(self, view: ForcedView) -> None:
        with self.split:
            words = await ask_reason("撤回强制核验申请", yes="撤回", least=5, label="撤回原因")
            await self.act(withdraw_forced, SayForced(view.id, words), "已撤回，可以重新申请")

    async def preview(self, view: ForcedView) -> None:
        await show_unissued(issue_notice, view.verification_id)

    async def notice(self, view: ForcedView) -> None:
        answer = await call(issue_notice, view.verification_id)
        if answer.ok:
            print_pdf(f"/papers/{answer.value.paper_id}.pdf")


FORCED_DESK = desk_module(ForcedDesk, "forced_reviews", "gavel", "review")


class ApplyPanel:
    """The form of an application, drawn over the failed request in hand: originals ticked, scans uploaded."""

    def __init__(self, desk: Any, view: RequestView) -> None:
        self.desk, self.view = desk, view
        self.scans: dict[str, UUID] = {}
        head(f"申请强制核验：{view.verify_no}")
        note("权利人本人到场，或者代理人持授权委托书；原件核对后退还，扫描件留存。")
        codes = tuple(one.code for one in view.reasons)
        with web.element("div").classes("sf-enter").style("display: grid"):
            self.ticks = {
                name: web.checkbox(f"已核对原件：{name}")
                for name in dict.fromkeys(name for capacity in Capacity for name in wanted(codes, capacity))
            }
        self.listed = TextElement(tag="p", text="还没有上传扫描件").classes("sf-note")
        box = FileBox("上传扫描件", self._take, SCAN)
        with web.element("div").classes("sf-bar"):
            box.button("上传扫描件")
        with Form(columns=1) as self.form:
            self.form.add(
                choice_field("capacity", "申请人身份", {one.value: one.label for one in Capacity}, required=True),
                text_field("name", "申请人姓名", required=True, longest=60),
                text_field("id_no", "证件号码", required=True, longest=30),
                reason_field("申请理由", least=10),
            )
        self.form.sends("受理", self._send, mark="apply-forced")

    async def _take(self, name: str, content: bytes) -> None:
        answer = await call(keep_attachment, KeepAttachment("强制核验材料", name, content))
        if answer.ok:
            self.scans[name] = answer.value.id
            self.listed.text = "扫描件：" + "、".join(self.scans)

    async def _send(self, values: dict[str, Any]) -> None:
        order = ApplyForced(
            self.view.id,
            Capacity.of(values["capacity"]),
            values["name"],
            values["id_no"],
            tuple(name for name, tick in self.ticks.items() if tick.value),
            tuple(self.scans.values()),
            values["reason"],
        )
        answer = await call(apply_forced, order)
        if not answer.ok:
            return
        made = answer.value
        told = "复核时原因已消失，核验通过" if made.passed else f"已受理，{made.due_on}前办结"
        self.desk.place.say(f"{made.apply_no}：{told}；请打印回执{made.receipt_no}", "good")
        if made.receipt_id is not None:
            print_pdf(f"/papers/{made.receipt_id}.pdf")
        await self.desk.grid.load()
