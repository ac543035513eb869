"""土地价款日历: eighteen months of what is due, and each instalment behind it (row 56)."""

from decimal import Decimal

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from services.parcels.instalments import (
    DueView,
    InstalmentFilter,
    InstalmentLine,
    InstalmentPage,
    Month,
    instalments,
)
from ui.records.record_page import open_record
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place

_WAN = Decimal(10_000)


def order_of(view: View) -> InstalmentFilter:
    return InstalmentFilter(view.text("view"), view.text("text"), view.sort, view.page, view.size)


def wan(money: Decimal) -> str:
    """Yuan as 万元, whole where it is much."""
    return f"{(money / _WAN).quantize(Decimal(1)):,f}"


class CalendarPage:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.bar = web.element("ol").classes("sf-months").props("aria-label=按月应付与未付（万元）")
        self.grid = Grid(
            place,
            instalments,
            order=order_of,
            columns=(
                Column("due_on", "应付日期", sortable=True, width=90),
                Column("state", "状态", width=72),
                Column("late", "逾期天数", number=True, width=66),
                Column("parcel_name", "地块", sortable=True),
                Column("parcel_no", "编号", sortable=True, width=90),
                Column("no", "期次", number=True, width=48),
                Column("amount", "应付（元）", sortable=True, number=True, width=140),
                Column("left", "未付（元）", number=True, width=140),
                Column("paid_on", "实付日期", width=90),
            ),
            filters=(
                Filter("view", "范围", options=DueView.labels(), width=190, all="全部未付"),
                Filter("text", "地块名称或编号", width=230),
            ),
            empty="没有应付的土地价款",
            on_enter=self._open,
            on_pick=self._open,
            on_loaded=self._loaded,
        )
        place.command("刷新", self.grid.load, icon="refresh", key="f3")

    def _loaded(self, page: InstalmentPage) -> None:
        self.bar.clear()
        most = max((month.due for month in page.months), default=Decimal(0))
        with self.bar:
            for month in page.months:
                self._month(month, most)

    def _month(self, month: Month, most: Decimal) -> None:
        with web.element("li").classes("sf-month-late" if month.overdue else "") as box:
            box.props["title"] = f"{month.month}：应付{wan(month.due)}万元，未付{wan(month.open)}万元"
            with web.element("div").classes("sf-month-bar"):
                if most:
                    paid = int((month.due - month.open) * 100 / most)
                    still = int(month.open * 100 / most)
                    web.element("span").classes("sf-month-paid").style(f"height: {paid}%")
                    web.element("span").classes("sf-month-open").style(f"height: {still}%")
            TextElement(tag="small", text=f"{month.month[2:4]}/{month.month[5:]}")
            TextElement(tag="small", text=f"{wan(month.open)}万元" if month.open else "").classes("sf-month-sum")

    async def _open(self, line: InstalmentLine) -> None:
        await open_record(self.place, "parcel", line.parcel_id)


async def build(place: Place) -> None:
    await CalendarPage(place).grid.load()


CALENDAR = Module("parcel_calendar", "土地价款日历", "calendar_month", "parcels", frozenset(MARKET), build)
