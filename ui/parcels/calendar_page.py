"""土地价款日历: eighteen months of what is due, and each instalment behind it (row 56)."""

from decimal import Decimal

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from services.engine.listings import Line, ListPage
from services.parcels.instalments import INSTALMENTS, Month, months_due
from ui.records.record_page import open_record
from ui.shell.call import call
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.place import Place

_WAN = Decimal(10_000)


def wan(money: Decimal) -> str:
    """Yuan as 万元, whole where it is much."""
    return f"{(money / _WAN).quantize(Decimal(1)):,f}"


class CalendarPage:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.bar = web.element("ol").classes("sf-months").props("aria-label=按月应付与未付（万元） tabindex=0")
        self.list = ListView(place, INSTALMENTS, on_enter=self._open, on_pick=self._open, on_loaded=self._loaded)

    async def _loaded(self, page: ListPage) -> None:
        answer = await call(months_due, self.list.view.text("text"))
        if not answer.ok or self.bar.is_deleted:
            return
        self.bar.clear()
        most = max((month.due for month in answer.value), default=Decimal(0))
        with self.bar:
            for month in answer.value:
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

    async def _open(self, line: Line) -> None:
        await open_record(self.place, "parcel", line.record_id)


async def build(place: Place) -> None:
    await CalendarPage(place).list.load()


CALENDAR = Module("parcel_calendar", "土地价款日历", "calendar_month", "parcels", frozenset(MARKET), build)
