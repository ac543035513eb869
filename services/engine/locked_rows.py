"""Rows that failed their MAC: stored, logged, reported to staff on duty, hidden from everyone (H65)."""

from collections.abc import Collection
from time import monotonic
from uuid import UUID

from sqlmodel import col, select

from models.dialect import Database, locked
from models.integrity import FaultKind, IntegrityFault
from services.engine.alarms import raise_alarm
from services.engine.work import Work

_AGAIN = 15.0


class LockedRows:
    """The open faults as this process knows them; looked up again every few seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: dict[str, set[UUID]] = {}
        self._looked = 0.0

    def of(self, table: str) -> frozenset[UUID]:
        """The locked rows of a table."""
        if monotonic() - self._looked > _AGAIN:
            self._looked = monotonic()
            self.look()
        return frozenset(self._rows.get(table, ()))

    def look(self) -> None:
        """Read the open faults again."""
        open_faults = select(IntegrityFault.table_name, IntegrityFault.row_id).where(
            col(IntegrityFault.closed_at).is_(None)
        )
        with self._database.read() as session:
            rows: dict[str, set[UUID]] = {}
            for table, row_id in session.exec(open_faults).all():
                rows.setdefault(table, set()).add(row_id)
        self._rows = rows


def lock_row(work: Work, table: str, row_id: UUID, kind: FaultKind, said: str = "") -> bool:
    """Open a fault about a row, unless one is open; True when it is new. `said` names what of the row it is."""
    known = select(IntegrityFault.id).where(
        IntegrityFault.table_name == table, IntegrityFault.row_id == row_id, col(IntegrityFault.closed_at).is_(None)
    )
    if work.session.exec(known).first() is not None:
        return False
    fault = IntegrityFault(table_name=table, row_id=row_id, kind=kind, found_at=work.at, note=said)
    work.add(fault)
    work.trail.tell(
        "INTEGRITY.FAIL", "integrity.lock", kind=table, object_id=row_id, result="fail", reason=str(kind), severity=2
    )
    raise_alarm(
        work,
        "INTEGRITY.FAIL",
        f"{kind.label}：{table}{said and f'（{said}）'}",
        kind=table,
        key=str(row_id),
        severity=2,
    )
    return True


def end_faults(work: Work, table: str, row_ids: Collection[UUID], why: str) -> None:
    """Close the open faults of rows that are erased in their time, because they can no longer be restored.

    Their alarms stay until their findings are recorded. `why` is logged with each fault.
    """
    wanted = select(IntegrityFault).where(IntegrityFault.table_name == table, col(IntegrityFault.closed_at).is_(None))
    gone = set(row_ids)
    for fault in work.session.exec(locked(work.session, wanted)).all():
        if fault.row_id not in gone:
            continue
        fault.closed_at, fault.closed_key, fault.note = work.at, work.at.isoformat(), why[:200]
        work.add(fault)
        work.trail.tell("INTEGRITY.RELEASE", "integrity.ended", about=fault, reason=fault.note[:60])
