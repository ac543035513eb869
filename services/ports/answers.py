"""Answers of outside systems in our words: frozen, without their field names."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from models.codes import Code

Value = TypeVar("Value")


class AnswerState(Code):
    HIT = "HIT", "已取得", "good"
    MISS = "MISS", "未查询到", "warn"
    SILENT = "SILENT", "对方未应答", "warn"
    ABSENT = "ABSENT", "未接入", "muted"
    SKIPPED = "SKIPPED", "无需查询", "muted"


@dataclass(frozen=True)
class Answer(Generic[Value]):
    """The answer of a system to a question: a value, nothing, or silence."""

    state: AnswerState
    source: str
    value: Value | None = None
    at: datetime | None = None
    milliseconds: int = 0
    note: str = ""

    @property
    def hit(self) -> bool:
        return self.state is AnswerState.HIT

    @property
    def missed(self) -> bool:
        return self.state is AnswerState.MISS

    @property
    def silent(self) -> bool:
        return self.state is AnswerState.SILENT


def hit(source: str, value: Value, at: datetime | None = None, milliseconds: int = 0) -> Answer[Value]:
    return Answer(AnswerState.HIT, source, value, at, milliseconds)


def miss(source: str, at: datetime | None = None, milliseconds: int = 0) -> Answer[Any]:
    return Answer(AnswerState.MISS, source, None, at, milliseconds)


def silent(source: str, note: str = "", milliseconds: int = 0) -> Answer[Any]:
    return Answer(AnswerState.SILENT, source, None, None, milliseconds, note)


def skipped(source: str) -> Answer[Any]:
    return Answer(AnswerState.SKIPPED, source)


@dataclass(frozen=True)
class Holder:
    """A registered right holder, or the holder of a public tenancy certificate."""

    name: str
    id_type: str
    id_no: str
    share: Decimal = Decimal(100)
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class RegisteredRoom:
    """A room of the registered plan. `kind` is a `RoomKind` value."""

    label: str
    kind: str
    usable_area: Decimal
    as_designed: bool = True


@dataclass(frozen=True)
class Restriction:
    """A restriction on a title. `kind` is a `RestrictionKind` value."""

    kind: str
    source: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Title:
    """A register's data of a flat. `category` and `proof_kind` are `HouseCategory` and `ProofKind` values.

    `ended_on` is set when the certificate itself is cancelled; `mandates` are the id numbers of persons or firms with a
    recorded mandate of the holders to let.
    """

    cert_no: str
    unit_no: str
    house_code: str
    category: str
    proof_kind: str
    district_code: str
    street_code: str
    address: str
    room_no: str
    build_area: Decimal
    inner_area: Decimal | None
    design_use: str
    share_kind: str
    registered_on: date | None
    holders: tuple[Holder, ...]
    former_holders: tuple[Holder, ...] = ()
    rooms: tuple[RegisteredRoom, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    mandates: tuple[str, ...] = ()
    mortgaged: bool = False
    ended_on: date | None = None
    conversion_approved: bool = False
    last_transfer_on: date | None = None
    committee: str = ""
    road: str = ""
    lane: str = ""
    building: str = ""
    structure: str = ""
    layout: str = ""
    floor_no: int | None = None
    floor_total: int | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class TitleQuestion:
    """A title by number, with the room when a certificate covers several flats."""

    cert_no: str
    room_no: str = ""


@dataclass(frozen=True)
class PersonQuestion:
    """A name and a document number to be compared."""

    name: str
    id_type: str
    id_no: str


@dataclass(frozen=True)
class SamePerson:
    """Answer of the police: name and number agree, or do not."""

    agree: bool


@dataclass(frozen=True)
class PublicTenancy:
    """A public tenancy certificate: who holds it, who lives there, whether it is valid and may be sub-let."""

    cert_no: str
    title: Title
    valid: bool
    holder: Holder
    residents: tuple[Holder, ...] = ()
    sublet_allowed: bool = True


@dataclass(frozen=True)
class LegalEntity:
    """A body in the legal-person library. `status` is 存续, 注销, 吊销 …"""

    uscc: str
    name: str
    status: str
    legal_rep: str = ""
    scope: str = ""


@dataclass(frozen=True)
class HeldLicences:
    """The materials the licence library holds for one person; these may not be asked for."""

    id_no: str
    materials: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class LicencePush:
    """A filing notice handed to the licence library."""

    licence_no: str
    kind: str
    title: str
    holder_ids: tuple[str, ...]
    digest: str
    issued_on: date
    revoked: bool = False


@dataclass(frozen=True)
class PushReceipt:
    receipt_no: str
