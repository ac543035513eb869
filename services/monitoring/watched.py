"""Facts for the rules of monitoring: our data of a company, the registry's present and previous answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from models.alerts import AlertGrade
from models.monitoring import CompanyType
from services.engine.kinds import Owner
from services.engine.thresholds import Thresholds
from services.ports.registry import CompanyProfile


@dataclass(frozen=True)
class Debt:
    """A financing as reported by the company; `open` until it is repaid or released."""

    kind: str
    counterparty: str
    contract_no: str
    amount: Decimal
    due_on: date | None
    open: bool = True


@dataclass(frozen=True)
class Year:
    """Figures of a year for the three red lines; None where a figure is missing."""

    year: int
    total_assets: Decimal
    liabilities: Decimal
    advance_receipts: Decimal | None = None
    interest_debt: Decimal | None = None
    cash: Decimal | None = None
    short_debt: Decimal | None = None
    equity: Decimal | None = None


@dataclass(frozen=True)
class Qualification:
    """None of a grade is none at all."""

    grade: str
    valid_to: date | None


@dataclass(frozen=True)
class Watched:
    """A company as we keep it. `head_*` and the ratios are of project companies only."""

    type: CompanyType
    id: UUID
    name: str
    uscc: str
    owner: Owner
    qualification: Qualification | None = None
    established_on: date | None = None
    licensed_on: date | None = None
    filed_on: date | None = None
    head_uscc: str = ""
    head_name: str = ""
    holding_ratio: Decimal | None = None
    ratio_at_award: Decimal | None = None
    debts: Sequence[Debt] = ()
    years: Sequence[Year] = ()


@dataclass(frozen=True)
class Projects:
    """A company's unfinished projects by name, and the capital they bind it to."""

    unfinished: Sequence[str] = ()
    capital_duty: Decimal = Decimal(0)


@dataclass(frozen=True)
class WatchFacts:
    """`now` is None where the registry was silent. `last` is the answer before; `baselines` by rule the answer that
    an open alert compares with, so that a reversed change counts as none.
    """

    company: Watched
    today: date
    thresholds: Thresholds
    now: CompanyProfile | None = None
    last: CompanyProfile | None = None
    baselines: Mapping[str, CompanyProfile] = field(default_factory=dict)
    #: Days on which we saw another representative, those taken back left out.
    representative_days: Sequence[date] = ()
    #: Numbers of changes the registry had entered before we began to watch.
    known_changes: frozenset[str] = frozenset()
    projects: Projects = Projects()

    def before(self, rule: str) -> CompanyProfile | None:
        """Return what a rule compares with."""
        return self.baselines.get(rule, self.last)


@dataclass(frozen=True)
class Line:
    """A value before and now, as people read it."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Sign:
    """A finding of a rule: an alert to raise. The title names no person."""

    grade: AlertGrade
    title: str
    detail: str
    lines: Sequence[Line] = ()
    threshold: str = ""
    key: str = ""
    due_on: date | None = None
