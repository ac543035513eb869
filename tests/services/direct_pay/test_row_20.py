"""Row 20: the tenant's end stops the mandate from its month on and goes to the firm concerned only."""

import pytest

from models.direct_pay import PaymentTermination
from models.direct_pay_codes import EntrustState, TermState
from services.direct_pay.answer_watch import watch_silence
from services.engine.callers import SYSTEM
from services.engine.refusals import Conflict, NotAllowed, NotFound
from tests.services.direct_pay.rent_month import DirectPay, codes, number

pytestmark = pytest.mark.row(20)


def test_the_mandate_ends_and_its_firm_alone_is_told(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("GZ")
    answer = pay.end_by_tenant(entrust_no, term_no=term_no)
    assert (answer["accepted"], answer["note"]) == (True, "")
    mandate = pay.kept_mandate(entrust_no)
    assert (mandate.state, mandate.stops_from) == (EntrustState.ENDED, "2027-04")
    assert pay.addressees("termination", term_no) == {pay.firm.app_id}
    assert (len(pay.notices(pay.firm, entrust_no)), pay.notices(pay.firms[1], entrust_no)) == (2, [])


def test_the_course_is_pushed_then_acknowledged_in_either_order(pay: DirectPay) -> None:
    for order in ("arrive acknowledge", "acknowledge arrive"):
        entrust_no, term_no = pay.entrust(), number("GZ")
        pay.end_by_tenant(entrust_no, term_no=term_no)
        assert pay.kept_end(term_no).state is TermState.RECEIVED_RESULT
        for step in order.split():
            if step == "arrive":
                pay.arrive("termination", term_no)
            else:
                pay.acknowledge("TERMINATION", term_no)
        assert pay.kept_end(term_no).state is TermState.ACKED


def test_the_same_end_again_is_one_end(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("GZ")
    for _ in range(2):
        assert pay.end_by_tenant(entrust_no, term_no=term_no)["accepted"] is True
    assert len(pay.messages("termination", term_no)) == 1
    with pytest.raises(Conflict, match="已使用"):
        pay.end_by_tenant(entrust_no, term_no=term_no, effective_month="2027-09")


def test_a_month_that_is_billed_already_is_the_last_payment(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("GZ")
    bill_no = pay.billed(entrust_no)
    pay.arrive("bill", bill_no)
    answer = pay.end_by_tenant(entrust_no, term_no=term_no, effective_month="2027-03")
    assert "最后一次支付" in str(answer["note"])
    assert pay.kept_end(term_no).last_payment is True
    (message,) = pay.messages("termination", term_no)
    assert message.payload.json()["body"]["last_payment"] is True
    pay.send_results(pay.result(entrust_no, bill_no))
    assert pay.kept_bill(bill_no).state == "PAID"


def test_an_end_behind_an_end_is_kept_and_the_earlier_month_holds(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.end_by_tenant(entrust_no, effective_month="2027-08")
    assert pay.end_by_tenant(entrust_no, effective_month="2027-06")["accepted"] is True
    assert pay.end_by_tenant(entrust_no, effective_month="2027-07")["accepted"] is True
    assert pay.kept_mandate(entrust_no).stops_from == "2027-06"


def test_an_end_that_overtook_its_mandate_waits_for_it(pay: DirectPay) -> None:
    body, term_no = pay.mandate(pay.lease()), number("GZ")
    answer = pay.end_by_tenant(body["entrust_no"], term_no=term_no)
    assert (answer["accepted"], "尚未收到" in str(answer["note"])) == (True, True)
    assert pay.kept_end(term_no).state is TermState.WAITING
    assert pay.messages("termination", term_no) == []
    assert len(pay.alarms("DIRECTPAY.UNKNOWN", term_no)) == 1
    assert pay.call("/direct-pay/entrustments", pay.fund, body)["accepted"] is True
    assert pay.kept_mandate(body["entrust_no"]).state is EntrustState.ENDED
    assert pay.addressees("termination", term_no) == {pay.firm.app_id}
    pay.arrive("entrustment", body["entrust_no"])
    pay.acknowledge("ENTRUSTMENT", body["entrust_no"])
    assert pay.kept_mandate(body["entrust_no"]).state is EntrustState.ENDED


def test_an_end_that_waits_is_no_firms_yet(pay: DirectPay) -> None:
    term_no = number("GZ")
    pay.end_by_tenant("WT-nobody-yet", term_no=term_no)
    with pytest.raises(NotFound):
        pay.acknowledge("TERMINATION", term_no)


def test_a_wrong_firm_is_told_to_nobody_and_alarmed(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("GZ")
    for uscc in (pay.firms[1].uscc, "91310115MA00000000"):
        answer = pay.end_by_tenant(entrust_no, term_no=term_no, enterprise_uscc=uscc)
        assert (answer["accepted"], codes(answer)) == (False, ["G14"])
    assert pay.messages("termination", term_no) == []
    assert pay.kept_mandate(entrust_no).state is EntrustState.CHECKED
    (alarm,) = pay.alarms("DIRECTPAY.WRONG_FIRM", term_no)
    assert alarm.times == 2
    assert pay.notices(pay.firms[1], entrust_no) == []


def test_a_wrong_firm_in_an_end_that_waited_is_not_told_either(pay: DirectPay) -> None:
    body, term_no = pay.mandate(pay.lease()), number("GZ")
    pay.end_by_tenant(body["entrust_no"], pay.firms[1], term_no=term_no)
    pay.call("/direct-pay/entrustments", pay.fund, body)
    assert pay.kept_end(term_no).state is TermState.WAITING
    assert (pay.messages("termination", term_no), len(pay.alarms("DIRECTPAY.WRONG_FIRM", term_no))) == ([], 1)


def test_a_firm_without_a_system_has_it_in_its_workspace(pay: DirectPay) -> None:
    firm = pay.world.act(lambda work: pay.new_firm(work))
    entrust_no, term_no = pay.entrust(pay.lease(firm), firm), number("GZ")
    pay.end_by_tenant(entrust_no, firm, term_no=term_no)
    assert pay.kept_end(term_no).state is TermState.PUSHED_TO_ENTERPRISE
    assert len(pay.notices(firm, "停止提取")) == 1


def test_only_the_fund_ends_for_a_tenant(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    body = {
        "term_no": number("GZ"),
        "entrust_no": entrust_no,
        "enterprise_uscc": pay.firm.uscc,
        "reason": "OTHER",
        "requested_at": "2027-03-02T09:00:00+08:00",
        "effective_month": "2027-04",
    }
    with pytest.raises(NotAllowed):
        pay.call("/direct-pay/terminations/tenant", pay.firm.system, body)


def test_an_end_and_its_mandate_that_missed_each_other_meet_later(pay: DirectPay) -> None:
    body, term_no = pay.mandate(pay.lease()), number("GZ")
    pay.end_by_tenant(body["entrust_no"], term_no=term_no)
    # The mandate's own look for ends saw none: it arrived in the same moment.
    pay.world.rewrite(PaymentTermination, PaymentTermination.term_no == term_no, entrust_no="WT-elsewhere")
    pay.call("/direct-pay/entrustments", pay.fund, body)
    pay.world.rewrite(PaymentTermination, PaymentTermination.term_no == term_no, entrust_no=body["entrust_no"])
    pay.world.door.perform(watch_silence, SYSTEM, 1000)
    assert pay.kept_mandate(body["entrust_no"]).state is EntrustState.ENDED
    assert pay.addressees("termination", term_no) == {pay.firm.app_id}
    pay.world.door.perform(watch_silence, SYSTEM, 1000)
    assert len(pay.messages("termination", term_no)) == 1
