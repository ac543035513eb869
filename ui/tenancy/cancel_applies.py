"""注销申请: the applications in their notice, the other side's objection, the district's word, the city's undo (row 8)."""

from typing import Any
from uuid import UUID

from nicegui import ui as web

from models.documents import IssuedDocument
from services.engine.orders import OneRow, Reasoned
from services.tenancy.cancel_views import APPLIES, ApplyView, apply_view
from services.tenancy.cancellation import (
    DecideCancelling,
    Object,
    decide_cancelling,
    object_to_cancelling,
    restore_lease,
    undo_cancelling,
)
from ui.shell.buttons import danger_button, plain_button
from ui.shell.dialogs import ask_reason
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.card_reader import read_card
from ui.tenancy.print_panel import print_issued, printed_words, show_unissued


class Applies(ListDesk[ApplyView]):
    """The list on the left, the application in hand on the right."""

    listing, look = APPLIES, apply_view
    part = "申请详情"
    classes = ""

    def begin(self) -> None:
        """Name the district's two words, for who may say them of some application."""
        if not self.place.may(decide_cancelling):
            return
        waits: dict[str, Any] = {"needs": "告知期满、没有审定过的才能审定", "when": _may_be_decided}
        self.command("同意注销", lambda view: self.decide(True), icon="done", key="f8", **waits)
        self.command("不同意注销", lambda view: self.decide(False), icon="close", key="f9", **waits)

    def draw(self, view: ApplyView) -> None:
        """Show the application in hand."""
        apply = view.apply
        head(apply.apply_no, apply.state)
        scans = {label: digest if len(digest) < 40 else f"{digest[:16]}…" for label, digest in view.materials.items()}
        facts(
            {
                "合同编号": view.contract_no,
                "房屋坐落": view.address,
                "申请方式": apply.mode,
                "注销原因": apply.reason,
                "终止日期": apply.terminated_on,
                "受理单位": view.unit,
                "申请时间": apply.created_at,
                "告知对方": apply.notified_at,
                "异议截止": apply.objection_until,
                "对方异议": view.objection,
                "说明或意见": view.note,
                "办结时间": apply.decided_at,
                "恢复时间": apply.restored_at,
                **scans,
            },
            columns=1,
        )
        self._draw_buttons(view)
        head("当事人")
        Rows(
            (Column("side", "身份", width=80), Column("name", "姓名"), Column("id_no", "证件号码")),
            view.parties,
            label="当事人",
        )
        if view.papers:
            head("文书")
            Rows(
                (Column("title", "文书名称"), Column("copies", "已打印", number=True, width=70)),
                view.papers,
                label="文书",
                on_enter=self._print,
            )
            note("选中文书按回车打印。")

    def _draw_buttons(self, view: ApplyView) -> None:
        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button("查看合同", lambda: self.place.open("contract", id=view.apply.contract_id))
            if object_to_cancelling.name in view.may:
                plain_button("登记对方异议", self.register_objection).mark("object")
            if undo_cancelling.name in view.may:
                plain_button("撤销刚才的审定（60秒内）", self.undo, icon="undo").mark("undo-decision")
            if restore_lease.name in view.may:
                danger_button("恢复误注销", self.restore).mark("restore")

    async def register_objection(self) -> None:
        """Keep the other side's objection."""
        card = await read_card("读取对方当事人证件")
        words = await self._ask("登记对方当事人的异议", yes="登记", label="异议内容")
        await self.act(object_to_cancelling, Object(self._id, words, card.id_no), "异议已登记，等待区中心审定")

    async def decide(self, agree: bool) -> None:
        """The district centre's word."""
        question = "同意注销：合同与备案立即失效。请填写审定意见" if agree else "不同意注销。请填写审定意见"
        preview = lambda words: show_unissued(decide_cancelling, DecideCancelling(self._id, True, words))  # noqa: E731
        yes = "同意注销" if agree else "不同意注销"
        words = await self._ask(question, yes=yes, danger=agree, preview=preview if agree else None)
        await self.act(decide_cancelling, DecideCancelling(self._id, agree, words), "已审定")

    async def undo(self) -> None:
        """Take one's own refusal back while its minute runs."""
        await self.act(undo_cancelling, OneRow(self._id), "已撤销，申请回到告知期，未发出的消息不再发送")

    async def restore(self) -> None:
        """Undo a clerk's error."""
        words = await self._ask("恢复合同和备案为有效，已签发的注销通知书作废。请填写恢复原因", yes="恢复", danger=True)
        await self.act(restore_lease, Reasoned(self._id, words), "已恢复，注销通知书已标为被替代")

    @property
    def _id(self) -> UUID:
        assert self.view is not None
        return self.view.apply.id

    async def _ask(self, question: str, **how: Any) -> str:
        view = self.view
        summary = {"申请编号": view.apply.apply_no, "房屋坐落": view.address} if view else {}
        return await ask_reason(question, summary=summary, **how)

    async def _print(self, paper: IssuedDocument) -> None:
        done = await print_issued(paper.id, ready=bool(paper.digest), purpose="当事人留存")
        if done is not None:
            self.place.say(printed_words(done), "good")


def _may_be_decided(view: ApplyView) -> bool:
    return decide_cancelling.name in view.may


CANCEL_APPLIES = desk_module(Applies, "cancel_applies", "rule_folder", "review")
