"""The walks over every listing and every home: pages, counts, files and figures have the caller's rows."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import DBAPIError

from models.access import Role
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.figures import Figure
from services.engine.homes import Choice
from services.engine.list_filters import Control, Filter
from services.engine.list_pages import count_of, file_parts
from services.engine.listings import LISTINGS, BulkRows, Listing, ListPage, ListRows
from services.engine.paging import DEEPEST, Paging
from services.engine.refusals import Refusal
from services.homes.queries import USERS, my_home
from services.ports.place import Place
from tests.report import Report

#: Rows of the one page that is looked at, and of one whose statement alone matters.
_PAGE, _SOME = 200, 3
_FIRST_PAGE = ListRows(paging=Paging(1, _PAGE, ""))


def walk_listings(city: Any, each: int = 1) -> None:
    """Show every listing to every caller of its roles; no caller is shown a row outside his scope.

    Of those with the same roles over the same kinds of scope the one who is shown most compares count and file, asks for
    rows he is not shown: of each so many such kinds of callers one, by turns. Whoever is shown most of all always does, and turns the
    list by each of its orders, and the next by one of them.
    """
    door = city.counter.world.door
    for number, listing in enumerate(LISTINGS.values()):
        callers = {who: caller for who, caller in city.callers.items() if caller.roles & listing.roles}
        pages = {who: door.ask(listing.query, caller, _FIRST_PAGE) for who, caller in callers.items()}
        shown = {who: {line.id for line in page.lines} for who, page in pages.items()}
        sortable = [one.key for one in listing.columns if one.sortable]
        # Up and down by turns for the one who is shown most of all, and one of them the other way round for the next.
        orders, others = ([f"{'-' * ((at + way) % 2)}{key}" for at, key in enumerate(sortable)] for way in (0, 1))
        fullest: dict[Any, str] = {}
        for who in sorted(callers, key=lambda who: -len(shown[who])):
            standing = (
                frozenset((scope.role, scope.kind) for scope in callers[who].scopes),
                callers[who].unit_id is None,
            )
            fullest.setdefault(standing, who)
        chosen = [who for place, who in enumerate(fullest.values()) if place < 2 or (place + number) % each == 0]
        for place, who in enumerate(chosen):
            _compare(door, callers[who], listing, pages[who])
            _turn_by(door, callers[who], listing, {0: orders, 1: others[:1]}.get(place, []), shown[who])
        for who in callers if listing.table is not None and listing.fetch is None else ():
            _hide_others(city, listing, who, shown[who], tried=2 if who in chosen else 0)
        for caller in city.callers.values():
            if listing.bulk and caller.roles & listing.each.roles:
                _refuse_hidden(city, listing, caller)


def walk_statements(city: Any) -> None:
    """Have the database take every order, filter, count and file of every listing, for one who may ask for it.

    What a select of a table, joined and compared, means to a database does not depend on the rows a caller is shown.
    """
    door, report = city.counter.world.door, Report()
    for listing in LISTINGS.values():
        with report.of(listing.name):
            caller = next(caller for caller in city.callers.values() if caller.roles & listing.roles)
            _compare(door, caller, listing, door.ask(listing.query, caller, _FIRST_PAGE))
            for sort in (one.key for one in listing.columns if one.sortable):
                door.ask(listing.query, caller, ListRows(paging=Paging(1, _SOME, sort)))
            for one in listing.filters:
                assert _is_taken(door, caller, listing, one), one.key
    report.none(least=len(LISTINGS))


def _is_taken(door: Door, caller: Caller, listing: Listing, one: Filter) -> bool:
    """Tell whether the database took the filter with the first text that the filter itself takes."""
    for text in _texts_for(one):
        try:
            door.ask(listing.query, caller, ListRows({one.key: text}, Paging(size=_SOME)))
            break
        except Refusal as refusal:
            if isinstance(refusal.__cause__, DBAPIError):
                return False
    return True


def _texts_for(one: Filter) -> tuple[str, ...]:
    """Texts of which a filter takes one at least."""
    if one.options:
        return (next(iter(one.options)),)
    texts = {Control.DAY: ("2027-03-01",), Control.MONTH: ("2027-03",)}
    return texts.get(one.control, ("浦东", "310115", str(UUID(int=1))))


def _turn_by(door: Door, caller: Caller, listing: Listing, orders: list[str], shown: set[Any]) -> None:
    """Whatever the order, the rows are the same."""
    for sort in orders:
        page = door.ask(listing.query, caller, ListRows(paging=Paging(1, _PAGE, sort)))
        assert {line.id for line in page.lines} == shown or len(shown) == _PAGE == len(page.lines), (listing.name, sort)


def _hide_others(city: Any, listing: Listing, who: str, shown: set[Any], *, tried: int) -> None:
    caller = city.callers[who]
    if listing.rows is None:
        assert shown <= city.seen(caller, listing.table), (listing.name, who)
    for row_id in [row.id for row in city.rows(listing.table) if row.id not in shown][:tried]:
        one = city.counter.world.door.ask(listing.query, caller, ListRows(id=row_id))
        assert not one.lines or len(shown) == _PAGE, (listing.name, who)


def _refuse_hidden(city: Any, listing: Listing, caller: Caller) -> None:
    """A row outside the caller's scope is answered like one that is not there, and left out of all rows of a filter."""
    assert listing.table is not None
    door, seen = city.counter.world.door, city.seen(caller, listing.table)
    hidden = next((row.id for row in city.rows(listing.table) if row.id not in seen), None)
    if hidden is None:
        return
    assert hidden not in door.ask(listing.ids, caller, {}), listing.name
    for bulk in listing.bulk:
        order = BulkRows(bulk.name, (hidden, uuid4()), "走查时写明的原因")
        results = door.perform(listing.each, caller, order)
        answers = {(one.done, one.message, one.label) for one in results}
        assert [done for done, _, _ in answers] == [False], (listing.name, bulk.name)


def _compare(door: Door, caller: Caller, listing: Listing, page: ListPage) -> None:
    """Page, count and file of a listing have the same rows."""
    total = door.look(caller, lambda work: count_of(work, listing, {}))
    assert total == page.total >= len(page.lines), listing.name
    parts = door.look(caller, lambda work: list(file_parts(work, listing, {}, listing.columns)))
    in_file = sum(len(cells) for cells, _ in parts)
    # A list of a kind shows what is not in force yet as well; its file has what is.
    assert in_file <= total if listing.along is not None and listing.fetch else in_file == total, listing.name


def walk_homes(door: Door, callers: Mapping[str, Caller], folder: Path) -> None:
    """Ask for the home of every caller with a role, and open all of its figures; every role of a person has a home.

    Figures of a home that open the same rows tell the same number, and bars add up to a sum (合计) below them.
    """
    names, opened = set(), 0
    door.house.folders = Place(folder, folder / "backups")
    for who, caller in callers.items():
        if not caller.roles & USERS:
            continue
        view = door.ask(my_home, caller, None)
        names.add(view.name)
        for panel in view.panels():
            if panel.shape == "bars" and panel.total is not None and panel.total.label == "合计":
                assert panel.total.figure is not None
                bars = sum(one.figure.count for one in panel.entries if one.figure is not None)
                assert bars == panel.total.figure.count, (who, panel)
        told: dict[Any, int] = {}
        for one in view.figures():
            key = (one.listing, tuple(sorted(one.filters.items())))
            if not one.listing or one.opens:
                continue
            if key in told:
                assert told[key] == one.count, (who, one)
                continue
            told[key] = one.count
            opened += bool(one.count)
            assert rows_behind(door, caller, one) == min(one.count, DEEPEST), (who, one)
        for panel in view.panels():
            if panel.shape == "map":
                for choice in panel.choices:
                    _adds_up(door, caller, choice)
    assert {role for role in Role if role not in {Role.SYSTEM, Role.PARTNER}} == USERS
    assert len(names) > 10, names
    # The figures of an empty city would agree with anything.
    assert opened > 60, opened


def _adds_up(door: Door, caller: Caller, choice: Choice) -> None:
    """The districts of a map and what its note says of none come to all rows of its list."""
    figures = [entry.figure for entry in choice.entries if entry.figure and entry.figure.listing]
    if not figures:
        return
    whole = {name: value for name, value in figures[0].filters.items() if value != figures[0].key}
    placeless = re.search(r"另有(\d+)项", choice.note)
    counted = sum(one.count for one in figures) + (int(placeless[1]) if placeless else 0)
    assert rows_behind(door, caller, Figure("", "", 0, figures[0].listing, whole)) == min(counted, DEEPEST), choice


def rows_behind(door: Any, caller: Any, figure: Figure) -> int:
    """The rows of the list a figure opens, as its page counts them."""
    listing = LISTINGS[figure.listing]
    order = ListRows(dict(figure.filters), Paging(size=1))
    total: int = door.ask(listing.query, caller, order).total
    return total
