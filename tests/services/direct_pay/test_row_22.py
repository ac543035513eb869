"""Row 22: the fund's decision ends the mandate or not, goes to the firm that asked, and the latest one holds."""

from datetime import date
from itertools import permutations

import pytest

from models.direct_pay_codes import EntrustState, ReviewDecision, TermState
from models.engine import Parameter, ParameterState
from services.direct_pay.firm_lists import TERMINATIONS
from services.direct_pay.timeline import timeline
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.tenancy.cancellation import restore_lease
from tests.services.direct_pay.rent_month import DirectPay, codes, number

pytestmark = pytest.mark.row(22)


def _asked(pay: DirectPay, entrust_no: str = "") -> tuple[str, str]:
    entrust_no, term_no = entrust_no or pay.entrust(), number("QZ")
    assert pay.ask_to_end(entrust_no, term_no=term_no)["accepted"] is True
    pay.arrive("termination", term_no)
    return entrust_no, term_no


def test_an_approval_ends_the_mandate_and_goes_to_the_firm_that_asked(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    assert pay.decide(entrust_no, term_no)["accepted"] is True
    mandate, end = pay.kept_mandate(entrust_no), pay.kept_end(term_no)
    assert (mandate.state, mandate.stops_from) == (EntrustState.ENDED, "2027-04")
    assert (end.state, end.decision) == (TermState.APPROVED, ReviewDecision.APPROVED)
    assert pay.addressees("decision", term_no) == {pay.firm.app_id}
    assert pay.notices(pay.firms[1], term_no) == []
    pay.arrive("decision", term_no)
    assert pay.kept_end(term_no).state is TermState.PUSHED_TO_ENTERPRISE
    pay.acknowledge("TERMINATION", term_no)
    assert (pay.kept_end(term_no).state, pay.kept_end(term_no).decision) == (TermState.ACKED, ReviewDecision.APPROVED)


def test_a_decision_may_overtake_the_funds_receipt_of_the_request(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("QZ")
    pay.ask_to_end(entrust_no, term_no=term_no)
    pay.decide(entrust_no, term_no)
    first = pay.kept_end(term_no)
    assert (first.state, first.sent_at is not None) == (TermState.APPROVED, True)
    pay.arrive("termination", term_no)
    assert (pay.kept_end(term_no).state, pay.kept_end(term_no).sent_at) == (TermState.APPROVED, first.sent_at)


def test_a_refusal_leaves_the_mandate_as_it_is(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    pay.decide(entrust_no, term_no, "REJECTED", reason="承租人仍在租住")
    assert pay.kept_mandate(entrust_no).state is EntrustState.CHECKED
    assert pay.kept_end(term_no).state is TermState.REJECTED
    assert pay.ask_to_end(entrust_no)["accepted"] is True


def test_whether_a_refusal_is_delivered_is_a_parameter(pay: DirectPay) -> None:
    pay.world.act(
        lambda work: (
            work.add(
                Parameter(
                    key="direct_pay.deliver_rejected",
                    value="true",
                    valid_from=date(2027, 6, 1),
                    source="测试",
                    state=ParameterState.CONFIRMED,
                )
            )
            and None
        )
    )
    pay.world.stand_at(2027, 6, 2)
    entrust_no, term_no = pay.entrust(), number("QZ")
    pay.ask_to_end(entrust_no, term_no=term_no, effective_month="2027-07")
    pay.decide(entrust_no, term_no, "REJECTED", reason="承租人仍在租住")
    assert pay.kept_end(term_no).state is TermState.REJECTED
    (message,) = pay.messages("decision", term_no)
    assert message.payload.json()["body"]["reason"] == "承租人仍在租住"
    (line,) = pay.world.listed(TERMINATIONS, pay.firm.person, number=term_no).lines
    assert (line.decision, line.words) == (ReviewDecision.REJECTED, "承租人仍在租住")
    city = pay.world.door.ask(timeline, pay.world.caller("shi01"), pay.kept_mandate(entrust_no).id)
    assert "不同意终止" in {event.what for event in city.events}


def test_a_decision_sent_again_has_no_second_effect(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    decision_no = number("SH")
    for _ in range(2):
        assert pay.decide(entrust_no, term_no, decision_no=decision_no)["accepted"] is True
    assert len(pay.messages("decision", decision_no)) == 1
    with pytest.raises(Conflict, match="已使用"):
        pay.decide(entrust_no, term_no, "REJECTED", decision_no=decision_no)


def test_a_decision_on_an_unknown_request_is_refused_and_alarmed(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    for mandate, request in ((entrust_no, "QZ-nobody"), ("WT-nobody", term_no)):
        decision_no = number("SH")
        answer = pay.decide(mandate, request, decision_no=decision_no)
        assert (answer["accepted"], codes(answer)) == (False, ["G11"])
        assert len(pay.alarms("DIRECTPAY.UNKNOWN", decision_no)) == 1
    assert pay.kept_end(term_no).state is TermState.SENT_TO_FUND


def test_the_latest_of_two_decisions_holds_whichever_came_first(pay: DirectPay) -> None:
    for order in permutations((("APPROVED", "03"), ("REJECTED", "04"))):
        entrust_no, term_no = _asked(pay)
        for decision, day in order:
            pay.decide(entrust_no, term_no, decision, decided_at=f"2027-02-{day}T09:00:00+08:00")
        mandate = pay.kept_mandate(entrust_no)
        assert (mandate.state, mandate.stops_from) == (EntrustState.CHECKED, "")
        assert pay.kept_end(term_no).decision is ReviewDecision.REJECTED
        assert len(pay.alarms("DIRECTPAY.TWO_DECISIONS", term_no)) == 1
        pay.billed(entrust_no, period_start="2027-05-01", period_end="2027-05-31")


def test_a_decision_of_a_time_to_come_does_not_outlast_the_next(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    answer = pay.decide(entrust_no, term_no, "APPROVED", decided_at="2027-03-02T09:00:00+08:00")
    assert (answer["accepted"], codes(answer)) == (False, ["FORM"])
    pay.decide(entrust_no, term_no, "REJECTED")
    assert pay.kept_mandate(entrust_no).state is EntrustState.CHECKED


def test_a_mandate_taken_up_again_stands_where_it_stood(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.billed(entrust_no)
    _, term_no = _asked(pay, entrust_no)
    pay.decide(entrust_no, term_no)
    assert pay.kept_mandate(entrust_no).state is EntrustState.ENDED
    pay.decide(entrust_no, term_no, "REJECTED", decided_at="2027-02-19T09:00:00+08:00")
    mandate = pay.kept_mandate(entrust_no)
    assert (mandate.state, mandate.ended_at) == (EntrustState.RUNNING, None)


def test_an_earlier_decision_that_arrives_last_at_the_firm_is_not_its_last_word(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    first, second = number("SH"), number("SH")
    pay.decide(entrust_no, term_no, "REJECTED", decision_no=first)
    pay.decide(entrust_no, term_no, "APPROVED", decision_no=second, decided_at="2027-02-14T09:00:00+08:00")
    pay.arrive("decision", first)
    assert pay.kept_end(term_no).state is TermState.APPROVED
    pay.arrive("decision", second)
    assert pay.kept_end(term_no).state is TermState.PUSHED_TO_ENTERPRISE


def test_an_approval_after_the_lease_came_back_ends_it_all_the_same_and_is_told(pay: DirectPay) -> None:
    filed = pay.lease()
    entrust_no, term_no = pay.entrust(filed), number("QZ")
    cancelled = pay.counter.cancel(filed)
    pay.ask_to_end(entrust_no, term_no=term_no, reason="MOVE_OUT", reason_on=None)
    pay.world.door.perform(restore_lease, pay.world.caller("shi01"), Reasoned(cancelled.apply_id, "窗口误注销"))
    assert pay.kept_mandate(entrust_no).state is EntrustState.CHECKED
    answer = pay.decide(entrust_no, term_no)
    assert (answer["accepted"], "重新委托" in str(answer["note"])) == (True, True)
    assert pay.kept_mandate(entrust_no).state is EntrustState.ENDED
    assert len(pay.alarms("DIRECTPAY.RESTORED", entrust_no)) == 1
    (message,) = pay.messages("decision", term_no)
    assert "重新委托" in message.payload.json()["body"]["note"]


def test_the_last_payment_is_told_with_the_decision(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("QZ")
    pay.arrive("bill", pay.billed(entrust_no))
    pay.ask_to_end(entrust_no, term_no=term_no, effective_month="2027-03")
    pay.decide(entrust_no, term_no)
    (message,) = pay.messages("decision", term_no)
    assert message.payload.json()["body"]["last_payment"] is True


def test_only_the_fund_decides_and_only_the_firm_sees_it(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    pay.decide(entrust_no, term_no)
    with pytest.raises(NotFound):
        pay.world.door.ask(timeline, pay.firms[1].person, pay.kept_mandate(entrust_no).id)
    body = {
        "decision_no": number("SH"),
        "term_no": term_no,
        "entrust_no": entrust_no,
        "decision": "REJECTED",
        "decided_at": "2027-02-13T09:00:00+08:00",
    }
    with pytest.raises(NotAllowed):
        pay.call("/direct-pay/terminations/decisions", pay.firm.system, body)


def test_an_approval_taken_back_reaches_the_system_that_was_sent_it(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    pay.decide(entrust_no, term_no)
    pay.arrive("decision", term_no)
    pay.decide(entrust_no, term_no, "REJECTED", decided_at="2027-02-19T09:00:00+08:00", reason="承租人撤回")
    (message,) = pay.waiting("decision", term_no)
    assert message.payload.json()["to"] == pay.firm.app_id
    assert message.payload.json()["body"]["decision"] == "REJECTED"


def test_an_approval_that_came_too_late_to_be_sent_was_not_taken_back(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    for decision, hour in (("REJECTED", 10), ("APPROVED", 9), ("REJECTED", 11)):
        pay.decide(entrust_no, term_no, decision, decided_at=f"2027-02-13T{hour:02}:00:00+08:00")
    assert pay.messages("decision", term_no) == []


def test_a_plain_refusal_is_not_sent_to_the_system(pay: DirectPay) -> None:
    entrust_no, term_no = _asked(pay)
    pay.decide(entrust_no, term_no, "REJECTED")
    assert pay.messages("decision", term_no) == []
    assert len(pay.notices(pay.firm, term_no)) == 1
