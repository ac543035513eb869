"""告警 and 流转监测: alarms for staff on duty, and weekly outflows of data (security.md D16)."""

from services.engine.listings import Line
from services.engine.orders import Reasoned
from services.operations.alarms import ALARMS as ALARM_LIST
from services.operations.alarms import close_alarm, count_alarms, see_alarm
from services.operations.flows import REPORTS
from ui.shell.dialogs import ask_reason
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import head
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.status_count import status_count


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

    async def see(self, line: Line) -> None:
        """Take the alarm over."""
        await self.act(see_alarm, line.id, "已接手，处置完毕后请关闭告警并写明结果")

    async def close(self, line: Line) -> None:
        """Close the alarm with a note of its result."""
        note = await ask_reason(
            "关闭这条告警？请写明处置结果", summary={"内容": line.subject}, yes="关闭告警", label="处置结果"
        )
        await self.act(close_alarm, Reasoned(line.id, note), "告警已关闭")


_COUNT = status_count(
    count_alarms, "alarms", lambda count: (count, f"告警 {count}"), mark="alarm-count", is_urgent=bool
)
ALARMS = desk_module(Alarms, "alarms", "notifications", "manage", status=_COUNT)


# 流转监测


class Flows(ListDesk[Line]):
    """The weeks on the left, the week in hand by class of data on the right."""

    listing = REPORTS
    part = "周报明细"

    def draw(self, view: Line) -> None:
        head(f"周报明细（{view.week_start} 起一周）")
        rows = Rows(
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
        rows.show([Line(id=number, **vars(flow)) for number, flow in enumerate(view.flows)])


FLOWS = desk_module(Flows, "flows", "moving", "report")
