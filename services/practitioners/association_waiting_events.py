"""Events that wait are taken on: by an answer that has come, a card that has ended, a time that is over (rows 45, 46)."""

import logging
from uuid import UUID

from sqlmodel import and_, col, or_, select

from models.access import Role
from models.association import CARD_EVENT, UNDECIDED, AssociationEvent, EventState
from models.practitioner_codes import ApplyState
from models.practitioners import CardApply
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.findings import Finding
from services.engine.jobs import job
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.practitioners.association_ledger import firm_of, keep_reasons, raise_conflict
from services.practitioners.association_messages import tell_result
from services.practitioners.association_orders import reasons_of
from services.practitioners.association_registration import answer_of, follow, judge_held
from services.practitioners.records import live_card_of

log = logging.getLogger("shenfang.practitioners")
_AT_ONCE = 200
#: An application in one of these takes the event that made it no further.
_STILL = {
    EventState.WAITING: (ApplyState.SUBMITTED,),
    EventState.INSPECTING: (ApplyState.SUBMITTED, ApplyState.INSPECTING, ApplyState.RETURNED),
}


@action("practitioners.assoc_work_off", "续办协会事件", roles={Role.SYSTEM}, event="")
def work_off(work: Work, event_id: UUID) -> EventState:
    """Advance a waiting event as far as possible, and notify its sender when it has advanced."""
    event = work.held(select(AssociationEvent).where(AssociationEvent.id == event_id)).one()
    if event.state is EventState.HELD:
        _held(work, event)
    elif event.state in UNDECIDED:
        apply = work.session.exec(select(CardApply).where(CardApply.id == event.apply_id)).one()
        if apply.state not in _STILL[event.state] and follow(work, event, apply):
            work.then(lambda: tell_result(work, event, answer_of(work, event, 1)))
    return event.state


def _held(work: Work, event: AssociationEvent) -> None:
    assert event.id_no is not None
    firm = firm_of(work, event.uscc)
    card = live_card_of(work, event.id_no.plain)
    if firm is None or card is None or card.enterprise_id == firm.id:
        judge_held(work, event)
    elif event.held_until is not None and event.held_until <= work.now:
        words = "等待期内没有收到原企业的注销：该人员在其他企业有有效信息卡，请先注销后以新的编号重新报送"
        keep_reasons(event, reasons_of([Finding("K04", words, "id_no")]))
        take_step(work, event, CARD_EVENT, "refuse", reason="K04")
        raise_conflict(work, event, "协会登记的企业与我方有效信息卡的企业不一致", card=card)
        work.then(lambda: tell_result(work, event, answer_of(work, event, 1)))


def _waiting(work: Work) -> list[UUID]:
    """Events that something can be done about now."""
    moved = [
        and_(col(AssociationEvent.state) == state, col(CardApply.state).not_in(still))
        for state, still in _STILL.items()
    ]
    rows = (
        select(AssociationEvent.id)
        .outerjoin(CardApply, col(CardApply.id) == col(AssociationEvent.apply_id))
        .where(or_(col(AssociationEvent.state) == EventState.HELD, *moved))
        .order_by(col(AssociationEvent.event_at), col(AssociationEvent.id))
        .limit(_AT_ONCE)
    )
    return list(work.session.exec(rows).all())


@job("practitioners.assoc_work_off", "续办协会事件", every=20, lease=120)
def work_off_all(door: Door) -> int:
    """Each by itself: one that cannot be dealt with now is tried again in the next round."""
    done = 0
    for event_id in door.look(SYSTEM, _waiting):
        try:
            done += door.perform(work_off, SYSTEM, event_id) not in UNDECIDED
        except Refusal as refusal:
            log.warning("an event of the association could not be taken on: %s", type(refusal).__name__)
    return done
