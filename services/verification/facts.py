"""The facts a verification is judged by (architecture 4)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.verification_codes import CodeState, MandateKind, PenaltyKind, RequesterKind, ShelfState, UncodedType
from services.engine.thresholds import Thresholds
from services.tenancy.filing_facts import FilingFacts
from services.verification.orders import PlannedRoom, Requester, VerifyHome


@dataclass(frozen=True)
class MandateFacts:
    """A recorded mandate with the number of the request. `of_this_house` is None while the house is unknown."""

    kind: MandateKind
    firm_uscc: str
    valid_from: date
    valid_to: date
    of_this_house: bool | None


@dataclass(frozen=True)
class PenaltyFacts:
    """A penalty or shut-down of the publisher."""

    kind: PenaltyKind
    on_day: date
    until: date | None


@dataclass(frozen=True)
class VerificationFacts:
    """Facts of a request. `filing` are the house facts that the rules of filing judge too.

    `asked_today` counts earlier requests of the requester for the house today; `operators` are the enterprises whose
    verified mandate to operate the house still runs; `owner_phones` the recorded numbers of the owner; `locked` the
    locked room plan; `own_until` the last day of the requester's own valid code for the part.
    """

    order: VerifyHome
    requester: Requester
    filing: FilingFacts
    today: date
    thresholds: Thresholds
    several_flats: bool = False
    asked_today: int = 0
    operators: frozenset[str] = frozenset()
    mandate: MandateFacts | None = None
    owner_phones: frozenset[str] = frozenset()
    penalties: tuple[PenaltyFacts, ...] = ()
    locked: tuple[PlannedRoom, ...] | None = None
    own_until: date | None = None

    @property
    def publisher_kind(self) -> RequesterKind:
        """The kind of publisher of the listing: on a platform its principal."""
        return self.requester.principal_kind or self.requester.kind


@dataclass(frozen=True)
class PublishFacts:
    """Facts of a publication: the code on the day, what was verified, what is to be published."""

    today: date
    thresholds: Thresholds
    state: CodeState | None
    valid_to: date | None
    shelf: ShelfState
    rent: Decimal | None
    area: Decimal | None
    verified_rent: Decimal | None
    verified_area: Decimal | None
    address_public: str
    room: str
    differences: int = 0
    #: Named no code; then of this type.
    uncoded: bool = False
    home_type: UncodedType | None = None
    penalties: tuple[PenaltyFacts, ...] = ()
