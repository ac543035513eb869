"""Actions on many rows of a listing: each row is read, checked and settled by itself, with a result of its own."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col

from services.engine.door import Gathering
from services.engine.list_declaration import LONGEST, Bulk, BulkRows, Filters, Line, Listing, RowResult
from services.engine.list_pages import all_rows, ids_of, lines_of
from services.engine.refusals import Conflict, NotFound, Refusal, Rejected
from services.engine.registry import action, action_for, query
from services.engine.work import Work

#: Rows of one order of a listing; a page sends as many orders as it takes.
AT_ONCE = 50
_CHANGED = "该记录在您查看后已变更，请刷新后再办理"


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
        return perform_each(gathering, listing, order)

    @action(f"{listing.name}.each", f"{listing.label}批量办理", roles=set(doers), gather=gather, event="")
    def each(work: Work, order: BulkRows, results: tuple[RowResult, ...]) -> tuple[RowResult, ...]:
        return results


def perform_each(gathering: Gathering, listing: Listing, order: BulkRows) -> tuple[RowResult, ...]:
    """Perform an action on each of some rows, in a transaction of its own; what is refused for one stops no other."""
    bulk = next((one for one in listing.bulk if one.name == order.action), None)
    if bulk is None:
        raise Rejected("没有这种批量办理，请刷新页面后重试")
    rows = tuple(dict.fromkeys(order.ids))
    if not 0 < len(rows) <= AT_ONCE:
        raise Rejected(f"请选择1至{AT_ONCE}条记录")
    named = bulk.named or listing.columns[0].key
    lines = {line.id: line for line in gathering.look(lambda work: _lines(work, listing, order.ids, named))}
    return tuple(_perform(gathering, bulk, row_id, lines.get(row_id), order, named) for row_id in rows)


def _perform(
    gathering: Gathering, bulk: Bulk, row_id: UUID, line: Line | None, order: BulkRows, named: str
) -> RowResult:
    label = str(getattr(line, named, ""))
    try:
        if line is None:
            raise NotFound
        if row_id in order.versions and order.versions[row_id] != line.version:
            raise Conflict(_CHANGED)
        check = bulk.check
        said = gathering.look(lambda work: check(work, line)) if check is not None else ""
        gathering.perform(action_for(bulk.action, line), bulk.order(line, order.given))
    except Refusal as refusal:
        return RowResult(row_id, False, refusal.message, label)
    return RowResult(row_id, True, said or bulk.done, label)


def _lines(work: Work, listing: Listing, ids: Iterable[UUID], named: str) -> list[Line]:
    if listing.items is not None:
        return lines_of(work, listing, [row for row in listing.items(work) if row.id in set(ids)])
    assert listing.table is not None
    wanted = all_rows(work, listing).where(col(listing.table.id).in_(set(ids)))  # type: ignore[attr-defined]
    if listing.fetch is not None:
        # Its lines are made of a search; a row is known by its own name.
        return [Line(id=row.id, **{named: getattr(row, named)}) for row in work.session.exec(wanted).all()]
    return lines_of(work, listing, work.session.exec(wanted).all())
