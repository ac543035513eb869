"""Two hands on one thing in the same moment: whoever comes second is told, and nothing is done twice (rows 17-22)."""

from datetime import date
from typing import Any

import pytest

from models.direct_pay_codes import BillState, EntrustState, PilotState, ResultState, TermState
from services.direct_pay.bills import cancel_bill
from services.direct_pay.orders import CancelBill
from services.direct_pay.pilot import PILOTS, ProposePilot, decide_pilot, propose_pilot
from services.direct_pay.results import HandleOrphan, OrphanWay, handle_orphan
from services.engine.orders import Decide
from services.engine.refusals import Refusal
from tests.services.direct_pay.rent_month import DirectPay, number
from tests.world import at_once


def _refused(answers: list[Any]) -> list[Refusal]:
    """The refusals among answers; any other trouble fails the test."""
    broken = [one for one in answers if isinstance(one, Exception) and not isinstance(one, Refusal)]
    assert broken == []
    return [one for one in answers if isinstance(one, Refusal)]


@pytest.mark.row(18)
def test_a_bill_taken_back_in_two_tabs_is_taken_back_once(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    bill_no = pay.billed(entrust_no)
    take = lambda: pay.world.door.perform(cancel_bill, pay.firm.person, CancelBill(bill_no))  # noqa: E731
    answers = at_once([take] * 3)
    assert len(answers) - len(_refused(answers)) >= 1
    assert (pay.kept_bill(bill_no).state, pay.messages("bill", bill_no)) == (BillState.CANCELLED, [])


@pytest.mark.row(18)
@pytest.mark.row(20)
def test_a_bill_and_the_tenants_end_at_once_agree_in_the_end(pay: DirectPay) -> None:
    for _ in range(3):
        entrust_no = pay.entrust()
        bill = pay.bill(entrust_no, period_start="2027-04-01", period_end="2027-04-30")
        answers = at_once([lambda: pay.send_bills(bill), lambda: pay.end_by_tenant(entrust_no)])  # noqa: B023
        _refused(answers)
        assert pay.kept_mandate(entrust_no).state is EntrustState.ENDED
        again = pay.send_bills(pay.bill(entrust_no, period_start="2027-04-01", period_end="2027-04-30"))[0]
        assert again["accepted"] is False


@pytest.mark.row(19)
def test_an_orphan_handled_by_two_people_is_handled_once(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    first, second = (
        pay.billed(entrust_no, period_start=f"2027-0{month}-01", period_end=f"2027-0{month}-{last}")
        for month, last in ((3, 31), (4, 30))
    )
    pay.arrive("bill", entrust_no)
    result = pay.result(entrust_no, number("ZD-none-"))
    pay.send_results(result)
    orphan, city = pay.kept_result(result["result_no"]), pay.world.caller("shi01")
    give = [
        lambda bill_no=bill_no: pay.world.door.perform(
            handle_orphan,
            city,
            HandleOrphan(orphan.id, OrphanWay.MATCH, "公积金中心误填编号", pay.kept_bill(bill_no).id),
        )
        for bill_no in (first, second)
    ]
    assert len(_refused(at_once(give))) == 1
    paid = [bill_no for bill_no in (first, second) if pay.kept_bill(bill_no).state is BillState.PAID]
    assert len(paid) == 1
    assert pay.kept_result(result["result_no"]).state is ResultState.MATCHED
    assert len(pay.messages("payment_result", result["result_no"])) == 1


@pytest.mark.row(17)
def test_a_pilot_agreed_to_and_turned_down_at_once_is_one_of_the_two(pay: DirectPay) -> None:
    firm = pay.world.act(lambda work: pay.new_firm(work, pilot=False))
    order = ProposePilot(firm.uscc, date(2027, 1, 1), "沪公积金函〔2027〕9号")
    scope = pay.world.door.perform(propose_pilot, pay.world.caller("shiju01"), order)
    city = pay.world.caller("shi01")
    decide = [
        lambda agree=agree: pay.world.door.perform(decide_pilot, city, Decide(scope, agree)) for agree in (True, False)
    ]
    assert len(_refused(at_once(decide))) == 1
    (line,) = [line for line in pay.world.listed(PILOTS, city).lines if line.id == scope]
    assert line.state in {PilotState.CONFIRMED, PilotState.REJECTED}


@pytest.mark.row(17)
def test_a_pilot_proposed_twice_at_once_stands_once_in_the_end(pay: DirectPay) -> None:
    firm = pay.world.act(lambda work: pay.new_firm(work, pilot=False))
    order = ProposePilot(firm.uscc, date(2027, 1, 1), "沪公积金函〔2027〕9号")
    bureau, city = pay.world.caller("shiju01"), pay.world.caller("shi01")
    answers = at_once([lambda: pay.world.door.perform(propose_pilot, bureau, order)] * 3)
    made = [one for one in answers if not isinstance(one, Exception)]
    _refused(answers)
    assert len(made) == 1
    pay.world.door.perform(decide_pilot, city, Decide(made[0], True))


@pytest.mark.row(22)
def test_two_decisions_at_once_end_as_the_later_one_says(pay: DirectPay) -> None:
    for _ in range(3):
        entrust_no, term_no = pay.entrust(), number("QZ")
        pay.ask_to_end(entrust_no, term_no=term_no)
        pay.arrive("termination", term_no)
        answers = at_once(
            [
                lambda: pay.decide(entrust_no, term_no, "APPROVED"),  # noqa: B023
                lambda: pay.decide(entrust_no, term_no, "REJECTED", decided_at="2027-02-14T09:00:00+08:00"),  # noqa: B023
            ]
        )
        assert _refused(answers) == []
        assert (pay.kept_end(term_no).state, pay.kept_mandate(entrust_no).stops_from) == (TermState.REJECTED, "")
