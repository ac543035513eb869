"""Lines of a record's lists over its versions: known again by their business key, they keep their ids.

So a link to a line, such as a planned building, survives an update; a line that something depends on cannot be dropped.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.codes import Code
from models.columns import new_id
from models.details import owners_of
from models.dialect import bulk_insert
from models.records import ChildRow, InForce, InForceState
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from services.engine.details import check_details
from services.engine.findings import Finding
from services.engine.kinds import Child, Dependant, Kind
from services.engine.proposals import Form, by_key, columns_of, raw_row, values_of
from services.engine.refusals import Conflict
from services.engine.row_images import note_bulk
from services.engine.work import Work

#: Code of the refusal to drop a line, shared with records that need others.
IN_USE = "DEP"
_MOST_TOLD = 5
_Keyed = dict[tuple[Any, ...], ChildRow]


def with_line(table: type[InForce], column: Any, values: Iterable[Any]) -> Any:
    """Return the clause over a kind's table that a line of the record has one of these values in a column of its list."""
    return col(table.id).in_(select(column.class_.record_id).where(col(column).in_(list(values))))


def named_by(work: Work, number: Any, column: Any, *where: Any, but: UUID | None = None) -> dict[Any, str]:
    """Return the number of the record in force, other than `but`, a line of which names each value of a column."""
    table, lines = number.class_, column.class_
    rows = select(column, number).where(
        lines.record_id == table.id, table.in_force == InForceState.EFFECTIVE, table.id != but, *where
    )
    return {value: told for value, told in work.session.exec(rows).all() if value is not None}


def lines_in_force(work: Work, child: Child, record_id: UUID) -> list[ChildRow]:
    """Return the lines of a list in force, in their order."""
    table = child.table
    for owner in owners_of(table.__table__):  # type: ignore[attr-defined]
        check_details(work.session, owner, record_id)
    return list(work.rows(table, table.record_id == record_id, by=(table.place, table.id)))


def _keyed(child: Child, lines: Sequence[ChildRow]) -> _Keyed:
    return dict(zip(by_key(child, [raw_row(line) for line in lines]), lines, strict=True))


def replace_lines(work: Work, kind: Kind, record_id: UUID, form: Form) -> None:
    """Put the lines of a form in force: change, add and drop by business key. A line in use is not dropped."""
    for child in kind.children:
        known = _keyed(child, lines_in_force(work, child, record_id))
        proposed = dict(
            zip(by_key(child, form.raw_children.get(child.name, ())), form.children.get(child.name, ()), strict=True)
        )
        gone = [line for key, line in known.items() if key not in proposed]
        if findings := list(_in_use(work, child, gone)):
            raise Conflict(findings[0].message, findings)
        for line in gone:
            work.session.delete(line)
        work.session.flush()
        added = []
        for place, (key, values) in enumerate(proposed.items(), 1):
            if key in known:
                _change(work, known[key], place, values)
            else:
                added.append((place, values))
        _insert(work, child, record_id, added)


def _change(work: Work, line: ChildRow, place: int, values: dict[str, Any]) -> None:
    before = values_of(line)
    columns = columns_of(type(line), values)
    for name in columns:
        if before[name] != values.get(name):
            setattr(line, name, columns[name])
    line.place = place
    work.session.add(line)


def _insert(work: Work, child: Child, record_id: UUID, added: Sequence[tuple[int, dict[str, Any]]]) -> None:
    # By the table: a list may have thousands of lines, and an object for each costs more than all the rest.
    table: sa.Table = child.table.__table__  # type: ignore[attr-defined]
    empty = {name: one.get_default() for name, one in child.table.model_fields.items() if not one.is_required()}
    rows = [
        {**empty, "id": new_id(), "record_id": record_id, "place": place, **columns_of(child.table, values)}
        for place, values in added
    ]
    sealed = seal_rows(work.sealer, table, rows)
    bulk_insert(work.session, table, sealed)
    note_bulk(work.session, table, sealed)


# ------------------------------------------------------------------ lines in use


def dropped_in_use(work: Work, kind: Kind, record_id: UUID, form: Form) -> Iterator[Finding]:
    """Yield a refusal for each line in force that a version leaves out although something depends on it."""
    for child in kind.children:
        if child.dependants is not None:
            proposed = by_key(child, form.raw_children.get(child.name, ()))
            known = _keyed(child, lines_in_force(work, child, record_id))
            yield from _in_use(work, child, [line for key, line in known.items() if key not in proposed])


def _in_use(work: Work, child: Child, lines: Sequence[ChildRow]) -> Iterator[Finding]:
    using = child.dependants(work, lines) if child.dependants is not None and lines else {}
    for line in lines:
        if found := using.get(line.id):
            named = "、".join(one.label for one in found[:_MOST_TOLD]) + ("等" if len(found) > _MOST_TOLD else "")
            yield Finding(
                IN_USE,
                f"“{child.label}”中的“{_label(child, line)}”已被{named}使用，不能删除或改变其标识，请先解除",
                child.name,
                evidence={"record_ids": [str(one.record_id) for one in found]},
            )


def _label(child: Child, line: ChildRow) -> str:
    return "、".join(_shown(getattr(line, name)) for name in child.key)


def _shown(value: Any) -> str:
    if isinstance(value, Sealed):
        return value.masked()
    return value.label if isinstance(value, Code) else str(value)


def dependants_of_lines(work: Work, kind: Kind, record_id: UUID) -> list[Dependant]:
    """Return what depends on any line of a record; while there is any, the record cannot be voided alone."""
    found: dict[UUID, Dependant] = {}
    for child in kind.children:
        if child.dependants is not None and (lines := lines_in_force(work, child, record_id)):
            for using in child.dependants(work, lines).values():
                found.update({one.record_id: one for one in using})
    return list(found.values())
