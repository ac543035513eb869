"""The pilot's scope is set by two hands with the fund's letter, and holds by date."""

from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import select

from models.direct_pay import PilotScope
from models.direct_pay_codes import PilotState
from models.rooms import CentralProject
from services.direct_pay.pilot import PILOTS, EndPilot, ProposePilot, decide_pilot, end_pilot, propose_pilot
from services.engine.orders import Decide
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from tests.services.direct_pay.rent_month import DirectPay, Firm, codes

pytestmark = pytest.mark.row(17)
LETTER = "沪公积金函〔2027〕3号"


def _outside(pay: DirectPay) -> Firm:
    firm: Firm = pay.world.act(lambda work: pay.new_firm(work, pilot=False))
    return firm


def _scope(pay: DirectPay, row_id: object) -> PilotScope:
    found: PilotScope = pay.world.read(
        lambda work: work.session.exec(select(PilotScope).where(PilotScope.id == row_id)).one()
    )
    return found


def _answer(pay: DirectPay, firm: Firm) -> list[str]:
    body = pay.mandate(pay.lease(firm, central=True), firm)
    return codes(pay.call("/direct-pay/entrustments", pay.fund, body))


def test_a_proposal_holds_once_a_second_person_agrees(pay: DirectPay) -> None:
    firm, bureau, centre = _outside(pay), pay.world.caller("shiju01"), pay.world.caller("shi01")
    scope = pay.world.door.perform(propose_pilot, bureau, ProposePilot(firm.uscc, date(2027, 1, 1), LETTER))
    assert _answer(pay, firm) == ["G03"]
    with pytest.raises(NotAllowed, match="另一位"):
        pay.world.door.perform(decide_pilot, bureau, Decide(scope, True))
    pay.world.door.perform(decide_pilot, centre, Decide(scope, True))
    assert _answer(pay, firm) == []
    with pytest.raises(Conflict, match="已经复核"):
        pay.world.door.perform(decide_pilot, centre, Decide(scope, False))


def test_a_proposal_turned_down_holds_nothing(pay: DirectPay) -> None:
    firm = _outside(pay)
    scope = pay.world.door.perform(
        propose_pilot, pay.world.caller("shiju01"), ProposePilot(firm.uscc, date(2027, 1, 1), LETTER)
    )
    pay.world.door.perform(decide_pilot, pay.world.caller("shi01"), Decide(scope, False))
    assert (_scope(pay, scope).state, _answer(pay, firm)) == (PilotState.REJECTED, ["G03"])


def test_a_pilot_ends_on_its_last_day(pay: DirectPay) -> None:
    firm, bureau = _outside(pay), pay.world.caller("shiju01")
    scope = pay.world.door.perform(propose_pilot, bureau, ProposePilot(firm.uscc, date(2027, 1, 1), LETTER))
    with pytest.raises(Conflict, match="已生效"):
        pay.world.door.perform(end_pilot, bureau, EndPilot(scope, date(2027, 3, 2)))
    pay.world.door.perform(decide_pilot, pay.world.caller("shi01"), Decide(scope, True))
    with pytest.raises(Rejected, match="不能早于"):
        pay.world.door.perform(end_pilot, bureau, EndPilot(scope, date(2027, 2, 28)))
    pay.world.door.perform(end_pilot, bureau, EndPilot(scope, date(2027, 3, 1)))
    assert _answer(pay, firm) == []
    pay.world.stand_at(2027, 3, 2)
    assert _answer(pay, firm) == ["G03"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"enterprise_uscc": "91310115MA00000000"}, "企业"),
        ({"project_no": "XM-nobody"}, "项目"),
        ({"fund_letter": "无"}, "文号"),
        ({"valid_to": date(2026, 12, 31)}, "失效日期"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_told(pay: DirectPay, changes: dict[str, object], words: str) -> None:
    order = {"enterprise_uscc": pay.firm.uscc, "valid_from": date(2027, 1, 1), "fund_letter": LETTER, **changes}
    with pytest.raises(Rejected, match=words):
        pay.world.door.perform(propose_pilot, pay.world.caller("shiju01"), ProposePilot(**order))  # type: ignore[arg-type]


def test_a_project_of_another_firm_is_none_of_this_one(pay: DirectPay) -> None:
    foreign = pay.world.read(
        lambda work: work.session.exec(
            select(CentralProject.project_no).where(CentralProject.enterprise_id == pay.firms[1].id)
        ).one()
    )
    order = ProposePilot(pay.firm.uscc, date(2027, 1, 1), LETTER, project_no=foreign)
    with pytest.raises(Rejected, match="没有这个项目"):
        pay.world.door.perform(propose_pilot, pay.world.caller("shiju01"), order)


def test_the_scope_is_listed_with_names_and_an_unknown_one_is_not_there(pay: DirectPay) -> None:
    lines = pay.world.listed(PILOTS, "pdju01").lines
    assert {line.state for line in lines} >= {PilotState.CONFIRMED}
    assert all(line.enterprise and line.project for line in lines)
    with pytest.raises(NotFound):
        pay.world.door.perform(decide_pilot, pay.world.caller("shi01"), Decide(uuid4(), True))
