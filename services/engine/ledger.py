"""The last audited version of every object, so that a restored or removed row is noticed (decision 16)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session, SQLModel, col, select

from models.audit import AuditEvent
from models.details import Sum, details_of
from models.integrity import CarriedState
from models.remac import stored_rows
from models.row_mac import NOTED, digest_of, fits, keeps_ledger
from models.sealing import sealer_of
from services.engine.audit import CHAIN, Trail
from services.engine.details import count_details

#: Digest of a row that was deleted.
GONE = "-"
#: Length of a digest that distinguishes versions of a row; the whole SM3 is used where one event is about one row.
SHORT = 16
_ROWS_AN_EVENT = 400
_EVENTS_A_LOOK = 20


@dataclass
class Written:
    """The rows a session has flushed, by table and id; None for a deleted one. `born` are new objects that may have details."""

    rows: dict[tuple[sa.Table, UUID], Any] = field(default_factory=dict)
    born: set[UUID] = field(default_factory=set)


def watch(session: Session) -> Written:
    """Follow what a session writes."""
    written = Written()

    def collect(flushed: Session, _: Any) -> None:
        written.born.update(row.id for row in flushed.new if details_of(row.__table__.name))
        for row in (*flushed.new, *flushed.dirty):
            if keeps_ledger(row.__table__):
                written.rows[row.__table__, row.id] = row
        for row in flushed.deleted:
            if keeps_ledger(row.__table__):
                written.rows[row.__table__, row.id] = None

    event.listen(session, "after_flush", collect)
    return written


def log_rows(written: Written, session: Session, trail: Trail) -> None:
    """Put version and digest of every written object into the events of the transaction."""
    left: dict[str, dict[str, str]] = {}
    about = {event["obj_id"]: event for event in trail.events if event["obj_id"]}
    for (table, row_id), row in written.rows.items():
        logged = about.get(str(row_id))
        digest = "" if row is None else digest_of(table, row.__dict__)
        if logged is not None and row is not None and not logged["dig"] and logged["obj_t"] == table.name:
            logged["dig"], logged["det"] = digest, {**logged["det"], "ver": row.version}
        else:
            left.setdefault(table.name, {})[str(row_id)] = GONE if row is None else f"{row.version}:{digest[:SHORT]}"
    later = {(table.name, str(row_id)) for table, row_id in written.rows}
    days = count_details(session, written.born)
    for name, row_id, version, digest in session.info.pop(NOTED, ()):
        # What was inserted in bulk and then changed in the same transaction is logged as it is now.
        if (name, row_id) not in later:
            left.setdefault(name, {})[row_id] = GONE if version is None else f"{version}:{digest[:SHORT]}"
    for part in _parts(left):
        trail.tell("DATA.ROWS", "rows", detail={"rows": part})
    if days:
        if not trail.events:
            trail.tell("DATA.ROWS", "rows", detail={"rows": {}})
        trail.events[-1]["det"] = {**trail.events[-1]["det"], "days": days}


def versions_of(session: Session, name: str) -> Iterator[dict[str, dict[str, str]]]:
    """Yield the current versions of a table's objects in portions, for the events after all MACs were renewed."""
    table = SQLModel.metadata.tables[name]
    part: dict[str, str] = {}
    for row in stored_rows(session.connection(), table) if keeps_ledger(table) else ():
        if fits(sealer_of(session), table, row):
            part[str(row["id"])] = f"{row['version']}:{digest_of(table, row)[:SHORT]}"
        if len(part) == _ROWS_AN_EVENT:
            yield {name: part}
            part = {}
    if part:
        yield {name: part}


def rows_in(event: dict[str, Any]) -> Iterator[tuple[str, str, int | None, str]]:
    """Yield table, id, version (None for a deleted row) and digest of each object in an event."""
    if event["evt"] == "DATA.ROWS":
        for table, rows in event["det"]["rows"].items():
            for row_id, text in rows.items():
                yield table, row_id, *state_in(text)
    elif event["dig"] and "ver" in event["det"]:
        yield event["obj_t"], event["obj_id"], event["det"]["ver"], event["dig"][:SHORT]


def state_in(text: str) -> tuple[int | None, str]:
    """Return version and digest of an object as they are logged together; no version for a deleted one."""
    version, _, digest = text.partition(":")
    return None if text == GONE else int(version), digest


def newest_told(session: Session, table: str, row_id: UUID) -> tuple[int | None, str] | None:
    """Return version and digest last logged of one object; nothing for one that never was.

    Of events that have left the database only the last states are here (`CarriedState`).
    """
    text, seq = col(AuditEvent.body), col(AuditEvent.seq)
    wanted = select(AuditEvent.seq, AuditEvent.body).where(AuditEvent.chain == CHAIN, text.contains(str(row_id)))
    before: int | None = None
    while True:
        older = wanted if before is None else wanted.where(seq < before)
        found = session.exec(older.order_by(seq.desc()).limit(_EVENTS_A_LOOK)).all()
        for number, body in found:
            before = number
            told = [row[2:] for row in rows_in(json.loads(body)) if row[:2] == (table, str(row_id))]
            if told:
                return told[-1]
        if len(found) < _EVENTS_A_LOOK:
            break
    carried = session.exec(
        select(CarriedState).where(CarriedState.table_name == table, CarriedState.place == str(row_id))
    ).first()
    return None if carried is None else state_in(carried.state)


def days_in(event: dict[str, Any]) -> Iterator[tuple[str, str, Sum]]:
    """Yield table, day and change of the sums of rows that are neither objects nor details, in an event."""
    for table, days in event["det"].get("days", {}).items():
        for day, text in days.items():
            yield table, day, Sum.read(text)


def _parts(left: dict[str, dict[str, str]]) -> Iterator[dict[str, dict[str, str]]]:
    part: dict[str, dict[str, str]] = {}
    count = 0
    for table, rows in left.items():
        for row_id, text in rows.items():
            part.setdefault(table, {})[row_id] = text
            count += 1
            if count == _ROWS_AN_EVENT:
                yield part
                part, count = {}, 0
    if part:
        yield part
