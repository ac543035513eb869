"""The next billable period of a firm and its rent, before submission (row 18)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from models.direct_pay import Entrustment, RentBill
from models.direct_pay_codes import EntrustState
from services.access.visibility import ENTERPRISE
from services.direct_pay.billed_leases import BilledLease, leases_of
from services.direct_pay.rent import longest_period, rent_between
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
    lease = leases_of(work, [mandate]).get(mandate.id)
    if lease is None or mandate.state not in BILLABLE:
        raise NotFound
    return _hint(lease, work.today, order.start, order.end)


def hints_of(work: Work, mandates: Iterable[Entrustment]) -> dict[UUID, BillHint]:
    """The next open period of each mandate that may be billed at all."""
    billable = [mandate for mandate in mandates if mandate.state in BILLABLE]
    return {row_id: _hint(lease, work.today) for row_id, lease in leases_of(work, billable).items()}


def _hint(lease: BilledLease, today: date, start: date | None = None, end: date | None = None) -> BillHint:
    number, month_rent = lease.mandate.entrust_no, lease.month_rent
    first, last, standing = lease.first, lease.last, lease.standing
    gaps = list(_gaps(standing, first, last))
    # Behind the last bill, so that a month left out long ago is named and not proposed again and again.
    start = start or (_begun(lease, gaps[-1][0], today) if gaps else last + _DAY)
    left = max(lease.rent - lease.billed, Decimal("0.00"))
    if start > last or not left:
        words = "该委托可出账的期间已全部出账" if first <= last else "该委托没有可出账的期间"
        return BillHint(number, False, None, None, Decimal("0.00"), month_rent, left, first, last, words)
    end = end or min(longest_period(lease.mandate.pay_cycle, start), last, _before_next(standing, start))
    rent = Decimal("0.00")
    if start <= end:
        rent = min(rent_between(month_rent, lease.contract.start, start, end), left)
    words = (
        f"月租金 {month_rent:,.2f} 元，该账期可收取 {rent:,.2f} 元（首末月按日折算）；"
        f"可出账期间 {first} 至 {last}，本合同尚可收取 {left:,.2f} 元"
    )
    if before := [(since, min(until, start - _DAY)) for since, until in gaps if since < start]:
        spans = "、".join(f"{since} 至 {until}" for since, until in before)
        words += f"。此前未出账：{spans}；需要补报的，请改账期"
    return BillHint(number, True, start, end, rent, month_rent, left, first, last, words)


def _begun(lease: BilledLease, start: date, today: date) -> date:
    """Return when the period to propose begins: of a mandate never billed the last one that is over, not its first."""
    cycle = lease.mandate.pay_cycle
    while not lease.standing:
        then = longest_period(cycle, start) + _DAY
        if then > lease.last or longest_period(cycle, then) >= today:
            break
        start = then
    return start


def _gaps(standing: Sequence[RentBill], first: date, last: date) -> Iterator[tuple[date, date]]:
    """The spans no bill covers, each with its first and last day; those after the last bill come last."""
    day = first
    for bill in sorted(standing, key=lambda one: one.period_start):
        if day < bill.period_start:
            yield day, min(bill.period_start - _DAY, last)
        day = max(day, bill.period_end + _DAY)
    if day <= last:
        yield day, last


def _before_next(standing: Sequence[RentBill], start: date) -> date:
    """Return the last day before the next existing bill."""
    return min((bill.period_start - _DAY for bill in standing if bill.period_start > start), default=date.max)
