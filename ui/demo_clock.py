"""演示日期: the business date of demo and test, moved for all users and reset (decision 30)."""

from datetime import date

from nicegui import run
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from services.demo.clock import follow_clock, move_clock
from services.engine.clock import shanghai_day, system_now
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import date_field, shown_field
from ui.shell.form import Form
from ui.shell.guide import Guide
from ui.shell.modules import Module
from ui.shell.parts import head
from ui.shell.place import Place
from ui.shell.values import shown

_NOTE = (
    "业务日期对所有人一起改变，受理、到期和异议期都按它计算；审计、登录和签名仍按实际时间。"
    "日期往后调时，期间到期的备案随即失效，日期调回后不会恢复。"
)


class DemoClockPage:
    """Both dates, a form for another business date, and its reset."""

    def __init__(self, place: Place) -> None:
        self.place = place
        head("演示日期")
        self.dates = web.element("div").classes("sf-form").style("--columns: 3")
        with Form(columns=3) as self.form:
            self.day = self.form.add(date_field("day", "调整为", required=True))
        TextElement(tag="p", text=_NOTE).classes("sf-note")
        with web.element("div").classes("sf-buttons sf-pad"):
            self.back = plain_button("回到今天", self.go_back)
            self.go = main_button("调整日期", self.move)
        self.draw_dates()
        with web.element("div").classes("sf-way-on"):
            Guide(place.module)

    def draw_dates(self) -> None:
        today = self.place.desk.door.clock.today()
        self.dates.clear()
        with self.dates:
            shown_field("业务日期", shown(today))
            shown_field("实际日期", shown(shanghai_day(system_now())))

    async def move(self) -> None:
        """Move to the typed day."""
        values = self.form.complete()
        day: date = values["day"]
        now = self.place.desk.door.clock.today()
        summary = {"现在": shown(now), "调整为": shown(day)}
        await confirm("确定调整业务日期？所有人的业务日期一起改变。", summary=summary, yes="调整")
        await self._stand_on(day, f"业务日期已调整为{shown(day)}", self.go)

    async def go_back(self) -> None:
        """Return to the real day."""
        await self._stand_on(None, "业务日期已回到今天", self.back)

    async def _stand_on(self, day: date | None, words: str, button: web.button) -> None:
        (await call(move_clock, day, button=button)).or_end()
        # Every process follows within seconds; who moved the date sees it at once.
        await run.io_bound(follow_clock, self.place.desk.door)
        self.draw_dates()
        self.place.say(words, "good")


def build(place: Place) -> None:
    DemoClockPage(place)


DEMO_CLOCK = Module("demo-clock", "演示日期", "event", "manage", frozenset({Role.CITY_CENTER}), build)
