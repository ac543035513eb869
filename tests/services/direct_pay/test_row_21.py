"""Row 21: a firm asks the fund to stop, once, for its own tenant, with a reason that holds."""

from typing import Any

import pytest

from models.direct_pay_codes import EntrustState, TermReason, TermState
from services.direct_pay.answer_watch import watch_silence
from services.direct_pay.firm_lists import TERMINATIONS
from services.direct_pay.firm_terminations import request_termination
from services.direct_pay.orders import Answer, RequestTermination
from services.engine.callers import SYSTEM
from services.engine.refusals import NotFound
from tests.services.direct_pay.rent_month import DirectPay, codes, number
from tests.world import at_once

pytestmark = pytest.mark.row(21)


def _words(answer: dict[str, Any]) -> str:
    return "；".join(one["message"] for one in answer["reasons"])


def test_a_request_goes_to_the_fund_only(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("QZ")
    answer = pay.ask_to_end(entrust_no, term_no=term_no, note="房屋另作他用")
    assert (answer["accepted"], pay.kept_end(term_no).state) == (True, TermState.CHECKED)
    assert pay.addressees("termination", term_no) == {"gjj-center"}
    pay.arrive("termination", term_no)
    assert pay.kept_end(term_no).state is TermState.SENT_TO_FUND
    assert pay.kept_mandate(entrust_no).state is EntrustState.CHECKED


def test_a_request_is_sent_once(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("QZ")
    first = pay.ask_to_end(entrust_no, term_no=term_no)
    assert pay.ask_to_end(entrust_no, term_no=term_no) == first
    again = pay.ask_to_end(entrust_no)
    assert (again["accepted"], "不能重复提交" in _words(again)) == (False, True)
    changed = pay.ask_to_end(entrust_no, term_no=term_no, effective_month="2027-08")
    assert (changed["accepted"], "已使用" in _words(changed)) == (False, True)
    assert len(pay.messages("termination", entrust_no)) == 1


def test_two_requests_at_the_same_moment_come_to_one(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    answers = at_once([lambda: pay.ask_to_end(entrust_no) for _ in range(3)])
    assert sum(isinstance(one, dict) and one["accepted"] for one in answers) == 1
    assert len(pay.messages("termination", entrust_no)) == 1


@pytest.mark.parametrize("reason", ["MOVE_OUT", "LEASE_ENDED"])
def test_moving_out_needs_the_filing_cancelled_first(pay: DirectPay, reason: str) -> None:
    filed = pay.lease()
    entrust_no = pay.entrust(filed)
    answer = pay.ask_to_end(entrust_no, reason=reason, reason_on=None)
    assert (codes(answer), "请先办理备案注销" in _words(answer)) == (["G13"], True)
    pay.counter.cancel(filed)
    assert pay.ask_to_end(entrust_no, reason=reason, reason_on=None)["accepted"] is True


def test_a_lease_past_its_last_day_is_over_by_date(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.world.stand_at(2028, 3, 2)
    assert pay.ask_to_end(entrust_no, reason="LEASE_ENDED", reason_on=None, effective_month="2028-03")["accepted"]


def test_another_reason_needs_its_day(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    without = pay.ask_to_end(entrust_no, reason_on=None)
    ahead = pay.ask_to_end(entrust_no, reason_on="2027-03-02")
    assert (codes(without), "事由发生日期" in _words(without)) == (["G13"], True)
    assert (codes(ahead), "不能晚于今天" in _words(ahead)) == (["G13"], True)


def test_a_month_in_the_past_is_refused_and_this_month_is_not(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    past = pay.ask_to_end(entrust_no, effective_month="2027-02")
    assert (codes(past), "早于本月" in _words(past)) == (["G13"], True)
    assert pay.ask_to_end(entrust_no, effective_month="2027-03")["accepted"] is True


def test_another_firms_tenant_is_not_there(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    told = []
    for foreign in (entrust_no, "WT-nobody"):
        with pytest.raises(NotFound) as refused:
            pay.ask_to_end(foreign, pay.firms[1])
        told.append(refused.value.message)
    assert told[0] == told[1]


def test_an_ended_mandate_cannot_be_ended(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.end_by_tenant(entrust_no)
    assert codes(pay.ask_to_end(entrust_no)) == ["G13"]


def _by_hand(pay: DirectPay, entrust_no: str, key: str) -> Answer:
    order = RequestTermination(
        entrust_no=entrust_no,
        reason=TermReason.OTHER,
        effective_month="2027-04",
        reason_on=pay.world.door.clock.today(),
        key_serial=key,
    )
    answer: Answer = pay.world.door.perform(request_termination, pay.firm.person, order)
    return answer


def test_a_person_confirms_with_a_valid_key_of_the_firm(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    for key in ("", f"{pay.firm.uscc}-EXPIRED", f"{pay.firms[1].uscc}-VALID"):
        answer = _by_hand(pay, entrust_no, key)
        assert (answer.accepted, "密钥" in answer.reasons[0].message) == (False, True)
    answer = _by_hand(pay, entrust_no, f"{pay.firm.uscc}-VALID")
    assert (answer.accepted, answer.number.startswith("ZZ")) == (True, True)
    assert pay.kept_end(answer.number).state is TermState.CHECKED
    assert pay.addressees("termination", answer.number) == {"gjj-center"}


def test_a_key_that_has_run_out_since_is_refused(pay: DirectPay) -> None:
    entrust_no = pay.entrust(pay.lease(start="2027-03-01", end="2030-02-27"))
    pay.world.stand_at(2030, 1, 2)
    assert _by_hand(pay, entrust_no, f"{pay.firm.uscc}-VALID").accepted is False


def test_a_request_the_fund_does_not_take_comes_back_as_refused(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("QZ")
    pay.ask_to_end(entrust_no, term_no=term_no)
    pay.arrive("termination", term_no, accepted=False, reasons=[{"code": "F02", "message": "委托不存在"}])
    assert pay.kept_end(term_no).state is TermState.REJECTED
    assert pay.addressees("decision", term_no) == {pay.firm.app_id}
    assert pay.ask_to_end(entrust_no)["accepted"] is True


def test_three_days_without_a_decision_are_alarmed_once(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("QZ")
    pay.ask_to_end(entrust_no, term_no=term_no)
    pay.arrive("termination", term_no)
    pay.world.let_pass(days=2, hours=23)
    pay.world.door.perform(watch_silence, SYSTEM, 1000)
    assert pay.alarms("DIRECTPAY.STUCK", term_no) == []
    pay.world.let_pass(hours=2)
    for _ in range(2):
        pay.world.door.perform(watch_silence, SYSTEM, 1000)
    (alarm,) = pay.alarms("DIRECTPAY.STUCK", term_no)
    assert alarm.times == 1


def test_each_sees_his_own_requests(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("QZ")
    pay.ask_to_end(entrust_no, term_no=term_no)
    totals = [pay.world.listed(TERMINATIONS, one.person, number=term_no).total for one in pay.firms[:2]]
    assert totals == [1, 0]
