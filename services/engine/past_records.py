"""Records of before: put in force as they were elsewhere, in bulk, each version with its source (market 3.5 补录).

No rule judges them and no hook runs, for what followed from them is brought in too; their held keys are held, and the
columns that a hook would fill are given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.base import Row, Stamped, whole_row
from models.columns import new_id
from models.dialect import bulk_insert
from models.records import InForceState, Revision, RevisionState, RevisionStep, SourceMode, StepVerdict
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from services.engine.cycle_lock import digest_of
from services.engine.field_types.field import Field
from services.engine.field_types.numbers import Number
from services.engine.held_keys import keys_of
from services.engine.kinds import KINDS, Owner
from services.engine.proposals import columns_of, form_of, title_of
from services.engine.work import Work
from services.engine.written_rows import follow_bulk


@dataclass(frozen=True)
class Past:
    """A record of before: its form in raw values, its owner, since when it was in force, and what no form asks for."""

    kind: str
    id: UUID
    owner: Owner
    at: datetime
    values: Mapping[str, Any]
    children: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    #: Computed columns of the record, and the ids of the lines of its lists.
    more: Mapping[str, Any] = field(default_factory=dict)
    line_ids: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    version_no: int = 1
    voided_at: datetime | None = None
    #: Where it comes from, as its version keeps it.
    source: Mapping[str, Any] = field(default_factory=dict)
    #: How lists name it, where the loader has at hand what its kind would ask for.
    title: str = ""


class PastRecords:
    """Collects records of before and plain rows, and writes them table by table."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._rows: dict[type[Row], list[dict[str, Any]]] = {}

    def row(self, table: type[Row], **values: Any) -> None:
        """Collect a row of a table that no kind keeps."""
        self._rows.setdefault(table, []).append(whole_row(table, **self._stamped(table, values)))

    def record(self, past: Past) -> None:
        """Collect the typed row, the lines, the version and its step of a record."""
        kind, work = KINDS[past.kind], self.work
        form = form_of(kind, {"values": dict(past.values), "children": dict(past.children), "files": {}})
        revision_id, number = new_id(), _number(kind.prefix, past)
        voided = past.voided_at is not None
        values = _exact(kind.fields, form.values, past.values)
        columns = {**columns_of(kind.table, values), **past.more, **past.owner.keys}
        self.row(
            kind.table,
            **columns,
            **({} if voided else keys_of(kind.table, columns)),
            id=past.id,
            record_no=number,
            revision_id=revision_id,
            version_no=past.version_no,
            in_force=InForceState.VOIDED if voided else InForceState.EFFECTIVE,
            effective_from=past.at,
        )
        for child in kind.children:
            ids = past.line_ids.get(child.name, ())
            given = past.children.get(child.name, ())
            for place, (line, raw) in enumerate(zip(form.children.get(child.name, ()), given, strict=True), 1):
                own = {"id": ids[place - 1]} if place <= len(ids) else {}
                columns = columns_of(child.table, _exact(child.fields, line, raw))
                self.row(child.table, record_id=past.id, place=place, **columns, **own)
        title = past.title
        if not title:
            title = kind.look.titled(work, past.owner, form.values) if kind.look.titled else title_of(kind, form.values)
        self.row(
            Revision,
            id=revision_id,
            kind=kind.name,
            record_id=past.id,
            record_no=number,
            version_no=past.version_no,
            state=RevisionState.VOIDED if voided else RevisionState.EFFECTIVE,
            title=Sealed.of_json(title),
            source_mode=SourceMode.IMPORTED,
            source_snapshot=Sealed.of_json(dict(past.source)) if past.source else None,
            payload=Sealed.of_json(form.payload),
            digest=digest_of(form.payload),
            submitted_at=past.at,
            reviewed_at=past.at,
            effective_from=past.at,
            superseded_at=past.voided_at,
            **past.owner.keys,
        )
        verdict = StepVerdict.VOIDED if voided else StepVerdict.APPROVED
        self.row(RevisionStep, revision_id=revision_id, level="", verdict=verdict, at=past.voided_at or past.at)

    def write(self) -> dict[type[Row], list[UUID]]:
        """Write what was collected; returns the ids of the rows by table, in the order written."""
        written = {}
        for table, rows in self._rows.items():
            stored = _table(table)
            bulk_insert(self.work.session, stored, seal_rows(self.work.sealer, stored, rows))
            follow_bulk(self.work.session, stored, rows)
            written[table] = [row["id"] for row in rows]
        self._rows = {}
        return written

    def _stamped(self, table: type[Row], values: dict[str, Any]) -> dict[str, Any]:
        now = self.work.now
        return {"created_at": now, "updated_at": now, **values} if issubclass(table, Stamped) else values


def _exact(fields: Sequence[Field], values: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return parsed values with numbers as exact as they were given, which a form would ask to round."""
    exact = dict(values)
    for one in fields:
        if exact.get(one.name) is None and isinstance(one, Number) and raw.get(one.name):
            exact[one.name] = Decimal(raw[one.name])
    return exact


def _number(prefix: str, past: Past) -> str:
    """Return a number of its own series: L marks a record from before the system."""
    return f"{prefix}{past.owner.district_code or '310000'}L{past.id.hex[:14].upper()}"


def _table(model: type[SQLModel]) -> sa.Table:
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    return table
