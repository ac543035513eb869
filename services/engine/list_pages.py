"""Reading a listing: a page of it, its counts and totals, and the lines of its file, all from one select."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import case, func
from sqlmodel import and_, col, or_, select

from models.codes import Code
from models.sealed import Sealed
from services.engine.list_declaration import Column, Fetch, Fetched, Filters, Line, Listing, ListPage, ListRows
from services.engine.paging import BOTTOM, DEEPEST, Paging
from services.engine.past_lists import day_asked, then
from services.engine.refusals import NotFound, Rejected
from services.engine.work import Work

_PART = 200
#: What is nothing personal by its type, asked of every cell of a page.
_PLAIN = frozenset({str, int, bool, date, datetime, Decimal, UUID, type(None)})


def page_of(work: Work, listing: Listing, order: ListRows) -> ListPage:
    """Return a page of what the caller may see, with the counts and totals of all its rows; of a day, as it was then."""
    if (day := day_asked(work, listing, order.filters)) is not None:
        listing, filters = then(work, listing, order.filters)
        return replace(page_of(work, listing, replace(order, filters=filters)), as_of=day)
    offset, size = order.paging.bounds(BOTTOM if listing.deep else DEEPEST)
    if listing.items is not None:
        items = listing.items(work)
        kept = _sorted(listing, _fitting(work, listing, items, order.filters), order.paging.sort)
        counts = _counted_in_memory(work, listing, items, order.filters) if listing.counts else {}
        return ListPage(len(kept), tuple(lines_of(work, listing, kept[offset : offset + size])), counts)
    if (fetch := _fetcher(listing)) is not None:
        found = fetch(work, order.filters, order.paging)
        return ListPage(found.total, tuple(lines_of(work, listing, found.rows, seen=order.columns)), more=found.more)
    chosen = narrowed(work, listing, order.filters)
    if order.id is not None:
        chosen = chosen.where(listing.table.id == order.id)  # type: ignore[union-attr]
    by = ordered_by(listing, order.paging.sort, order.filters)
    counts = counts_of(work, listing, order.filters) if listing.counts and order.id is None else {}
    total, more = counted_of(listing, counts, order.filters.get(listing.counts, "")), False
    if total is None or order.id is not None:
        total, more = _count(work, listing, chosen)
    wanted = chosen.offset(offset)
    if listing.deep and order.paging.after:
        wanted = chosen.where(_beyond(work, listing, order.paging))
    rows = _rows(work, wanted.order_by(*by).limit(size))
    return ListPage(total, tuple(lines_of(work, listing, rows)), counts, totals_of(work, listing, chosen), more)


def first_lines(work: Work, listing: Listing, filters: Filters, most: int, sort: str = "") -> list[Line]:
    """The first lines of some filters, for a page that shows no more of a list."""
    by = ordered_by(listing, sort, filters)
    return lines_of(work, listing, _rows(work, narrowed(work, listing, filters).order_by(*by).limit(most)))


def narrowed(work: Work, listing: Listing, filters: Filters, *, without: str = "") -> Any:
    """The select of the visible rows of some filters; `without` leaves one filter out."""
    return all_rows(work, listing).where(*clauses_of(work, listing, filters, without=without))


def all_rows(work: Work, listing: Listing) -> Any:
    """The select of all rows of a listing the caller may see, before any filter."""
    if listing.rows is not None:
        return listing.rows(work)
    assert listing.table is not None
    return work.visible(listing.table)


def clauses_of(work: Work, listing: Listing, filters: Filters, *, without: str = "") -> list[Any]:
    """The clauses of some filters; a report narrows by them as its list does, so that they add up."""
    _known(listing, filters)
    clauses = []
    for one in listing.filters:
        text = filters.get(one.key, "").strip()
        if one.key != without and (text or one.always) and (clause := one.where(work, text)) is not None:
            clauses.append(clause)
    return clauses


def count_of(work: Work, listing: Listing, filters: Filters) -> int:
    """Return how many rows the caller sees with these filters: a figure that opens exactly these rows."""
    listing, filters = then(work, listing, filters)
    return _counted(work, listing, filters)[0]


def ids_of(work: Work, listing: Listing, filters: Filters, *, limit: int) -> tuple[UUID, ...]:
    """The ids of the rows of some filters, in the order of the listing."""
    assert listing.table is not None
    chosen = narrowed(work, listing, filters).order_by(*ordered_by(listing, "", filters)).limit(limit)
    only_ids = chosen.with_only_columns(col(listing.table.id), maintain_column_froms=True)  # type: ignore[attr-defined]
    return tuple(work.session.connection().execute(only_ids).scalars().all())


def exact_count(work: Work, listing: Listing, filters: Filters) -> int:
    """Return how many lines a file would have; refused where the list itself says only that there are more."""
    listing, filters = then(work, listing, filters)
    # A file read along a column has the rows of the table alone, whatever a search of its own adds to its pages.
    along = listing.along is not None
    total, more = _count(work, listing, narrowed(work, listing, filters)) if along else _counted(work, listing, filters)
    if more:
        raise Rejected(f"查到{total}条以上，请补充查询条件后再导出")
    return total


def counts_of(work: Work, listing: Listing, filters: Filters) -> dict[str, int]:
    """The rows of some filters by the values of the listing's counting filter, whose own choice is left out."""
    by = listing.by
    rows = narrowed(work, listing, filters, without=by.key)
    if by.groups is not None:
        # Only what is shown above the list and what is chosen: each clause is made and counted for every page.
        wanted = listing.counting or (listing.counted and {"", *listing.counted, filters.get(by.key, "")})
        groups = {value: clause for value, clause in by.groups(work).items() if not wanted or value in wanted}
        if listing.counting:
            rows = rows.where(groups[listing.counting[0]])
        found = _aggregated(work, rows, [func.count(case((clause, 1))) for clause in groups.values()])
        return dict(zip(groups, found, strict=True))
    if listing.counting:
        rows = rows.where(col(by.column).in_(listing.counting))
    grouped = rows.with_only_columns(by.column, func.count(), maintain_column_froms=True).group_by(col(by.column))
    return {str(value): count for value, count in work.session.connection().execute(grouped.order_by(None)).all()}


def totals_of(work: Work, listing: Listing, chosen: Any) -> dict[str, Any]:
    """The sums of the columns that are added up, over all rows of a select."""
    added = [column for column in listing.columns if column.total]
    if not added:
        return {}
    sums = _aggregated(work, chosen, [func.sum(sql_of(listing, column)) for column in added])
    return dict(zip((column.key for column in added), sums, strict=True))


def counted_of(listing: Listing, counts: Mapping[str, int], value: str) -> int | None:
    """Rows of a choice of the counting filter by the counts of a page; None where they do not tell."""
    if not listing.counts or listing.by.groups is not None or listing.counting:
        return counts.get(value)
    return counts.get(value, 0) if value else sum(counts.values())


def _aggregated(work: Work, rows: Any, columns: Sequence[Any]) -> Sequence[Any]:
    chosen = rows.with_only_columns(*columns, maintain_column_froms=True).order_by(None)
    found: Sequence[Any] = work.session.connection().execute(chosen).one()
    return found


def lines_of(
    work: Work,
    listing: Listing,
    rows: Sequence[Any],
    *,
    full: bool = False,
    seen: Sequence[str] = (),
) -> list[Line]:
    """Rows as lines; only with `full` personal values in clear. Of a wide list `seen` are the columns a user sees."""
    if not rows:
        return []
    readers = _readers(listing, _looked_up(work, listing, rows))
    unseen = {one.key for one in listing.columns if listing.wide and not one.shown} - {
        *seen,
        *listing.also,
    }
    wanted = {key: read for key, read in readers.items() if key not in unseen}
    return [
        # Most cells are plain by their type: a call for each of a thousand cells would cost more than reading them.
        Line(
            **{
                key: value if type(value := read(row)) in _PLAIN else _clear(value, full=full)
                for key, read in wanted.items()
            }
        )
        for row in rows
    ]


def _readers(listing: Listing, looked_up: Mapping[str, Callable[[Any], Any]]) -> dict[str, Callable[[Any], Any]]:
    """Functions of a row for the cells of a line, by key, over what was looked up for the rows."""
    readers: dict[str, Callable[[Any], Any]] = {}
    for column in listing.columns:
        readers[column.key] = column.value or looked_up.get(column.key) or attrgetter(column.key)
    for key in ("id", *listing.also, *looked_up):
        readers.setdefault(key, looked_up.get(key) or attrgetter(key))
    return readers


def _looked_up(work: Work, listing: Listing, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    return listing.look_up(work, rows) if listing.look_up is not None else {}


def file_parts(
    work: Work, listing: Listing, filters: Filters, columns: Sequence[Column], *, full: bool = False, sort: str = ""
) -> Iterator[tuple[tuple[tuple[Any, ...], ...], frozenset[str]]]:
    """The cells of these columns of all lines of a file part by part, with the persons on each part."""
    listing, filters = then(work, listing, filters)
    for rows in _parts(work, listing, filters, sort):
        if not rows:
            continue
        persons = listing.persons(work, rows) if listing.persons is not None else frozenset[str]()
        aside = listing.in_file(work, rows, full) if listing.in_file is not None else _looked_up(work, listing, rows)
        readers = _readers(listing, aside)
        reads = [readers[column.key] for column in columns]
        yield tuple(tuple(cell_of(_clear(read(row), full=full)) for read in reads) for row in rows), persons


def sql_of(listing: Listing, column: Column) -> Any:
    """The SQL of a column that is sorted by or added up."""
    return column.sql if column.sql is not None else getattr(listing.table, column.key)


def _fetcher(listing: Listing) -> Fetch | None:
    """The search of a listing that does not leave it to SQL."""
    if listing.items is not None:
        return lambda work, filters, paging: _from_memory(work, listing, filters, paging)
    own = listing.fetch
    if own is None:
        return None

    def fetch(work: Work, filters: Filters, paging: Paging) -> Fetched:
        _known(listing, filters)
        _sort(listing, paging.sort, filters)
        return own(work, filters, paging)

    return fetch


def _from_memory(work: Work, listing: Listing, filters: Filters, paging: Paging) -> Fetched:
    assert listing.items is not None
    rows = _sorted(listing, _fitting(work, listing, listing.items(work), filters), paging.sort)
    offset, size = paging.bounds()
    return Fetched(len(rows), rows[offset : offset + size])


def _fitting(work: Work, listing: Listing, items: Sequence[Any], filters: Filters, *, without: str = "") -> list[Any]:
    tests = clauses_of(work, listing, filters, without=without)
    return [row for row in items if all(fits(row) for fits in tests)]


def _counted_in_memory(work: Work, listing: Listing, items: Sequence[Any], filters: Filters) -> dict[str, int]:
    by = listing.by
    assert by.groups is not None
    rows = _fitting(work, listing, items, filters, without=by.key)
    return {value: sum(map(fits, rows)) for value, fits in by.groups(work).items()}


def _sorted(listing: Listing, rows: list[Any], sort: str) -> list[Any]:
    """Rows in memory by a column; those without a value come last either way."""
    if not sort:
        return rows
    column = listing.column(sort.removeprefix("-"))
    if column is None or not column.sortable:
        raise Rejected("不支持按该列排序")
    value = column.sql or column.value or attrgetter(column.key)
    known = sorted((row for row in rows if value(row) is not None), key=value, reverse=sort.startswith("-"))
    return known + [row for row in rows if value(row) is None]


def ordered_by(listing: Listing, sort: str, filters: Filters) -> list[Any]:
    """The ORDER BY of a sort; a column that is not sortable is refused (H26)."""
    wanted, column = _sort(listing, sort, filters)
    by = [*listing.first, (sa.desc if wanted.startswith("-") else sa.asc)(sql_of(listing, column)), *listing.last]
    if listing.table is None:
        return by
    ids = col(listing.table.id)  # type: ignore[attr-defined]
    # Deep pages are read along an index, which has both columns in one direction.
    return [*by, ids.desc() if listing.deep and wanted.startswith("-") else ids]


def _sort(listing: Listing, sort: str, filters: Filters) -> tuple[str, Column]:
    """The sort asked for, or the usual one of these filters, and its column."""
    usual = listing.sort
    for one in listing.filters:
        usual = one.sorts.get(filters.get(one.key, ""), usual) if one.sorts else usual
    wanted = sort or usual
    column = listing.column(wanted.removeprefix("-"))
    if column is None or (sort and not column.sortable):
        raise Rejected("不支持按该列排序")
    return wanted, column


def _beyond(work: Work, listing: Listing, paging: Paging) -> Any:
    """The rows after the last line of the page before, in the order of the page."""
    table: Any = listing.table
    try:
        last = work.get(table, paging.after)
    except NotFound:
        raise Rejected("页码不正确，请返回第一页") from None
    sort = paging.sort or listing.sort
    by = next(column for column in listing.columns if column.key == sort.removeprefix("-"))
    column, ids = sql_of(listing, by), col(table.id)
    value = getattr(last, column.key)
    if sort.startswith("-"):
        return and_(column <= value, or_(column < value, ids < last.id))
    return and_(column >= value, or_(column > value, ids > last.id))


def _parts(work: Work, listing: Listing, filters: Filters, sort: str) -> Iterator[Sequence[Any]]:
    if listing.along is not None:
        yield from _parts_along(work, listing, filters)
    elif (fetch := _fetcher(listing)) is not None:
        for page in range(1, listing.longest // _PART + 1):
            rows = fetch(work, filters, Paging(page, _PART, sort)).rows
            yield rows
            if len(rows) < _PART:
                return
    else:
        chosen = narrowed(work, listing, filters).order_by(*ordered_by(listing, sort, filters)).limit(listing.longest)
        found = _rows(work, chosen)
        for start in range(0, len(found), _PART):
            yield found[start : start + _PART]


def _parts_along(work: Work, listing: Listing, filters: Filters) -> Iterator[Sequence[Any]]:
    """Part after part by a unique column: a city's rows are too many for memory."""
    key: Any = listing.along
    chosen = narrowed(work, listing, filters).order_by(key).limit(_PART)
    rows = _rows(work, chosen)
    while rows:
        yield rows
        rows = _rows(work, chosen.where(key > getattr(rows[-1], key.key)))


def _counted(work: Work, listing: Listing, filters: Filters) -> tuple[int, bool]:
    if (fetch := _fetcher(listing)) is not None:
        found = fetch(work, filters, Paging(size=1))
        return found.total, found.more
    return _count(work, listing, narrowed(work, listing, filters))


def _count(work: Work, listing: Listing, chosen: Any) -> tuple[int, bool]:
    counted = chosen.order_by(None)
    if listing.counted_to and listing.table is not None:
        counted = counted.with_only_columns(col(listing.table.id), maintain_column_froms=True)  # type: ignore[attr-defined]
        counted = counted.limit(listing.counted_to)
    total: int = work.session.exec(select(func.count()).select_from(counted.subquery())).one()
    return total, bool(listing.counted_to) and total >= listing.counted_to


def _rows(work: Work, statement: Any) -> Sequence[Any]:
    found: Sequence[Any] = work.session.exec(statement).all()
    return found


def _known(listing: Listing, filters: Filters) -> None:
    if any(text and key not in listing.filter_keys for key, text in filters.items()):
        raise Rejected("查询条件不正确，请返回列表重新查询")


def _clear(value: Any, *, full: bool) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Sealed):
        return value.plain if full else value.masked()
    if isinstance(value, tuple | list) and any(isinstance(one, Sealed) for one in value):
        return tuple(_clear(one, full=full) for one in value)
    return value


def cell_of(value: Any) -> Any:
    """A cell as a file takes it: a code its label, several values one text."""
    if type(value) is str:
        return value
    # Not left to the file: its marks go behind texts, and would make a code the text of its value.
    if isinstance(value, Code):
        return value.label
    if isinstance(value, tuple | list):
        return "、".join(one.label if isinstance(one, Code) else str(one) for one in value)
    if value is None or isinstance(value, str | int | bool) or hasattr(value, "isoformat") or hasattr(value, "scaleb"):
        return value
    return str(value)
