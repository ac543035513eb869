"""What a tester tries beyond the ordinary course: numbers used twice, years nobody lives in, words that come back (rows 15-23)."""

from datetime import date, timedelta
from typing import Any

import pytest

from models.direct_pay_codes import BillState, EntrustState, ReviewDecision, TermState
from services.direct_pay.abnormal import Abnormal
from services.direct_pay.bill_hint import AskHint, bill_hint
from services.direct_pay.calls import CALLS
from services.direct_pay.firm_desk import INBOX
from services.direct_pay.firm_lists import BILLS
from services.direct_pay.mandate_intake import AckKind, Acknowledge, acknowledge
from services.direct_pay.orphans import ORPHANS
from services.direct_pay.pilot import EndPilot, ProposePilot, decide_pilot, end_pilot, propose_pilot
from services.direct_pay.progress import PROGRESS
from services.direct_pay.results import HandleOrphan, OrphanWay, handle_orphan
from services.direct_pay.timeline import timeline
from services.direct_pay.timely import untimely
from services.engine.listings import ListRows
from services.engine.orders import Decide, Reasoned
from services.engine.outbox import RETRY_MINUTES
from services.engine.paging import Paging
from services.engine.refusals import Conflict, Rejected
from services.partners.exchanges import LOG
from services.tenancy.cancellation import restore_lease
from tests.services.direct_pay.rent_month import DirectPay, codes, number
from tests.services.tenancy.counter import party, somebody

LETTER = "沪公积金函〔2027〕3号"


def _words(answer: dict[str, Any]) -> str:
    return "；".join(one["message"] for one in answer["reasons"])


def _city(pay: DirectPay) -> Any:
    return pay.world.caller("shi01")


# A number stands for one thing


@pytest.mark.row(21)
def test_a_refused_request_sent_again_tells_its_reasons_again(pay: DirectPay) -> None:
    filed = pay.lease()
    entrust_no, term_no = pay.entrust(filed), number("QZ")
    asked: dict[str, Any] = {"term_no": term_no, "reason": "MOVE_OUT", "reason_on": None}
    first = pay.ask_to_end(entrust_no, **asked)
    assert (first["accepted"], codes(first)) == (False, ["G13"])
    assert pay.ask_to_end(entrust_no, **asked)["reasons"] == first["reasons"]
    pay.counter.cancel(filed)
    mended = pay.ask_to_end(entrust_no, **asked)
    assert (mended["accepted"], "请用新编号" in _words(mended)) == (False, True)
    assert pay.ask_to_end(entrust_no, **{**asked, "term_no": number("QZ")})["accepted"] is True


@pytest.mark.row(20)
@pytest.mark.row(21)
def test_an_end_for_another_reason_is_another_content(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("QZ")
    assert pay.ask_to_end(entrust_no, term_no=term_no, reason="ROOM_OUT")["accepted"] is True
    other = pay.ask_to_end(entrust_no, term_no=term_no, reason="ARREARS")
    assert (other["accepted"], "已使用" in _words(other)) == (False, True)
    told = number("GZ")
    pay.end_by_tenant(entrust_no, term_no=told)
    with pytest.raises(Conflict, match="已使用"):
        pay.end_by_tenant(entrust_no, term_no=told, reason="MOVE_OUT")


@pytest.mark.row(17)
def test_a_mandate_that_names_another_spouse_is_another_mandate(pay: DirectPay) -> None:
    body = pay.mandate(pay.lease(), spouse="陈思", spouse_id_no="310104199001010012")
    assert pay.call("/direct-pay/entrustments", pay.fund, body)["accepted"] is True
    for changed in ({"spouse_id_no": "310115198908240792"}, {"spouse": "陈思思"}, {"spouse": None}):
        with pytest.raises(Conflict, match="已使用"):
            pay.call("/direct-pay/entrustments", pay.fund, {**body, **changed})


@pytest.mark.row(20)
@pytest.mark.row(22)
def test_a_number_of_fund_and_firm_alike_is_acknowledged_for_what_waits(pay: DirectPay) -> None:
    first, second, same = pay.entrust(), pay.entrust(), number("TH")
    pay.ask_to_end(first, term_no=same)
    pay.decide(first, same)
    pay.end_by_tenant(second, term_no=same)
    pay.arrive("termination", second)
    pay.acknowledge("TERMINATION", same)
    ends = {end.entrust_no: end for end in pay.kept_ends(same)}
    assert (ends[second].state, ends[first].ack_at) == (TermState.ACKED, None)
    pay.arrive("decision", same)
    pay.acknowledge("TERMINATION", same)
    assert {end.state for end in pay.kept_ends(same)} == {TermState.ACKED}


# Days and months


@pytest.mark.row(18)
@pytest.mark.parametrize(
    "period", [("9999-12-15", "9999-12-31"), ("0001-01-01", "2027-03-31"), ("2027-03-01", "9999-12-31")]
)
def test_a_bill_of_a_year_nobody_lives_in_spoils_no_other(pay: DirectPay, period: tuple[str, str]) -> None:
    entrust_no = pay.entrust()
    wild = pay.bill(entrust_no, period_start=period[0], period_end=period[1])
    answers = pay.send_bills(wild, pay.bill(entrust_no))
    assert [(one["accepted"], codes(one)) for one in answers] == [(False, ["G07"]), (True, [])]
    order = AskHint(pay.kept_mandate(entrust_no).id, *map(date.fromisoformat, period))
    with pytest.raises(Rejected, match="日期应在"):
        pay.world.door.ask(bill_hint, pay.firm.person, order)


@pytest.mark.row(21)
def test_a_month_behind_the_mandate_is_no_month_to_stop_at(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    last = pay.kept_mandate(entrust_no).draw_to
    behind = pay.ask_to_end(entrust_no, effective_month="2199-12")
    assert (codes(behind), last in _words(behind)) == (["G13"], True)
    assert pay.ask_to_end(entrust_no, effective_month=last)["accepted"] is True


@pytest.mark.row(21)
def test_a_mandate_that_ran_out_last_month_can_still_be_ended_from_this_one(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.world.stand_at(2028, 4, 5)
    answer = pay.ask_to_end(entrust_no, reason="LEASE_ENDED", reason_on=None, effective_month="2028-04")
    assert answer["accepted"] is True, answer


@pytest.mark.row(23)
@pytest.mark.parametrize(
    "criteria",
    [
        {"until": date(9999, 12, 31)},
        {"since": date(1, 1, 1)},
        {"page": 10**18},
        {"after": "00000000-0000-0000-0000-000000000001"},
    ],
)
def test_a_search_beyond_the_calendar_is_refused_in_a_sentence(pay: DirectPay, criteria: dict[str, Any]) -> None:
    with pytest.raises(Rejected, match=r"日期有误|日期应在|页码不正确|只能查看前"):
        pay.world.listed(PROGRESS, _city(pay), **criteria)


@pytest.mark.row(15)
@pytest.mark.row(19)
@pytest.mark.row(23)
def test_other_lists_refuse_it_too(pay: DirectPay) -> None:
    ask, city = pay.world.door.ask, _city(pay)
    for query, order in (
        (CALLS.query, ListRows({"month": "9999-12"})),
        (CALLS.query, ListRows({"month": "0001-01"})),
        (ORPHANS.query, ListRows(paging=Paging(10**18))),
        (LOG.query, ListRows({"until": "9999-12-31"})),
        (LOG.query, ListRows({"since": "0001-01-01"})),
        (LOG.query, ListRows({"request_id": "a\x00b"})),
        (LOG.query, ListRows(paging=Paging(10**30))),
    ):
        with pytest.raises(Rejected):
            ask(query, city, order)


# Taken back and taken up again


@pytest.mark.row(18)
def test_a_bill_whose_sending_has_begun_is_not_offered_for_taking_back(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no)

    def offered() -> bool:
        page = pay.world.listed(BILLS, pay.firm.person, number=bill_no)
        return bool(page.lines[0].may_cancel)

    assert offered()
    pay.fail("bill", bill_no)
    assert pay.kept_bill(bill_no).state is BillState.CHECKED
    assert not offered()
    for _ in RETRY_MINUTES:
        pay.fail("bill", bill_no)
    assert pay.messages("bill", bill_no)[0].state == "DEAD"
    assert not offered()


@pytest.mark.row(18)
@pytest.mark.row(19)
def test_a_refused_bill_that_is_paid_after_all_is_told_when_its_period_is_taken(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    first, lone = pay.billed(entrust_no), pay.billed(entrust_no, period_start="2027-04-01", period_end="2027-04-30")
    pay.arrive("bill", entrust_no)
    for bill_no in (first, lone):
        pay.send_results(pay.result(entrust_no, bill_no, "REFUSED", fail_code="INELIGIBLE"))
    second = pay.billed(entrust_no)
    for bill_no in (first, lone):
        pay.send_results(pay.result(entrust_no, bill_no, decided_at="2027-02-19T10:00:00+08:00"))
    assert pay.kept_bill(first).state is BillState.PAID
    (alarm,) = pay.alarms("DIRECTPAY.TWICE", first)
    assert second in alarm.subject
    assert pay.alarms("DIRECTPAY.TWICE", lone) == []


def _refused_twice(pay: DirectPay, entrust_no: str, *, both: bool) -> tuple[str, str]:
    """A refused bill and another for its period, refused too with `both`."""
    bills = []
    for refused in (True, both):
        bills.append(pay.billed(entrust_no))
        pay.arrive("bill", bills[-1])
        if refused:
            pay.send_results(pay.result(entrust_no, bills[-1], "REFUSED", fail_code="INELIGIBLE"))
    return bills[0], bills[1]


@pytest.mark.row(19)
def test_two_refused_bills_of_one_period_paid_in_one_message_are_told(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    first, second = _refused_twice(pay, entrust_no, both=True)
    later = {"decided_at": "2027-02-19T10:00:00+08:00"}
    pay.send_results(pay.result(entrust_no, first, **later), pay.result(entrust_no, second, **later))
    assert {pay.kept_bill(one).state for one in (first, second)} == {BillState.PAID}
    (alarm,) = pay.alarms("DIRECTPAY.TWICE", first)
    assert second in alarm.subject


@pytest.mark.row(19)
def test_every_pair_of_one_period_is_told(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    revived = _refused_twice(pay, entrust_no, both=True)
    standing = pay.billed(entrust_no)
    later = {"decided_at": "2027-02-19T10:00:00+08:00"}
    pay.send_results(*(pay.result(entrust_no, one, **later) for one in revived))
    told = " ".join({alarm.subject for one in revived for alarm in pay.alarms("DIRECTPAY.TWICE", one)})
    assert told.count(standing) == 2
    assert all(one in told for one in revived)


@pytest.mark.row(19)
def test_a_partner_s_right_clock_is_right_in_a_demo_of_another_day(pay: DirectPay) -> None:
    pay.world.stand_at(2026, 1, 5)
    assert pay.world.read(lambda work: untimely(work, work.at)) is None
    assert pay.world.read(lambda work: untimely(work, work.at + timedelta(days=1))) is not None
    pay.world.stand_at(2027, 3, 1)


@pytest.mark.row(19)
@pytest.mark.parametrize("refused_first", [True, False])
def test_what_the_same_message_refuses_is_not_told_as_paid_twice(pay: DirectPay, refused_first: bool) -> None:
    entrust_no = pay.entrust()
    first, second = _refused_twice(pay, entrust_no, both=False)
    later = {"decided_at": "2027-02-19T10:00:00+08:00"}
    results = [
        pay.result(entrust_no, second, "REFUSED", fail_code="INELIGIBLE", **later),
        pay.result(entrust_no, first, **later),
    ]
    pay.send_results(*(results if refused_first else reversed(results)))
    assert (pay.kept_bill(first).state, pay.kept_bill(second).state) == (BillState.PAID, BillState.REFUSED_BY_FUND)
    assert pay.alarms("DIRECTPAY.TWICE", first) == []


@pytest.mark.row(17)
@pytest.mark.row(22)
def test_a_mandate_that_goes_on_beside_a_newer_one_is_told(pay: DirectPay) -> None:
    pay.world.stand_at(2027, 3, 30)
    filed = pay.lease()
    old = pay.entrust(filed)
    cancelled = pay.counter.cancel(filed)
    pay.world.stand_at(2027, 4, 2)
    again = pay.lease(lessees=[party(filed.tenant)])
    new = pay.entrust(again, tenant=filed.tenant.name, tenant_id_no=filed.tenant.id_no)
    pay.world.door.perform(restore_lease, _city(pay), Reasoned(cancelled.apply_id, "窗口误注销"))
    assert pay.kept_mandate(old).state is EntrustState.CHECKED
    (alarm,) = pay.alarms("DIRECTPAY.TWO_MANDATES", old)
    assert new in alarm.subject


@pytest.mark.row(17)
@pytest.mark.row(20)
def test_mandates_one_behind_the_other_are_not_told(pay: DirectPay) -> None:
    filed = pay.lease()
    old = pay.entrust(filed, draw_to="2027-03")
    pay.world.stand_at(2027, 4, 2)
    again = pay.lease(lessees=[party(filed.tenant)])
    new = pay.entrust(again, tenant=filed.tenant.name, tenant_id_no=filed.tenant.id_no)
    cancelled = pay.counter.cancel(again, applicants=(again.landlord.id_no, filed.tenant.id_no))
    pay.world.door.perform(restore_lease, _city(pay), Reasoned(cancelled.apply_id, "窗口误注销"))
    assert (pay.kept_mandate(old).state, pay.kept_mandate(new).state) == (EntrustState.CHECKED, EntrustState.CHECKED)
    assert pay.alarms("DIRECTPAY.TWO_MANDATES", new) == []


@pytest.mark.row(19)
@pytest.mark.row(23)
def test_a_result_that_named_the_wrong_mandate_stands_with_the_bill_it_was_given_to(pay: DirectPay) -> None:
    named, meant = pay.entrust(), pay.entrust()
    bill_no = pay.billed(meant)
    pay.arrive("bill", bill_no)
    result = pay.result(named, bill_no)
    pay.send_results(result)
    orphan = pay.kept_result(result["result_no"])
    city = _city(pay)
    before = pay.world.listed(PROGRESS, city, number=named).lines[0]
    assert Abnormal.ORPHAN in before.abnormal
    order = HandleOrphan(orphan.id, OrphanWay.MATCH, "公积金中心误填委托书编号", pay.kept_bill(bill_no).id)
    pay.world.door.perform(handle_orphan, city, order)

    def told(entrust_no: str) -> list[str]:
        found = pay.world.door.ask(timeline, city, pay.kept_mandate(entrust_no).id)
        return [event.what for event in found.events if event.detail.startswith(bill_no)]

    assert (told(named), "已支付" in told(meant)) == ([], True)
    assert pay.world.listed(PROGRESS, city, number=named).lines[0].abnormal == ()
    (mine,) = [
        line for line in pay.world.listed(INBOX, pay.firm.person, kind="payment_result").lines if bill_no in line.body
    ]
    assert mine.mandate_id == pay.kept_mandate(meant).id


# The pilot


@pytest.mark.row(17)
def test_one_person_alone_cannot_make_a_pilot_longer(pay: DirectPay) -> None:
    firm = pay.world.act(lambda work: pay.new_firm(work, pilot=False))
    bureau = pay.world.caller("shiju01")
    order = ProposePilot(firm.uscc, date(2027, 1, 1), LETTER, valid_to=date(2027, 6, 30))
    scope = pay.world.door.perform(propose_pilot, bureau, order)
    pay.world.door.perform(decide_pilot, _city(pay), Decide(scope, True))
    with pytest.raises(Rejected, match="延长"):
        pay.world.door.perform(end_pilot, bureau, EndPilot(scope, date(2027, 7, 1)))
    pay.world.door.perform(end_pilot, bureau, EndPilot(scope, date(2027, 5, 31)))
    with pytest.raises(Rejected, match="延长"):
        pay.world.door.perform(end_pilot, bureau, EndPilot(scope, date(2027, 6, 30)))
    pay.world.stand_at(2027, 6, 1)
    with pytest.raises(Rejected):
        pay.world.door.perform(end_pilot, bureau, EndPilot(scope, date(2027, 6, 1)))


@pytest.mark.row(17)
def test_a_scope_is_not_proposed_twice_for_the_same_time(pay: DirectPay) -> None:
    firm = pay.world.act(lambda work: pay.new_firm(work, pilot=False))
    bureau = pay.world.caller("shiju01")

    def propose(since: date, until: date | None) -> Any:
        return pay.world.door.perform(propose_pilot, bureau, ProposePilot(firm.uscc, since, LETTER, valid_to=until))

    first = propose(date(2027, 3, 1), date(2027, 6, 30))
    for since, until in ((date(2027, 6, 30), None), (date(2027, 1, 1), date(2027, 3, 1)), (date(2027, 1, 1), None)):
        with pytest.raises(Rejected, match="不能重复提出"):
            propose(since, until)
    propose(date(2027, 7, 1), None)
    propose(date(2027, 1, 1), date(2027, 2, 28))
    pay.world.door.perform(decide_pilot, _city(pay), Decide(first, False))
    propose(date(2027, 3, 1), date(2027, 6, 30))


# What a firm is told of a refusal


@pytest.mark.row(22)
def test_a_refusal_is_shown_to_the_firm_and_not_sent_to_its_system(pay: DirectPay) -> None:
    entrust_no, term_no = pay.entrust(), number("QZ")
    pay.ask_to_end(entrust_no, term_no=term_no)
    pay.decide(entrust_no, term_no, "REJECTED", reason="承租人仍在租住")
    assert pay.messages("decision", term_no) == []
    (notice,) = pay.notices(pay.firm, term_no)
    assert "不同意终止。承租人仍在租住" in str(notice.body.json())
    assert pay.notices(pay.firms[1], term_no) == []
    end = pay.kept_end(term_no)
    assert (end.state, end.decision) == (TermState.REJECTED, ReviewDecision.REJECTED)


@pytest.mark.row(20)
@pytest.mark.row(22)
def test_what_a_firms_system_does_not_take_is_confirmed_at_its_workspace(pay: DirectPay) -> None:
    first, second, term_no = pay.entrust(), pay.entrust(), number("QZ")
    pay.ask_to_end(first, term_no=term_no)
    pay.decide(first, term_no)
    told = number("GZ")
    pay.end_by_tenant(second, term_no=told)
    page = pay.world.listed(INBOX, pay.firm.person, kind="payment_termination", size=200)
    waiting = {line.number: line.ack for line in page.lines if line.ack}
    assert {waiting.get(term_no), waiting.get(told)} == {AckKind.TERMINATION}
    for one in (term_no, told):
        pay.world.door.perform(acknowledge, pay.firm.person, Acknowledge(AckKind.TERMINATION, one))
        assert pay.kept_end(one).state is TermState.ACKED
        pay.arrive("decision", one)
        pay.arrive("termination", one)
        assert pay.kept_end(one).state is TermState.ACKED


@pytest.mark.row(15)
@pytest.mark.row(17)
@pytest.mark.row(23)
@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("阿卜杜热合曼·买买提", "阿卜杜热合曼•买买提"),
        ("阿卜杜热合曼·买买提", "阿卜杜热合曼・买买提"),
        ("𠮷田𬭊", "𠮷田𬭊"),
        ("㛃䶮", "㛃䶮"),
        ("MARY ANN O'BRIEN", "Mary  Ann O'Brien"),
    ],
)
def test_a_rare_name_is_found_as_people_type_it(pay: DirectPay, kept: str, typed: str) -> None:
    tenant = somebody(kept)
    filed = pay.lease(lessees=[party(tenant)])
    asked = pay.call("/filings/query", pay.fund, {"purpose": "提取审核", "name": typed, "id_no": tenant.id_no})
    assert len(asked["summaries"]) == 1
    entrust_no = pay.entrust(filed, tenant=typed, tenant_id_no=tenant.id_no)
    found = pay.world.listed(PROGRESS, _city(pay), tenant=typed)
    assert entrust_no in {line.entrust_no for line in found.lines}
    assert kept not in {line.tenant for line in found.lines}
    other = pay.call("/filings/query", pay.fund, {"purpose": "提取审核", "name": typed + "儿", "id_no": tenant.id_no})
    assert other["summaries"] == []


@pytest.mark.row(16)
@pytest.mark.row(18)
def test_leap_day_is_the_last_day_of_its_month_and_of_its_lease(pay: DirectPay) -> None:
    filed = pay.lease(start="2027-03-01", end="2028-02-29")
    entrust_no = pay.entrust(filed)
    february = pay.bill(entrust_no, period_start="2028-02-01", period_end="2028-02-29")
    short = pay.bill(entrust_no, period_start="2028-02-01", period_end="2028-02-28")
    beyond = pay.bill(entrust_no, period_start="2028-02-01", period_end="2028-03-01")
    assert [codes(one) for one in pay.send_bills(beyond, short, february)] == [["G07"], ["G08"], []]
    pay.world.stand_at(2028, 2, 29)
    number_ = pay.counter.filing(filed.filing_id).filing_no
    assert (
        pay.call("/filings/query", pay.fund, {"purpose": "提取审核", "filing_no": number_})["filings"][0]["state"]
        == "ACTIVE"
    )
    pay.world.stand_at(2028, 3, 1)
    told = pay.call("/filings/query", pay.fund, {"purpose": "提取审核", "filing_no": number_})["filings"][0]
    assert (told["state"], told["ended_on"]) == ("EXPIRED", "2028-02-29")
    (line,) = pay.call("/filings/endings", pay.fund, {"filing_no": number_})["lines"]
    assert (line["kind"], line["ended_on"]) == ("EXPIRED", "2028-02-29")


@pytest.mark.row(18)
@pytest.mark.row(21)
def test_the_turn_of_the_year_is_a_month_like_another(pay: DirectPay) -> None:
    entrust_no = pay.entrust(pay_cycle="QUARTER")
    over = pay.bill(entrust_no, period_start="2027-12-01", period_end="2028-02-29", rent="19500.00")
    assert pay.send_bills(over)[0]["accepted"] is True
    pay.world.stand_at(2027, 12, 31)
    past = pay.ask_to_end(entrust_no, effective_month="2027-11", reason_on="2027-12-31")
    assert codes(past) == ["G13"]
    answer = pay.ask_to_end(entrust_no, effective_month="2028-01", reason_on="2027-12-31")
    assert answer["accepted"] is True
