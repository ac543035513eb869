"""制证异常: licence messages that did not arrive, for the office of the filing; the city sends them again (row 7)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.engine import Outgoing, OutgoingState
from models.house import House
from models.tenancy import LeaseFiling
from services.access.visibility import STAFF
from services.engine.outbox import RETRY_MINUTES
from services.engine.paging import Paging, ordering
from services.engine.registry import query
from services.engine.work import Work
from services.tenancy.intake import filing_state_text

OPERATIONS = {"issue": "制证", "revoke": "吊销"}
_SORTS: dict[str, Any] = {"created_at": Outgoing.created_at, "attempts": Outgoing.attempts}


@dataclass(frozen=True)
class FailureFilter:
    """`dead` leaves out what is still being tried."""

    dead: bool = False
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class FailureRow:
    """A message; `error` names the kind of failure, never its content."""

    id: UUID
    filing_id: UUID
    filing_no: str
    address: str
    filing_state: str
    operation: str
    state: str
    dead: bool
    attempts: int
    next_at: datetime | None
    error: str
    created_at: datetime


@dataclass(frozen=True)
class FailurePage:
    total: int
    lines: tuple[FailureRow, ...]
    dead: int


@query("licences.failures", "制证异常", roles=STAFF)
def licence_failures(work: Work, order: FailureFilter) -> FailurePage:
    """Messages about visible filings that failed for good, or failed once and are being tried again."""
    seen = work.visible(LeaseFiling).with_only_columns(LeaseFiling.id)  # type: ignore[call-overload]
    failing = (
        (Outgoing.state == OutgoingState.DEAD)
        if order.dead
        else (col(Outgoing.state) == OutgoingState.DEAD)
        | ((col(Outgoing.state) == OutgoingState.WAITING) & (col(Outgoing.last_error) != ""))
    )
    # Messages themselves are the city's; an office is told about those of the filings it sees.
    base = select(Outgoing).where(
        Outgoing.system == "licence_library",
        Outgoing.object_kind == "lease_filing",
        col(Outgoing.object_id).in_(seen),
    )
    offset, size = order.paging.bounds()
    total = work.session.exec(select(func.count()).select_from(base.where(failing).subquery())).one()
    dead = work.session.exec(
        select(func.count()).select_from(base.where(Outgoing.state == OutgoingState.DEAD).subquery())
    ).one()
    rows = work.session.exec(
        base.where(failing)
        .order_by(ordering(order.paging.sort, _SORTS, "-created_at"), col(Outgoing.id))
        .offset(offset)
        .limit(size)
    ).all()
    filings = {
        filing.id: (filing, address)
        for filing, address in work.session.exec(
            select(LeaseFiling, House.address)
            .join(House, col(House.id) == col(LeaseFiling.house_id))
            .where(col(LeaseFiling.id).in_([row.object_id for row in rows]))
        ).all()
    }
    return FailurePage(total, tuple(_line(work, row, *filings[row.object_id]) for row in rows), dead)


def _line(work: Work, row: Outgoing, filing: LeaseFiling, address: str) -> FailureRow:
    is_dead = row.state is OutgoingState.DEAD
    return FailureRow(
        id=row.id,
        filing_id=filing.id,
        filing_no=filing.filing_no,
        address=address,
        filing_state=filing_state_text(filing, work.today),
        operation=OPERATIONS.get(row.operation, row.operation),
        state="发送失败" if is_dead else f"重试中（{row.attempts}/{len(RETRY_MINUTES) + 1}）",
        dead=is_dead,
        attempts=row.attempts,
        next_at=None if is_dead else row.next_at,
        error=_ERRORS.get(row.last_error, "对方系统异常"),
        created_at=row.created_at,
    )


_ERRORS = {
    "NoAnswer": "对方未应答",
}
