"""The next billable period of a firm and its rent, before submission (row 18)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from models.direct_pay import Entrustment, RentBill
from models.direct_pay_codes import STANDING, EntrustState
from models.tenancy import LeaseContract, LeaseFiling
from services.access.visibility import ENTERPRISE
from services.direct_pay.mandates import last_billable
from services.direct_pay.rent import first_of, longest_period, rent_between, rent_of_lease
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.search_terms import known_day
from services.engine.work import Work

_DAY = timedelta(days=1)
#: States in which a firm may bill: it has the mandate, and what came before its end may still be billed.
BILLABLE = (
    EntrustState.CHECKED,
    EntrustState.PUSHED,
    EntrustState.PUSH_FAILED,
    EntrustState.ACKED,
    EntrustState.RUNNING,
    EntrustState.ENDING,
    EntrustState.ENDED,
)


@dataclass(frozen=True)
class AskHint:
    """A mandate and a period; without a period the next open one is meant."""

    id: UUID
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class BillHint:
    """A period and the most it may cost, in yuan. `open` is false when nothing is left to bill."""

    entrust_no: str
    open: bool
    start: date | None
    end: date | None
    rent: Decimal
    month_rent: Decimal
    left: Decimal
    first: date
    last: date
    words: str


@query("direct_pay.bill_hint", "账单测算", roles=ENTERPRISE)
def bill_hint(work: Work, order: AskHint) -> BillHint:
    """Compute the hint by the arithmetic that judges bills."""
    mandate = work.get(Entrustment, order.id)
    for day in (order.start, order.end):
        if day is not None:
            known_day(day)
    known = _known(work, [mandate]).get(mandate.id)
    if known is None or mandate.state not in BILLABLE:
        raise NotFound
    return _hint(mandate, known, order.start, order.end)


def hints_of(work: Work, mandates: Iterable[Entrustment]) -> dict[UUID, BillHint]:
    """The next open period of each mandate that may be billed at all."""
    billable = [mandate for mandate in mandates if mandate.state in BILLABLE]
    known = _known(work, billable)
    return {mandate.id: _hint(mandate, known[mandate.id]) for mandate in billable if mandate.id in known}


@dataclass(frozen=True)
class _Known:
    """The lease under a mandate, and the bills that take up its periods in their order."""

    filing: LeaseFiling
    contract: LeaseContract
    standing: Sequence[RentBill]


def _known(work: Work, mandates: Sequence[Entrustment]) -> dict[UUID, _Known]:
    found: dict[UUID, _Known] = {}
    for start in range(0, len(mandates), 500):
        part = mandates[start : start + 500]
        filing_ids = {mandate.filing_id for mandate in part if mandate.filing_id is not None}
        leases = work.session.exec(
            select(LeaseFiling, LeaseContract)
            .join(LeaseContract, col(LeaseContract.id) == col(LeaseFiling.contract_id))
            .where(col(LeaseFiling.id).in_(filing_ids))
        ).all()
        # Every mandate that ever was on one of these filings took up its periods.
        billed = work.session.exec(
            select(Entrustment.filing_id, RentBill)
            .join(RentBill, col(RentBill.entrustment_id) == col(Entrustment.id))
            .where(col(Entrustment.filing_id).in_(filing_ids), col(RentBill.state).in_(STANDING))
            .order_by(col(RentBill.period_start))
        ).all()
        standing: dict[UUID | None, list[RentBill]] = {}
        for filing_id, bill in billed:
            standing.setdefault(filing_id, []).append(bill)
        by_filing = {filing.id: _Known(filing, contract, standing.get(filing.id, ())) for filing, contract in leases}
        found |= {mandate.id: by_filing[mandate.filing_id] for mandate in part if mandate.filing_id in by_filing}
    return found


def _hint(mandate: Entrustment, known: _Known, start: date | None = None, end: date | None = None) -> BillHint:
    filing, contract, standing = known.filing, known.contract, known.standing
    month_rent = min(filing.month_rent, mandate.monthly_rent)
    first = max(first_of(mandate.draw_from), contract.start, filing.valid_from)
    last = min(last_billable(mandate)[0], contract.end, filing.valid_to)
    start = start or _next_open(standing, first)
    lease_rent = rent_of_lease(month_rent, contract.start, contract.end)
    left = max(lease_rent - sum((bill.rent_fee for bill in standing), Decimal(0)), Decimal("0.00"))
    if start > last or not left:
        words = "该委托可出账的期间已全部出账" if first <= last else "该委托没有可出账的期间"
        return BillHint(mandate.entrust_no, False, None, None, Decimal("0.00"), month_rent, left, first, last, words)
    end = end or min(longest_period(mandate.pay_cycle, start), last, _before_next(standing, start))
    rent = Decimal("0.00")
    if start <= end:
        rent = min(rent_between(month_rent, contract.start, start, end), left)
    words = (
        f"月租金 {month_rent:,.2f} 元，该账期可收取 {rent:,.2f} 元（首末月按日折算）；"
        f"可出账期间 {first} 至 {last}，本合同尚可收取 {left:,.2f} 元"
    )
    return BillHint(mandate.entrust_no, True, start, end, rent, month_rent, left, first, last, words)


def _next_open(standing: Sequence[RentBill], first: date) -> date:
    """The first day no bill covers."""
    day = first
    for bill in standing:
        if bill.period_start <= day <= bill.period_end:
            day = bill.period_end + _DAY
    return day


def _before_next(standing: Sequence[RentBill], start: date) -> date:
    """Return the last day before the next existing bill."""
    return min((bill.period_start - _DAY for bill in standing if bill.period_start > start), default=date.max)
