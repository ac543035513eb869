"""Kinds of kept records: a table and a declaration, from which form, grid, sheets, review, history and paper are drawn.

`kept(Kind(...))` registers the kind with its actions and queries (`services/engine/cycle.py`). A `Kind` holds
functions, no booleans; a kind that needs more keeps the cycle and writes its own page from the same parts (architecture
3).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, Self
from uuid import UUID

from models.access import (
    CITY_AUTHORITY,
    DISTRICT_AUTHORITY,
    HEAD_OFFICE,
    LEASING_CITY,
    LEASING_DISTRICT,
    PROJECT_OFFICE,
    SPATIAL_OFFICE,
    Role,
)
from models.codes import Code
from models.records import ChildRow, InForce, Revision, StepVerdict
from services.engine.callers import Caller
from services.engine.field_types.field import Field
from services.engine.findings import Rule
from services.engine.shapes import fields_of
from services.engine.thresholds import Thresholds
from services.engine.work import Work
from services.ports.answers import Answer

if TYPE_CHECKING:
    from services.engine.door import Gathering

#: A value as a form holds it, parsed: text, Decimal, int, bool, date, a code or a UUID; absent or None when not filled.
Values = Mapping[str, Any]
#: The columns that decide who sees a row.
SCOPE_KEYS = ("district_code", "head_company_id", "project_company_id", "project_id")


@dataclass(frozen=True)
class Owner:
    """The scope keys of a record, which decide who sees it (market 3.7)."""

    district_code: str = ""
    head_company_id: UUID | None = None
    project_company_id: UUID | None = None
    project_id: UUID | None = None
    #: The authority lets this project's records come in another order than 3.5 (补录): what is missing only warns.
    relaxed: bool = False

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return the scope keys of a row that has all four."""
        return cls(**{name: getattr(row, name) for name in SCOPE_KEYS})

    @property
    def keys(self) -> dict[str, Any]:
        """The scope keys by the names of their columns, for a row that is made."""
        return {name: getattr(self, name) for name in SCOPE_KEYS}


@dataclass(frozen=True)
class Proposal:
    """Input of a rule: the proposed values, the values in force, and the facts its kind asked for.

    `proposal["land_area"]` is the parsed value or None; `lines("instalments")` the lines of a list. `answers` come from
    outside systems (`Facts.ask`), `found` from our own tables (`Facts.look`, inside the transaction).
    """

    kind: str
    record_id: UUID
    version_no: int
    values: Values
    children: Mapping[str, Sequence[Values]]
    files: Mapping[str, Sequence[UUID]]
    owner: Owner
    today: date
    thresholds: Thresholds
    before: Values | None = None
    answers: Mapping[str, Answer[Any]] = field(default_factory=dict)
    found: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def lines(self, name: str) -> Sequence[Values]:
        return self.children.get(name, ())


@dataclass(frozen=True)
class Offices:
    """The workspaces a kind belongs to: who sees its records of the whole city, of a district, or of a company.

    `others` read what visibility shows them; `voiders` of the authority end a record in force.
    """

    city: frozenset[Role]
    district: frozenset[Role]
    voiders: frozenset[Role]
    companies: frozenset[Role] = frozenset()
    others: frozenset[Role] = frozenset()

    @property
    def authority(self) -> frozenset[Role]:
        return self.city | self.district

    @property
    def readers(self) -> frozenset[Role]:
        """The roles that list and open the kind."""
        return self.authority | self.companies | self.others


MARKET_OFFICES = Offices(
    CITY_AUTHORITY | SPATIAL_OFFICE,
    DISTRICT_AUTHORITY | SPATIAL_OFFICE,
    voiders=frozenset({Role.CITY_REVIEWER, Role.DIST_REVIEWER}),
    companies=HEAD_OFFICE | PROJECT_OFFICE,
    others=frozenset({Role.ANALYST}),
)
LEASING_OFFICES = Offices(LEASING_CITY, LEASING_DISTRICT, voiders=LEASING_CITY)


class Period(Protocol):
    """A rule of time for a kind: one record a subject and period (`services/engine/periodic.py`)."""

    @property
    def subject(self) -> str: ...

    @property
    def month(self) -> str: ...

    @property
    def carried(self) -> tuple[str, ...]: ...

    @property
    def opens_with(self) -> Callable[[Work, Any, str], tuple[Values, Mapping[str, Sequence[Values]]]] | None: ...

    @property
    def rules(self) -> tuple[Rule[Proposal], ...]: ...

    def look(self, work: Work, table: type[InForce], proposal: Proposal) -> Mapping[str, Any]: ...

    def months_of(self, work: Work, table: type[InForce], subject: UUID) -> list[str]: ...


@dataclass(frozen=True)
class Makers:
    """Roles that may draft and submit a kind, and the owner of its new records.

    `owner(work, about)` returns the scope keys of a record begun about something (a project, a parcel; None for
    nothing), and refuses: a foreign or missing `about` is `NotFound`, a second record where only one is allowed is
    `Conflict` with the number of the first. `follow(work, owner, values)` is called at every save and at submission,
    for scope keys that depend on the form, such as the district of a parcel. `about` names the kind that pages ask the
    user to choose first; empty for none. `known(work, owner)` returns what is known of a record that is begun empty.
    """

    draft: frozenset[Role]
    submit: frozenset[Role]
    owner: Callable[[Work, UUID | None], Owner]
    follow: Callable[[Work, Owner, Values], Owner] | None = None
    about: str = ""
    #: What a new record is about may have several of this kind, so that pages offer a further one.
    several: bool = False
    #: Who else sees a record in force, its lists and the versions it had: `(work, table)` gives a where clause over the typed
    #: table, beside the scope keys (a parcel bought by two head companies is seen by both).
    also_seen: Callable[[Work, Any], Any] | None = None
    known: Callable[[Work, Owner], Values] | None = None
    offices: Offices = MARKET_OFFICES


@dataclass(frozen=True)
class Level:
    """A level of review: its name, who speaks at it; a district's reviewers only over their own district.

    `alone` is the reason why its records are decided one by one and never in bulk, a sentence for people. With
    `waits` no decision is made while a colleague is still asked for an opinion.
    """

    label: str
    roles: frozenset[Role]
    alone: str = ""
    waits: bool = True


DISTRICT = Level("区级审核", frozenset({Role.DIST_REVIEWER}))
CITY = Level("市级审核", frozenset({Role.CITY_REVIEWER}))


@dataclass(frozen=True)
class Offer:
    """A line that a list may have: its values, its name and words about it, and the reason why it may not be chosen."""

    values: Values
    label: str
    words: str = ""
    bar: str = ""


@dataclass(frozen=True)
class CheckLines:
    """A list with one line for each member of a code: the fields of the code and of its tick."""

    item: str
    met: str


@dataclass(frozen=True)
class Child:
    """A list under a record. `key` identifies its lines: a line keeps its id in the next version with that key.

    `dependants(work, lines)` gives the dependants of these lines in force by the line's id; a line that has any is not dropped.
    `readers` are the roles that read the lines, such as a district's of its tenants; None for all who see the record.
    """

    name: str
    label: str
    table: type[ChildRow]
    key: tuple[str, ...]
    most: int = 500
    dependants: Callable[[Work, Sequence[ChildRow]], Mapping[UUID, Sequence["Dependant"]]] | None = None
    readers: frozenset[Role] | None = None
    #: How cells of a workbook are read, by field, where the field's own reading is too strict for what people write:
    #: `(cell, says)` of services/imports/sheets.py gives the text of the value.
    cells: Mapping[str, Callable[[Any, Any], str]] = field(default_factory=dict)
    #: Lines to be ticked instead of typed: `(work, proposal)` looks them up for a draft as it is filled in.
    offers: Callable[[Work, Proposal], Sequence[Offer]] | None = None
    checks: CheckLines | None = None
    #: A list that has a paper of its own, such as prices by unit: books that quote the record leave it out.
    apart: bool = False
    least: int = 0

    def read_by(self, caller: Caller) -> bool:
        return self.readers is None or caller.has(Role.SYSTEM, *self.readers)

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.table)


@dataclass(frozen=True)
class Intake:
    """Prepare a photo for a slot before it is stored, such as one whose place is stripped.

    `prepare` gives the content to store and what was read of the file, with no transaction open; `keep(work, version,
    attachment_id, read)` stores what was read.
    """

    prepare: Callable[[bytes], tuple[bytes, Any]]
    keep: Callable[[Work, Revision, UUID, Any], None]


@dataclass(frozen=True)
class Slot:
    """A place for attachments. `least` files must be there to submit."""

    name: str
    label: str
    least: int = 0
    help: str = ""
    intake: Intake | None = None


@dataclass(frozen=True)
class Given:
    """Values and lists that a source returned for a key, in form representation, with source and time."""

    values: Mapping[str, Any]
    children: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    source: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Prefill:
    """Filling a form by a key, such as a contract number. `ask` does I/O, with no transaction open.

    A permit of another company is never shown: `MISS` with the note 证照存在，权利人不一致 (market 2.17).
    """

    label: str
    key: str
    source: str
    ask: Callable[["Gathering", str, Owner], Answer[Given]]


@dataclass(frozen=True)
class Facts:
    """Facts beside the values: `prefill` fills a form by a key; for rules `ask` outside systems, `look` into our own tables.

    A first version resembles records in force by the name in the first field of `alike`, shown beside it with the others.
    """

    ask: Callable[["Gathering", Proposal], Mapping[str, Answer[Any]]] | None = None
    look: Callable[[Work, Proposal], Mapping[str, Any]] | None = None
    prefill: Prefill | None = None
    alike: tuple[str, ...] = ()


@dataclass(frozen=True)
class Need:
    """A record that must be in force before this one is submitted (market 3.5): `there(work, owner, values)` looks for it.

    `kind` names it in the drawing of dependencies and may be a kind of another form. A need that several kinds share reads no
    values: it is looked for once.
    """

    kind: str
    label: str
    there: Callable[[Work, Owner, Values], bool]


@dataclass(frozen=True)
class Dependant:
    """A record in force that depends on another; `label` names it for people."""

    kind: str
    record_id: UUID
    label: str


@dataclass(frozen=True)
class Ties:
    """Dependencies of a record: the records it needs, and those that need it.

    `needs` must be in force before it is submitted. While `dependants(work, in_force)` gives any, voiding is refused.
    `may_update(work, in_force)` gives the reason why a record is frozen, a sentence for people, or nothing.
    """

    needs: tuple[Need, ...] = ()
    dependants: Callable[[Work, Any], Sequence[Dependant]] | None = None
    may_update: Callable[[Work, Any], str] | None = None


@dataclass(frozen=True)
class Effects:
    """Hooks that run in the transaction of a step.

    `on_effective(work, in_force, revision)` and `on_void` run once a version takes effect or its record is voided, `on_step`
    after every step of a version: submitted, withdrawn, returned, refused, approved (`StepVerdict`).
    """

    on_effective: Callable[[Work, Any, Revision], None] | None = None
    on_void: Callable[[Work, Any, Revision], None] | None = None
    on_step: Callable[[Work, Revision, StepVerdict], None] | None = None


@dataclass(frozen=True)
class Stage:
    """The stage of a project's life a kind belongs to, named by its area's own codes.

    `settle(work, row)` computes the stage of the row's project anew; the engine calls it when a record takes effect or is
    voided. A kind without it belongs to the stage and does not show that it is reached.
    """

    at: Code
    settle: Callable[[Work, Any], None] | None = None
    optional: bool = False


@dataclass(frozen=True)
class Look:
    """Presentation of a kind: its title field, the columns and filters of its grid, the section heads of its form.

    `change` is the label of the update button: 更新 or 更正 (market 3.6). `menu` is the menu group of its list (see
    `ui/shell/modules.py`), empty for a list that is reached from its project's page alone, `purpose` its purpose in the data catalogue.
    """

    title: str
    grid: tuple[str, ...]
    filters: tuple[str, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict)
    menu: str = ""
    change: str = "更新"
    purpose: str = ""
    #: Names a draft where no field of the form does: `(work, owner, values)`, such as the list of a project's parcels.
    titled: Callable[[Work, Owner, Values], str] | None = None
    #: The title of its sheet where that is an official paper: sealed by the office that wrote the version in force.
    paper: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of kept record. `prefix` begins its business numbers, `row` is the requirement it serves.

    At most sixteen fields, each a fact or a part; what is next goes into a part.
    """

    name: str
    label: str
    row: int
    prefix: str
    table: type[InForce]
    makers: Makers
    look: Look
    review: tuple[Level, ...] = (DISTRICT,)
    children: tuple[Child, ...] = ()
    slots: tuple[Slot, ...] = ()
    rules: tuple[Rule[Proposal], ...] = ()
    facts: Facts = Facts()
    ties: Ties = Ties()
    effects: Effects = Effects()
    stage: Stage | None = None
    period: Period | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.table)

    def child(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)

    def closed_to(self, caller: Caller) -> frozenset[str]:
        """Return the names of the lists whose lines the caller does not read."""
        return frozenset(child.name for child in self.children if not child.read_by(caller))

    def told(self, caller: Caller, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the content of a version without the lists that the caller does not read."""
        closed = self.closed_to(caller)
        if not closed:
            return dict(payload)
        children = {name: lines for name, lines in payload.get("children", {}).items() if name not in closed}
        typed = {place: was for place, was in payload.get("typed", {}).items() if place.split(".")[0] not in closed}
        return {**payload, "children": children, "typed": typed}


KINDS: dict[str, Kind] = {}


def kind_named(name: str) -> Kind:
    """A registered kind; `KeyError` when there is none."""
    return KINDS[name]


def kind_of_table(table_name: str) -> Kind | None:
    """Return the kind of a table, for fields that refer to its records."""
    return next((kind for kind in KINDS.values() if kind.table.__tablename__ == table_name), None)


def may_draft(kind: Kind, caller: Caller) -> bool:
    return bool(kind.makers.draft & caller.roles)
