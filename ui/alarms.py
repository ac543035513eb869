"""告警 and 流转监测: alarms for staff on duty, and weekly outflows of data (security.md D16)."""

from dataclasses import dataclass

from nicegui import run
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.alarms import AlarmState
from services.engine.listings import Line
from services.engine.refusals import Refusal
from services.engine.steps import is_available
from services.operations.alarms import ALARMS as ALARM_LIST
from services.operations.alarms import CloseAlarm, SeeAlarm, close_alarm, count_alarms, see_alarm
from services.operations.flows import READERS, Flow, ReportLine, list_reports
from ui.shell.desk import Desk
from ui.shell.dialogs import ask_reason
from ui.shell.fields import shown_field
from ui.shell.grid import Column, Grid
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.values import shown
from ui.shell.workspace import Workspace

_EVERY = 30.0


class Alarms(ListDesk[Line]):
    """The alarm in hand is taken over and closed from the toolbar."""

    listing = ALARM_LIST
    part = "告警详情"

    def begin(self) -> None:
        waiting, closing = "请先选择一条未接手的告警", "请先选择一条未关闭的告警"
        self.command(
            "接手处置",
            self.see,
            icon="visibility",
            key="f4",
            needs=waiting,
            when=lambda line: self.place.may(see_alarm, line),
        )
        self.command(
            "关闭告警",
            self.close,
            icon="task_alt",
            key="f8",
            needs=closing,
            when=lambda line: self.place.may(close_alarm, line),
        )

    def draw(self, view: Line) -> None:
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text="告警详情")
        with web.element("div").classes("sf-form").style("--columns: 1"):
            shown_field("内容", view.subject)
            shown_field("代码", view.alarm_code)
            shown_field("对象", view.object_key)
            shown_field("级别", view.level.label)
            shown_field("状态", view.state.label)
            shown_field("次数", str(view.times))
            shown_field("首次时间", shown(view.raised_at))
            shown_field("最近时间", shown(view.last_at))
            if view.state is AlarmState.CLOSED:
                shown_field("处置结果", view.closing_note)

    async def see(self, line: Line) -> None:
        """Take the alarm over."""
        await self.act(see_alarm, SeeAlarm(line.id), "已接手，处置完毕后请关闭告警并写明结果")

    async def close(self, line: Line) -> None:
        """Close the alarm with a note of its result."""
        note = await ask_reason(
            "关闭这条告警？请写明处置结果", summary={"内容": line.subject}, yes="关闭告警", label="处置结果"
        )
        if note is not None:
            await self.act(close_alarm, CloseAlarm(line.id, note), "告警已关闭")


def draw_count(workspace: Workspace) -> None:
    """In the status bar: how many alarms wait; a click opens them."""
    with web.element("button").props("type=button").classes("sf-alarms").mark("alarm-count") as button:
        label = TextElement(tag="span", text="")
    button.on("click", lambda: workspace.open("alarms"))
    button.set_visibility(False)

    async def count() -> None:
        # Not through `call`: looking by itself is no activity, the session must end when nobody works.
        found = await run.io_bound(_count, workspace.desk)
        if button.is_deleted or found is None:
            return
        label.text = f"告警 {found}"
        button.set_visibility(found > 0)

    web.timer(_EVERY, count, immediate=True)


def _count(desk: Desk) -> int | None:
    caller = desk.book.find(desk.token, active=False)
    if caller is None or not is_available(caller, count_alarms):
        return None
    try:
        return desk.door.ask(count_alarms, caller)
    except Refusal:
        return None


ALARMS = desk_module(Alarms, "alarms", "notifications", "manage", status=draw_count)


# 流转监测


@dataclass(frozen=True)
class _FlowLine:
    """A flow of the report in hand, as a line."""

    id: int
    way: str
    by: str
    fields: str
    times: int
    records: int
    failed: int

    @classmethod
    def of(cls, number: int, flow: Flow) -> "_FlowLine":
        return cls(number, **vars(flow))


class FlowsPage:
    """The weeks on the left, the week in hand by class of data on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with web.element("div").classes("sf-split sf-split-wide"):
            self.grid = Grid(
                place,
                list_reports,
                order=lambda view: None,
                columns=(
                    Column("week", "统计周"),
                    Column("times", "次数", number=True, width=80),
                    Column("records", "记录数", number=True, width=80),
                    Column("made_at", "生成时间", width=130),
                ),
                page_of=lambda answer: (len(answer), answer),
                on_pick=self.choose,
                on_enter=self.choose,
                on_loaded=self._loaded,
                empty="尚未生成周报，每周一凌晨生成上一周的",
                size=50,
            )
            with web.element("section").props("aria-label=周报明细"):
                with web.element("div").classes("sf-head"):
                    self.title = TextElement(tag="span", text="周报明细")
                self.rows = Rows(
                    (
                        Column("way", "方式", width=110),
                        Column("by", "系统或清单", width=130),
                        Column("fields", "数据类别"),
                        Column("times", "次数", number=True, width=70),
                        Column("records", "记录数", number=True, width=80),
                        Column("failed", "失败", number=True, width=70),
                    ),
                    label="周报明细",
                    empty="本周没有数据流出",
                )
        place.command("刷新", self.grid.load, icon="refresh", key="f3")

    def _loaded(self, reports: tuple[ReportLine, ...]) -> None:
        if reports:
            self.choose(reports[0])

    def choose(self, line: ReportLine) -> None:
        self.title.text = f"周报明细（{line.week}）"
        self.rows.show([_FlowLine.of(number, flow) for number, flow in enumerate(line.flows)])


async def build_flows(place: Place) -> None:
    await FlowsPage(place).grid.load()


FLOWS = Module("flows", "流转监测", "swap_horiz", "report", frozenset(READERS), build_flows)
