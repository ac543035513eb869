"""The firm's bills and terminations as lists: states, the fund's words, what may still be taken back (rows 18-22)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, or_, select

from models.direct_pay import Entrustment, PaymentTermination, RentBill, TerminationDecision
from models.direct_pay_codes import BillState, TermSide, TermState
from models.engine import Outgoing, OutgoingState
from services.access.visibility import ENTERPRISE
from services.direct_pay.message_routes import FUND
from services.direct_pay.timeline import bill_row
from services.engine.paging import Paging, ordering
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work


@dataclass(frozen=True)
class BillFilter:
    """`number` is a bill's, mandate's or contract's, exact; days bound the first day of the period."""

    number: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class BillLine:
    """A bill. `may_cancel` is true as long as its sending has not begun."""

    id: UUID
    bill_no: str
    entrust_no: str
    tenant: str
    period: str
    rent_fee: Decimal
    paid_amount: Decimal | None
    state: str
    reason: str
    received_at: datetime
    sent_at: datetime | None
    decided_at: datetime | None
    mandate_id: UUID | None
    may_cancel: bool


@dataclass(frozen=True)
class BillPage:
    total: int
    lines: tuple[BillLine, ...] = field(default_factory=tuple)
    counts: dict[str, int] = field(default_factory=dict)


_BILL_SORTS: dict[str, Any] = {
    "received_at": RentBill.received_at,
    "period": RentBill.period_start,
    "bill_no": RentBill.bill_no,
}


@query("direct_pay.firm_bills", "本企业直付账单", roles=ENTERPRISE)
def firm_bills(work: Work, order: BillFilter) -> BillPage:
    """The firm's bills with the count of each state, the newest first."""
    base = work.visible(RentBill)
    if number := search_word(order.number):
        named = (RentBill.bill_no, RentBill.entrust_no, RentBill.contract_no)
        base = base.where(or_(*(col(column).in_({number, number.upper()}) for column in named)))
    if order.since:
        base = base.where(RentBill.period_start >= order.since)
    if order.until:
        base = base.where(RentBill.period_start <= order.until)
    grouped = base.with_only_columns(RentBill.state, func.count()).group_by(col(RentBill.state))  # type: ignore[call-overload]
    counts = {str(state): count for state, count in work.session.connection().execute(grouped).all()}
    if order.state:
        base = base.where(RentBill.state == chosen(BillState, order.state))
    offset, size = Paging(order.page, order.size).bounds()
    ordered = ordering(order.sort, _BILL_SORTS, "-received_at")
    rows = work.session.exec(base.order_by(ordered, col(RentBill.id)).offset(offset).limit(size)).all()
    total = counts.get(order.state, 0) if order.state else sum(counts.values())
    tenants = _tenants(work, (row.entrustment_id for row in rows))
    begun = _begun(work, [row.id for row in rows if row.state is BillState.CHECKED])
    return BillPage(total, tuple(_bill_line(row, tenants, begun) for row in rows), counts)


def _begun(work: Work, ids: list[UUID]) -> set[UUID]:
    """Return bills whose sending has begun and which may have reached the fund."""
    tried = or_(Outgoing.state != OutgoingState.WAITING, col(Outgoing.attempts) > 0)
    rows = select(Outgoing.object_id).where(
        col(Outgoing.object_id).in_(ids), Outgoing.system == FUND, Outgoing.operation == "bill", tried
    )
    return set(work.session.exec(rows).all())


def _tenants(work: Work, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    wanted = {row_id for row_id in ids if row_id is not None}
    rows = work.session.exec(work.visible(Entrustment).where(col(Entrustment.id).in_(wanted))).all()
    return {row.id: row.tenant.masked() for row in rows}


def _bill_line(row: RentBill, tenants: dict[UUID | None, str], begun: set[UUID]) -> BillLine:
    told = bill_row(row)
    return BillLine(
        id=row.id,
        bill_no=row.bill_no,
        entrust_no=row.entrust_no,
        tenant=tenants.get(row.entrustment_id, ""),
        period=told.period,
        rent_fee=row.rent_fee,
        paid_amount=row.paid_amount,
        state=told.state,
        reason=told.reason,
        received_at=row.received_at,
        sent_at=row.sent_at,
        decided_at=row.decided_at,
        mandate_id=row.entrustment_id,
        may_cancel=row.state is BillState.CHECKED and row.id not in begun,
    )


@dataclass(frozen=True)
class TerminationFilter:
    """`number` is a termination's or mandate's, exact."""

    number: str = ""
    side: str = ""
    state: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class TerminationLine:
    """An end of a mandate; `words` are the fund's on it."""

    id: UUID
    term_no: str
    side: str
    entrust_no: str
    tenant: str
    reason: str
    effective_month: str
    state: str
    decision: str
    words: str
    last_payment: bool
    requested_at: datetime
    decided_at: datetime | None
    mandate_id: UUID | None


@dataclass(frozen=True)
class TerminationPage:
    total: int
    lines: tuple[TerminationLine, ...] = field(default_factory=tuple)


@query("direct_pay.firm_terminations", "本企业直付终止", roles=ENTERPRISE)
def firm_terminations(work: Work, order: TerminationFilter) -> TerminationPage:
    """Return what the firm asked for and what tenants ended, the newest first."""
    base = work.visible(PaymentTermination)
    if number := search_word(order.number):
        named = (PaymentTermination.term_no, PaymentTermination.entrust_no)
        base = base.where(or_(*(col(column).in_({number, number.upper()}) for column in named)))
    if order.side:
        base = base.where(PaymentTermination.side == chosen(TermSide, order.side))
    if order.state:
        base = base.where(PaymentTermination.state == chosen(TermState, order.state))
    total = work.session.exec(select(func.count()).select_from(base.subquery())).one()
    offset, size = Paging(order.page, order.size).bounds()
    rows = work.session.exec(
        base.order_by(col(PaymentTermination.requested_at).desc(), col(PaymentTermination.id))
        .offset(offset)
        .limit(size)
    ).all()
    tenants = _tenants(work, (row.entrustment_id for row in rows))
    words = _words(work, [row.id for row in rows])
    return TerminationPage(
        total,
        tuple(
            TerminationLine(
                id=row.id,
                term_no=row.term_no,
                side=row.side.label,
                entrust_no=row.entrust_no,
                tenant=tenants.get(row.entrustment_id, ""),
                reason=row.reason.label,
                effective_month=row.effective_month,
                state=row.state.label,
                decision=row.decision.label if row.decision else "",
                words=words.get(row.id, ""),
                last_payment=row.last_payment,
                requested_at=row.requested_at,
                decided_at=row.decided_at,
                mandate_id=row.entrustment_id,
            )
            for row in rows
        ),
    )


def _words(work: Work, ids: list[UUID]) -> dict[UUID, str]:
    """Return what the fund said last of each."""
    decisions = work.session.exec(
        select(TerminationDecision)
        .where(col(TerminationDecision.termination_id).in_(ids))
        .order_by(col(TerminationDecision.decided_at))
    ).all()
    return {one.termination_id: str(one.reason.json() or "") for one in decisions}
