"""Records the supply of homes is worked out from: the effective records of land, projects, permits, buildings and sales.

Areas are whole numbers of 0.0001 m², sums of money of 0.01 yuan, so that totals are exact. Records reach these shapes
through one reader for each source; nothing here knows where they are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.supply.months import Known

#: Places of an area in these shapes: 0.0001 m².
PLACES = 10_000


class Type(StrEnum):
    """Kinds of property, as reports divide them."""

    HOUSING = "住宅"
    OFFICE = "办公"
    RETAIL = "商业"
    PARKING = "车位"
    OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Land:
    """A parcel with its land contract. `saleable` is its saleable area as planned, `types` the contract's areas."""

    id: str
    district: str
    plate: str
    ring: str
    contract: Known | None
    land_area: int
    saleable: int
    types: Mapping[Type, int]


@dataclass(frozen=True, slots=True)
class Project:
    """An effective project."""

    id: str
    district: str
    plate: str
    ring: str
    group: str
    effective: Known
    presale_planned: date | None


@dataclass(frozen=True, slots=True)
class Use:
    """The area of a parcel that a project uses."""

    project: str
    parcel: str
    area: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned building of a planning permit: its saleable area, what is not for sale, and its homes."""

    id: str
    project: str
    permit: Known
    type: Type
    saleable: int
    off_sale: int
    sets: int


@dataclass(frozen=True, slots=True)
class Work:
    """A unit work of a construction permit, with its milestones and what progress reports said of stops."""

    id: str
    project: str
    kind: Type
    garage: bool
    area: int
    started: Known | None
    topped: Known | None
    completed: Known | None
    start_planned: date | None
    completion_planned: date | None
    #: Period of an effective progress line and, if it says stopped, the day since when; ordered by period.
    stops: tuple[tuple[int, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """A unit work tied to a planned building (row 69) or to a natural building (row 70, known at a moment)."""

    work: str
    building: str
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Natural:
    """A natural building of the building table."""

    id: str
    project: str
    surveyed: Known | None


@dataclass(frozen=True, slots=True)
class Home:
    """A unit of the building table."""

    id: str
    building: str
    type: Type
    housing: bool
    for_sale: bool
    forecast: int | None
    surveyed: int | None
    filed_price: int | None
    opened_on: date | None


@dataclass(frozen=True, slots=True)
class Presale:
    """An issued presale permit over natural buildings."""

    id: str
    project: str
    issued: Known
    buildings: tuple[str, ...]
    area: int


class Happening(StrEnum):
    """Events of a home on its way to a buyer."""

    LIST = "LIST"
    OPEN = "OPEN"
    EARNEST = "EARNEST"
    SIGN = "SIGN"
    REGISTER = "REGISTER"
    CANCEL = "CANCEL"
    SUSPEND = "SUSPEND"
    RESUME = "RESUME"


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the sale system. `ref` is the permit or certificate a listing names."""

    home: str
    what: Happening
    known: Known
    contract: str
    area: int
    amount: int
    ref: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A mortgage, seal or order that keeps a home from being sold from a day on; `until` is the first day without it."""

    home: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The records that figures of supply are worked out from, events in the order of their arrival."""

    lands: Sequence[Land] = ()
    projects: Sequence[Project] = ()
    uses: Sequence[Use] = ()
    planned: Sequence[Planned] = ()
    works: Sequence[Work] = ()
    planned_ties: Sequence[Tie] = ()
    natural_ties: Sequence[Tie] = ()
    naturals: Sequence[Natural] = ()
    homes: Sequence[Home] = ()
    presales: Sequence[Presale] = ()
    master_certificates: frozenset[str] = frozenset()
    events: Sequence[Event] = ()
    restrictions: Sequence[Restriction] = ()
    #: Project and day of each effective version of its handbook.
    handbooks: Sequence[tuple[str, date]] = ()
    #: Groups of companies; whether each is in the city's list.
    groups: Mapping[str, bool] = field(default_factory=dict)
