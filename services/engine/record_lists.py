"""Grids of kept records: one statement over what is in force, what is new before it, badges of what is on its way (row 51-62)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_

from models.dialect import contains
from models.records import InForceState, Revision, RevisionState
from services.engine.cycle_orders import RecordLine, RecordPage, Records
from services.engine.field_types.field import Field
from services.engine.kinds import Kind
from services.engine.new_records import is_open, new_lines, new_ones
from services.engine.record_filters import NEW, REFUSED, Narrowed, grid_fields, narrowed, order_of
from services.engine.references import names_of
from services.engine.refusals import Rejected
from services.engine.search_terms import chosen
from services.engine.shapes import by_name
from services.engine.work import Work

COUNTED_TO = 10_000
_MOST = 200
#: So many are counted, or one more than the page in view ends with: a longer list is said to have more.
_COUNTED = 1_000


def record_page(work: Work, kind: Kind, order: Records) -> RecordPage:
    """A page of a kind's records: what was never in force yet first, then what is, in the order asked for."""
    if not 1 <= order.size <= _MOST or order.page < 1 or (order.page - 1) * order.size >= COUNTED_TO:
        raise Rejected("只能查看前10000条，请缩小查询范围")
    offset = (order.page - 1) * order.size
    wanted = narrowed(kind, order.text, order.filters)
    by = order_of(kind, order.sort, sought=wanted.sought)
    new_total, new = new_ones(work, kind, wanted, offset, order.size)
    rows: Sequence[Any] = ()
    total, more = 0, False
    if wanted.state not in (NEW, REFUSED):
        visible = records_in_force(work, kind, wanted)
        start, size = max(0, offset - new_total), order.size - len(new)
        total, more, rows = _page(work, kind, visible, by, start, size)
    lines = new_lines(work, kind, new) + lines_of(work, kind, rows)
    total = min(new_total + total, COUNTED_TO)
    return RecordPage(total, tuple(lines), total if more else COUNTED_TO)


def records_in_force(work: Work, kind: Kind, wanted: Narrowed) -> Any:
    """A select of the visible records in force (or voided) of a filter."""
    table = kind.table
    rows = work.visible(table).where(*(test.clause(getattr(table, test.field.name)) for test in _tests(wanted)))
    if wanted.state:
        rows = rows.where(table.in_force == chosen(InForceState, wanted.state))
    if wanted.text:
        title = by_name(table)[kind.look.title]
        named: list[Any] = [col(table.record_no) == wanted.text.upper()] if wanted.text.isascii() else []
        if not title.personal:
            named.append(contains(getattr(table, title.name), wanted.text))
        rows = rows.where(or_(sa.false(), *named))
    if wanted.open_state:
        on_the_way: Any = work.visible(Revision).with_only_columns(col(Revision.record_id))
        state = chosen(RevisionState, wanted.open_state)
        rows = rows.where(
            col(table.id).in_(on_the_way.where(Revision.kind == kind.name, Revision.state == state, is_open()))
        )
    return rows


def lines_of(work: Work, kind: Kind, rows: Sequence[Any], *, full: bool = False) -> list[RecordLine]:
    """Records in force as lines, with what is on its way of each; only with `full` personal values in clear."""
    if not rows:
        return []
    fields, title = grid_fields(kind), _title(kind)
    names = names_of(work, ((field, getattr(row, field.name)) for row in rows for field in (*fields, title)))
    badges = _badges(work, [row.id for row in rows])
    lines = []
    for row in rows:
        badge = badges.get(row.id)
        lines.append(
            RecordLine(
                record_id=row.id,
                record_no=row.record_no,
                title=str(title.shown(getattr(row, title.name), names, full=full) or ""),
                version_no=row.version_no,
                in_force=row.in_force,
                effective_from=row.effective_from,
                cells={field.name: field.shown(getattr(row, field.name), names, full=full) for field in fields},
                open_revision=badge[0] if badge else None,
                open_no=badge[1] if badge else None,
                open_state=badge[2] if badge else None,
            )
        )
    return lines


def _tests(wanted: Narrowed) -> tuple[Any, ...]:
    return wanted.tests + wanted.header


def _page(work: Work, kind: Kind, visible: Any, by: Any, start: int, size: int) -> tuple[int, bool, Sequence[Any]]:
    """Return the count, whether there are more, and the rows of a page; only ids are sorted, in a single walk."""
    table = kind.table
    enough = min(max(_COUNTED, start + size + 1), COUNTED_TO)
    ordered: Any = visible.with_only_columns(col(table.id)).order_by(by, col(table.id)).limit(enough + 1)
    ids = work.session.connection().execute(ordered).scalars().all()
    total, more = min(len(ids), enough), len(ids) > enough
    wanted = ids[start : start + size]
    if not wanted:
        return total, more, ()
    found = {row.id: row for row in work.session.exec(work.visible(table).where(col(table.id).in_(wanted))).all()}
    return total, more, [found[row_id] for row_id in wanted if row_id in found]


def _badges(work: Work, record_ids: Sequence[UUID]) -> Mapping[UUID, tuple[UUID, int, RevisionState]]:
    """Return what is on its way of these records, where the caller sees it; a draft is seen by its office only."""
    columns: Any = (Revision.record_id, Revision.id, Revision.version_no, Revision.state)
    found = (
        work.visible(Revision)
        .with_only_columns(*columns)
        .where(col(Revision.open_key).in_([str(record_id) for record_id in record_ids]))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in work.session.connection().execute(found)}


def _title(kind: Kind) -> Field:
    return by_name(kind.table)[kind.look.title]
