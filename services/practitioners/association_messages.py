"""Orders and answers of the association's integrity platform, and our messages to it about cards (rows 45-47)."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from models.association import AssociationEvent, AssociationReason, CardEventKind, EventOrigin, EventState, EventWay
from models.engine import Outgoing, OutgoingState
from models.enterprise import Enterprise
from models.normal import normal
from models.partners import Partner, PartnerKind
from models.practitioner_codes import CardEnd, CardOrigin, CardState
from models.sealed import Sealed, index_of
from models.sealing import Sealer, sm3_hex
from services.engine.events import on
from services.engine.findings import Finding
from services.engine.work import Work
from services.partners.message_body import body_of, moment_text, with_given
from services.partners.outgoing import pass_on, passing_on
from services.partners.registry import partner_of_kind
from services.practitioners.card_pushes import CardEventMessage, PersonResult
from services.practitioners.cards import CARD_CHANGED, CardChange, CardEvent
from services.practitioners.orders import PersonData
from services.practitioners.records import placed_with

#: A batch holds no more (row 45).
MOST_PEOPLE = 500


@dataclass(frozen=True)
class Reason:
    """A finding as reported to the association, without values of a register or of another person (decision 9)."""

    code: str
    severity: str
    field: str
    message: str


def reasons_of(findings: Iterable[Finding]) -> tuple[Reason, ...]:
    return tuple(Reason(one.code, str(one.severity), one.field, one.message) for one in findings)


#: Values of persons enter a digest by their keyed hashes.
_PERSONAL = {"name": "name", "id_no": "id_no", "mobile": "phone"}


@dataclass(frozen=True)
class Digested:
    """A received item that can be identified by its digests, independent of its position in a batch."""

    def fingerprint(self, sealer: Sealer) -> str:
        """Return a digest of the item; numbers of persons enter by their keyed hashes."""
        return self._digest(partial(index_of, sealer))

    @property
    def plain_digest(self) -> str:
        """Return an unkeyed digest, for use after a change of the index key; it is stored sealed only."""
        return self._digest(normal)

    def _digest(self, form: Callable[[str, str], str]) -> str:
        said = asdict(self)
        said |= said.pop("person", {})
        said |= {name: form(domain, said[name]) for name, domain in _PERSONAL.items() if said.get(name)}
        said.pop("position", None)
        return sm3_hex(json.dumps(said, sort_keys=True, default=_as_text).encode())


def _as_text(value: object) -> str:
    return sm3_hex(value) if isinstance(value, bytes) else str(value)


@dataclass(frozen=True)
class RecordedPerson(Digested):
    """A person as recorded with a firm at the association.

    `faults` says what was wrong with the item's own form; then the person is empty. `source_event_no` names the event of
    ours that this one repeats, where `origin` says that it is ours.
    """

    position: int
    own_no: str
    uscc: str
    event_at: datetime | None = None
    person: PersonData = field(default_factory=lambda: PersonData("", "", ""))
    photo: bytes = b""
    origin: EventOrigin = EventOrigin.ASSOCIATION
    source_event_no: str = ""
    faults: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class ReceivePeople:
    batch_no: str
    people: tuple[RecordedPerson, ...]


@dataclass(frozen=True)
class PersonAnswer:
    """Result for a person; `state` is None when the person could not be processed now and should be sent again."""

    position: int
    own_no: str
    state: EventState | None
    apply_no: str = ""
    card_no: str = ""
    card_state: CardState | None = None
    reasons: tuple[Reason, ...] = ()
    #: Whether this event made the card.
    made: bool = False


@dataclass(frozen=True)
class PeopleAnswer:
    batch_no: str
    people: tuple[PersonAnswer, ...]

    def count(self, *states: EventState | None) -> int:
        return sum(one.state in states for one in self.people)


@dataclass(frozen=True)
class ReceiveCancellation(Digested):
    """A card that ended at the association, named by its number or by its holder."""

    event_no: str
    event_at: datetime
    uscc: str
    reason: AssociationReason
    card_no: str = ""
    name: str = ""
    id_no: str = ""
    origin: EventOrigin = EventOrigin.ASSOCIATION
    source_event_no: str = ""


@dataclass(frozen=True)
class CancellationAnswer:
    """Result of a cancellation: accepted when the card is no longer in force here."""

    event_no: str
    accepted: bool
    state: EventState
    card_no: str = ""
    card_state: CardState | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AskCard:
    """A card by its number, or by its holder's name and number."""

    card_no: str = ""
    name: str = ""
    id_no: str = ""
    picture: bool = True
    purpose: str


@dataclass(frozen=True)
class CardTold:
    """A card as the association may see it; `picture` is a PNG, watermarked unless the card is in force."""

    card_no: str
    valid: bool
    state: CardState
    name: str
    enterprise_name: str
    uscc: str
    record_no: str
    record_state: str
    duty: str
    origin: CardOrigin
    issued_on: date | None
    active_from: date | None
    cancelled_on: date | None
    cancel_reason: CardEnd | None
    picture: bytes = b""
    watermarked: bool = False


#: What their reasons are here, and ours there.
ENDS: dict[AssociationReason, CardEnd] = {
    AssociationReason.LEFT: CardEnd.LEFT,
    AssociationReason.FIRM_ENDED: CardEnd.FIRM_ENDED,
}
TOLD_ENDS: dict[CardEnd, AssociationReason] = {
    CardEnd.LEFT: AssociationReason.LEFT,
    CardEnd.CHANGED: AssociationReason.CHANGED,
    CardEnd.FIRM_ENDED: AssociationReason.FIRM_ENDED,
    CardEnd.BLACKLIST: AssociationReason.BLACKLIST,
    CardEnd.ASSOCIATION: AssociationReason.OTHER,
    CardEnd.IN_PERSON: AssociationReason.OWN_REQUEST,
}


def end_of(reason: AssociationReason) -> CardEnd:
    """Return why a card ended, in our words: what we have no word for is the association's own."""
    return ENDS.get(reason, CardEnd.ASSOCIATION)


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
    firm = work.session.get_one(Enterprise, card.enterprise_id)
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
    to = work.first(Partner, Partner.app_id == event.app_id)
    if to is None:
        return
    event.answers += 1
    work.add(event)
    key = f"{event.event_no}:{event.answers}"
    pass_on(work, to, SYSTEM_NAME, RESULT, business_key=key, about=event, body=person_body(answer))


def _told(work: Work, message: Outgoing) -> None:
    outcome = "ok" if message.state is OutgoingState.SENT else "fail"
    work.trail.tell("API.OUT", "practitioners.told", result=outcome, detail={"object": str(message.object_id)})


passing_on(
    SYSTEM_NAME,
    CARD_EVENT,
    path="/card-events",
    label="信息卡变动告知",
    row=46,
    message=CardEventMessage,
    afterwards=_told,
)
passing_on(
    SYSTEM_NAME,
    RESULT,
    path="/registration-results",
    label="新办结果回传",
    row=45,
    message=PersonResult,
    afterwards=_told,
)
