"""The nightly scan: every row fits its MAC, every object has its last audited version (H65, H67, decision 16)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, func, select

import models.tables  # noqa: F401
from models.access import Role
from models.audit import AuditEvent
from models.integrity import FaultKind
from models.remac import stored_rows
from models.row_mac import digest_of, fits, is_protected, keeps_ledger
from models.sealing import sealer_of
from services.engine.audit import CHAIN
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.ledger import SHORT, rows_in
from services.engine.locked_rows import lock_row
from services.engine.registry import action
from services.engine.work import Work

_BATCH = 5_000


@dataclass(frozen=True)
class Fault:
    """A row that is not as the product wrote it."""

    table: str
    row_id: str
    kind: FaultKind


@dataclass(frozen=True)
class Found:
    """Result of a scan: number of rows, and faults."""

    rows: int
    faults: tuple[Fault, ...]


#: Version and digest last logged of each object, by table and id; the version is None for a deleted one.
Told = dict[tuple[str, str], tuple[int | None, str]]


def scan(session: Session) -> Found:
    """Look at every protected row, and compare every object with the audit."""
    rows, faults = 0, []
    # Before anything else is read: whatever is written from here on is left for the next night, wherever the scan is.
    seq = _newest(session)
    told_before = last_told(session)
    for table in SQLModel.metadata.sorted_tables:
        if not is_protected(table):
            continue
        unreadable: list[UUID] = []
        for row in stored_rows(session.connection(), table, unreadable=unreadable.append):
            rows += 1
            told = told_before.pop((table.name, str(row["id"])), None)
            if not fits(sealer_of(session), table, row):
                faults.append(Fault(table.name, str(row["id"]), FaultKind.CHANGED))
            elif (
                keeps_ledger(table) and (kind := _against(told, int(row["version"]), digest_of(table, row))) is not None
            ):
                faults.append(Fault(table.name, str(row["id"]), kind))
        rows += len(unreadable)
        for row_id in unreadable:
            told_before.pop((table.name, str(row_id)), None)
            faults.append(Fault(table.name, str(row_id), FaultKind.CHANGED))
    faults += [
        Fault(table, row_id, FaultKind.MISSING) for (table, row_id), told in told_before.items() if told[0] is not None
    ]
    return Found(rows, _without(faults, _changed_since(session, seq)))


def _against(told: tuple[int | None, str] | None, version: int, digest: str) -> FaultKind | None:
    if told is None or told[0] is None:
        return FaultKind.UNKNOWN
    if version < told[0]:
        return FaultKind.OLDER
    if version > told[0] or told[1] != digest[:SHORT]:
        return FaultKind.CHANGED
    return None


def is_as_told(session: Session, table: sa.Table, row: Mapping[str, Any]) -> bool:
    """Return whether an object has its last audited version."""
    if not keeps_ledger(table):
        return True
    told = last_told(session, of=str(row["id"])).get((table.name, str(row["id"])))
    return _against(told, int(row["version"]), digest_of(table, row)) is None


def last_told(session: Session, *, of: str = "") -> Told:
    """Return the last audited version of every object, or of a single one."""
    told: Told = {}
    for event in _events(session, of):
        for table, row_id, version, digest in rows_in(event):
            told[table, row_id] = (version, digest)
    return told


def _events(session: Session, of: str = "") -> Iterator[dict[str, Any]]:
    """Yield the events that log rows, in order."""
    seq = 0
    telling = col(AuditEvent.body).like('%"ver":%') | (col(AuditEvent.event) == "DATA.ROWS")
    while True:
        wanted = (
            select(AuditEvent.seq, AuditEvent.body)
            .where(AuditEvent.chain == CHAIN, AuditEvent.seq > seq, telling)
            .order_by(col(AuditEvent.seq))
            .limit(_BATCH)
        )
        if of:
            wanted = wanted.where(col(AuditEvent.body).contains(of))
        found = session.exec(wanted).all()
        for _, body in found:
            yield json.loads(body)
        if len(found) < _BATCH:
            return
        seq = found[-1][0]


def _newest(session: Session) -> int:
    return session.exec(select(func.max(AuditEvent.seq)).where(AuditEvent.chain == CHAIN)).one() or 0


def _changed_since(session: Session, seq: int) -> set[tuple[str, str]]:
    """Objects written while the scan ran: they are looked at again the next night."""
    later = select(AuditEvent.body).where(AuditEvent.chain == CHAIN, AuditEvent.seq > seq)
    return {row[:2] for body in session.exec(later).all() for row in rows_in(json.loads(body))}


def _without(faults: list[Fault], written: set[tuple[str, str]]) -> tuple[Fault, ...]:
    seen: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        if (fault.table, fault.row_id) not in written:
            seen.setdefault((fault.table, fault.row_id), fault)
    return tuple(seen.values())


@dataclass(frozen=True)
class TellFaults:
    """Result of a scan; `rows` were examined."""

    rows: int
    faults: tuple[Fault, ...]


@action("integrity.tell", "登记完整性检查结果", roles={Role.SYSTEM}, event="INTEGRITY.CHECK")
def tell_faults(work: Work, order: TellFaults) -> int:
    """Lock every row found wrong; how many are new."""
    new = sum(lock_row(work, fault.table, UUID(fault.row_id), fault.kind) for fault in order.faults)
    work.trail.tell(
        "INTEGRITY.CHECK",
        "integrity.tell",
        result="fail" if order.faults else "ok",
        detail={"rows": order.rows, "faults": len(order.faults), "new": new},
        severity=2 if order.faults else 6,
    )
    return new


@job("integrity.check", "重要数据完整性检查", at="02:30")
def check_rows(door: Door) -> int:
    """Scan everything and lock what is wrong; the number of faults."""
    with door.database.read() as session:
        found = scan(session)
    door.perform(tell_faults, SYSTEM, TellFaults(found.rows, found.faults))
    door.locked.look()
    return len(found.faults)
