"""Orders of listing verification: the request for a code, and the room plan it carries (rows 26, 27, 32)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.house import RoomKind
from models.tenancy_codes import Channel, LeaseMode
from models.verification_codes import MandateKind, RequesterKind, UncodedType
from services.engine.adapters import adapter


@dataclass(frozen=True)
class PlannedRoom:
    """A room of the room plan. `hall` is the label of the hall a split room is cut from."""

    label: str
    kind: RoomKind
    usable_area: Decimal
    persons: int
    hall: str = ""


@dataclass(frozen=True)
class Requester:
    """The party that asks, and for a platform the publisher it asks for."""

    kind: RequesterKind
    number: str
    name: str = ""
    principal_kind: RequesterKind | None = None
    principal_no: str = ""


@dataclass(frozen=True)
class Publisher:
    """Identity of the publisher that a platform hands in (V12)."""

    name: str = ""
    address: str = ""
    contact: str = ""
    record_no: str = ""


@dataclass(frozen=True)
class VerifyHome:
    """A request for a verification code: the home, what is let of it, the owner and the mandate.

    `requester` is given by the system itself only; a firm asks for itself. `flat_room` names the flat where a
    certificate covers several.
    """

    cert_no: str
    owner_name: str
    owner_id: str
    mode: LeaseMode = LeaseMode.WHOLE
    room_no: str = ""
    plan: tuple[PlannedRoom, ...] = ()
    n1_declared: bool = False
    flat_room: str = ""
    owner_phone: str = ""
    mandate_no: str = ""
    coowner_consent: bool = False
    papers: bool = False
    card_no: str = ""
    rent: Decimal | None = None
    area: Decimal | None = None
    address_public: str = ""
    publisher: Publisher = Publisher()
    requester: Requester | None = None
    channel: Channel = Channel.ENT
    request_no: str = ""

    @property
    def part_key(self) -> str:
        """The part the code covers: `*` for the whole flat, else the room's label."""
        return "*" if self.mode is LeaseMode.WHOLE else self.room_no


def order_json(order: VerifyHome) -> str:
    """The request as it is kept."""
    return adapter(VerifyHome).dump_json(order).decode()


def order_of(kept: str) -> VerifyHome:
    """Return the request from what was kept."""
    return adapter(VerifyHome).validate_json(kept)


def plan_json(plan: tuple[PlannedRoom, ...]) -> list[dict[str, object]]:
    """The room plan as it is kept: areas as text."""
    made: list[dict[str, object]] = adapter(tuple[PlannedRoom, ...]).dump_python(plan, mode="json")
    return made


def plan_of(kept: list[dict[str, object]]) -> tuple[PlannedRoom, ...]:
    """Return the room plan from what was kept."""
    return adapter(tuple[PlannedRoom, ...]).validate_python(kept)


@dataclass(frozen=True)
class RecordMandate:
    """The basics of an owner's mandate, entered by the firm that holds it."""

    mandate_no: str
    #: None is the kind that the calling firm holds.
    kind: MandateKind | None
    cert_no: str
    principal_id: str
    signed_on: date
    valid_from: date
    valid_to: date
    flat_room: str = ""
    house_code: str = ""
    firm_uscc: str = ""


@dataclass(frozen=True)
class PublishHome:
    """A listing is published with this content under a code, or under the type of a home that gets none (V10)."""

    code_no: str
    rent: Decimal | None = None
    area: Decimal | None = None
    address_public: str = ""
    holder: Requester | None = None
    home_type: UncodedType | None = None


@dataclass(frozen=True)
class OfCode:
    """A code by its number. `holder` is given by the system itself only."""

    code_no: str
    holder: Requester | None = None
    reason: str = ""


@dataclass(frozen=True)
class Answered:
    """The answer to a request or to an act on a code; `codes` are the rules that failed or warned."""

    verdict: str
    codes: tuple[str, ...] = ()
    shelf: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
