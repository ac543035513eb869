"""准入退出协同: sending a draft to the other side, and sent applications with the side that acts next (row 53)."""

from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.records import PactState, RevisionState
from services.companies.applications import APPLICATIONS, ApplicationView, open_application
from services.companies.joint import AGREED, Offer, cancel, confirm, decline, offer
from services.engine.cycle_orders import RevisionView
from services.engine.findings import Severity
from services.engine.kinds import KINDS
from services.engine.listings import Line
from services.engine.orders import OneRow, Reasoned
from ui.companies.directory_page import open_company
from ui.records.beside import beside
from ui.records.record_dialogs import ask_reasons
from ui.records.record_page import RecordPage, open_record
from ui.records.shown import draw_lines
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.dialogs import confirm as ask
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note
from ui.shell.values import shown

_STOPS = frozenset({Severity.REFUSE, Severity.CORRECT, Severity.ROUTE, Severity.INTERCEPT})


@beside("project_company", "project_exit")
def send_to_other_side(page: RecordPage, view: RevisionView) -> None:
    """Only the first version of a company or an exit asks for the other side's word."""
    if "submit" in view.ways and view.based_on is None and page.place.may(offer):
        page.place.command("发送对方确认", partial(send, page), icon="handshake", key="f9")


async def send(page: RecordPage) -> None:
    """Checked as at submission, but for the word that is asked for now."""
    with page.root:
        if page.view is None or page.saver is None or not await page.saver.save():
            return
        done = (await call(page.acts.trial, page.view.revision_id)).or_end()
        found = tuple(one for one in done if one.code != AGREED)
        page.take_findings(found)
        if any(one.severity in _STOPS for one in found):
            page.place.say("还不能发送：请先修改右侧列出的内容", "bad")
            return
        reasons = await ask_reasons([one for one in found if one.severity is Severity.WARN], page.view.reasons)
        answer = await call(offer, Offer(page.view.revision_id, page.saver.version, reasons))
        if answer.ok:
            page.place.say(f"已发送，请对方在{answer.value.expires_on:%Y-%m-%d}前确认；确认后自动提交审核", "good")
        elif answer.findings:
            page.take_findings(answer.findings)


@beside("group_company", "head_company", "project_company")
def open_its_page(page: RecordPage, view: RevisionView) -> None:
    """Return what is or was in force has a page of its own."""
    if view.based_on is not None or view.state in {RevisionState.EFFECTIVE, RevisionState.SUPERSEDED}:
        page.place.command("企业主页", partial(open_company, page.place, view.kind, view.record_id), icon="apartment")


class JointDesk(ListDesk[ApplicationView]):
    """The application in hand, whole, with what the user's side may say."""

    listing = APPLICATIONS
    look = open_application
    part = "申请详情"

    def draw(self, view: ApplicationView) -> None:
        line = view.line
        head(f"{line.kind.label}：{line.company_name}")
        TextElement(tag="p", text=line.next).classes("sf-callout").props("role=status").mark("joint-next")
        facts(
            {
                "信用代码": line.uscc,
                "总公司": line.head,
                "持股比例": line.holding,
                "拟开发地块": line.intended_parcel,
                "发起方": line.by,
                "发起时间": shown(line.offered_at),
                "确认期限": line.expires_on,
                "答复说明": line.answer,
            },
            columns=2,
        )
        with web.element("div").classes("sf-buttons sf-pad"):
            self._draw_buttons(line)
        if view.reasons:
            head("发起方对提示项的说明")
            facts(view.reasons, columns=1)
        if view.kind:
            kind = KINDS[view.kind]
            head("申请内容")
            facts({one.label: view.values.get(one.name) for one in kind.fields}, columns=2)
            for child in kind.children:
                if lines := view.children[child.name]:
                    draw_lines(child, lines)
        elif line.state is PactState.OFFERED:
            note("发起方正在修改申请内容，须重新发送后才能确认。")

    def _draw_buttons(self, line: Line) -> None:
        if line.mine:
            main_button("确认", partial(self.agree, line)).mark("joint-confirm")
            danger_button("拒绝", partial(self.refuse, line)).mark("joint-decline")
        if line.may_cancel:
            plain_button("撤回", partial(self.take_back, line)).mark("joint-cancel")
        if line.own and line.revision_kind:
            opening = partial(open_record, self.place, line.revision_kind, line.revision_id, line.revision_id)
            plain_button("打开档案", opening)

    async def agree(self, line: Line) -> None:
        """Agree to the application, which goes to review at once."""
        summary = {"企业": line.company_name, "总公司": line.head, "说明": "确认后自动提交区级审核"}
        await ask(f"确认{line.kind.label}？", summary=summary, yes="确认")
        answer = await self.act(confirm, OneRow(line.id, line.version), "已确认，申请已提交区级审核")
        if answer.findings:
            self.place.desk.show_findings(answer.findings)

    async def refuse(self, line: Line) -> None:
        """Decline with a reason."""
        question = f"拒绝{line.kind.label}：{line.company_name}"
        reason = await ask_reason(question, yes="拒绝", least=5, danger=True)
        await self.act(decline, Reasoned(line.id, reason, line.version), "已拒绝，已告知发起方")

    async def take_back(self, line: Line) -> None:
        """Withdraw an application of the own side."""
        await ask(f"撤回“{line.company_name}”的{line.kind.label}申请？", yes="撤回")
        await self.act(cancel, Reasoned(line.id, "", line.version), "已撤回，草稿仍在")


JOINT = desk_module(JointDesk, "company_joint", "handshake", "subjects")
