"""Orders and answers of the association's integrity platform about cards (rows 45-47)."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial

from models.association import AssociationReason, EventOrigin, EventState
from models.normal import normal
from models.practitioner_codes import CardEnd, CardOrigin, CardState
from models.sealed import index_of
from models.sealing import Sealer, sm3_hex
from services.engine.findings import Finding
from services.practitioners.orders import PersonData

#: A batch holds no more (row 45).
MOST_PEOPLE = 500


@dataclass(frozen=True)
class Reason:
    """A finding as reported to the association, without values of a register or of another person (decision 9)."""

    code: str
    severity: str
    field: str
    message: str


def reasons_of(findings: tuple[Finding, ...] | list[Finding]) -> tuple[Reason, ...]:
    return tuple(Reason(one.code, str(one.severity), one.field, one.message) for one in findings)


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
        raise NotImplementedError


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

    def _digest(self, form: Callable[[str, str], str]) -> str:
        told = {name: str(value or "") for name, value in asdict(self.person).items()}
        for name, domain in (("name", "name"), ("id_no", "id_no"), ("mobile", "phone")):
            told[name] = form(domain, told[name]) if told[name] else ""
        told |= {"uscc": self.uscc, "at": str(self.event_at), "photo": sm3_hex(self.photo) if self.photo else ""}
        told |= {"origin": str(self.origin), "source": self.source_event_no}
        return sm3_hex(json.dumps([told, [fault.message for fault in self.faults]], sort_keys=True).encode())


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

    def _digest(self, form: Callable[[str, str], str]) -> str:
        told = [
            str(self.event_at),
            self.uscc,
            str(self.reason),
            self.card_no,
            form("name", self.name) if self.name else "",
            form("id_no", self.id_no) if self.id_no else "",
            str(self.origin),
            self.source_event_no,
        ]
        return sm3_hex(json.dumps(told).encode())


@dataclass(frozen=True)
class CancellationAnswer:
    """Result of a cancellation: accepted when the card is no longer in force here."""

    event_no: str
    accepted: bool
    state: EventState
    card_no: str = ""
    card_state: CardState | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class AskCard:
    """A card by its number, or by its holder's name and number."""

    card_no: str = ""
    name: str = ""
    id_no: str = ""
    picture: bool = True
    purpose: str = ""


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
