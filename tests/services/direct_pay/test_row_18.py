"""Row 18: bills are judged one by one, never above the contract's rent, sent to the fund once and unchanged."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from models.direct_pay import RentBill
from models.direct_pay_codes import BillState, EntrustState
from models.engine import Outgoing, OutgoingState, Parameter, ParameterState
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.direct_pay.firm_lists import BILLS
from services.engine.refusals import Conflict, NotFound
from services.tenancy.predicates import last_day
from tests.services.direct_pay.rent_month import DirectPay, codes
from tests.world import at_once

pytestmark = pytest.mark.row(18)


def _message(answer: dict[str, object]) -> str:
    return "；".join(one["message"] for one in answer["reasons"])  # type: ignore[attr-defined]


def test_a_sound_bill_goes_to_the_fund_and_to_nobody_else(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no)
    assert pay.kept_bill(bill_no).state is BillState.CHECKED
    assert pay.addressees("bill", bill_no) == {"gjj-center"}
    pay.arrive("bill", bill_no)
    kept = pay.kept_bill(bill_no)
    assert (kept.state, kept.sent_at is not None) == (BillState.SENT_TO_FUND, True)


def test_a_bill_may_come_before_our_push_is_known_to_have_arrived(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.billed(entrust_no)
    assert pay.kept_mandate(entrust_no).state is EntrustState.RUNNING
    pay.arrive("entrustment", entrust_no)
    assert pay.kept_mandate(entrust_no).state is EntrustState.RUNNING


def test_items_are_answered_in_order_each_by_itself(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    good = pay.bill(entrust_no)
    high = pay.bill(entrust_no, rent="7000.00", period_start="2027-04-01", period_end="2027-04-30")
    next_good = pay.bill(entrust_no, period_start="2027-04-01", period_end="2027-04-30")
    answers = pay.send_bills(good, high, next_good)
    assert [one["bill_no"] for one in answers] == [good["bill_no"], high["bill_no"], next_good["bill_no"]]
    assert [(one["accepted"], codes(one)) for one in answers] == [(True, []), (False, ["G08"]), (True, [])]


def test_a_batch_sent_again_has_no_second_effect(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bills = [pay.bill(entrust_no), pay.bill(entrust_no, rent="9999.00")]
    first = pay.send_bills(*bills)
    assert pay.send_bills(*bills) == first
    assert len(pay.messages("bill", entrust_no)) == 1


@pytest.mark.parametrize(
    ("period", "rent", "expected"),
    [
        (("2027-03-01", "2027-03-31"), "6500.00", []),
        (("2027-03-01", "2027-03-31"), "6500.01", []),
        (("2027-03-01", "2027-03-31"), "6500.02", ["G08"]),
        (("2027-03-01", "2027-03-15"), "3145.16", []),
        (("2027-03-01", "2027-03-15"), "3145.18", ["G08"]),
        (("2028-03-01", "2028-03-01"), "209.68", []),
        (("2027-03-01", "2027-03-31"), "0.00", ["G08"]),
        (("2027-02-28", "2027-03-31"), "6500.00", ["G07"]),
        (("2027-03-31", "2027-03-01"), "6500.00", ["G07"]),
        (("2028-02-02", "2028-03-02"), "6500.00", ["G07"]),
        (("2027-03-01", "2027-04-01"), "6500.00", ["G07"]),
    ],
)
def test_rent_goes_by_the_month_and_its_ends_by_the_day(
    pay: DirectPay, period: tuple[str, str], rent: str, expected: list[str]
) -> None:
    entrust_no = pay.entrust()
    (answer,) = pay.send_bills(pay.bill(entrust_no, period_start=period[0], period_end=period[1], rent=rent))
    assert codes(answer) == expected, _message(answer)


def test_a_february_bill_of_a_quarterly_mandate_is_told_the_cycle(pay: DirectPay) -> None:
    entrust_no = pay.entrust(pay_cycle="QUARTER")
    quarter = pay.bill(entrust_no, period_start="2027-03-01", period_end="2027-05-31", rent="19500.00")
    assert pay.send_bills(quarter)[0]["accepted"] is True
    february = pay.bill(entrust_no, period_start="2028-02-01", period_end="2028-02-29")
    (answer,) = pay.send_bills(february)
    assert (codes(answer), "按季" in _message(answer)) == (["G07"], True)
    last_days = pay.bill(entrust_no, period_start="2028-03-01", period_end="2028-03-01", rent="209.68")
    assert pay.send_bills(last_days)[0]["accepted"] is True


def test_a_quarter_that_holds_february_costs_three_months(pay: DirectPay) -> None:
    entrust_no = pay.entrust(pay_cycle="QUARTER")
    over = pay.bill(entrust_no, period_start="2027-12-01", period_end="2028-02-29", rent="19500.02")
    exact = pay.bill(entrust_no, period_start="2027-12-01", period_end="2028-02-29", rent="19500.00")
    assert [codes(one) for one in pay.send_bills(over, exact)] == [["G08"], []]


def test_a_deposit_in_the_rent_or_in_the_sum_is_not_paid(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    hidden = pay.bill(entrust_no, rent="13000.00")
    in_sum = pay.bill(entrust_no, deposit_fee="6500.00", total_amount="13000.00")
    told = pay.bill(entrust_no, deposit_fee="6500.00", other_fee="35.00")
    answers = pay.send_bills(hidden, in_sum, told)
    assert [codes(one) for one in answers] == [["G08"], ["G09"], []]


def test_the_same_period_under_another_number_is_refused(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    first = pay.billed(entrust_no)
    (answer,) = pay.send_bills(pay.bill(entrust_no))
    assert (codes(answer), first in _message(answer)) == (["G07"], True)
    (overlap,) = pay.send_bills(pay.bill(entrust_no, period_start="2027-03-31", period_end="2027-04-29", rent="900.00"))
    assert codes(overlap) == ["G07"]


def test_the_same_period_twice_in_one_batch_is_taken_once(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    answers = pay.send_bills(pay.bill(entrust_no), pay.bill(entrust_no))
    assert [one["accepted"] for one in answers] == [True, False]


def test_two_systems_billing_one_period_at_once_come_to_one_bill(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bills = [pay.bill(entrust_no) for _ in range(4)]
    answers = at_once([lambda bill=bill: pay.send_bills(bill)[0] for bill in bills])  # type: ignore[misc]
    accepted = [one for one in answers if isinstance(one, dict) and one["accepted"]]
    assert len(accepted) == 1
    assert len(pay.messages("bill", entrust_no)) == 1


def test_a_number_is_used_once(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill = pay.bill(entrust_no)
    pay.send_bills(bill)
    (answer,) = pay.send_bills({**bill, "period_start": "2027-04-01", "period_end": "2027-04-30"})
    assert (codes(answer), "已使用" in _message(answer)) == (["G07"], True)
    assert pay.kept_bill(bill["bill_no"]).period_start == date(2027, 3, 1)


def test_firms_may_use_the_same_numbers(pay: DirectPay) -> None:
    mine, other = pay.entrust(), pay.entrust(None, pay.firms[1])
    bill = pay.bill(mine)
    assert pay.send_bills(bill)[0]["accepted"] is True
    assert pay.send_bills({**bill, "entrust_no": other}, firm=pay.firms[1])[0]["accepted"] is True


def test_a_foreign_mandate_is_answered_like_none(pay: DirectPay) -> None:
    foreign = pay.entrust(None, pay.firms[1])
    answers = pay.send_bills(pay.bill(foreign), pay.bill("WT-nobody"))
    assert [codes(one) for one in answers] == [["G14"], ["G14"]]
    assert len({_message(one) for one in answers}) == 1
    assert pay.messages("bill", foreign) == []


def test_no_bill_for_a_period_behind_the_filings_end(pay: DirectPay) -> None:
    filed = pay.lease()
    entrust_no = pay.entrust(filed)
    pay.billed(entrust_no)
    pay.world.stand_at(2027, 4, 10)
    pay.counter.cancel(filed)
    late = pay.bill(entrust_no, period_start="2027-04-01", period_end="2027-04-30")
    (answer,) = pay.send_bills(late)
    assert (codes(answer), "2027-04-10" in _message(answer)) == (["G07"], True)
    part = pay.bill(entrust_no, period_start="2027-04-01", period_end="2027-04-10", rent="2166.67")
    assert pay.send_bills(part)[0]["accepted"] is True


def test_no_bill_for_the_months_the_tenant_has_ended(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.end_by_tenant(entrust_no, effective_month="2027-05")
    assert pay.kept_mandate(entrust_no).state is EntrustState.ENDED
    april = pay.bill(entrust_no, period_start="2027-04-01", period_end="2027-04-30")
    may = pay.bill(entrust_no, period_start="2027-05-01", period_end="2027-05-31")
    assert [codes(one) for one in pay.send_bills(april, may)] == [[], ["G07"]]


def test_no_bill_on_a_frozen_filing(pay: DirectPay) -> None:
    filed = pay.lease()
    entrust_no = pay.entrust(filed)
    pay.world.rewrite(LeaseFiling, LeaseFiling.id == filed.filing_id, state=FilingState.FROZEN)
    assert codes(pay.send_bills(pay.bill(entrust_no))[0]) == ["G01"]


def test_a_new_rent_in_the_middle_of_a_period_is_billed_by_each_filing(pay: DirectPay) -> None:
    """A rent changes by a new contract; the old filing ends on the day before, and each part goes by its own rent."""
    filed = pay.lease()
    entrust_no = pay.entrust(filed)
    pay.world.stand_at(2027, 3, 15)
    pay.counter.cancel(filed)
    whole = pay.bill(entrust_no)
    old_part = pay.bill(entrust_no, period_start="2027-03-01", period_end="2027-03-15", rent="3145.16")
    assert [codes(one) for one in pay.send_bills(whole, old_part)] == [["G07"], []]
    anew = pay.entrust(pay.lease(rent="7000"))
    first = pay.bill(anew, period_start="2027-03-15", period_end="2027-03-31", rent="3838.72")
    second = pay.bill(anew, period_start="2027-03-15", period_end="2027-03-31", rent="3838.71")
    assert [codes(one) for one in pay.send_bills(first, second)] == [[], ["G07"]]


def test_a_mandate_below_the_rent_bounds_the_bill(pay: DirectPay) -> None:
    entrust_no = pay.entrust(monthly_rent="5000.00")
    high, exact = pay.bill(entrust_no), pay.bill(entrust_no, rent="5000.00")
    assert [codes(one) for one in pay.send_bills(high, exact)] == [["G08"], []]


@pytest.mark.parametrize("start", [date(2027, 3, 1), date(2027, 3, 15)])
def test_all_bills_of_a_lease_come_to_its_rent_and_never_to_more(pay: DirectPay, start: date) -> None:
    pay.world.stand_at(start.year, start.month, start.day)
    end = last_day(start, 12)
    entrust_no = pay.entrust(pay.lease(start=start.isoformat(), end=end.isoformat()))
    first, number_of_months, total = start, 0, Decimal(0)
    while first <= end:
        number_of_months += 1
        last = last_day(start, number_of_months)
        bill = pay.bill(entrust_no, period_start=first.isoformat(), period_end=last.isoformat())
        assert pay.send_bills(bill)[0]["accepted"] is True, (first, last)
        total, first = total + Decimal("6500.00"), last + timedelta(days=1)
    assert (number_of_months, total) == (12, Decimal("78000.00"))


def test_bills_by_the_calendar_end_with_what_the_lease_has_left(pay: DirectPay) -> None:
    pay.world.stand_at(2027, 3, 15)
    entrust_no = pay.entrust(pay.lease(start="2027-03-15", end="2027-06-14"))
    pay.billed(entrust_no, period_start="2027-03-15", period_end="2027-03-31", rent="3564.52")
    pay.billed(entrust_no, period_start="2027-04-01", period_end="2027-04-30")
    pay.billed(entrust_no, period_start="2027-05-01", period_end="2027-05-31")
    by_the_day = pay.bill(entrust_no, period_start="2027-06-01", period_end="2027-06-14", rent="3033.33")
    (answer,) = pay.send_bills(by_the_day)
    assert (codes(answer), "2,935.48" in _message(answer)) == (["G08"], True)
    left = pay.bill(entrust_no, period_start="2027-06-01", period_end="2027-06-14", rent="2935.48")
    assert pay.send_bills(left)[0]["accepted"] is True


def test_a_bill_the_fund_refuses_at_once_frees_its_period(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no)
    pay.arrive("bill", bill_no, accepted=False, reasons=[{"code": "F07", "message": "委托尚未生效"}])
    kept = pay.kept_bill(bill_no)
    assert kept.state is BillState.REFUSED_BY_FUND
    assert kept.reason is not None
    assert kept.reason.json() == "委托尚未生效"
    assert pay.addressees("bill_state", bill_no) == {pay.firm.app_id}
    assert pay.send_bills(pay.bill(entrust_no))[0]["accepted"] is True


def test_a_bill_not_sent_yet_may_be_taken_back(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no)
    answers = [pay.call("/direct-pay/bills/cancel", pay.firm.system, {"bill_no": bill_no}) for _ in range(2)]
    assert [one["accepted"] for one in answers] == [True, True]
    assert (pay.kept_bill(bill_no).state, pay.messages("bill", bill_no)) == (BillState.CANCELLED, [])
    assert pay.send_bills(pay.bill(entrust_no))[0]["accepted"] is True


def test_a_bill_on_its_way_or_sent_may_not(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no)
    cancel = {"bill_no": bill_no}
    (message,) = pay.messages("bill", bill_no)
    pay.world.rewrite(Outgoing, Outgoing.id == message.id, attempts=1)
    with pytest.raises(Conflict, match="不能撤销"):
        pay.call("/direct-pay/bills/cancel", pay.firm.system, cancel)
    pay.arrive("bill", bill_no)
    with pytest.raises(Conflict, match="不能撤销"):
        pay.call("/direct-pay/bills/cancel", pay.firm.system, cancel)
    assert pay.kept_bill(bill_no).state is BillState.SENT_TO_FUND


def test_a_bill_that_was_refused_is_not_said_to_have_been_sent(pay: DirectPay) -> None:
    bill = pay.bill(pay.entrust(), rent_fee="99999.00", total_amount="99999.00")
    assert pay.send_bills(bill)[0]["accepted"] is False
    with pytest.raises(Conflict, match="核验未通过，没有送往公积金中心"):
        pay.call("/direct-pay/bills/cancel", pay.firm.system, {"bill_no": bill["bill_no"]})
    assert pay.kept_bill(bill["bill_no"]).state is BillState.REFUSED


def test_a_foreign_bill_is_not_there(pay: DirectPay) -> None:
    bill_no = pay.billed(pay.entrust())
    for foreign in (bill_no, "ZD-nobody"):
        with pytest.raises(NotFound):
            pay.call("/direct-pay/bills/cancel", pay.firms[1].system, {"bill_no": foreign})


def test_a_time_to_take_back_is_a_parameter(pay: DirectPay) -> None:
    pay.world.act(
        lambda work: (
            work.add(
                Parameter(
                    key="direct_pay.send_delay_minutes",
                    value="15",
                    valid_from=date(2027, 6, 1),
                    source="测试",
                    state=ParameterState.CONFIRMED,
                )
            )
            and None
        )
    )
    pay.world.stand_at(2027, 6, 2)
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no, period_start="2027-06-02", period_end="2027-07-01")
    (message,) = pay.messages("bill", bill_no)
    waits = message.next_at - pay.kept_bill(bill_no).received_at
    assert timedelta(minutes=14) < waits < timedelta(minutes=16)


def test_a_message_that_is_dead_leaves_the_bill_waiting_and_may_be_sent_again(pay: DirectPay) -> None:
    bill_no = pay.billed(pay.entrust())
    pay.die("bill", bill_no)
    assert pay.kept_bill(bill_no).state is BillState.CHECKED
    (dead,) = pay.messages("bill", bill_no)
    assert dead.state is OutgoingState.DEAD


def test_a_batch_has_two_thousand_bills_at_most(pay: DirectPay) -> None:
    bill = pay.bill("WT1")
    with pytest.raises(ValidationError):
        pay.send_bills(*([bill] * 2001))
    with pytest.raises(ValidationError):
        pay.send_bills()


def test_two_thousand_bills_are_answered_each_by_itself(pay: DirectPay) -> None:
    good = [pay.entrust() for _ in range(3)]
    bills = [pay.bill(good[place % 3] if place < 3 else f"WT-none-{place}") for place in range(2000)]
    answers = pay.send_bills(*bills)
    assert [one["bill_no"] for one in answers] == [one["bill_no"] for one in bills]
    assert sum(one["accepted"] for one in answers) == 3


def test_the_firm_sees_its_bills_with_reasons_and_nobody_elses(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill = pay.bill(entrust_no, rent="7000.00")
    pay.send_bills(bill)
    (line,) = pay.world.listed(BILLS, pay.firm.person, number=bill["bill_no"]).lines
    assert (line.state, line.reason) == (
        BillState.REFUSED,
        "G08 账单金额与备案租金不符：该账期租金不得高于 6,500.00 元",
    )
    assert pay.world.listed(BILLS, pay.firms[1].person, number=bill["bill_no"]).total == 0
    with pytest.raises(NotFound):
        pay.world.door.look(pay.firms[1].person, lambda work: work.get(RentBill, line.id))


def _unpaid(pay: DirectPay, entrust_no: str, fail_code: str = "PAYEE", **changes: Any) -> str:
    bill_no = pay.billed(entrust_no, **changes)
    pay.arrive("bill", bill_no)
    pay.send_results(pay.result(entrust_no, bill_no, "FAIL", fail_code=fail_code))
    return bill_no


def test_a_bill_unpaid_for_another_reason_than_want_of_money_is_corrected_once(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    first = _unpaid(pay, entrust_no)
    (unnamed,) = pay.send_bills(pay.bill(entrust_no))
    assert (unnamed["accepted"], codes(unnamed)) == (False, ["G07"])
    correction = pay.bill(entrust_no, corrects=first)
    (answer,) = pay.send_bills(correction)
    assert answer["accepted"] is True
    assert [first in one["message"] for one in answer["reasons"]] == [True]
    (sent,) = pay.messages("bill", correction["bill_no"])
    assert sent.payload.json()["body"]["corrects"] == first
    (again,) = pay.send_bills(pay.bill(entrust_no, corrects=first))
    assert (again["accepted"], codes(again)) == (False, ["G07"])
    pay.arrive("bill", correction["bill_no"])
    pay.send_results(pay.result(entrust_no, correction["bill_no"]))
    assert pay.alarms("DIRECTPAY.TWICE", first) == []
    pay.send_results(pay.result(entrust_no, first, decided_at="2027-02-19T10:00:00+08:00"))
    assert correction["bill_no"] in pay.alarms("DIRECTPAY.TWICE", first)[0].subject


def test_want_of_money_and_another_period_free_nothing(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    poor = _unpaid(pay, entrust_no, "BALANCE")
    (refused,) = pay.send_bills(pay.bill(entrust_no, corrects=poor))
    assert (refused["accepted"], "余额不足" in str(refused["reasons"])) == (False, True)
    april = {"period_start": "2027-04-01", "period_end": "2027-04-30"}
    wrong = _unpaid(pay, entrust_no, **april)
    may = pay.bill(entrust_no, corrects=wrong, period_start="2027-05-01", period_end="2027-05-31")
    assert codes(pay.send_bills(may)[0]) == ["G07"]
    assert codes(pay.send_bills(pay.bill(entrust_no, corrects="ZD-NONE", **april))[0]) == ["G07"]
    assert pay.send_bills(pay.bill(entrust_no, corrects=wrong, **april))[0]["accepted"] is True


def test_a_corrected_bill_counts_its_rent_once(pay: DirectPay) -> None:
    entrust_no = pay.entrust(pay.lease(end="2027-04-30"), draw_to="2027-04")
    april = pay.billed(entrust_no, period_start="2027-04-01", period_end="2027-04-30")
    first = _unpaid(pay, entrust_no)
    # With both months billed nothing is left of the rent but what the unpaid bill gives back.
    assert pay.send_bills(pay.bill(entrust_no, corrects=first))[0]["accepted"] is True
    pay.call("/direct-pay/bills/cancel", pay.firm.system, {"bill_no": april})
    again = pay.bill(entrust_no, period_start="2027-04-01", period_end="2027-04-30")
    assert pay.send_bills(again)[0]["accepted"] is True
