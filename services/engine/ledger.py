"""The last audited version of every object, so that a restored or removed row is noticed (decision 16)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session, SQLModel

from models.remac import stored_rows
from models.row_mac import NOTED, digest_of, fits, keeps_ledger
from models.sealing import sealer_of
from services.engine.audit import Trail

#: Digest of a row that was deleted.
GONE = "-"
#: Length of a digest that distinguishes versions of a row; the whole SM3 is used where one event is about one row.
SHORT = 16
_ROWS_AN_EVENT = 400


@dataclass
class Written:
    """The rows a session has flushed, by table and id; None for a deleted one."""

    rows: dict[tuple[sa.Table, UUID], Any] = field(default_factory=dict)


def watch(session: Session) -> Written:
    """Follow what a session writes."""
    written = Written()

    def collect(flushed: Session, _: Any) -> None:
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
    for name, row_id, version, digest in session.info.pop(NOTED, ()):
        # What was inserted in bulk and then changed in the same transaction is logged as it is now.
        if (name, row_id) not in later:
            left.setdefault(name, {})[row_id] = f"{version}:{digest[:SHORT]}"
    for part in _parts(left):
        trail.tell("DATA.ROWS", "rows", detail={"rows": part})


def versions_of(session: Session, name: str) -> Iterator[dict[str, dict[str, str]]]:
    """Yield the current versions of a table's objects in portions, for the events after a change of schema renewed
    all MACs.
    """
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
                version, _, digest = text.partition(":")
                yield table, row_id, None if text == GONE else int(version), digest
    elif event["dig"] and "ver" in event["det"]:
        yield event["obj_t"], event["obj_id"], event["det"]["ver"], event["dig"][:SHORT]


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
