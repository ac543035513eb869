"""Row 19: results are matched whenever they come, the fund's latest word stands, each goes to the bill's firm once."""

from datetime import datetime
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.direct_pay import PaymentResult
from models.direct_pay_codes import BillState, ResultState
from models.partners import Partner
from services.direct_pay.abnormal import Abnormal
from services.direct_pay.firm_lists import BILLS
from services.direct_pay.orphans import ORPHANS, open_orphan
from services.direct_pay.progress import PROGRESS
from services.direct_pay.results import HandleOrphan, OrphanWay, handle_orphan
from services.engine.clock import SHANGHAI
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from tests.services.direct_pay.rent_month import DirectPay, codes, number
from tests.world import at_once

pytestmark = pytest.mark.row(19)


def _billed(pay: DirectPay) -> tuple[str, str]:
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no)
    pay.arrive("bill", bill_no)
    return entrust_no, bill_no


def test_a_payment_is_matched_and_told_to_the_bills_firm_only(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    result = pay.result(entrust_no, bill_no)
    (answer,) = pay.send_results(result)
    assert (answer["accepted"], answer["reasons"], answer["result_no"]) == (True, [], result["result_no"])
    bill = pay.kept_bill(bill_no)
    assert (bill.state, bill.paid_amount, bill.amount_differs) == (BillState.PAID, Decimal(6500), False)
    assert pay.addressees("payment_result", result["result_no"]) == {pay.firm.app_id}
    assert (len(pay.notices(pay.firm, bill_no)), pay.notices(pay.firms[1], bill_no)) == (1, [])
    pay.arrive("payment_result", result["result_no"])
    assert pay.kept_result(result["result_no"]).state is ResultState.PUSHED_TO_ENTERPRISE
    pay.acknowledge("PAYMENT_RESULT", result["result_no"])
    assert pay.kept_result(result["result_no"]).state is ResultState.ACKED


def test_a_result_may_overtake_the_funds_receipt_of_the_bill(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no)
    pay.send_results(pay.result(entrust_no, bill_no))
    first = pay.kept_bill(bill_no)
    assert (first.state, first.sent_at is not None) == (BillState.PAID, True)
    pay.arrive("bill", bill_no)
    again = pay.kept_bill(bill_no)
    assert (again.state, again.sent_at) == (BillState.PAID, first.sent_at)


def test_a_late_refusal_by_the_receipt_does_not_take_back_a_payment(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no)
    pay.send_results(pay.result(entrust_no, bill_no))
    pay.arrive("bill", bill_no, accepted=False, reasons=[{"code": "F01", "message": "稍后再报"}])
    assert pay.kept_bill(bill_no).state is BillState.PAID


def test_an_acknowledgement_may_overtake_our_record_too(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    result = pay.result(entrust_no, bill_no)
    pay.send_results(result)
    pay.acknowledge("PAYMENT_RESULT", result["result_no"])
    pay.arrive("payment_result", result["result_no"])
    kept = pay.kept_result(result["result_no"])
    assert (kept.state, kept.pushed_at is not None) == (ResultState.ACKED, True)


def test_a_result_sent_again_has_no_second_effect(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    result = pay.result(entrust_no, bill_no)
    (first,), (second,) = pay.send_results(result), pay.send_results(result)
    assert first["accepted"] is second["accepted"] is True
    twice = pay.send_results(result, result)
    assert [one["accepted"] for one in twice] == [True, True]
    assert len(pay.messages("payment_result", result["result_no"])) == 1
    assert len(pay.notices(pay.firm, bill_no)) == 1


def test_a_result_number_with_other_content_is_refused(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    result = pay.result(entrust_no, bill_no)
    pay.send_results(result)
    (answer,) = pay.send_results({**result, "amount": "6400.00"})
    assert (answer["accepted"], codes(answer)) == (False, ["G11"])
    assert pay.kept_bill(bill_no).paid_amount == 6500


def test_one_result_from_two_lines_at_once_is_one(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    result = pay.result(entrust_no, bill_no)
    answers = at_once([lambda: pay.send_results(result) for _ in range(4)])
    assert any(isinstance(one, list) and one[0]["accepted"] for one in answers)
    assert len(pay.messages("payment_result", result["result_no"])) == 1


def test_want_of_money_is_told_in_the_funds_words_or_ours(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    ours = pay.result(entrust_no, bill_no, "FAIL")
    pay.send_results(ours)
    bill = pay.kept_bill(bill_no)
    assert bill.state is BillState.UNPAID
    assert bill.reason is not None
    assert bill.reason.json() == "公积金余额不足，当月未支付，请自行支付租金"
    (message,) = pay.messages("payment_result", ours["result_no"])
    assert message.payload.json()["body"]["reason"] == "公积金余额不足，当月未支付，请自行支付租金"
    theirs = pay.result(
        entrust_no, bill_no, "FAIL", fail_code="FROZEN", reason="账户因司法冻结", decided_at="2027-02-16T10:00:00+08:00"
    )
    pay.send_results(theirs)
    (line,) = pay.world.listed(BILLS, pay.firm.person, number=bill_no).lines
    assert line.reason == "账户因司法冻结"


def test_the_fund_may_refuse_a_bill_on_review(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    pay.send_results(pay.result(entrust_no, bill_no, "REFUSED", fail_code="INELIGIBLE"))
    assert pay.kept_bill(bill_no).state is BillState.REFUSED_BY_FUND


def test_an_amount_that_differs_is_kept_told_and_alarmed(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    (answer,) = pay.send_results(pay.result(entrust_no, bill_no, amount="6000.00"))
    assert (answer["accepted"], codes(answer)) == (True, ["G08"])
    bill = pay.kept_bill(bill_no)
    assert (bill.state, bill.paid_amount, bill.amount_differs) == (BillState.PAID, Decimal(6000), True)
    assert len(pay.alarms("DIRECTPAY.AMOUNT", bill_no)) == 1
    (line,) = pay.world.listed(BILLS, pay.firm.person, number=bill_no).lines
    assert (line.paid_amount, line.reason) == (Decimal(6000), "实付与账单 6,500.00 元不符，请核对")


@pytest.mark.parametrize(
    ("outcome", "left_out", "word"),
    [
        ("SUCCESS", {"paid_on": None}, "没有支付日期"),
        ("FAIL", {"fail_code": "", "reason": ""}, "没有说明未支付的原因"),
        ("REFUSED", {"fail_code": ""}, "没有说明未支付的原因"),
        ("FAIL", {"fail_code": "", "reason": "账户已销户"}, ""),
        ("FAIL", {}, ""),
        ("SUCCESS", {}, ""),
    ],
)
def test_what_a_result_leaves_out_is_told_to_staff(
    pay: DirectPay, outcome: str, left_out: dict[str, Any], word: str
) -> None:
    entrust_no, bill_no = _billed(pay)
    (answer,) = pay.send_results(pay.result(entrust_no, bill_no, outcome, **left_out))
    assert answer["accepted"] is True
    told = [alarm.subject for alarm in pay.alarms("DIRECTPAY.INCOMPLETE", bill_no)]
    assert [word in subject for subject in told] == ([True] if word else [])


def test_a_reversal_stands_over_the_payment(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    pay.send_results(pay.result(entrust_no, bill_no))
    back = pay.result(
        entrust_no, bill_no, "FAIL", fail_code="PAYEE", reason="银行退票", decided_at="2027-02-18T10:00:00+08:00"
    )
    pay.send_results(back)
    bill = pay.kept_bill(bill_no)
    assert (bill.state, bill.paid_amount) == (BillState.UNPAID, None)
    assert len(pay.messages("payment_result", bill_no)) == 2


def test_three_words_in_any_order_come_to_the_same(pay: DirectPay) -> None:
    outcomes = set()
    for order in permutations(range(3)):
        entrust_no, bill_no = _billed(pay)
        words = [
            pay.result(entrust_no, bill_no, decided_at="2027-02-15T10:00:00+08:00"),
            pay.result(entrust_no, bill_no, "FAIL", fail_code="PAYEE", decided_at="2027-02-16T10:00:00+08:00"),
            pay.result(entrust_no, bill_no, amount="6500.00", decided_at="2027-02-17T10:00:00+08:00"),
        ]
        for place in order:
            pay.send_results(words[place])
        bill = pay.kept_bill(bill_no)
        outcomes.add((bill.state, bill.paid_amount, bill.decided_at))
        assert len(pay.messages("payment_result", bill_no)) == 3
    assert outcomes == {(BillState.PAID, Decimal(6500), datetime(2027, 2, 17, 10, tzinfo=SHANGHAI))}


def test_three_months_unpaid_are_flagged_until_one_is_paid(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    months = [("2027-03-01", "2027-03-31"), ("2027-04-01", "2027-04-30"), ("2027-05-01", "2027-05-31")]
    bills = [pay.billed(entrust_no, period_start=first, period_end=last) for first, last in months]
    # The middle month's result comes last.
    for bill_no in (bills[2], bills[0], bills[1]):
        assert pay.kept_mandate(entrust_no).unpaid_flagged is False
        pay.send_results(pay.result(entrust_no, bill_no, "FAIL"))
    assert pay.kept_mandate(entrust_no).unpaid_flagged is True
    assert len(pay.alarms("DIRECTPAY.UNPAID", entrust_no)) == 1
    flagged = {"number": entrust_no, "abnormal": "UNPAID_RUN"}
    (line,) = pay.world.listed(PROGRESS, "shi01", **flagged).lines
    assert Abnormal.UNPAID_RUN in line.abnormal
    pay.send_results(pay.result(entrust_no, bills[2], decided_at="2027-02-28T10:00:00+08:00"))
    assert pay.kept_mandate(entrust_no).unpaid_flagged is False
    assert pay.world.listed(PROGRESS, "shi01", **flagged).total == 0


def test_a_result_of_a_time_to_come_does_not_outlast_the_next(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    (early,) = pay.send_results(pay.result(entrust_no, bill_no, "FAIL", decided_at="2127-03-01T10:00:00+08:00"))
    assert (early["accepted"], codes(early)) == (False, ["FORM"])
    pay.send_results(pay.result(entrust_no, bill_no, decided_at="2027-03-01T10:05:00+08:00"))
    assert pay.kept_bill(bill_no).state == BillState.PAID
    assert len(pay.messages("payment_result", bill_no)) == 1


def test_a_result_without_a_bill_is_an_orphan_for_the_city(pay: DirectPay) -> None:
    entrust_no, _ = _billed(pay)
    for mandate in (entrust_no, "WT-nobody"):
        result = pay.result(mandate, "ZD-nobody")
        (answer,) = pay.send_results(result)
        assert (answer["accepted"], codes(answer)) == (True, ["G11"])
        kept = pay.kept_result(result["result_no"])
        assert (kept.state, kept.enterprise_id) == (ResultState.ORPHAN, None)
        assert pay.messages("payment_result", result["result_no"]) == []
        assert len(pay.alarms("DIRECTPAY.ORPHAN", result["result_no"])) == 1
        city = pay.world.listed(ORPHANS, "shi01", number=result["result_no"])
        assert (city.total, city.lines[0].state) == (1, ResultState.ORPHAN)
        with pytest.raises(NotAllowed):
            pay.world.listed(ORPHANS, pay.firm.person)


def test_a_result_sent_again_is_answered_with_the_same_hints(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    for result in (pay.result(entrust_no, "ZD-nobody"), pay.result(entrust_no, bill_no, amount="1.00")):
        (first,), (again,) = pay.send_results(result), pay.send_results(result)
        assert (again["accepted"], bool(codes(again)), again) == (True, True, first)


def test_a_result_of_a_bill_that_never_reached_the_fund_is_an_orphan(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    refused = pay.bill(entrust_no, rent="9000.00")
    pay.send_bills(refused)
    result = pay.result(entrust_no, refused["bill_no"])
    pay.send_results(result)
    assert pay.kept_result(result["result_no"]).state is ResultState.ORPHAN


def _orphan(pay: DirectPay, entrust_no: str) -> Any:
    result = pay.result(entrust_no, number("ZD-none-"))
    pay.send_results(result)
    return pay.kept_result(result["result_no"])


def test_the_city_gives_an_orphan_to_its_bill(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    orphan = _orphan(pay, entrust_no)
    city = pay.world.caller("shi01")
    view = pay.world.door.ask(open_orphan, city, orphan.id)
    assert [one.bill_no for one in view.candidates] == [bill_no]
    order = HandleOrphan(orphan.id, OrphanWay.MATCH, "公积金中心误填账单编号", view.candidates[0].id)
    pay.world.door.perform(handle_orphan, city, order)
    assert pay.kept_bill(bill_no).state is BillState.PAID
    assert pay.kept_result(orphan.result_no).state is ResultState.MATCHED
    assert pay.addressees("payment_result", orphan.result_no) == {pay.firm.app_id}
    with pytest.raises(Conflict, match="已经处理"):
        pay.world.door.perform(handle_orphan, city, order)


def test_the_city_closes_an_orphan_with_a_reason(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    orphan = _orphan(pay, entrust_no)
    city = pay.world.caller("shi01")
    with pytest.raises(Rejected, match="处理说明"):
        pay.world.door.perform(handle_orphan, city, HandleOrphan(orphan.id, OrphanWay.CLOSE, "无"))
    with pytest.raises(Rejected, match="账单"):
        pay.world.door.perform(handle_orphan, city, HandleOrphan(orphan.id, OrphanWay.MATCH, "公积金中心误填编号"))
    pay.world.door.perform(handle_orphan, city, HandleOrphan(orphan.id, OrphanWay.CLOSE, "退回公积金中心核实"))
    kept = pay.kept_result(orphan.result_no)
    assert (kept.state, kept.handled_by) == (ResultState.HANDLED, city.account_id)
    assert pay.kept_bill(bill_no).state is BillState.SENT_TO_FUND


def test_only_the_city_handles_orphans(pay: DirectPay) -> None:
    entrust_no, _ = _billed(pay)
    orphan = _orphan(pay, entrust_no)
    for caller in (pay.firm.person, pay.world.caller("pdju01"), pay.fund):
        with pytest.raises(NotAllowed):
            pay.world.door.perform(handle_orphan, caller, HandleOrphan(orphan.id, OrphanWay.CLOSE, "退回核实处理"))


def test_a_firm_that_moved_gets_its_results_at_the_new_address(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    result = pay.result(entrust_no, bill_no)
    pay.send_results(result)
    # The address is read when a message is sent, not when it is written.
    (message,) = pay.messages("payment_result", result["result_no"])
    assert "base_url" not in str(message.payload.json())
    assert message.payload.json()["to"] == pay.firm.app_id

    def addresses(work: Any) -> list[str]:
        return list(work.session.exec(select(Partner.base_url).where(Partner.app_id == pay.firm.app_id)).all())

    assert pay.world.read(addresses) == ["http://127.0.0.1:1"]


def test_a_foreign_result_is_not_there(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    result = pay.result(entrust_no, bill_no)
    pay.send_results(result)
    with pytest.raises(NotFound):
        pay.acknowledge("PAYMENT_RESULT", result["result_no"], pay.firms[1])
    kept, other = pay.kept_result(result["result_no"]).id, pay.firms[1].person
    with pytest.raises(NotFound):
        pay.world.door.look(other, lambda work: work.get(PaymentResult, kept))
    with pytest.raises(NotAllowed):
        pay.call("/direct-pay/results", pay.firm.system, {"results": [pay.result(entrust_no, bill_no)]})


def test_a_district_sees_its_own_results(pay: DirectPay) -> None:
    entrust_no, bill_no = _billed(pay)
    result = pay.result(entrust_no, bill_no)
    pay.send_results(result)
    kept = pay.kept_result(result["result_no"])
    seen: dict[str, set[UUID]] = {}
    for login in ("pdju01", "xhju01", "pudong01"):
        caller = pay.world.caller(login)
        rows = pay.world.door.look(caller, lambda work: work.session.exec(work.visible(PaymentResult)).all())
        seen[caller.scopes[0].code] = {row.id for row in rows}
    for district, ids in seen.items():
        assert (kept.id in ids) is (kept.district_code == district)
