"""告警 and 流转监测: alarms for staff on duty, and weekly outflows of data (security.md D16)."""

from services.engine.listings import Line
from services.engine.orders import Reasoned
from services.operations.alarms import ALARMS as ALARM_LIST
from services.operations.alarms import close_alarm, count_alarms, see_alarm
from services.operations.flows import REPORTS
from ui.shell.dialogs import ask_reason
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.message_pages import NOTICE_PAGES
from ui.shell.parts import head
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.status_count import status_count

#: Where the object of an alarm is shown, where no message is sent about it: the module, and its parameter that names the object.
_PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "audit": (("audit", ""),),
    "list": (("access_list", ""),),
    "account": (("accounts", "id"), ("access_list", "")),
    "outgoing": (("letters", ""), ("exchange_log", "")),
    "partner": (("exchange_log", "partner"), ("partners", "")),
    "rent_bill": (("direct_pay_progress", ""),),
    "payment_result": (("orphans", "id"), ("direct_pay_progress", "")),
    "payment_termination": (("direct_pay_progress", ""),),
    "system": (("exchange_log", ""), ("standing", "")),
    "sale_news": (("sale_news", ""),),
    "job": (("standing", ""),),
    "backup": (("standing", ""),),
}


class Alarms(ListDesk[Line]):
    """The alarm in hand is taken over and closed from the toolbar."""

    listing = ALARM_LIST
    part = "告警详情"
    classes = ""

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

        self.command(
            "打开对象",
            self.open_object,
            icon="open_in_new",
            key="f6",
            needs="这条告警没有您能打开的对象",
            when=lambda line: bool(self.page_of(line)),
        )

    def draw(self, view: Line) -> None:
        """Draw the alarm; the code and the key of its object are read in the list's columns, and opened from the toolbar."""
        head(self.part)
        self.draw_cells(view, without=("alarm_code", "object_key"))

    def page_of(self, line: Line) -> tuple[str, dict[str, str]] | None:
        """Return the module that shows what an alarm is about, and how it is opened there."""
        known = self.place.workspace.modules
        if line.alarm_code.startswith("INTEGRITY") and "locked_rows" in known:
            return "locked_rows", {}
        pages = (*_PAGES.get(line.object_kind, ()), *((page, "id") for page in NOTICE_PAGES.get(line.object_kind, ())))
        return next(((page, {by: line.object_key} if by else {}) for page, by in pages if page in known), None)

    async def open_object(self, line: Line) -> None:
        """Open what the alarm is about."""
        if page := self.page_of(line):
            await self.place.open(page[0], **page[1])

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
