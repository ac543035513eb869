"""Lines of a session: how a judged row is kept, found again, and moved on many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.columns import new_id
from models.details import note
from models.dialect import locked
from models.imports import ImportedLine
from models.practitioner_codes import IMPORT_ROW, RowState
from models.row_mac import RowTampered, cover, fits
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.sealing import Sealer
from services.engine.steps import take_step
from services.engine.work import Work
from services.imports.sheets import Cell, ImportedRow, Level, RowFinding, Sheet, Verdict

LINES: sa.Table = SQLModel.metadata.tables["imported_line"]
_PART = 500


def key_index(sealer: Sealer, session_id: UUID, value: str) -> str:
    """Return what a key is found by within its session and nowhere else; empty for none."""
    return sealer.index("import_key", f"{session_id}|{value}") if value else ""


def key_indexes(sealer: Sealer, session_id: UUID, value: str) -> list[str]:
    """Return the key's index under every readable key."""
    return sealer.indexes("import_key", f"{session_id}|{value}") if value else []


def new_lines(sealer: Sealer, session_id: UUID, sheet: Sheet, rows: Sequence[ImportedRow]) -> list[dict[str, Any]]:
    """Rows of the table for `bulk_insert`, sealed: no transaction is needed for it."""
    return seal_rows(
        sealer,
        LINES,
        [
            {
                "id": new_id(),
                "session_id": session_id,
                "sheet_row": row.sheet_row,
                "key_index": key_index(sealer, session_id, sheet.key_of(row.values)),
                "content": content_of(row),
                "verdict": row.verdict.value,
                "edited": 0,
                "record_id": None,
                "state": state_of(row),
            }
            for row in rows
        ],
    )


def state_of(row: ImportedRow) -> RowState:
    return RowState.BAD if row.verdict is Verdict.REJECT else RowState.GOOD


def content_of(row: ImportedRow) -> Sealed:
    """Seal a row with its original cells."""
    return Sealed.of_json(
        {
            "cells": {label: _told(cell) for label, cell in row.cells.items()},
            "values": row.values,
            "findings": [[one.column, one.level.value, one.code, one.message] for one in row.findings],
            "beside": row.beside,
        }
    )


def row_of(line: ImportedLine) -> ImportedRow:
    """The judged row a line keeps, with its cells as read from the file or corrected."""
    kept = line.content.json()
    return ImportedRow(
        line.sheet_row,
        {label: Cell(*told) for label, told in kept["cells"].items()},
        kept["values"],
        [RowFinding(column, Level.of(level), code, message) for column, level, code, message in kept["findings"]],
        kept["beside"],
    )


def _told(cell: Cell) -> list[Any]:
    """A cell with what is not as usual of it."""
    rest = (cell.formula, cell.typed, cell.from_1904)
    return [cell.kind, cell.text, *(() if rest == (None, True, False) else rest)]


def keep_row(work: Work, line: ImportedLine, row: ImportedRow, index: str) -> None:
    """Put a row judged again into its line; `index` is that of its key."""
    line.content, line.verdict, line.key_index = content_of(row), row.verdict.value, index
    step = "judged_good" if state_of(row) is RowState.GOOD else "judged_bad"
    # A line that is submitted or dropped already stays so, whatever the judgement.
    if line.state in IMPORT_ROW.open_to(step):
        take_step(work, line, IMPORT_ROW, step, log=False)
    work.add(line)


def move_lines(
    work: Work, step: str, where: Any, *, records: Mapping[UUID, UUID] | None = None, only: Iterable[UUID] | None = None
) -> int:
    """Take a step with every line of `where` that allows it, of the `records`. Returns how many moved.

    Works past the ORM, because there may be twenty thousand; each row's MAC is checked before it is renewed. Lines
    changed by the ORM in this transaction must have been flushed.
    """
    starts, wanted = IMPORT_ROW.open_to(step), None if only is None else set(only)
    moved, last = 0, None
    while True:
        rows = sa.select(LINES).where(where, LINES.c.state.in_(starts)).order_by(LINES.c.id).limit(_PART)
        if wanted is not None:
            rows = rows.where(LINES.c.id.in_(wanted))
        if last is not None:
            rows = rows.where(LINES.c.id > last)
        found = work.session.connection().execute(locked(work.session, rows)).mappings().all()
        changes = [_moved(work, dict(row), step, records or {}) for row in found]
        if changes:
            change = LINES.update().where(LINES.c.id == sa.bindparam("its_id"))
            values: dict[str, Any] = {name: sa.bindparam(f"its_{name}") for name in ("state", "record_id", "mac")}
            work.session.connection().execute(change.values(values), changes)
        moved += len(changes)
        if len(found) < _PART:
            return moved
        last = found[-1]["id"]


def _moved(work: Work, row: dict[str, Any], step: str, records: Mapping[UUID, UUID]) -> dict[str, Any]:
    before = row["mac"]
    if not fits(work.sealer, LINES, row):
        raise RowTampered(LINES.name, row["id"])
    row["state"] = IMPORT_ROW.after(step, row["state"])
    row["record_id"] = records.get(row["id"], row["record_id"])
    row |= cover(work.sealer, LINES, row, version=0)
    note(work.session, LINES, row, before=before)
    return {f"its_{name}": row[name] for name in ("id", "state", "record_id", "mac")}
