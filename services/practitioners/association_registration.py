"""Persons the association records: batches of up to 500, each judged once and in order of events; those that wait go on (row 45)."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import and_, col, or_, select

from models.access import Role
from models.association import UNDECIDED, AssociationEvent, CardEventKind, EventState
from models.enterprise import Enterprise
from models.normal import normal
from models.practitioner_codes import APPLY, ApplyState, CardState
from models.practitioners import CardApply, InfoCard, Practitioner
from models.sealed import Sealed, indexes_of
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity, judge
from services.engine.jobs import one_by_one
from services.engine.look_ups import row_by
from services.engine.refusals import Refusal, Rejected
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.ports.blacklist import MOST_AT_ONCE
from services.practitioners import association_ledger as ledger
from services.practitioners.applications import new_application
from services.practitioners.association_messages import (
    MOST_PEOPLE,
    PeopleAnswer,
    PersonAnswer,
    Reason,
    ReceivePeople,
    RecordedPerson,
    reasons_of,
    tell_result,
)
from services.practitioners.faces import SENTENCES
from services.practitioners.facts import Answers, ApplyFacts, apply_facts, known_of
from services.practitioners.identity_checks import ask_all, kept_findings, settle
from services.practitioners.inspection import card_of_application, pass_at_once
from services.practitioners.orders import ApplyFor, PersonData
from services.practitioners.photos import MadePortrait, make_portrait, store_portrait
from services.practitioners.public_entries import card_stands
from services.practitioners.records import held_firm, live_card_of, person_json, person_of, practitioner_of, tidy
from services.practitioners.rules import NO_FIRM, PASS_RULES, RECORD_RULES, name_differs, usable_mobile

log = logging.getLogger("shenfang.practitioners")
#: What an event becomes with its application.
_FOLLOWS = {
    ApplyState.SUBMITTED: EventState.WAITING,
    ApplyState.INSPECTING: EventState.INSPECTING,
    ApplyState.PASSED: EventState.DONE,
    ApplyState.AUTO_REJECTED: EventState.REFUSED,
    ApplyState.WITHDRAWN: EventState.REFUSED,
}


@dataclass(frozen=True)
class RegisterPerson:
    """A person of a batch, and what police and blacklist said of him when the batch was asked about."""

    item: RecordedPerson
    answers: Answers


def ask_about(gathering: Gathering, people: Sequence[RecordedPerson]) -> dict[int, Answers]:
    """Ask police and blacklist about every readable new item; answers by position in the batch."""

    def unknown(work: Work) -> list[RecordedPerson]:
        return [one for one in people if not one.faults and ledger.heard(work, one.own_no) is None]

    asked: list[RecordedPerson] = gathering.look(unknown)
    found: dict[int, Answers] = {}
    for first in range(0, len(asked), MOST_AT_ONCE):
        part = {UUID(int=one.position): tidy(one.person) for one in asked[first : first + MOST_AT_ONCE]}
        found |= {key.int: answers for key, answers in ask_all(gathering.systems, part).items()}
    return found


def _photo(gathering: Gathering, order: RegisterPerson) -> MadePortrait | None:
    """A photo takes its time, so it is made before the transaction."""
    item = order.item
    if not item.photo or gathering.look(lambda work: ledger.heard(work, item.own_no) is not None):
        return None
    return make_portrait(gathering.sealer, item.photo, gathering.thresholds)


@action("practitioners.assoc_register", "登记协会报送人员", roles={Role.PARTNER}, gather=_photo, event="")
def register_person(work: Work, order: RegisterPerson, photo: MadePortrait | None) -> PersonAnswer:
    """Judge a person once; a repetition with equal content gets the stored answer."""
    ledger.only_the_association(work)
    item = replace(order.item, person=tidy(order.item.person))
    earlier = ledger.heard(work, item.own_no)
    if earlier is not None:
        if not ledger.is_the_same(work.sealer, earlier, item):
            words = "该登记编号已报送过其他内容，请更换编号后重新报送"
            return _unkept(item, [Finding("J02", words, "own_no")])
        return answer_of(work, earlier, item.position)
    if item.faults or item.event_at is None:
        return _unkept(item, item.faults)
    if late := ledger.untimely(work, item.event_at):
        return _unkept(item, [late])
    source = ledger.foreign_source(
        work, item.origin, item.source_event_no, CardEventKind.ACTIVATED, CardEventKind.RESUMED
    )
    if isinstance(source, Finding):
        return _unkept(item, [source])
    firm = ledger.firm_of(work, item.uscc)
    event = ledger.received(
        work,
        item,
        firm,
        event_no=item.own_no,
        kind=CardEventKind.REGISTERED,
        event_at=item.event_at,
        uscc=item.uscc,
        content=Sealed.of_json({"sent": item.plain_digest}),
        name=Sealed.of(item.person.name),
        id_no=Sealed.of(item.person.id_no),
    )
    if source is not None:
        event.card_id = source.card_id
        ledger.settle(work, event, EventState.ECHO)
    elif firm is None:
        ledger.settle(work, event, EventState.REFUSED, [NO_FIRM])
    else:
        portrait, told = _kept_photo(work, firm, photo)
        person, unusable = usable_mobile(item.person, order.item.person.mobile)
        kept = {"person": person_json(person), "portrait": str(portrait or ""), "sent": item.plain_digest}
        event.content = Sealed.of_json(kept)
        decide(work, event, firm, order.answers, [*told, *unusable])
    work.trail.tell("DATA.CREATE", "practitioners.assoc_register", about=event, detail={"state": str(event.state)})
    return work.later(lambda: answer_of(work, event, item.position))


def _kept_photo(work: Work, firm: Enterprise, photo: MadePortrait | None) -> tuple[UUID | None, list[Finding]]:
    """Store a usable photo; a faulty one does not prevent the card, because the firm can send another (row 45)."""
    if photo is None:
        return None, []
    # What a detector says of a kept photo is found again by the rules, which look at the row.
    seen = SENTENCES.values() if photo.sealed else ()
    told = [replace(one, severity=Severity.WARN) for one in photo.findings if one.message not in seen]
    if not photo.sealed:
        return None, told
    portrait = store_portrait(work, firm.id, photo)
    work.session.flush()
    return portrait.id, told


def decide(
    work: Work, event: AssociationEvent, firm: Enterprise, answers: Answers, told: Sequence[Finding] = ()
) -> None:
    """Apply the consequences of an event now; a held event is judged again."""
    kept = event.content.json() if event.content is not None else {}
    person, portrait = person_of(kept["person"]), UUID(kept["portrait"]) if kept["portrait"] else None
    held_firm(work, firm.id)
    card = live_card_of(work, person.id_no)
    if _is_older(work, event, person, firm):
        words = "该登记早于现有的注销信息，未改变；如已重新入职，请以新的事件报送"
        ledger.settle(work, event, EventState.OLDER, [Finding("K11", words, "event_at", Severity.WARN)])
    elif _known_by_another_name(work, firm, card, person):
        ledger.settle(work, event, EventState.CONFLICT, [name_differs()])
        ledger.raise_conflict(work, event, "协会登记的姓名与我方登记不一致", card=card, firm=firm)
    elif card is not None and card.enterprise_id == firm.id:
        # The association has it confirmed: a cancellation from before then is out of date.
        card.event_at = max(ledger.stands_since(card), event.event_at)
        work.add(card)
        event.card_id, event.card_no = card.id, card.card_no
        words = f"该人员在本企业已有信息卡（{card_stands(card, firm).label}），无需再次办理"
        ledger.settle(work, event, EventState.DONE, [Finding("K04", words, "id_no", Severity.WARN)])
    else:
        order = ApplyFor(person, portrait)
        facts = apply_facts(work, firm, order, known_of(work, firm.id, [order]), answers)
        _apply(work, event, facts, firm, order, told)


def _is_older(work: Work, event: AssociationEvent, person: PersonData, firm: Enterprise) -> bool:
    """Return whether the card of this person with this firm has ended since, by the association's word or by ours."""
    if ledger.told_before(work, CardEventKind.CANCELLED, person.id_no, firm.uscc, event.event_at):
        return True
    newest = ledger.newest_card_of(work, person.id_no, InfoCard.enterprise_id == firm.id)
    return newest is not None and newest.state is CardState.CANCELLED and event.event_at <= ledger.stands_since(newest)


def _known_by_another_name(work: Work, firm: Enterprise, card: InfoCard | None, person: PersonData) -> bool:
    known = card or practitioner_of(work, firm.id, person.id_no)
    if isinstance(known, Practitioner) and known.left_on is not None:
        # Who comes back may have another name by now; police say whether it is his.
        return False
    return known is not None and normal("name", known.name.plain) != normal("name", person.name)


def _apply(
    work: Work,
    event: AssociationEvent,
    facts: ApplyFacts,
    firm: Enterprise,
    order: ApplyFor,
    told: Sequence[Finding],
) -> None:
    judged = judge(facts, RECORD_RULES)
    if judged.stopping:
        elsewhere = facts.live is not None and {one.code for one in judged.stopping} == {"K04"} and not facts.open_no
        if elsewhere and event.state is EventState.RECEIVED:
            _hold(work, event, facts, judged.findings)
        else:
            ledger.settle(work, event, EventState.REFUSED, judged.findings)
        return
    apply = new_application(work, firm, order, [*judged.findings, *told])
    event.apply_id = apply.id
    if facts.answers.two_factor is not None:
        settle(work, apply, facts)
    follow(work, event, apply)


def _hold(work: Work, event: AssociationEvent, facts: ApplyFacts, found: Sequence[Finding]) -> None:
    """The end of the other card may be on its way: events of one minute come in any order (row 46)."""
    minutes = work.thresholds.integer("practitioners.assoc_held_minutes")
    event.held_until = work.now + timedelta(minutes=minutes)
    words = f"{minutes}分钟内收到原企业的注销后自动办理，届时另行告知"
    ledger.settle(work, event, EventState.HELD, [*found, Finding("K04", words, "", Severity.PENDING)])


def follow(work: Work, event: AssociationEvent, apply: CardApply) -> bool:
    """Take an event where its application has come to; True when it went on."""
    before = event.state
    ledger.settle(work, event, before, kept_findings(apply))
    if apply.state is ApplyState.INSPECTING and not work.thresholds.flag("practitioners.assoc_inspection"):
        _pass(work, event, apply)
    elif apply.state in _FOLLOWS:
        if apply.state is ApplyState.PASSED:
            event.card_id = card_of_application(work, apply, event.event_at).id
        ledger.settle(work, event, _FOLLOWS[apply.state])
    work.add(event)
    return event.state is not before


def _pass(work: Work, event: AssociationEvent, apply: CardApply) -> None:
    """Draw up the card, unless something has come between while the answers were waited for."""
    firm = ledger.firm_of(work, event.uscc)
    assert firm is not None
    person = person_of(apply.after.json() if apply.after is not None else {})
    order = ApplyFor(person, apply.portrait_id, draft_id=apply.id)
    stopping = judge(apply_facts(work, firm, order, known_of(work, firm.id, [order])), PASS_RULES).stopping
    if stopping:
        take_step(work, apply, APPLY, "withdraw", reason=stopping[0].code)
        ledger.settle(work, event, EventState.REFUSED, stopping)
        return
    event.card_id = pass_at_once(work, apply, event.event_at).id
    ledger.settle(work, event, EventState.DONE)


def release_held(work: Work, id_no: str) -> None:
    """Judge the events held for a person's ended card again, the oldest first, and notify their sender."""
    rows = work.rows(
        AssociationEvent,
        AssociationEvent.state == EventState.HELD,
        col(AssociationEvent.id_no_index).in_(indexes_of(work.sealer, "id_no", id_no)),
        by=(AssociationEvent.event_at, AssociationEvent.id),
    )
    for event in rows:
        judge_held(work, event)


def judge_held(work: Work, event: AssociationEvent) -> None:
    """Judge a held event now; police and blacklist are asked by the nightly job."""
    firm = ledger.firm_of(work, event.uscc)
    if firm is None:
        ledger.settle(work, event, EventState.REFUSED, [NO_FIRM])
    else:
        decide(work, event, firm, Answers())
    work.session.flush()
    if event.state is not EventState.WAITING:
        work.then(lambda: tell_result(work, event, answer_of(work, event, 1)))


# Answers


def answer_of(work: Work, event: AssociationEvent, position: int) -> PersonAnswer:
    """Return the answer to the sender about a person's present state."""
    card = row_by(work, InfoCard, event.card_id)
    apply = row_by(work, CardApply, event.apply_id)
    return PersonAnswer(
        position=position,
        own_no=event.event_no,
        state=event.state,
        apply_no=apply.apply_no if apply is not None else "",
        card_no=card.card_no if card is not None else "",
        card_state=ledger.told_state(work, card),
        reasons=ledger.kept_reasons(event),
        made=event.state is EventState.DONE and apply is not None,
    )


def _unkept(item: RecordedPerson, findings: Sequence[Finding]) -> PersonAnswer:
    return PersonAnswer(item.position, item.own_no, EventState.REFUSED, reasons=reasons_of(list(findings)))


#: People in hand at once.
_AT_ONCE = 8


def _each(gathering: Gathering, order: ReceivePeople) -> tuple[PersonAnswer, ...]:
    """Every person is an action of its own, so that a failing one is rolled back alone."""
    if not order.people:
        raise Rejected("批次内没有人员")
    if len(order.people) > MOST_PEOPLE:
        raise Rejected(f"每批最多报送{MOST_PEOPLE}人，请分批报送")
    gathering.look(ledger.only_the_association)
    answers = ask_about(gathering, order.people)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="recorded") as pool:
        return tuple(pool.map(lambda one: _one(gathering, one, answers), order.people))


def _one(gathering: Gathering, item: RecordedPerson, answers: dict[int, Answers]) -> PersonAnswer:
    try:
        answer: PersonAnswer = gathering.perform(
            register_person, RegisterPerson(item, answers.get(item.position, Answers()))
        )
    except Refusal as refusal:
        return _again(item, refusal.message)
    except Exception:
        # The fault is ours and in the log; the other people of the batch have nothing to do with it.
        log.exception("a person recorded at the association could not be dealt with")
        return _again(item, "系统繁忙，本人未处理")
    return answer


def _again(item: RecordedPerson, words: str) -> PersonAnswer:
    reason = Reason("I01", "PENDING", "", f"{words.rstrip('。')}，请稍后用原编号重新报送")
    return PersonAnswer(item.position, item.own_no, None, reasons=(reason,))


@action("practitioners.assoc_receive", "接收协会新办", roles={Role.PARTNER}, gather=_each, event="API.IN")
def receive_people(work: Work, order: ReceivePeople, answered: tuple[PersonAnswer, ...]) -> PeopleAnswer:
    """Return the results of the persons in the order of the batch; each was processed in its own transaction."""
    answer = PeopleAnswer(order.batch_no, answered)
    detail = {"people": len(answered), "done": answer.count(EventState.DONE), "again": answer.count(None)}
    work.trail.tell("API.IN", "practitioners.assoc_receive", detail=detail)
    return answer


_EVENTS = 200
#: An application in one of these takes the event that made it no further.
_STILL = {
    EventState.WAITING: (ApplyState.SUBMITTED,),
    EventState.INSPECTING: (ApplyState.SUBMITTED, ApplyState.INSPECTING, ApplyState.RETURNED),
}


@action("practitioners.assoc_work_off", "续办协会事件", roles={Role.SYSTEM}, event="")
def work_off(work: Work, event_id: UUID) -> bool:
    """Advance a waiting event as far as possible, notify its sender when it has advanced, and return whether it is decided."""
    event = work.held(select(AssociationEvent).where(AssociationEvent.id == event_id)).one()
    if event.state is EventState.HELD:
        _go_on_held(work, event)
    elif event.state in UNDECIDED:
        apply = work.session.get_one(CardApply, event.apply_id)
        if apply.state not in _STILL[event.state] and follow(work, event, apply):
            work.then(lambda: tell_result(work, event, answer_of(work, event, 1)))
    return event.state not in UNDECIDED


def _go_on_held(work: Work, event: AssociationEvent) -> None:
    assert event.id_no is not None
    firm = ledger.firm_of(work, event.uscc)
    card = live_card_of(work, event.id_no.plain)
    if firm is None or card is None or card.enterprise_id == firm.id:
        judge_held(work, event)
    elif event.held_until is not None and event.held_until <= work.now:
        words = "等待期内没有收到原企业的注销：该人员在其他企业有有效信息卡，请先注销后以新的编号重新报送"
        ledger.settle(work, event, EventState.REFUSED, [Finding("K04", words, "id_no")])
        ledger.raise_conflict(work, event, "协会登记的企业与我方有效信息卡的企业不一致", card=card)
        work.then(lambda: tell_result(work, event, answer_of(work, event, 1)))


def _events_waiting(work: Work) -> list[UUID]:
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
        .limit(_EVENTS)
    )
    return list(work.session.exec(rows).all())


# One that cannot be dealt with now is tried again in the next round.
one_by_one("practitioners.assoc_work_off", "续办协会事件", work_off, _events_waiting, every=20)
