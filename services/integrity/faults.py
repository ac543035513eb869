"""Locked rows: those on duty see them, and a row is free again only when it is as the product wrote it (D19)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import SQLModel, col

from models.access import Role
from models.dialect import locked
from models.integrity import FaultKind, IntegrityFault
from models.remac import stored_rows
from models.row_mac import fits
from services.catalogue.subjects import label_of
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import action, query
from services.engine.words import enough_words
from services.engine.work import Work, visible_rows
from services.integrity.nightly_scan import is_as_told

GUARDS = {Role.SEC_ADMIN, Role.AUDITOR}


@dataclass(frozen=True)
class FaultLine:
    """A locked row; nothing of its content."""

    id: UUID
    table: str
    label: str
    row_id: UUID
    kind: FaultKind
    found_at: datetime
    closed_at: datetime | None
    note: str


@visible_rows(IntegrityFault)
def whoever_guards(work: Work, table: type[IntegrityFault]) -> bool:
    return work.caller.has(Role.SYSTEM, *GUARDS)


@query("integrity.faults", "完整性异常记录", roles=GUARDS)
def list_faults(work: Work, order: bool) -> list[FaultLine]:
    """The locked rows, newest first; with `order` those released too. At most 500."""
    wanted = work.visible(IntegrityFault).order_by(col(IntegrityFault.found_at).desc()).limit(500)
    if not order:
        wanted = wanted.where(col(IntegrityFault.closed_at).is_(None))
    return [
        FaultLine(
            row.id,
            row.table_name,
            _label(row.table_name),
            row.row_id,
            row.kind,
            row.found_at,
            row.closed_at,
            row.note,
        )
        for row in work.session.exec(wanted).all()
    ]


def _label(table: str) -> str:
    """The Chinese name of a table, as the data catalogue calls it."""
    return label_of(table)


@dataclass(frozen=True)
class ReleaseRow:
    """The fault to close, and how the row was repaired."""

    id: UUID
    note: str


@action("integrity.release", "解除锁定", roles={Role.SEC_ADMIN}, event="INTEGRITY.RELEASE")
def release_row(work: Work, order: ReleaseRow) -> None:
    """Free a row that was restored from a backup; one that still fails stays locked."""
    note = enough_words(order.note, "修复经过", least=4, most=200)
    statement = locked(work.session, work.visible(IntegrityFault).where(IntegrityFault.id == order.id))
    fault = work.session.exec(statement).first()
    if fault is None:
        raise NotFound
    if fault.closed_at is not None:
        raise Conflict("该记录已解除锁定")
    if not _is_whole(work, fault):
        raise Conflict("该记录仍未恢复原样，请先从备份恢复后再解除锁定")
    fault.closed_at, fault.closed_by, fault.note = work.at, work.caller.account_id, note
    fault.closed_key = work.at.isoformat()
    work.add(fault)
    work.trail.tell("INTEGRITY.RELEASE", "integrity.release", about=fault, reason=fault.note[:60])


def _is_whole(work: Work, fault: IntegrityFault) -> bool:
    """Return whether the row is there and fits its MAC; one of unknown origin is whole when it is gone."""
    table = SQLModel.metadata.tables.get(fault.table_name)
    if table is None:
        return False
    row = next(iter(stored_rows(work.session.connection(), table, only=fault.row_id)), None)
    if fault.kind is FaultKind.UNKNOWN:
        return row is None
    return row is not None and fits(work.sealer, table, row) and is_as_told(work.session, table, row)
