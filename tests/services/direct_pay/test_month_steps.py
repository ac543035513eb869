"""Direct rent by months: a month without a bill, one the fund did not pay and one not confirmed are named where they stopped."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

from models.direct_pay import Entrustment, PaymentResult, RentBill
from models.direct_pay_codes import BillState
from services.direct_pay.month_steps import gaps, month_steps

_AT = datetime(2026, 8, 6, 2, tzinfo=UTC)


def bill(month: int, state: BillState, *, sent: bool = True) -> RentBill:
    return RentBill(
        id=uuid4(),
        bill_no=f"ZD{month:02}",
        period_start=date(2026, month, 1),
        period_end=date(2026, month, 28),
        rent_fee=Decimal(3200),
        received_at=_AT.replace(month=month),
        sent_at=_AT.replace(month=month) if sent else None,
        paid_amount=Decimal(3200) if state is BillState.PAID else None,
        state=state,
    )


def test_each_month_says_where_its_money_stopped() -> None:
    mandate = Entrustment(monthly_rent=Decimal(3200), draw_from="2026-05", draw_to="2027-04")
    paid, unpaid, waiting = bill(5, BillState.PAID), bill(6, BillState.UNPAID), bill(8, BillState.SENT_TO_FUND)
    taken_back, again = bill(9, BillState.CANCELLED, sent=False), bill(9, BillState.CHECKED, sent=False)
    confirmed = PaymentResult(bill_id=paid.id, ack_at=_AT)
    steps = month_steps(mandate, (taken_back, again, paid, unpaid, waiting), (confirmed,), date(2026, 10, 10))
    told = {line.month: (line.bill, line.sent, line.paid, line.confirmed, line.gap) for line in steps}
    assert list(told) == ["2026-10", "2026-09", "2026-08", "2026-07", "2026-06", "2026-05"]
    assert told["2026-05"] == ("ZD05", "2026-05-06", "3,200.00", "已确认", False)
    assert told["2026-06"] == ("ZD06", "2026-06-06", "未支付", "", True)
    assert told["2026-07"] == ("没有账单，已过71天", "", "", "", True)
    assert told["2026-08"] == ("ZD08", "2026-08-06", "等候公积金中心", "", False)
    assert told["2026-09"] == ("ZD09", "等候送出", "", "", False)
    assert told["2026-10"] == ("可出账单", "", "", "", False)
    assert gaps(steps) == 2


def test_a_part_that_was_paid_is_said_in_words() -> None:
    mandate = Entrustment(monthly_rent=Decimal(3200), draw_from="2026-05", draw_to="2027-04")
    part = bill(5, BillState.PAID)
    part.paid_amount, part.amount_differs = Decimal(2000), True
    (line,) = month_steps(mandate, (part,), (), date(2026, 5, 30))
    assert (line.paid, line.paid.tone) == ("部分到账 2,000.00", "warn")


def test_months_end_with_the_mandate() -> None:
    mandate = Entrustment(monthly_rent=Decimal(3200), draw_from="2026-05", draw_to="2027-04", stops_from="2026-07")
    months = [line.month for line in month_steps(mandate, (), (), date(2026, 10, 10))]
    assert months == ["2026-06", "2026-05"]
    assert month_steps(mandate, (), (), date(2026, 4, 30)) == ()
