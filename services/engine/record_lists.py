"""Grids of kept records: one statement over what is in force, what is new before it, badges of what is on its way (row 51-62)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, or_, select

from models.dialect import contains
from models.records import InForceState, Revision, RevisionState
from services.engine.cycle_orders import RecordLine, RecordPage, Records
from services.engine.kinds import Kind
from services.engine.record_filters import NEW, REFUSED, Narrowed, grid_fields, narrowed, order_of
from services.engine.refusals import Rejected
from services.engine.searching import chosen
from services.engine.shapes import Field, FieldKind, by_name
from services.engine.showing import names_of, parsed, shown
from services.engine.work import Work

COUNTED_TO = 10_000
_MOST = 200
#: So many are counted, or one more than the page in view ends with: a longer list is said to have more.
_COUNTED = 1_000
#: So many records that were never in force are listed before those that are; a reviewer finds the others in his queue.
_MOST_NEW = 200
#: Header columns a revision has as well.
_OF_REVISIONS = frozenset({"record_no", "district_code", "head_company_id", "project_company_id", "project_id"})


def record_page(work: Work, kind: Kind, order: Records) -> RecordPage:
    """A page of a kind's records: what was never in force yet first, then what is, in the order asked for."""
    if not 1 <= order.size <= _MOST or order.page < 1 or (order.page - 1) * order.size >= COUNTED_TO:
        raise Rejected("只能查看前10000条，请缩小查询范围")
    offset = (order.page - 1) * order.size
    wanted = narrowed(kind, order.text, order.filters)
    by = order_of(kind, order.sort, sought=wanted.sought)
    new_total, new = _new_ones(work, kind, wanted, offset, order.size)
    rows: Sequence[Any] = ()
    total, more = 0, False
    if wanted.state not in (NEW, REFUSED):
        visible = records_in_force(work, kind, wanted)
        start, size = max(0, offset - new_total), order.size - len(new)
        total, more, rows = _page(work, kind, visible, by, start, size)
    lines = _new_lines(work, kind, new) + lines_of(work, kind, rows)
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
            col(table.id).in_(on_the_way.where(Revision.kind == kind.name, Revision.state == state, _is_open()))
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
                title=str(shown(title, getattr(row, title.name), names, full=full) or ""),
                version_no=row.version_no,
                in_force=row.in_force,
                effective_from=row.effective_from,
                cells={field.name: shown(field, getattr(row, field.name), names, full=full) for field in fields},
                open_revision=badge[0] if badge else None,
                open_no=badge[1] if badge else None,
                open_state=badge[2] if badge else None,
            )
        )
    return lines


def _tests(wanted: Narrowed) -> tuple[Any, ...]:
    return wanted.tests + wanted.header


def _page(work: Work, kind: Kind, visible: Any, by: Any, start: int, size: int) -> tuple[int, bool, Sequence[Any]]:
    """How many there are and whether there are more, and those of one page; ids alone are sorted, in one walk."""
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


def _is_open() -> Any:
    # Also asks for what is not NULL, in a form for which both databases use the key's index.
    return col(Revision.open_key) > ""


def _badges(work: Work, record_ids: Sequence[UUID]) -> Mapping[UUID, tuple[UUID, int, RevisionState]]:
    """What is on its way of these records, where the caller sees it; a draft is seen by its office only."""
    columns: Any = (Revision.record_id, Revision.id, Revision.version_no, Revision.state)
    found = (
        work.visible(Revision)
        .with_only_columns(*columns)
        .where(col(Revision.open_key).in_([str(record_id) for record_id in record_ids]))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in work.session.connection().execute(found)}


def _title(kind: Kind) -> Field:
    return by_name(kind.table)[kind.look.title]


# ------------------------------------------------------------------ records never in force


def _new_ones(work: Work, kind: Kind, wanted: Narrowed, offset: int, size: int) -> tuple[int, Sequence[Revision]]:
    """How many first versions of a filter are on their way, and those of this page, newest first.

    For `REFUSED` those that were refused and never begun again.
    """
    if any(test.field.name not in _OF_REVISIONS for test in wanted.header) or wanted.state not in ("", NEW, REFUSED):
        return 0, ()
    table = kind.table
    rows: Any = work.visible(Revision).where(
        Revision.kind == kind.name,
        ~select(table.id).where(col(table.id) == col(Revision.record_id)).exists(),
        Revision.state == RevisionState.REJECTED if wanted.state == REFUSED else _is_open(),
        *(test.clause(getattr(Revision, test.field.name)) for test in wanted.header),
    )
    if wanted.open_state:
        rows = rows.where(Revision.state == chosen(RevisionState, wanted.open_state))
    newest = rows.order_by(col(Revision.updated_at).desc(), col(Revision.id))
    if wanted.tests or wanted.text:
        found = [row for row in work.session.exec(newest.limit(_MOST_NEW)).all() if _fits(kind, wanted, row)]
        return len(found), found[offset : offset + size]
    bounded = rows.with_only_columns(sa.literal(1)).limit(_MOST_NEW).subquery()
    total: int = work.session.exec(select(func.count()).select_from(bounded)).one()
    if offset >= total:
        return total, ()
    return total, work.session.exec(newest.offset(offset).limit(min(size, total - offset))).all()


def _fits(kind: Kind, wanted: Narrowed, row: Revision) -> bool:
    """What a draft says is sealed, so that no statement can look into it."""
    text = wanted.text.lower()
    if text and text not in _title_of(kind, row).lower() and text != row.record_no.lower():
        return False
    values = row.payload.json().get("values", {})
    return all(test.fits(_code_or(test.field, values.get(test.field.name))) for test in wanted.tests)


def _code_or(field: Field, raw: Any) -> Any:
    if field.kind is FieldKind.CODE and field.codes is not None and raw in field.codes.labels():
        return field.codes.of(raw)
    return parsed(field, raw)


def _title_of(kind: Kind, row: Revision) -> str:
    title = row.title.json()
    return str(shown(_title(kind), title, {}) or "") if title else ""


def _new_lines(work: Work, kind: Kind, rows: Sequence[Revision]) -> list[RecordLine]:
    if not rows:
        return []
    fields = grid_fields(kind)
    cells = {row.id: _cells(kind, fields, row) for row in rows}
    by = {field.name: field for field in fields}
    names = names_of(work, ((by[name], value) for values in cells.values() for name, value in values.items()))
    return [
        RecordLine(
            record_id=row.record_id,
            record_no=row.record_no,
            title=_title_of(kind, row),
            version_no=row.version_no,
            in_force=None,
            effective_from=None,
            cells={name: shown(by[name], value, names) for name, value in cells[row.id].items()},
            open_revision=row.id,
            open_no=row.version_no,
            open_state=row.state,
        )
        for row in rows
    ]


def _cells(kind: Kind, fields: Sequence[Field], row: Revision) -> dict[str, Any]:
    """The grid's cells of a revision: scope keys from its own columns, the rest from what was filled in."""
    values = row.payload.json().get("values", {})
    own = by_name(kind.table)
    return {
        field.name: parsed(field, values.get(field.name))
        if field.name in own
        else getattr(row, field.name, None)
        if field.name in _OF_REVISIONS
        else None
        for field in fields
    }
