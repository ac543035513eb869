"""What was recorded is known again when the index key was changed, and the firm makes nobody else of it (rows 45, 46)."""

from dataclasses import replace

import pytest
from sqlmodel import col

from models.association import AssociationEvent
from models.practitioner_codes import ApplyState
from services.engine.refusals import Rejected
from services.practitioners.applications import apply_for_card
from services.practitioners.inspection import pass_apply, return_apply
from services.practitioners.orders import ApplyFor, Told
from services.practitioners.photos import keep_portrait
from services.practitioners.records import person_of
from tests.services.practitioners.association.desk import ANJU, Desk, codes
from tests.services.practitioners.association.parameters import parameter
from tests.services.practitioners.desks.people import portrait
from tests.services.tenancy.counter import somebody


def _changed_key(desk: Desk, event_no: str) -> None:
    """Leave the fingerprint of an event as another index key makes it."""
    desk.world.rewrite(AssociationEvent, col(AssociationEvent.event_no) == event_no, fingerprint="0" * 64)


@pytest.mark.row(45)
@pytest.mark.parametrize("uscc", [ANJU, "91310101MA00000001"])
def test_a_person_sent_again_after_the_key_was_changed_is_known(desk: Desk, uscc: str) -> None:
    item = desk.person(somebody("换钥"), uscc)
    first = desk.register(item)[0]
    _changed_key(desk, item["own_no"])
    assert desk.register(item)[0] == first
    other = desk.register({**item, "mobile": "13900009999"})[0]
    assert codes(other) == {"J02"}


@pytest.mark.row(46)
def test_an_end_sent_again_after_the_key_was_changed_is_known(desk: Desk) -> None:
    event = desk.cancellation(desk.in_force(somebody("换钥")))
    first = desk.call("/practitioners/cancellations", event)
    _changed_key(desk, event["event_no"])
    assert desk.call("/practitioners/cancellations", event) == first
    assert codes(desk.call("/practitioners/cancellations", {**event, "reason": "OTHER"})) == {"J02"}


@pytest.mark.row(45)
def test_a_firm_corrects_a_recorded_person_and_makes_nobody_else_of_him(desk: Desk) -> None:
    who, door = somebody("退回"), desk.world.door
    with parameter(desk.world, "practitioners.assoc_inspection", "true"):
        item = desk.person(who, hired_on="2027-02-20")
        desk.register(item)
        (apply,) = desk.applies_of(who)
        inspector, firm = desk.world.caller("xhju01"), desk.world.caller("anju01")
        door.perform(return_apply, inspector, Told(apply.id, "请补上近期照片"))
        desk.work_off()
        photo = door.perform(keep_portrait, firm, portrait()).portrait_id
        assert apply.after is not None
        person = person_of(apply.after.json())
        other = ApplyFor(replace(person, id_no=somebody("别人").id_no), photo, draft_id=apply.id)
        with pytest.raises(Rejected, match="不能改为他人"):
            door.perform(apply_for_card, firm, other)
        with pytest.raises(Rejected, match="不能改为他人"):
            door.perform(apply_for_card, firm, replace(other, submit=False))
        door.perform(apply_for_card, firm, ApplyFor(replace(person, store="徐家汇店"), photo, draft_id=apply.id))
        desk.work_off()
        assert desk.applies_of(who)[0].state is ApplyState.INSPECTING
        door.perform(pass_apply, inspector, Told(apply.id))
        desk.work_off()
    assert [one["state"] for one in desk.results_of(item["own_no"])] == ["DONE"]
    assert [card.name.plain for card in desk.cards_of(who)] == ["退回"]
