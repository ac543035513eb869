"""Facts for the rules of monitoring: our rows of a company, the registry's present and previous answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.companies import Financing, HeadCompany, Indicator
from models.monitoring import CompanyType
from services.alerts.signs import Subject
from services.engine.kinds import Owner
from services.engine.thresholds import Thresholds
from services.ports.registry import CompanyProfile


@dataclass(frozen=True)
class Watched:
    """A company as we keep it: its row in force and lists, and of a project company its `head`."""

    type: CompanyType
    row: Any
    head: HeadCompany | None = None
    debts: Sequence[Financing] = ()
    years: Sequence[Indicator] = ()

    @property
    def id(self) -> UUID:
        found: UUID = self.row.id
        return found

    @property
    def owner(self) -> Owner:
        return Owner.of(self.row)

    @property
    def subject(self) -> Subject:
        """Subject of the alerts about it."""
        return Subject(self.type.value, self.id, self.owner, self.row.name)

    @property
    def keys(self) -> dict[str, Any]:
        """The columns by which the rows of monitoring belong to it."""
        owner = {name: key for name, key in self.owner.keys.items() if name != "project_id"}
        return {"company_type": self.type, "company_id": self.id, **owner}


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
