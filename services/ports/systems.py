"""The outside systems a filing asks, as protocols; `Systems` is what the door hands to gatherers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from services.ports.answers import (
    Answer,
    HeldLicences,
    LegalEntity,
    LicencePush,
    PersonQuestion,
    PublicTenancy,
    PushReceipt,
    SamePerson,
    Title,
    TitleQuestion,
)
from services.ports.land import LandRegister
from services.ports.permits import RealtyPaper
from services.ports.port import P, Port
from services.ports.registry import CompanyProfile


class PropertyRegister(LandRegister, Protocol):
    """不动产登记: titles, restrictions, holders now and before; also presale titles, and land contracts (decision 31)."""

    def title_of(self, question: TitleQuestion) -> Answer[Title]:
        """The title of a number; MISS when there is none; `note` 多户 when the room must be named."""
        ...

    def titles_of_person(self, id_no: str) -> Answer[tuple[Title, ...]]:
        """Every title a person holds or held."""
        ...

    def project_certificate(self, cert_no: str) -> Answer[RealtyPaper]:
        """The certificate of a company's land or estate; MISS when there is none."""
        ...


class Police(Protocol):
    """公安身份核验."""

    def same_person(self, question: PersonQuestion) -> Answer[SamePerson]: ...

    def same_people(self, questions: Sequence[PersonQuestion]) -> Answer[tuple[SamePerson | None, ...]]:
        """Check up to 200 people at once, in their order; None where a number does not exist."""
        ...


class PublicHousing(Protocol):
    """公有住房系统."""

    def tenancy_of(self, cert_no: str) -> Answer[PublicTenancy]: ...

    def tenancies_of_person(self, id_no: str) -> Answer[tuple[PublicTenancy, ...]]: ...


class LegalEntities(Protocol):
    """法人库."""

    def entity_of(self, uscc: str) -> Answer[LegalEntity]: ...

    def profile_of(self, uscc: str) -> Answer[CompanyProfile]:
        """A company in full by its credit code: holders, changes, pledges, freezes, bad listings."""
        ...

    def profile_named(self, name: str) -> Answer[CompanyProfile]:
        """Return the profile of an exact name; two companies of one name count as none."""
        ...


class LicenceLibrary(Protocol):
    """电子证照库: what it holds need not be handed in; it makes the certificate of a filing."""

    def held_for(self, id_no: str) -> Answer[HeldLicences]: ...

    def push(self, licence: LicencePush, request_id: str) -> PushReceipt:
        """Hand over a licence; raises `Unavailable` when the library does not take it. Repeats have no second effect."""
        ...


class ShortMessages(Protocol):
    """短信平台: takes a text for one telephone."""

    def send(self, phone: str, text: str, request_id: str) -> PushReceipt:
        """Send a text; raises `Unavailable` when it is not accepted. A repetition has no second effect."""
        ...


@dataclass(frozen=True)
class Scan:
    """A scanner's answer; `silent` without a usable answer, which never counts as clean."""

    state: Literal["clean", "infected", "silent"]
    engine: str = ""


class VirusScanner(Protocol):
    """A scanner that looks into bytes; it never raises and answers in bounded time."""

    def scan(self, content: bytes) -> Scan: ...


PROPERTY_REGISTER: Port[PropertyRegister] = Port("property_register", "不动产登记系统")
POLICE: Port[Police] = Port("police", "公安身份核验")
PUBLIC_HOUSING: Port[PublicHousing] = Port("public_housing", "公有住房系统")
LEGAL_ENTITIES: Port[LegalEntities] = Port("legal_entities", "法人库")
LICENCE_LIBRARY: Port[LicenceLibrary] = Port("licence_library", "电子证照库")

SHORT_MESSAGES: Port[ShortMessages] = Port("short_messages", "短信平台")
VIRUS_SCANNER: Port[VirusScanner] = Port("virus_scan", "病毒查杀")


@dataclass(frozen=True)
class Systems:
    """The clients of an installation by the names of their ports, joined by main.py."""

    clients: Mapping[str, Any] = field(default_factory=dict)

    def find(self, port: Port[P]) -> P | None:
        """Return the client of a port, if this installation has one."""
        client: P | None = self.clients.get(port.name)
        return client

    def at(self, port: Port[P]) -> P:
        """Return the client of a port; LookupError in an installation that has none."""
        client: P = self.clients[port.name]
        return client

    def having(self, port: Port[P], client: P | None) -> "Systems":
        """Return these systems with another client of a port, or without one."""
        return Systems({**self.clients, port.name: client})
