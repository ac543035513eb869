"""Messages to the association: each change of a card, in its transaction, and later results of recorded persons
(rows 45, 46).
"""

from typing import Any

from sqlmodel import select

from models.association import AssociationEvent, AssociationReason, CardEventKind, EventOrigin, EventState, EventWay
from models.engine import Outgoing, OutgoingState
from models.enterprise import Enterprise
from models.partners import Partner, PartnerKind
from models.practitioner_codes import CardOrigin
from models.sealed import Sealed
from services.engine.events import on
from services.engine.work import Work
from services.partners.message_body import body_of, moment_text, with_given
from services.partners.outgoing import pass_on, passing_on
from services.partners.registry import partner_of_kind
from services.practitioners.association_orders import TOLD_ENDS, PersonAnswer
from services.practitioners.events import CARD_CHANGED, CardChange, CardEvent
from services.practitioners.records import placed_with

SYSTEM_NAME, CARD_EVENT, RESULT = "broker_association", "card-event", "registration-result"
#: What the association follows; the rest is between the firm and its district.
_TOLD = {
    CardEvent.ACTIVATED: CardEventKind.ACTIVATED,
    CardEvent.CANCELLED: CardEventKind.CANCELLED,
    CardEvent.SUSPENDED: CardEventKind.SUSPENDED,
    CardEvent.RESUMED: CardEventKind.RESUMED,
    # Whom the association has recorded has no card any more.
    CardEvent.LAPSED: CardEventKind.CANCELLED,
}
#: What HTTP would have called a person's answer (rule I06).
_HTTP = {
    EventState.DONE: 200,
    EventState.ECHO: 200,
    EventState.OLDER: 200,
    EventState.WAITING: 202,
    EventState.INSPECTING: 202,
    EventState.HELD: 202,
    EventState.CONFLICT: 409,
    EventState.REFUSED: 422,
    None: 503,
}


@on(CARD_CHANGED)
def tell_association(work: Work, change: CardChange) -> None:
    """Queue an event about a card for the association, unless it came from the association."""
    kind, card = _TOLD.get(change.what), change.card
    if kind is None or change.from_outside:
        return
    if card.active_from is None and card.origin is CardOrigin.LOCAL:
        # Given up before it was ever in force: the association has not heard of it.
        return
    to = partner_of_kind(work, PartnerKind.ASSOCIATION)
    if to is None or card.id_no is None:
        # No association to notify, or a card of other sources, of whose holder we know no number (decision 26).
        return
    firm = work.session.exec(select(Enterprise).where(Enterprise.id == card.enterprise_id)).one()
    event = AssociationEvent(
        app_id=to.app_id,
        way=EventWay.OUT,
        event_no="",
        kind=kind,
        event_at=work.now,
        received_at=work.now,
        uscc=firm.uscc,
        card_no=card.card_no,
        name=Sealed.of(card.name.plain),
        id_no=Sealed.of(card.id_no.plain),
        card_id=card.id,
        state=EventState.DONE,
        **placed_with(firm),
    )
    event.event_no = f"SF{event.id.hex.upper()}"
    work.add(event)
    body: dict[str, Any] = {
        "event_no": event.event_no,
        "kind": str(kind),
        "event_at": moment_text(work.now),
        "card_no": card.card_no,
        "name": card.name.plain,
        "id_no": card.id_no.plain,
        "uscc": firm.uscc,
        "enterprise_name": firm.name,
        "origin": str(EventOrigin.AUTHORITY),
    }
    if kind is CardEventKind.CANCELLED:
        end = card.cancel_reason
        body["reason"] = str(TOLD_ENDS[end] if end is not None else AssociationReason.OTHER)
    pass_on(work, to, SYSTEM_NAME, CARD_EVENT, business_key=event.event_no, about=card, body=body)


def person_body(answer: PersonAnswer) -> dict[str, Any]:
    """Return a person's answer as plain JSON."""
    body = body_of(answer, without={"made"}) | {
        "status": 201 if answer.made else _HTTP[answer.state],
        "state": str(answer.state) if answer.state else "RETRY",
    }
    return with_given(body, "apply_no", "card_no", "card_state")


def tell_result(work: Work, event: AssociationEvent, answer: PersonAnswer) -> None:
    """Queue a person's later result for the partner that recorded the person."""
    to = work.session.exec(select(Partner).where(Partner.app_id == event.app_id)).first()
    if to is None:
        return
    event.answers += 1
    work.add(event)
    key = f"{event.event_no}:{event.answers}"
    pass_on(work, to, SYSTEM_NAME, RESULT, business_key=key, about=event, body=person_body(answer))


def _told(work: Work, message: Outgoing) -> None:
    outcome = "ok" if message.state is OutgoingState.SENT else "fail"
    work.trail.tell("API.OUT", "practitioners.told", result=outcome, detail={"object": str(message.object_id)})


passing_on(SYSTEM_NAME, CARD_EVENT, path="/card-events", label="信息卡变动告知", row=46, afterwards=_told)
passing_on(SYSTEM_NAME, RESULT, path="/registration-results", label="新办结果回传", row=45, afterwards=_told)
