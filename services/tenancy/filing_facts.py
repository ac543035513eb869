"""The facts a filing or a cancellation is judged by: what systems answered and what our own tables say (architecture 4)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.enterprise import KeyState, RecordState, ServiceState
from models.house import HouseCategory, IntakeState, RoomKind
from models.practitioner_codes import CardState
from models.rooms import CentralRoomState, ProjectKind
from models.tenancy_codes import CancelMode, CancelReason, ContractState, FilingState
from services.engine.thresholds import Thresholds
from services.ports.answers import Answer, HeldLicences, LegalEntity, PublicTenancy, SamePerson, Title
from services.tenancy.lease_form import LeaseForm


@dataclass(frozen=True)
class KnownRoom:
    """A room of the flat in our base library."""

    label: str
    kind: RoomKind
    usable_area: Decimal
    as_designed: bool = True


@dataclass(frozen=True)
class KnownHouse:
    """The flat in our base library."""

    house_code: str
    category: HouseCategory
    intake: IntakeState
    district_code: str
    street_code: str
    build_area: Decimal
    rooms: tuple[KnownRoom, ...] = ()
    operator_uscc: str = ""


@dataclass(frozen=True)
class OtherFiling:
    """A filing of the house. `parts` as in `LeaseForm.parts`; `ended_on` when it ended before `valid_to`."""

    filing_no: str
    parts: tuple[str, ...]
    valid_from: date
    valid_to: date
    filed_on: date
    state: FilingState
    persons: int = 0
    lessee_ids: tuple[str, ...] = ()
    lessor_ids: tuple[str, ...] = ()
    contract_end: date | None = None
    ended_on: date | None = None
    central: bool = False
    leased_area: Decimal | None = None


@dataclass(frozen=True)
class OpenCase:
    """Another open case for this part; `same_content` when rent, dates and parties agree."""

    case_no: str
    parts: tuple[str, ...]
    start: date | None
    end: date | None
    same_content: bool


@dataclass(frozen=True)
class FirmFacts:
    """The firm a deal goes through, as recorded here on the day of judgement."""

    uscc: str
    record_state: RecordState
    service_state: ServiceState
    scope_ok: bool
    rental: bool
    keys: tuple[KeyState, ...] = ()
    rents_from_individuals: bool = False


@dataclass(frozen=True)
class CardFacts:
    """The information card named on the contract."""

    card_no: str
    state: CardState
    firm_uscc: str
    active_from: date | None
    cancelled_on: date | None


@dataclass(frozen=True)
class ProjectFacts:
    """The centralised project and room a house belongs to."""

    kind: ProjectKind
    operator_uscc: str
    opened: bool
    operate_from: date | None
    operate_to: date | None
    room_in_library: bool
    room_state: CentralRoomState | None
    room_total: int
    max_persons: int = 2
    beds: int = 0
    room_area: Decimal | None = None
    filed_month_price: Decimal | None = None
    other_bed_rents: tuple[Decimal, ...] = ()
    persons_in_building: int = 0


@dataclass(frozen=True)
class FilingFacts:
    """Facts for the filing rules. Maps are keyed by document number (persons) or credit code (bodies).

    `title` is asked for owned houses, `tenancy` for public ones; the other is SKIPPED. `listed` are the numbers found
    on the credit list. `tenant_filings` counts active filings by tenant number. `confirmed_digest` is the text the
    parties confirmed and `text_digest` the text to be frozen now; both empty before confirmation.
    """

    form: LeaseForm
    today: date
    thresholds: Thresholds
    title: Answer[Title]
    tenancy: Answer[PublicTenancy]
    people: dict[str, Answer[SamePerson]] = field(default_factory=dict)
    bodies: dict[str, Answer[LegalEntity]] = field(default_factory=dict)
    licences: dict[str, Answer[HeldLicences]] = field(default_factory=dict)
    house: KnownHouse | None = None
    filings: tuple[OtherFiling, ...] = ()
    open_cases: tuple[OpenCase, ...] = ()
    listed: frozenset[str] = frozenset()
    broker: FirmFacts | None = None
    enterprise: FirmFacts | None = None
    card: CardFacts | None = None
    project: ProjectFacts | None = None
    reference_rent: Decimal | None = None
    tenant_filings: dict[str, int] = field(default_factory=dict)
    house_filings_year: int = 0
    streets: frozenset[str] = frozenset()
    confirmed_digest: str = ""
    text_digest: str = ""
    caller_enterprise: str = ""
    merged_conflicts: tuple[str, ...] = ()
    counter: bool = True


@dataclass(frozen=True)
class CancelFacts:
    """Facts for the cancellation rules.

    `applicants` are the numbers of the applicants, `principals` those for whom an agent's mandate covers the
    cancellation. `unseen` are applicants at a counter whose document the clerk has not had in hand today.
    `filing_state` is None while a contract is signed but not filed. `terminated_on` is the end of the
    lease.
    """

    today: date
    thresholds: Thresholds
    mode: CancelMode
    reason: CancelReason
    start: date
    end: date
    contract_state: ContractState
    filing_state: FilingState | None
    filed_on: date | None = None
    terminated_on: date | None = None
    applicants: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    lessors: tuple[str, ...] = ()
    lessees: tuple[str, ...] = ()
    commitment: bool = False
    court_paper: bool = False
    direct_rent: bool = False
    objection_open: bool = False
    central: bool = False
