"""协会往来: every event between the association and us, differences first at hand, messages sent again (rows 45-47)."""

from functools import partial

from nicegui import ui as web

from models.association import EventWay
from models.codes import Toned
from services.engine.findings import Severity, rule_number
from services.engine.outbox import resend
from services.practitioners.association_events import LEDGER, EventSheet, open_event
from ui.practitioners.parts import rows_under
from ui.shell.buttons import plain_button
from ui.shell.dialogs import confirm
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note
from ui.shell.sheet import Column

_SAME = {True: Toned("一致", "good"), False: Toned("不一致", "bad")}
_COMPARED = (
    Column("label", "项目", width=76),
    Column("theirs", "协会报来"),
    Column("ours", "我方登记"),
    Column("same", "比对", width=60, show=_SAME.__getitem__),
)
_REASONS = (
    Column("code", "规则", width=54, show=rule_number),
    Column("severity", "性质", width=72, show=Severity.of),
    Column("message", "说明"),
)
_MESSAGES = (
    Column("label", "报文", width=104),
    Column("state", "状态", width=70),
    Column("attempts", "次数", number=True, width=40),
    Column("sent_at", "送达时间", width=126),
    Column("next_at", "下次发送", width=126),
    Column("error", "最近错误"),
)
_OTHERS = (
    Column("event_at", "事件时间", width=126),
    Column("what", "事项", width=66),
    Column("state", "状态", width=104),
    Column("firm", "企业"),
)


class AssociationPage(ListDesk[EventSheet]):
    """The ledger with what waits counted on the left; the event in hand on the right."""

    listing, look = LEDGER, open_event
    part = "往来详情"

    def begin(self) -> None:
        if self.place.may(resend):
            self.command(
                "重新发送",
                self.resend,
                icon="send",
                key="f8",
                needs="请先选择一条发送失败的往来",
                when=lambda sheet: sheet.dead is not None,
            )

    def draw(self, view: EventSheet) -> None:
        line = view.line
        head(f"{line.way.label}：{line.kind.label}　{line.name or line.card_no}", line.state)
        card_state = f"（{view.card_state.label}）" if line.card_no and view.card_state else ""
        facts(
            {
                "事件时间": line.event_at,
                "接收时间": line.received_at,
                "对接方": view.partner,
                "事件编号": line.event_no,
                "证件号码": line.id_no,
                "企业": line.firm or f"未在本系统备案（{line.uscc}）",
                "信息卡": f"{line.card_no}{card_state}",
                "注销原因": view.end,
                "申请编号": view.apply_no,
                "等待至": view.held_until,
            },
            columns=2,
        )
        self._draw_ways_on(view)
        differs = sum(not one.same for one in view.compared)
        rows_under(
            f"与我方登记比对（{f'{differs}项不一致' if differs else '一致'}）",
            _COMPARED,
            view.compared,
            label="与我方登记比对",
        )
        rows_under("答复协会的原因" if line.way is EventWay.IN else "原因", _REASONS, view.reasons, label="原因")
        if not view.messages:
            head("发送情况")
            note("这条记录没有另行发送的报文：协会报来时已当场答复。")
        rows_under("发送情况", _MESSAGES, view.messages)
        rows_under(
            "同一人员的往来（按事件时间）",
            _OTHERS,
            view.others,
            label="同一人员的往来",
            on_pick=self.choose,
            on_enter=self.choose,
        )

    def _draw_ways_on(self, sheet: EventSheet) -> None:
        if sheet.task_id is None and sheet.card_state is None:
            return
        with web.element("div").classes("sf-buttons sf-pad"):
            if sheet.task_id is not None:
                to_task = partial(self.place.open, "card_tasks", id=sheet.task_id)
                plain_button("查看区级核对待办", to_task, icon="rule").mark("to-task")
            if sheet.card_state is not None:
                to_card = partial(self.place.open, "cards", card_no=sheet.line.card_no)
                plain_button("查看信息卡", to_card, icon="badge").mark("to-card")

    async def resend(self, sheet: EventSheet) -> None:
        """Put the dead message about the event in hand back into the outbox."""
        dead = sheet.dead
        assert dead is not None
        summary = {"报文": dead.label, "事件编号": sheet.line.event_no, "最近错误": dead.error}
        await confirm("重新发送？仍用原请求号，对方已收到的不会重复生效。", summary=summary, yes="重新发送")
        await self.act(resend, dead.id, "已重新排队发送")


ASSOCIATION_LEDGER = desk_module(AssociationPage, "association_ledger", "sync_alt", "exchange")
