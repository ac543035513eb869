"""Actions on many rows of a listing: each row is read, checked and settled by itself, with a result of its own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from sqlmodel import col

from services.engine.door import Gathering
from services.engine.list_declaration import LONGEST, BulkRows, Filters, Line, Listing, RowResult
from services.engine.list_pages import all_rows, ids_of, lines_of
from services.engine.refusals import Conflict, NotFound, Refusal, Rejected
from services.engine.registry import action, query
from services.engine.work import Work

#: Rows of one order of a listing; a page sends as many orders as it takes.
AT_ONCE = 50
_CHANGED = "该记录在您查看后已变更，请刷新后再办理"
#: Rows ticked on one page.
MOST_AT_ONCE = 200


def offer_bulk(listing: Listing) -> None:
    """Register `NAME.ids`, all rows of some filters, and `NAME.each`, an action of the listing on some rows."""
    doers = frozenset(listing.roles) & frozenset[object]().union(*(bulk.action.roles for bulk in listing.bulk))

    @query(f"{listing.name}.ids", f"{listing.label}全选", roles=set(doers), personal=listing.is_personal)
    def ids(work: Work, order: Filters) -> tuple[UUID, ...]:
        if listing.on_look is not None and listing.is_personal(order):
            listing.on_look(work, order)
        found = ids_of(work, listing, order, limit=LONGEST + 1)
        if len(found) > LONGEST:
            raise Rejected(f"一次最多办理{LONGEST}条，请缩小查询范围")
        return found

    def gather(gathering: Gathering, order: BulkRows) -> tuple[RowResult, ...]:
        return _perform_each(gathering, listing, order)

    @action(f"{listing.name}.each", f"{listing.label}批量办理", roles=set(doers), gather=gather, event="")
    def each(work: Work, order: BulkRows, results: tuple[RowResult, ...]) -> tuple[RowResult, ...]:
        return results


def _perform_each(gathering: Gathering, listing: Listing, order: BulkRows) -> tuple[RowResult, ...]:
    bulk = next((one for one in listing.bulk if one.action.name == order.action), None)
    if bulk is None:
        raise Rejected("没有这种批量办理，请刷新页面后重试")
    lines = {line.id: line for line in gathering.look(lambda work: _lines(work, listing, order.ids))}
    named = bulk.named or listing.columns[0].key

    def perform(row_id: UUID) -> None:
        if row_id not in lines:
            raise NotFound
        line = lines[row_id]
        if row_id in order.versions and order.versions[row_id] != line.version:
            raise Conflict(_CHANGED)
        gathering.perform(bulk.action, bulk.order(line, order.given))

    results = one_by_one(order.ids, perform, bulk.done, most=AT_ONCE)
    return labelled(results, {row_id: str(getattr(line, named)) for row_id, line in lines.items()})


def one_by_one(
    ids: Iterable[UUID], perform: Callable[[UUID], object], done: str, *, most: int = MOST_AT_ONCE
) -> tuple[RowResult, ...]:
    """Act on each row in a transaction of its own; what is refused for one row stops no other."""
    rows = tuple(dict.fromkeys(ids))
    if not rows:
        raise Rejected("请先勾选要办理的记录")
    if len(rows) > most:
        raise Rejected(f"一次最多办理{most}条，请分批办理")
    return tuple(_result(row_id, perform, done) for row_id in rows)


def _result(row_id: UUID, perform: Callable[[UUID], object], done: str) -> RowResult:
    try:
        perform(row_id)
    except Refusal as refusal:
        return RowResult(row_id, False, refusal.message)
    return RowResult(row_id, True, done)


def labelled(results: Iterable[RowResult], labels: Mapping[UUID, str]) -> tuple[RowResult, ...]:
    """The results with the names of their rows, in the order they were asked for."""
    return tuple(replace(one, label=labels.get(one.id, "")) for one in results)


def _lines(work: Work, listing: Listing, ids: Iterable[UUID]) -> list[Line]:
    assert listing.table is not None
    wanted = all_rows(work, listing).where(col(listing.table.id).in_(set(ids)))  # type: ignore[attr-defined]
    return lines_of(work, listing, work.session.exec(wanted).all())
