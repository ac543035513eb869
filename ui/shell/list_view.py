"""The grid of a declared listing: columns, filters, sort, address, page, search and export come from the declaration."""

from collections.abc import Awaitable, Callable, Mapping, Set
from dataclasses import replace
from datetime import date
from functools import partial
from inspect import isawaitable
from typing import Any

from nicegui import ui as web

from models.access import Role
from services.engine.list_filters import Control
from services.engine.list_pages import counted_of
from services.engine.listings import Filter as Declared
from services.engine.listings import Listing, ListPage, ListRows
from services.engine.paging import Paging
from services.privacy.exports import request_export
from ui.shell.bulk import Ask, BulkGrid
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.export import offer_export
from ui.shell.grid import Column, Filter, View
from ui.shell.modules import Module
from ui.shell.months import month_options
from ui.shell.parts import uuid_of
from ui.shell.place import Command, Place

Act = Callable[[Any], Awaitable[object] | object]
#: Pixels of a character, of the room a filter has for what is typed or chosen, and of the arrow of its choices.
_CHARACTER, _ROOM, _ARROW = 13, 96, 46
#: Characters of a choice that a filter has room for at most.
_LONGEST = 8


class ListView(BulkGrid):
    """A grid of a listing, with 查询 and 导出 in the toolbar."""

    def __init__(
        self,
        place: Place,
        listing: Listing,
        *,
        on_enter: Act | None = None,
        on_pick: Act | None = None,
        on_loaded: Callable[[Any], Awaitable[None] | None] | None = None,
        options: Mapping[str, Mapping[str, str]] | None = None,
        asks: Mapping[str, Ask] | None = None,
        on_acted: Callable[[], Awaitable[None]] | None = None,
        opens: Act | None = None,
        open_key: str = "f8",
    ) -> None:
        """Draw a listing. `options` are choices only the page knows, by filter; `asks` its questions before bulk actions.

        With `opens` a picked line is opened by 打开, and any line by Enter or a double click.
        """
        self.picked: Any = None
        self._opens = opens
        self.opening: Command | None = None
        if opens is not None:
            needs = f"请先选择一条{listing.label}"
            self.opening = place.command("打开", self.open_picked, icon="open_in_new", key=open_key, needs=needs)
            on_pick, on_enter = self._pick, self._open_line
        self.listing = listing
        self.bulk, self.asks = [one for one in listing.bulk if place.may(one.action)], asks or {}
        self.acted = on_acted or self.load
        #: The last line of the page before each page turned to, of a deep list; for this search only.
        self._marks: dict[int, str] = {}
        self._asked: object = None
        today = place.desk.door.clock.today()
        if listing.counts:
            self.counts = web.element("div").classes("sf-bar").props("role=group aria-label=按状态计数")
        super().__init__(
            place,
            listing.query,
            order=self._order,
            columns=columns_of(listing, place.caller.roles),
            filters=[
                filter_of(one, today, place.caller.roles, (options or {}).get(one.key)) for one in listing.filters
            ],
            empty=listing.empty,
            on_enter=on_enter,
            on_pick=on_pick,
            on_loaded=on_loaded,
            ticks=bool(self.bulk),
            label=listing.label,
            name=listing.name,
        )
        if any(column.wraps for column in listing.columns):
            self.table.classes("sf-wrap")
        place.command("查询", self.search, icon="search", key="f3")
        if place.caller.roles & listing.exported_by & request_export.roles:
            offer_export(place, self, listing.name)
        self.offer_bulk()

    async def line_of(self, row_id: str) -> Any:
        """Return the line of a record that need not be on the page in view; None where the user sees none."""
        wanted = uuid_of(row_id)
        if wanted is None or self.listing.table is None:
            return None
        answer = await call(self.listing.query, ListRows(id=wanted), quiet=True)
        return next(iter(answer.value.lines), None) if answer.ok else None

    def _order(self, view: View) -> ListRows:
        asked = (tuple(view.filters.items()), view.sort, view.size)
        if asked != self._asked:
            self._asked, self._marks = asked, {}
        order = order_of(view, self._marks.get(view.page, ""))
        chosen = self.tools.chosen if self.tools is not None and self.listing.wide else ()
        return replace(order, columns=chosen) if chosen else order

    async def show(self, found: Any) -> None:
        """Show a page of the listing, and how many rows there are of each state."""
        if self.listing.counts:
            self.counts.clear()
            with self.counts:
                self._draw_counts(found)
        if self.listing.deep and found.lines:
            self._marks[self.view.page + 1] = str(found.lines[-1].id)
        await super().show(found)
        if self.opening is not None:
            self.picked = self.lines.get(str(self.picked.id)) if self.picked is not None else None
            self.opening.enable(self.picked is not None)

    def _pick(self, line: Any) -> None:
        self.picked = line
        if self.opening is not None:
            self.opening.enable()

    async def _open_line(self, line: Any) -> None:
        self._pick(line)
        await self.open_picked()

    async def open_picked(self) -> None:
        """Open the picked line."""
        if self._opens is not None and self.picked is not None and isawaitable(done := self._opens(self.picked)):
            await done

    def _draw_counts(self, page: ListPage) -> None:
        by = self.listing.by
        options = {value: label for value, label in (by.options or {}).items() if page.counts.get(value)}
        for value, label in {"": by.all, **(self.listing.counted or options)}.items():
            count = counted_of(self.listing, page.counts, value)
            words = label if count is None else f"{label} {count:,}"
            button = plain_button(words, partial(self.set_filter, by.key, value))
            button.mark(f"{by.key}-{value.lower() or 'all'}")
            if self.view.text(by.key) == value:
                button.classes("sf-on").props("aria-pressed=true")


def order_of(view: View, after: str = "") -> ListRows:
    """The page of a listing a view asks for."""
    filters = {key: text for key, text in view.filters.items() if text}
    return ListRows(filters, Paging(view.page, view.size, view.sort, after))


def columns_of(listing: Listing, roles: Set[Role] = frozenset()) -> tuple[Column, ...]:
    """The columns of a listing a user with these roles can choose from."""

    def shown(whom: bool | Set[Role]) -> bool:
        return whom if isinstance(whom, bool) else bool(whom & roles)

    return tuple(
        Column(one.key, one.label, one.sortable, one.number, one.width, show=one.show, shown=shown(one.shown))
        for one in listing.columns
    )


def filter_of(
    declared: Declared,
    today: date,
    roles: frozenset[Role] = frozenset(),
    options: Mapping[str, str] | None = None,
) -> Filter:
    """A declared filter as it is drawn; months are those up to today, `options` those of the page."""
    own = month_options(today) if declared.control is Control.MONTH else declared.options
    if declared.options_for is not None:
        own = declared.options_for(roles)
    return Filter(
        declared.key,
        declared.label,
        options=own if options is None else options,
        day=declared.control is Control.DAY,
        personal=not declared.addressed,
        width=max(declared.width or _CHARACTER * len(declared.label) + _ROOM, _needed(declared.label, own or {})),
        all=declared.all,
        more=declared.more,
        hidden=declared.hidden,
    )


def _needed(label: str, options: Mapping[str, str]) -> int:
    """Pixels in which a filter's label and its longest choice are read, up to a dozen characters."""
    longest = max((min(len(one), _LONGEST) for one in options.values()), default=0)
    return _CHARACTER * (len(label) + max(longest, 2)) + _ARROW


def list_module(
    listing: Listing,
    key: str,
    icon: str,
    group: str,
    *,
    title: str = "",
    roles: Set[Role] | None = None,
    on_enter: Callable[[Place, Any], Awaitable[object] | object] | None = None,
) -> Module:
    """A module that is a plain list; `on_enter(place, line)` opens the record of a line."""

    async def build(place: Place) -> None:
        opening = None if on_enter is None else lambda line: on_enter(place, line)
        grid = ListView(place, listing, on_enter=opening)
        place.refresh = grid.load
        await grid.load()

    readers = frozenset(listing.roles if roles is None else roles)
    return Module(key, title or listing.label, icon, group, readers, build, listing=listing.name)
