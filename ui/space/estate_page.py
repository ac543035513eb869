"""业务空间联动: an estate in 3D with its building table, legend, month and sums beside it (row 82)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import ValueChangeEventArguments

from models.months import month_of, next_month
from models.records import RevisionState
from services.construction.building_table_views import building_table
from services.engine.cycle_orders import RevisionView
from services.space.estate import READERS, Estate, EstateHome, estate
from services.space.estate_sums import Selection, SelectionSums, selection_sums
from services.space.home_facts import EstateDay, EstateFacts, estate_facts, estate_stamp
from services.space.planes import Pair
from ui.construction.unit_looks import cell_of
from ui.records.beside import beside
from ui.records.record_page import RecordPage
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.choice import Choice
from ui.shell.modules import Module
from ui.shell.parts import empty, head, note, uuid_of
from ui.shell.place import Place
from ui.shell.slide import Slide
from ui.shell.unit_colours import Colouring
from ui.shell.unit_table import UnitTable
from ui.space.estate_colours import colourings
from ui.space.estate_panel import Legend, draw_home, draw_sums
from ui.space.estate_view import EstateView
from ui.space.overlay_page import outline_words

KEY = "estate"
_ALL, _EVERY = -1, 999
#: Seconds after which the page asks whether anything changed.
_AGAIN = 30.0


class EstatePage:
    """Buildings, picture and table in the middle, legend and sums at the side; everything follows one selection."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.project_id = uuid_of(place.params.get("id", ""))
        self.root = web.element("div").classes("sf-estate-page")
        self.facts: EstateFacts | None = None
        self.estate: Estate | None = None
        self.modes: dict[str, Colouring] = {}
        self.mode = "state"
        self.only: set[int] = set()
        self.on: date | None = None
        self.month_told: TextElement | None = None
        self.stamp = ""
        self.building = _ALL
        self.ticks: frozenset[UUID] = frozenset()
        self.table: UnitTable | None = None
        self.choice: Choice | None = None

    async def load(self) -> None:
        """Draw the estate of the project that the address names."""
        with self.root:
            self.root.clear()
            self.place.commands.clear()
            if self.project_id is None:
                empty("请从项目的页面进入三维展示")
                return
            answer = await call(estate, self.project_id, quiet=True)
            if not answer.ok:
                empty(answer.message)
                return
            self.estate = answer.value
            self.place.keep(id=self.project_id)
            self.place.rename(f"三维 {self.estate.project}"[:22])
            self.place.command("整体视角", lambda: self.view.home(), icon="home")
            self.place.command("平面/三维", self.turn, icon="map", key="f8")
            self.place.command("叠加分析", self.open_overlay, icon="layers")
            self.place.command("刷新", self.load, icon="refresh", key="f3")
            self.flat, self.month_told, self.choice = False, None, None
            self._draw(self.estate)
            await self.take_day(None)
            # What is signed while the page is open is seen within a minute.
            web.timer(_AGAIN, self.look_again, immediate=False)

    def _draw(self, shown: Estate) -> None:
        with web.element("nav").classes("sf-estate-buildings").props("aria-label=楼幢"):
            self.sides = {_ALL: plain_button("全部", partial(self.show_building, _ALL)).mark("building-all")}
            for place, one in enumerate(shown.buildings):
                label = f"{one.number}{' 示意' if one.schematic else ''}"
                self.sides[place] = plain_button(label, partial(self.show_building, place))
                self.sides[place].mark(f"building-{one.number}")
            self._take_building(_ALL)
            if not shown.buildings:
                note("本项目没有生效的三维模型，只显示楼盘表和统计。")
            for name, count in shown.unseen:
                note(f"{name}有{count}户不在模型中")
        with web.element("section").classes("sf-estate-middle"):
            with web.element("div").classes("sf-estate-tools"):
                self._tools(shown)
            self.view = EstateView(
                shown, picked=self.picked, boxed=self.boxed, outlined=self.outlined, ready=self.begin
            )
            self.below = web.element("section").classes("sf-estate-table").props("aria-label=楼盘表")
        with web.element("aside").classes("sf-estate-side").props("aria-label=图例和统计"):
            self.months = web.element("div")
            self.chooser = web.element("div")
            self.legend = Legend(self.filter)
            self.detail = web.element("div").props("role=status")
            self.sums = web.element("div").mark("sums")

    def _tools(self, shown: Estate) -> None:
        numbers = sorted({number for one in shown.buildings for number, _ in one.storeys})
        top = numbers[-1] if numbers else 1
        low = numbers[0] if numbers else 1
        lifts = [place / 2 for place in range(13)]
        for label, words, value, least, step, act in (
            ("显示到层", [f"{no}层" for no in range(low, top + 1)], top, low, 1, lambda to: self.view.look(cut=to)),
            ("楼层拉开", [f"{lift:g}米" for lift in lifts], 0, 0, 0.5, lambda to: self.view.look(explode=to)),
        ):
            with web.element("span").classes("sf-estate-slide"):
                TextElement(tag="span", text=label).classes("sf-label")
                Slide(label, words, act, value=value, least=least, step=step)
        storeys = {str(number): f"只看{number}层" for number in reversed(numbers)}

        def isolate(chosen: ValueChangeEventArguments[str]) -> None:
            self.view.look(only=int(chosen.value or _ALL - 98))

        Choice(storeys, name="只看一层", empty="全部楼层", on_change=isolate).mark("only-storey")
        sought = web.input(placeholder="楼号 室号，回车").props("dense outlined maxlength=40").classes("sf-estate-find")
        sought.props["aria-label"] = "查找室号"
        sought.mark("find-home")

        async def seek() -> None:
            await self.seek(str(sought.value or ""))

        sought.on("keydown.enter", seek)

    async def begin(self, webgl: bool, slow: bool) -> None:
        """The browser is there: send the picture; a slow one shows one building first."""
        self.view.show()
        if not webgl:
            self.flat = True
        self._paint()
        if slow and self.estate is not None and len(self.estate.buildings) > 1:
            self._take_building(0)
            self.view.look(building=0)
            self.place.say("未检测到显卡加速，先显示一幢；可选“全部”看整个项目", "warn")
            if self.facts is not None:
                with self.root:
                    await self._show_all()

    def turn(self) -> None:
        self.flat = not self.flat
        self.view.flat(self.flat)

    async def open_overlay(self) -> None:
        await self.place.open("overlay", id=str(self.project_id))

    async def outlined(self, points: list[Pair]) -> None:
        """A polygon was drawn on the ground: analyse what lies in it."""
        assert self.estate is not None
        drawn = outline_words(points)
        await self.place.open("overlay", id=str(self.project_id), plane=self.estate.plane.value, points=drawn)

    # -------------------------------------------------------------- the day

    async def take_day(self, on: date | None) -> None:
        """Colour by a day; None is now."""
        with self.root:
            assert self.project_id is not None
            self.on = on
            if self.month_told is not None:
                self.month_told.text = self._told_month()
            stamp = (await call(estate_stamp, self.project_id)).or_end()
            facts = (await call(estate_facts, EstateDay(self.project_id, on))).or_end()
            if on != self.on:
                # The slider went on meanwhile.
                return
            self.stamp, self.facts = stamp, facts
            self.modes = {one.key: one for one in colourings(self.facts)}
            self._draw_months()
            await self._show_all()

    async def look_again(self) -> None:
        """Ask whether anything changed, and colour anew if so."""
        if self.on is not None or self.project_id is None or self.estate is None:
            return
        stamp = await call(estate_stamp, self.project_id, quiet=True)
        if not stamp.ok or stamp.value == self.stamp:
            return
        self.stamp = stamp.value
        answer = await call(estate_facts, EstateDay(self.project_id), quiet=True)
        if answer.ok:
            self.facts = answer.value
            self.modes = {one.key: one for one in colourings(self.facts)}
            with self.root:
                await self._show_all(table=False)

    def _draw_months(self) -> None:
        """Draw the slider once: drawn anew it would lose the keyboard."""
        assert self.facts is not None
        if self.month_told is not None:
            return
        months = list(_months(self.facts.first_day, self.facts.on))
        with self.months:
            head("时间")
            if not months:
                note("还没有销售事件")
                return
            last = len(months)
            self.month_told = note(self._told_month()).props("role=status")

            async def moved(value: float) -> None:
                at = int(value)
                await self.take_day(None if at >= last else months[at])

            words = [f"{month:%Y年%m月}末" for month in months]
            Slide("月份", [*words, "现在"], moved, value=last, settled=True).mark("month")

    def _told_month(self) -> str:
        shown = "现在" if self.on is None else f"{self.on:%Y年%m月}末"
        return f"显示：{shown}。拖动或用左右键选择月份。"

    async def _show_all(self, *, table: bool = True) -> None:
        self._draw_legend()
        self._paint()
        if table:
            await self._draw_table()
        elif self.table is not None:
            for one in self.modes.values():
                self.table.recolour(one)
        await self._draw_sums()

    # -------------------------------------------------------------- colours

    @property
    def colouring(self) -> Colouring:
        return self.modes.get(self.mode) or next(iter(self.modes.values()))

    @property
    def kept(self) -> frozenset[UUID] | None:
        """The homes the legend shows; None for all."""
        if not self.only:
            return None
        return frozenset(unit for unit, look in self.colouring.of.items() if look in self.only)

    def _paint(self) -> None:
        if self.modes:
            self.view.paint(self.colouring, self.kept)

    def _draw_chooser(self) -> None:
        """Draw the choice of colours once: drawn anew it would lose the keyboard."""

        async def recolour(chosen: ValueChangeEventArguments[str]) -> None:
            await self.colour(chosen.value or self.mode)

        with self.chooser:
            head("着色")
            options = {key: one.label for key, one in self.modes.items()}
            self.choice = Choice(options, value=self.colouring.key, name="着色方式", on_change=recolour).mark("mode")

    def _draw_legend(self) -> None:
        assert self.facts is not None
        if self.choice is None:
            self._draw_chooser()
        areas = {unit: one.area or Decimal(0) for unit, one in self.facts.homes.items()}
        self.legend.show(self.colouring, areas, self.only)

    async def colour(self, key: str) -> None:
        """Switch to another colouring, in the table too."""
        with self.root:
            if key == self.mode:
                return
            self.mode, self.only = key, set()
            if self.choice is not None:
                self.choice.set_value(key)
            self._draw_legend()
            self._paint()
            if self.table is not None and self.table.mode != key:
                self.table.colour(key)
                self.table.keep(None)
            await self._draw_sums()

    async def filter(self, look: int) -> None:
        """Show only the homes of a look, or no longer only them."""
        with self.root:
            self.only ^= {look}
            self._draw_legend()
            self._paint()
            if self.table is not None:
                self.table.keep(self.kept)
            await self._draw_sums()

    # -------------------------------------------------------------- selection

    async def show_building(self, place: int) -> None:
        """Show one building, or all."""
        with self.root:
            self._take_building(place)
            self.ticks = frozenset()
            self.view.enclose([])
            self.view.look(building=place)
            await self._draw_table()
            await self._draw_sums()

    def _take_building(self, place: int) -> None:
        self.building = place
        for at, button in self.sides.items():
            button.props["aria-pressed"] = "true" if at == place else "false"

    async def picked(self, place: int | None) -> None:
        """A home was chosen in the picture: the table follows."""
        with self.root:
            assert self.estate is not None
            if place is None:
                self.detail.clear()
                if self.table is not None:
                    self.table.choose(None)
                return
            home = self.estate.homes[place]
            if self.building not in (_ALL, home.building) or self.shown_table != home.building:
                await self._draw_table(home.building, home.id)
            elif self.table is not None and home.id in self.table.ids:
                self.table.choose(home.id)
            self._draw_home(home.id, self._title(place))

    async def seek(self, words: str) -> None:
        """Select the home whose building and room these words name."""
        assert self.estate is not None
        wanted = words.casefold().split()
        fits = [
            place
            for place, home in enumerate(self.estate.homes)
            if wanted and all(one in _named(self.estate, home) for one in wanted)
        ]
        # A whole room number comes before those it is a part of.
        homes = self.estate.homes
        fits.sort(key=lambda place: homes[place].room.casefold() not in wanted)
        if not fits:
            self.place.say("模型中没有这一户" if wanted else "请输入楼号和室号，例如“1# 1201”", "warn")
            return
        self.view.choose(fits[0])
        await self.picked(fits[0])

    async def boxed(self, places: list[int]) -> None:
        """Homes were enclosed in the picture: tick and sum up those of the building table."""
        with self.root:
            assert self.estate is not None
            self.ticks = frozenset(unit for place in places if (unit := self.estate.homes[place].id) is not None)
            if self.table is not None:
                self.table.tick(self.ticks)
            await self._draw_sums()

    async def chosen(self, unit: UUID) -> None:
        """A home was chosen in the table: the picture follows."""
        with self.root:
            assert self.estate is not None
            place = next((at for at, home in enumerate(self.estate.homes) if home.id == unit), None)
            self.view.choose(place)
            self._draw_home(unit, self._title(place) if place is not None else "模型中没有这一户")

    def _title(self, place: int) -> str:
        """The name of a home of the picture."""
        assert self.estate is not None
        home = self.estate.homes[place]
        return f"{self.estate.buildings[home.building].number} {home.label}层 {home.room}"

    def _draw_home(self, unit: UUID | None, title: str) -> None:
        assert self.facts is not None
        self.detail.clear()
        with self.detail:
            draw_home(self.facts, unit, title)

    # -------------------------------------------------------------- table and sums

    shown_table = _ALL

    async def _draw_table(self, place: int | None = None, chosen: UUID | None = None) -> None:
        assert self.estate is not None
        wanted = self.building if place is None else place
        if wanted == _ALL:
            wanted = next((at for at, one in enumerate(self.estate.buildings) if one.natural_building_id), 0)
        self.shown_table, self.table = wanted, None
        one = self.estate.buildings[wanted] if wanted < len(self.estate.buildings) else None
        natural = one.natural_building_id if one is not None else None
        table = (await call(building_table, natural)).or_end() if natural is not None else None
        self.below.clear()
        with self.below:
            if table is None:
                note("该幢还没有楼盘表，只有外轮廓" if one is not None else "没有楼盘表")
                return
            self.table = UnitTable(
                table.floors,
                [cell_of(unit) for unit in table.units],
                list(self.modes.values()),
                label=f"{table.name}楼盘表",
                picked=self.chosen,
                moved=self.chosen,
                ticked=self.ticked,
                coloured=self.colour,
                chosen=chosen,
            )
            if self.mode != next(iter(self.modes)):
                self.table.colour(self.mode)
            if self.only:
                self.table.keep(self.kept)
            if self.ticks:
                self.table.tick(self.ticks)

    async def ticked(self, units: frozenset[UUID]) -> None:
        """Homes of this building were ticked in its table: the picture follows, other buildings keep theirs."""
        with self.root:
            assert self.estate is not None
            assert self.table is not None
            self.ticks = self.ticks.difference(self.table.ids) | units
            self.view.enclose([place for place, home in enumerate(self.estate.homes) if home.id in self.ticks])
            await self._draw_sums()

    async def _draw_sums(self) -> None:
        assert self.project_id is not None
        assert self.estate is not None
        homes: tuple[UUID, ...] | None = None
        buildings: tuple[UUID, ...] = ()
        said = "全部"
        if self.ticks:
            homes, said = tuple(sorted(self.ticks)), f"所选{len(self.ticks)}户"
        elif self.kept is not None:
            homes, said = tuple(sorted(self.kept)), "图例筛选"
        elif self.building != _ALL and self.building < len(self.estate.buildings):
            one = self.estate.buildings[self.building]
            said = one.number
            buildings = (one.natural_building_id,) if one.natural_building_id is not None else ()
            homes = None if buildings else ()
        order = Selection(self.project_id, buildings, homes, self.on)
        told: SelectionSums = (await call(selection_sums, order)).or_end()
        self.sums.clear()
        with self.sums:
            draw_sums(told, said)


def _named(shown: Estate, home: EstateHome) -> str:
    return f"{shown.buildings[home.building].number} {home.room}".casefold()


def _months(first: date | None, last: date) -> Iterator[date]:
    """The last days of the months from the first event to a day."""
    if first is None:
        return
    # A month before, so that the slider also shows how it was before anything was licensed.
    month = month_of(month_of(first) - timedelta(days=1))
    while month <= last:
        month = next_month(month)
        yield month - timedelta(days=1)


@beside("project")
def open_estate(page: RecordPage, view: RevisionView) -> None:
    """A project in force has its 3D picture."""
    if view.state is RevisionState.EFFECTIVE:
        page.place.command("三维展示", partial(page.place.open, KEY, id=str(view.record_id)), icon="view_in_ar")


async def build(place: Place) -> None:
    await EstatePage(place).load()


ESTATE = Module(KEY, "三维展示", "view_in_ar", "projects", frozenset(READERS), build, hidden=True)
