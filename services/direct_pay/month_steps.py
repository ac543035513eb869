"""Direct rent as months by steps: due, billed, sent, paid, confirmed; a gap is named in the cell where the money stopped."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from models.codes import Toned
from models.direct_pay import Entrustment, PaymentResult, RentBill
from models.direct_pay_codes import BillState
from services.direct_pay.rent import first_of, last_month, last_of, month_of
from services.engine.clock import SHANGHAI
from services.engine.listings import Line

_SENT = (BillState.SENT_TO_FUND, BillState.PAID, BillState.UNPAID, BillState.REFUSED_BY_FUND)
_STOPPED = (BillState.UNPAID, BillState.REFUSED_BY_FUND)
#: At most so many months are shown, the newest.
_MOST = 60


def month_steps(
    row: Entrustment, bills: Sequence[RentBill], results: Sequence[PaymentResult], today: date
) -> tuple[Line, ...]:
    """Return a line for each month from the first one drawn to the current one, the newest first."""
    until = min(month_of(today), last_month(row))
    months = list(_months(row.draw_from, until))[-_MOST:]
    confirmed = {one.bill_id: one.ack_at for one in results if one.ack_at is not None}
    return tuple(_line(row, month, _bill_of(month, bills), confirmed, today) for month in reversed(months))


def gaps(steps: Sequence[Line]) -> int:
    """Return in how many months the money stopped."""
    return sum(line.gap for line in steps)


def _months(first: str, last: str) -> Iterator[str]:
    month = first
    while month <= last:
        yield month
        day = last_of(month)
        month = month_of(date(day.year + day.month // 12, day.month % 12 + 1, 1))


def _bill_of(month: str, bills: Sequence[RentBill]) -> RentBill | None:
    """The bill of a month: one in force before one that was refused or withdrawn, the latest first."""
    begins, ends = first_of(month), last_of(month)
    mine = [one for one in bills if one.period_start <= ends and one.period_end >= begins]
    mine.sort(key=lambda one: (one.state in (BillState.REFUSED, BillState.CANCELLED), -one.received_at.timestamp()))
    return mine[0] if mine else None


def _line(
    row: Entrustment, month: str, bill: RentBill | None, confirmed: Mapping[UUID | None, datetime], today: date
) -> Line:
    if bill is None or bill.state is BillState.CANCELLED:
        late = month < month_of(today)
        waits = (today - last_of(month)).days
        told = Toned(f"没有账单，已过{waits}天" if late else "可出账单", "bad" if late else "info")
        return Line(id=month, month=month, due=row.monthly_rent, bill=told, sent="", paid="", confirmed="", gap=late)
    stopped = bill.state in _STOPPED
    ack = confirmed.get(bill.id)
    refused = bill.state is BillState.REFUSED
    sent = bill.sent_at.astimezone(SHANGHAI).date().isoformat() if bill.sent_at else ""
    paid: str = ""
    if bill.state is BillState.PAID:
        amount = bill.paid_amount or bill.rent_fee
        part = "部分到账 " if amount < bill.rent_fee else ""
        paid = Toned(f"{part}{amount:,.2f}", "warn" if bill.amount_differs else "good")
    elif stopped:
        paid = Toned(bill.state.label, "bad")
    unsent = not sent and bill.state not in _SENT
    return Line(
        id=month,
        month=month,
        due=bill.rent_fee,
        bill=Toned(f"{bill.bill_no} 核验未通过", "bad") if refused else bill.bill_no,
        sent="" if refused else Toned("等候送出", "info") if unsent else sent,
        paid=paid or (Toned("等候公积金中心", "info") if sent else ""),
        confirmed=Toned("已确认", "good")
        if ack
        else Toned("未确认到账", "warn")
        if bill.state is BillState.PAID
        else "",
        gap=refused or stopped,
    )
