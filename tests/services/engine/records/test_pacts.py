"""What two sides agree on: states, sides, terms, and one answer of two at once (rows 53, 55, 57)."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.access import MARKET, Role
from models.audit import AuditEvent
from models.columns import new_id
from models.records import PactState
from services.engine.pacts import cancel, confirm, decline, expire_due, offer, release
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Action
from services.engine.work import Work
from tests.services.engine.records.desk import COLLEAGUE, MAKER, Desk
from tests.services.engine.records.kinds_made import Deal
from tests.world import at_once

_OTHER = "pdchu01"


def _act(desk: Desk, login: str, what: Callable[[Work], Any]) -> Any:
    action: Action[Any, Any] = Action(
        "test.pact", "约定", frozenset(MARKET | {Role.SYSTEM}), lambda work, order: what(work), event=""
    )
    return desk.market.world.door.perform(action, desk.who(login))


def _deal(work: Work, deal_id: UUID) -> Deal:
    found: Deal = work.session.exec(select(Deal).where(Deal.id == deal_id)).one()
    return found


def _offered(desk: Desk) -> UUID:
    made: UUID = _act(
        desk,
        MAKER,
        lambda work: offer(work, Deal(id=new_id(), about="地块", offered_side="", offered_at=work.now), "HEAD").id,
    )
    return made


def _state(desk: Desk, deal_id: UUID) -> PactState:
    state: PactState = desk.market.world.read(lambda work: _deal(work, deal_id).state)
    return state


def test_confirmed_by_the_other_side(desk: Desk) -> None:
    deal = _offered(desk)
    _act(desk, _OTHER, lambda work: confirm(work, _deal(work, deal), "AUTHORITY"))
    row = desk.market.world.read(lambda work: _deal(work, deal))
    assert (row.state, row.answered_by) == (PactState.CONFIRMED, desk.who(_OTHER).account_id)
    with pytest.raises(Conflict):
        _act(desk, _OTHER, lambda work: confirm(work, _deal(work, deal), "AUTHORITY"))


def test_a_state_step_is_told_to_the_audit_with_both_states(desk: Desk) -> None:
    deal = _offered(desk)
    _act(desk, _OTHER, lambda work: confirm(work, _deal(work, deal), "AUTHORITY"))
    told = select(AuditEvent.body).where(AuditEvent.act == "confirm", AuditEvent.object_id == str(deal))
    [body] = desk.market.world.read(lambda work: work.session.exec(told).all())
    assert json.loads(body)["det"].items() >= {"from": "OFFERED", "to": "CONFIRMED"}.items()


@pytest.mark.parametrize("login", [MAKER, COLLEAGUE])
def test_the_side_that_offered_does_not_answer(desk: Desk, login: str) -> None:
    deal = _offered(desk)
    with pytest.raises(NotAllowed):
        _act(desk, login, lambda work: confirm(work, _deal(work, deal), "HEAD"))


def test_one_person_on_both_sides_does_not_answer_himself(desk: Desk) -> None:
    deal = _offered(desk)
    for answer in (
        lambda work: confirm(work, _deal(work, deal), "AUTHORITY"),
        lambda work: decline(work, _deal(work, deal), "AUTHORITY", "材料不齐全"),
    ):
        with pytest.raises(NotAllowed):
            _act(desk, MAKER, answer)


def test_declined_with_a_reason(desk: Desk) -> None:
    deal = _offered(desk)
    with pytest.raises(Rejected):
        _act(desk, _OTHER, lambda work: decline(work, _deal(work, deal), "AUTHORITY", "  不行 "))
    _act(desk, _OTHER, lambda work: decline(work, _deal(work, deal), "AUTHORITY", "成交确认书不符"))
    assert _state(desk, deal) is PactState.DECLINED


def test_taken_back_by_who_offered_before_the_answer(desk: Desk) -> None:
    deal = _offered(desk)
    with pytest.raises(NotAllowed):
        _act(desk, _OTHER, lambda work: cancel(work, _deal(work, deal), "AUTHORITY"))
    _act(desk, COLLEAGUE, lambda work: cancel(work, _deal(work, deal), "HEAD"))
    assert _state(desk, deal) is PactState.CANCELLED
    with pytest.raises(Conflict):
        _act(desk, _OTHER, lambda work: confirm(work, _deal(work, deal), "AUTHORITY"))


def test_released_only_when_confirmed(desk: Desk) -> None:
    deal = _offered(desk)
    with pytest.raises(Conflict):
        _act(desk, MAKER, lambda work: release(work, _deal(work, deal), "双方协商解除"))
    _act(desk, _OTHER, lambda work: confirm(work, _deal(work, deal), "AUTHORITY"))
    _act(desk, MAKER, lambda work: release(work, _deal(work, deal), "双方协商解除"))
    assert _state(desk, deal) is PactState.RELEASED


def test_not_answered_in_time(desk: Desk) -> None:
    deal = _offered(desk)
    until = desk.market.world.read(lambda work: _deal(work, deal).expires_on)
    assert f"{until}" == "2027-03-15"
    assert deal not in _act(desk, MAKER, lambda work: [row.id for row in expire_due(work, Deal, until)])
    desk.market.world.stand_at(2027, 3, 16)
    with pytest.raises(Conflict):
        _act(desk, _OTHER, lambda work: confirm(work, _deal(work, deal), "AUTHORITY"))
    assert deal in _act(desk, MAKER, lambda work: [row.id for row in expire_due(work, Deal, work.today)])
    assert _state(desk, deal) is PactState.EXPIRED


def test_two_answers_at_once(desk: Desk) -> None:
    deal = _offered(desk)
    answers = [
        lambda: _act(desk, _OTHER, lambda work: confirm(work, _deal(work, deal), "AUTHORITY")),
        lambda: _act(desk, "pdshen01", lambda work: decline(work, _deal(work, deal), "AUTHORITY", "材料不齐全")),
        lambda: _act(desk, MAKER, lambda work: cancel(work, _deal(work, deal), "HEAD")),
    ]
    refused = [one for one in at_once(answers) if isinstance(one, Exception)]
    assert len(refused) == 2
    assert {type(one) for one in refused} == {Conflict}


def test_an_answer_from_behind_is_refused(desk: Desk) -> None:
    deal = _offered(desk)
    with pytest.raises(Conflict):
        _act(desk, _OTHER, lambda work: confirm(work, _deal(work, deal), "AUTHORITY", version=7))


def test_what_an_area_has_set_on_the_row_is_kept(desk: Desk) -> None:
    deal = _offered(desk)

    def answered(work: Work) -> None:
        row = _deal(work, deal)
        row.about = "另一事项"
        confirm(work, row, "AUTHORITY")

    _act(desk, _OTHER, answered)
    assert desk.market.world.read(lambda work: _deal(work, deal).about) == "另一事项"
