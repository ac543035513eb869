"""A dense table over a query that pages on the server; page, sort and filters are in the address."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from inspect import isawaitable
from typing import Any, TypeVar

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.normal import BadText, parse_day
from services.engine.registry import Action, Query
from ui.shell.buttons import icon_button, plain_button
from ui.shell.call import call
from ui.shell.fields import Field, choice_field, date_field, text_field
from ui.shell.guide import Guide
from ui.shell.list_tools import ListTools
from ui.shell.parts import empty
from ui.shell.place import Place
from ui.shell.sheet import Column, Sheet

__all__ = ["Column", "Filter", "Grid", "View"]

SIZES = (20, 50, 100, 200)
Order = TypeVar("Order")


#: Filters a narrow screen shows before one asks for more (theme.css).
_ON_A_PHONE = 2
#: Rows of a list that leaves most of its page white.
_SHORT = 6
_OPEN = "sf-filters-open"


@dataclass(frozen=True)
class Filter:
    """A filter above the grid. `options` makes it a choice, `day` a date; a `personal` one never enters the address.

    A filter with `more` is shown on demand, or while it narrows; a `hidden` one is set by the address alone.
    """

    key: str
    label: str
    options: Mapping[str, str] | None = None
    day: bool = False
    personal: bool = False
    width: int = 150
    all: str = "全部"
    more: bool = False
    hidden: bool = False


@dataclass
class View:
    """The requested part of a list: page, size, sort (a leading minus is descending) and filters as text."""

    page: int = 1
    size: int = 50
    sort: str = ""
    filters: dict[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        return self.filters.get(key, "")

    def day(self, key: str) -> date | None:
        """Return a filter's day; an invalid day, already reported beside the filter, counts as empty."""
        try:
            return parse_day(self.text(key)) if self.text(key) else None
        except BadText:
            return None


class Grid:
    """A table of `query`. `order(view)` makes the order; the answer has `total` and `lines`, each line an `id`.

    With `ticks` rows can be ticked; `ticked` are those of the page in view.
    """

    def __init__(
        self,
        place: Place,
        query: Query[Order, Any] | Action[Order, Any],
        *,
        order: Callable[[View], Order],
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        empty: str = "没有符合条件的记录",
        on_enter: Callable[[Any], Awaitable[object] | object] | None = None,
        on_pick: Callable[[Any], Awaitable[object] | object] | None = None,
        on_loaded: Callable[[Any], Awaitable[None] | None] | None = None,
        ticks: bool = False,
        label: str = "",
        size: int = 50,
        name: str = "",
    ) -> None:
        self.place, self.query, self.order, self.columns = place, query, order, columns
        self.empty_text = empty
        self.on_enter, self.on_pick, self.on_loaded, self.ticks = on_enter, on_pick, on_loaded, ticks
        self.lines: dict[str, Any] = {}
        self._ticked: list[str] = []
        self.total = 0
        self._turn_no = 0
        self._size = size
        self.view = self._from_address(filters)
        self._filters = {one.key: one for one in filters}
        #: With a name the user sets up the list: columns and saved filters.
        self.tools = ListTools(self, name) if name else None
        self._applying = False
        self._fields: dict[str, Field] = {}
        #: Rarer filters that were not wanted yet, with their places: every open page keeps what is drawn.
        self._undrawn: dict[str, tuple[web.element, Sequence[Filter]]] = {}
        with web.element("section").classes("sf-list") as self.box:
            if filters:
                self._draw_filters()
            self._draw_table(label or place.title)

    def draw_again(self) -> None:
        """Show the lines of the page in view in other columns."""
        self.table.show(list(self.lines.values()), sort=self.view.sort)

    async def load(self) -> None:
        """Ask for the page in view and show it."""
        if self.tools is not None:
            await self.tools.load()
        self._turn_no += 1
        mine = self._turn_no
        answer = await call(self.query, self.order(self.view))
        # A slow answer must not overwrite that of a later question.
        if not answer.ok or mine != self._turn_no:
            return
        await self.show(answer.value)

    @property
    def ticked(self) -> list[Any]:
        """The ticked lines of the page in view."""
        return [self.lines[row_id] for row_id in self._ticked if row_id in self.lines]

    def untick(self) -> None:
        """Clear all ticks."""
        self._ticked = []
        self.table.untick()
        self._tell_ticks()

    async def show(self, found: Any) -> None:
        """Show an answer of the query to the page in view."""
        self.total, lines = found.total, found.lines
        self.lines = {str(line.id): line for line in lines}
        pages = max(1, -(-self.total // self.view.size))
        if self.view.page > pages and self.total:
            self.view.page = pages
            await self.load()
            return
        self.table.add_up(getattr(found, "totals", {}))
        self.table.show(lines, sort=self.view.sort)
        self.none.set_visibility(not lines)
        self._show_way_on()
        self.count.text = f"{self.total:,} 条以上" if getattr(found, "more", False) else f"共 {self.total:,} 条"
        if (age := getattr(found, "age", None)) is not None:
            self.count.text += f"，读自只读副本，数据滞后{age:.0f}秒"
        if (day := getattr(found, "as_of", None)) is not None:
            self.count.text = f"{day:%Y年%m月%d日}终了时的内容，{self.count.text}"
        self.where.text = f"第 {self.view.page} / {pages} 页"
        self.back.set_enabled(self.view.page > 1)
        self.next.set_enabled(self.view.page < pages)
        self._to_address()
        if self.on_loaded is not None and isawaitable(loading := self.on_loaded(found)):
            await loading
        self._tell_ticks()

    def _show_way_on(self) -> None:
        """Under a short list show what the manual says of it, and if it is empty the way back from its filters."""
        self.way_on.clear()
        self.way_on.set_visibility(self.total <= _SHORT)
        if self.total <= _SHORT:
            with self.way_on:
                if not self.lines and any(self.view.filters.values()):
                    plain_button("去掉查询条件", partial(self.apply, {}), icon="filter_alt_off")
                Guide(self.place.module)

    async def search(self) -> None:
        """Apply the filters and begin at the first page."""
        wrong = False
        for key, box in self._fields.items():
            box.mark("")
            text = str(box.value or "").strip()
            if text and self._filters[key].day:
                try:
                    box.read()
                except BadText as problem:
                    box.mark(problem.sentence)
                    wrong = True
            self.view.filters[key] = text
        if wrong:
            self.place.say("查询条件中的日期有误", "bad")
            return
        self.view.page = 1
        await self.load()

    def open_filters(self) -> dict[str, str]:
        """Return what the list is narrowed by, without personal filters."""
        return {key: text for key, text in self.view.filters.items() if text and not self._filters[key].personal}

    async def apply(self, filters: Mapping[str, str]) -> None:
        """Put these values into the filters, empty the others, and search."""
        self._applying = True
        for key in [key for key in self._undrawn if filters.get(key)]:
            self._box(key)
        for key, box in self._fields.items():
            box.value = filters.get(key, "")
        self._applying = False
        await self.search()

    def _chosen(self) -> Awaitable[None] | None:
        return None if self._applying else self.search()

    def set_filter(self, key: str, value: str) -> None:
        """Put another value into a filter; a choice then searches by itself."""
        self._box(key).value = value

    def offer(self, key: str, options: Mapping[str, str]) -> None:
        """Replace the choices of a filter; a chosen value that is missing now is dropped, and the list is reloaded."""
        self._box(key).control.set_options(options)

    def _from_address(self, filters: Sequence[Filter]) -> View:
        params = self.place.params
        page, size = params.get("page", ""), params.get("size", "")
        return View(
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 5 and int(page) > 0 else 1,
            size=int(size) if size in map(str, SIZES) else self._size,
            sort=params.get("sort", "") if params.get("sort") in self._sorts() else "",
            filters={one.key: params.get(one.key, "")[:100] for one in filters if not one.personal},
        )

    def _to_address(self) -> None:
        view = self.view
        kept = {key: text for key, text in view.filters.items() if not self._filters[key].personal}
        page, size = (view.page if view.page > 1 else ""), (view.size if view.size != self._size else "")
        self.place.keep(page=page, size=size, sort=view.sort, **kept)

    def _draw_filters(self) -> None:
        with web.element("div").classes("sf-filters").props("role=search") as bar:
            hidden = []
            for group in _together([one for one in self._filters.values() if not one.hidden]):
                used = any(self.view.text(one.key) for one in group)
                with web.element("div").classes("sf-filter sf-filter-used" if used else "sf-filter") as place:
                    if group[0].more and not used:
                        self._undrawn |= {one.key: (place, group) for one in group}
                    else:
                        self._draw_filters_of(group)
                if group[0].more:
                    place.set_visibility(used)
                    hidden.append(place)
            plain_button("查询", self.search, icon="search").mark("search")
            plain_button("清空", lambda: self.apply({}))
            if self.tools is not None:
                self.tools.draw_saved()
            if hidden or len(self._filters) > _ON_A_PHONE:
                more = plain_button("更多条件", lambda: self._turn_all(bar, hidden), icon="tune").mark("more-filters")
                more.classes("" if hidden else "sf-only-narrow")
                if hidden and all(place.visible for place in hidden):
                    bar.classes(_OPEN)

    def _box(self, key: str) -> Field:
        """Return the field of a filter, which is drawn and shown when it is first wanted."""
        if key in self._undrawn:
            place, group = self._undrawn[key]
            place.set_visibility(True)
            for one in group:
                del self._undrawn[one.key]
            with place:
                self._draw_filters_of(group)
        return self._fields[key]

    def _turn_all(self, bar: web.element, places: Sequence[web.element]) -> None:
        """Show or hide the rarer filters; on a phone, all but the first two."""
        for key in list(self._undrawn):
            self._box(key)
        shown = _OPEN in bar.classes
        bar.classes(remove=_OPEN) if shown else bar.classes(_OPEN)
        for place in places:
            place.set_visibility(not shown)

    def _draw_filters_of(self, group: Sequence[Filter]) -> None:
        for one in group:
            self._draw_filter(one)

    def _draw_filter(self, one: Filter) -> None:
        box = self._fields[one.key] = self._filter(one)
        box.box.style(f"width: {one.width}px")
        box.control.mark(f"filter-{one.key}")
        box.control.on("keydown.enter", self.search)

    def _filter(self, one: Filter) -> Field:
        value = self.view.text(one.key)
        if one.options is not None:
            return choice_field(one.key, one.label, one.options, value=value, empty=one.all, on_change=self._chosen)
        if one.day:
            box = date_field(one.key, one.label)
            box.value = value
            return box
        return text_field(one.key, one.label, value=value, longest=100)

    def _draw_table(self, label: str) -> None:
        with web.element("div").classes("sf-grid").props("tabindex=-1"):
            self.table = Sheet(self.columns, label=label, ticks=self.ticks).mark("grid")
            self.table.on("sort", self._sorted)
            self.table.on("ticks", self._ticks_changed)
            self.table.on("enter", self._entered)
            self.table.on("pick", self._picked)
            if self.tools is not None:
                self.table.on("width", self.tools.resized)
            self.none = empty(self.empty_text)
            self.none.set_visibility(False)
            self.way_on = web.element("div").classes("sf-way-on")
            with web.element("div").classes("sf-pager"):
                self._pager()

    def _pager(self) -> None:
        self.count = TextElement(tag="span", text="")
        web.space()
        if self.tools is not None:
            self.tools.draw_columns()
        self.back = (
            icon_button("chevron_left", "上一页", lambda: self._turn(-1)).classes("sf-page-back").mark("page-back")
        )
        self.where = TextElement(tag="span", text="")
        self.next = (
            icon_button("chevron_right", "下一页", lambda: self._turn(1)).classes("sf-page-next").mark("page-next")
        )

    async def _turn(self, by: int) -> None:
        self.view.page = max(1, self.view.page + by)
        await self.load()

    async def _sorted(self, event: events.GenericEventArguments) -> None:
        wanted = event.args if isinstance(event.args, str) else ""
        if wanted and wanted not in self._sorts():
            return
        self.view.sort, self.view.page = wanted, 1
        await self.load()

    def _sorts(self) -> set[str]:
        keys = [column.key for column in self.columns if column.sortable]
        return {*keys, *(f"-{key}" for key in keys)}

    def _ticks_changed(self, event: events.GenericEventArguments) -> None:
        sent = event.args if isinstance(event.args, list) else []
        self._ticked = [row_id for row_id in map(str, sent) if row_id in self.lines]
        self._tell_ticks()

    def _tell_ticks(self) -> None:
        """Show what follows from other ticks; here nothing."""

    async def _entered(self, event: events.GenericEventArguments) -> None:
        await self._with_line(event.args, self.on_enter)

    async def _picked(self, event: events.GenericEventArguments) -> None:
        await self._with_line(event.args, self.on_pick)

    async def _with_line(self, row_id: object, act: Callable[[Any], Awaitable[object] | object] | None) -> None:
        line = self.lines.get(str(row_id))
        if line is None or act is None:
            return
        done = act(line)
        if isawaitable(done):
            await done


def _together(filters: Sequence[Filter]) -> list[list[Filter]]:
    """Group the filters that stay on one line: the end of a span with its beginning."""
    groups: list[list[Filter]] = []
    for one in filters:
        if one.label == "至" and groups:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups
