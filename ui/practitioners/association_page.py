"""协会往来: every event between the association and us, differences first at hand, messages sent again (rows 45-47)."""

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.association import CardEventKind, EventState, EventWay
from models.codes import Toned
from services.engine.outbox import Resend, resend
from services.engine.paging import Paging
from services.practitioners.association_views import (
    READERS,
    EventLine,
    EventSheet,
    EventView,
    LedgerFilter,
    LedgerPage,
    MessageLine,
    count_events,
    list_events,
    open_event,
)
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.export import offer_export
from ui.shell.findings import rule_shown
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import badge, facts, head, note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

_SAME = {True: Toned("一致", "good"), False: Toned("不一致", "bad")}


@dataclass(frozen=True)
class _Numbered:
    """A line of a short table, identified by its position."""

    id: int
    line: object

    def __getattr__(self, name: str) -> object:
        return getattr(self.line, name)


def order_of(view: View) -> LedgerFilter:
    return LedgerFilter(
        way=view.text("way"),
        kind=view.text("kind"),
        state=view.text("state"),
        view=view.text("view"),
        event_no=view.text("event_no"),
        card_no=view.text("card_no"),
        person=view.text("person"),
        firm=view.text("firm"),
        since=view.day("since"),
        until=view.day("until"),
        paging=Paging(view.page, view.size, view.sort),
    )


class AssociationPage:
    """The ledger with what waits counted on the left; the event in hand on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.sheet: EventSheet | None = None
        self.counts: dict[str, int] = {}
        with web.element("div").classes("sf-split sf-split-wide"):
            with web.element("section").props("aria-label=协会往来列表"):
                self.bar = web.element("div").classes("sf-bar").props("role=group aria-label=按待办计数")
                self.grid = Grid(
                    place,
                    list_events,
                    order=order_of,
                    columns=(
                        Column("event_at", "事件时间", sortable=True, width=116),
                        Column("what", "事项", width=66),
                        Column("state", "状态", width=100),
                        Column("sent", "送达", width=68),
                        Column("name", "姓名", width=56),
                        Column("card_no", "信息卡编号", sortable=True, width=104),
                        Column("firm", "企业"),
                    ),
                    filters=(
                        Filter("view", "待办", options=EventView.labels(), width=140),
                        Filter("way", "方向", options=EventWay.labels(), width=130),
                        Filter("kind", "事件", options=CardEventKind.labels(), width=110),
                        Filter("state", "状态", options=EventState.labels(), width=160),
                        Filter("person", "姓名或证件号码", personal=True, width=190),
                        Filter("firm", "企业", width=180),
                        Filter("card_no", "卡号", width=160),
                        Filter("event_no", "事件编号", width=190),
                        Filter("since", "事件日期自", day=True, width=170),
                        Filter("until", "至", day=True, width=130),
                    ),
                    empty="没有符合条件的往来记录",
                    on_pick=self.choose,
                    on_enter=self.choose,
                    on_loaded=self._loaded,
                )
                self.grid.table.classes("sf-wrap")
            self.side = web.element("section").props("aria-label=往来详情")
        with self.side:
            head("往来详情")
            TextElement(tag="p", text="请在列表中选择一条往来记录").classes("sf-empty")
        self.again = None
        if place.may(resend):
            self.again = place.command(
                "重新发送", self.resend, icon="send", key="f8", needs="请先选择一条发送失败的往来"
            )
        place.command("刷新", self.load, icon="refresh", key="f3")
        offer_export(place, self.grid, "association_ledger")

    async def load(self) -> None:
        answer = await call(count_events, quiet=True)
        if answer.ok:
            self.counts = dict(answer.value)
        await self.grid.load()

    def _loaded(self, page: LedgerPage) -> None:
        self.bar.clear()
        with self.bar:
            for value, label in {"": "全部", **EventView.labels()}.items():
                number = f" {self.counts.get(value, 0):,}" if value else ""
                button = plain_button(f"{label}{number}", self._chooser(value)).mark(f"view-{value.lower() or 'all'}")
                if self.grid.view.text("view") == value:
                    button.classes("sf-on").props("aria-pressed=true")

    def _chooser(self, value: str) -> Callable[[], None]:
        return lambda: self.grid.set_filter("view", value)

    async def choose(self, line: EventLine) -> None:
        answer = await call(open_event, line.id)
        if not answer.ok:
            return
        self.sheet = answer.value
        if self.again is not None:
            self.again.enable(self._dead() is not None)
        self.side.clear()
        with self.side:
            self._draw(answer.value)
        self.place.reveal(self.side)

    def _dead(self) -> MessageLine | None:
        return next((one for one in self.sheet.messages if one.dead), None) if self.sheet is not None else None

    def _draw(self, sheet: EventSheet) -> None:
        line = sheet.line
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=f"{line.way}：{line.kind}　{line.name}")
            badge(line.state)
        facts(
            {
                "事件时间": line.event_at,
                "接收时间": line.received_at,
                "对接方": sheet.partner,
                "事件编号": line.event_no,
                "证件号码": sheet.id_no,
                "企业": line.firm or f"未在本系统备案（{line.uscc}）",
                "信息卡": f"{line.card_no}（{sheet.card_state}）"
                if line.card_no and sheet.card_state
                else line.card_no,
                "注销原因": sheet.end,
                "申请编号": sheet.apply_no,
                "等待至": sheet.held_until,
            },
            columns=2,
        )
        if sheet.task_id is not None or sheet.card_state:
            self._draw_ways_on(sheet)
        self._draw_compared(sheet)
        self._draw_reasons(sheet)
        self._draw_messages(sheet)
        self._draw_others(sheet)

    def _draw_ways_on(self, sheet: EventSheet) -> None:
        async def to_card() -> None:
            await self.place.open("card_register", card_no=sheet.line.card_no)

        async def to_task() -> None:
            await self.place.open("card_tasks", id=str(sheet.task_id))

        with web.element("div").classes("sf-buttons sf-pad"):
            if sheet.task_id is not None:
                plain_button("查看区级核对待办", to_task, icon="rule").mark("to-task")
            if sheet.card_state:
                plain_button("查看信息卡", to_card, icon="badge").mark("to-card")

    def _draw_compared(self, sheet: EventSheet) -> None:
        if not sheet.compared:
            return
        differs = sum(not one.same for one in sheet.compared)
        head(f"与我方登记比对（{f'{differs}项不一致' if differs else '一致'}）")
        rows = Rows(
            (
                Column("label", "项目", width=76),
                Column("theirs", "协会报来"),
                Column("ours", "我方登记"),
                Column("same", "比对", width=60, show=_SAME.__getitem__),
            ),
            label="与我方登记比对",
        )
        rows.table.classes("sf-wrap")
        rows.show([_Numbered(number, one) for number, one in enumerate(sheet.compared)])

    def _draw_reasons(self, sheet: EventSheet) -> None:
        if not sheet.reasons:
            return
        head("答复协会的原因" if sheet.line.way == EventWay.IN.label else "原因")
        rows = Rows(
            (
                Column("code", "规则", width=54, show=rule_shown),
                Column("severity", "性质", width=72),
                Column("message", "说明"),
            ),
            label="原因",
        )
        rows.table.classes("sf-wrap")
        rows.show([_Numbered(number, one) for number, one in enumerate(sheet.reasons)])

    def _draw_messages(self, sheet: EventSheet) -> None:
        head("发送情况")
        if not sheet.messages:
            note("这条记录没有另行发送的报文：协会报来时已当场答复。")
            return
        rows = Rows(
            (
                Column("label", "报文", width=104),
                Column("state", "状态", width=70),
                Column("attempts", "次数", number=True, width=40),
                Column("sent_at", "送达时间", width=126),
                Column("next_at", "下次发送", width=126),
                Column("error", "最近错误"),
            ),
            label="发送情况",
        )
        rows.table.classes("sf-wrap")
        rows.show(sheet.messages)

    def _draw_others(self, sheet: EventSheet) -> None:
        if not sheet.others:
            return
        head("同一人员的往来（按事件时间）")
        rows = Rows(
            (
                Column("event_at", "事件时间", width=126),
                Column("what", "事项", width=66),
                Column("state", "状态", width=104),
                Column("firm", "企业"),
            ),
            label="同一人员的往来",
            on_pick=self.choose,
            on_enter=self.choose,
        )
        rows.table.classes("sf-wrap")
        rows.show(sheet.others)

    async def resend(self) -> None:
        """Put the dead message about the event in hand back into the outbox."""
        dead, sheet = self._dead(), self.sheet
        if dead is None or sheet is None:
            self.place.say("这条记录没有发送失败的报文", "warn")
            return
        summary = {"报文": dead.label, "事件编号": sheet.line.event_no, "最近错误": dead.error}
        if not await confirm("重新发送？仍用原请求号，对方已收到的不会重复生效。", summary=summary, yes="重新发送"):
            return
        if (await call(resend, Resend(dead.id))).ok:
            await self.choose(sheet.line)
            await self.load()
            self.place.say("已重新排队发送", "good")


async def build(place: Place) -> None:
    await AssociationPage(place).load()


ASSOCIATION_LEDGER = Module("association_ledger", "协会往来", "sync_alt", "exchange", frozenset(READERS), build)
