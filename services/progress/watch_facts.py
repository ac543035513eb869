"""Facts of a project on a day, as its watch judges them: what is in force and was known by the end of that day (row 75)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from models.progress import MilestoneCode, VisualProgress, WorkStatus
from services.engine.thresholds import Thresholds


@dataclass(frozen=True)
class ReachedBy:
    """A milestone: the planned day in force, and the day it was reached, as far as known."""

    planned: date | None = None
    reached: date | None = None


@dataclass(frozen=True)
class ReportedLine:
    """A line of a report in force about a unit work."""

    period: str
    stage: VisualProgress
    floors: int
    percent: int
    status: WorkStatus
    stop_from: date | None = None


@dataclass(frozen=True)
class WorkFacts:
    """A unit work: its milestones, its lines by month, and whether a completion filing covers it."""

    id: UUID
    name: str
    permit_id: UUID
    milestones: Mapping[MilestoneCode, ReachedBy] = field(default_factory=dict)
    lines: tuple[ReportedLine, ...] = ()
    filed: bool = False

    def reached(self, code: MilestoneCode) -> date | None:
        found = self.milestones.get(code)
        return found.reached if found is not None else None


@dataclass(frozen=True)
class PaymentFacts:
    """The payment of a month, as in force."""

    period: str
    output_period: Decimal
    output_cum: Decimal
    paid_cum: Decimal
    labour: Decimal
    guaranteed: bool = True
    settlement_sent_on: date | None = None
    settlement_agreed_on: date | None = None
    settlement_filed_on: date | None = None


@dataclass(frozen=True)
class PermitFacts:
    """A construction permit with its payments by month."""

    id: UUID
    name: str
    issued_on: date
    extended_to: date | None = None
    planning_ids: frozenset[UUID] = frozenset()
    payments: tuple[PaymentFacts, ...] = ()
    suspended_from: date | None = None


@dataclass(frozen=True)
class PlanningFacts:
    """An engineering planning permit."""

    id: UUID
    name: str
    issued_on: date
    extended_to: date | None = None


@dataclass(frozen=True)
class BuildingFacts:
    """A natural building: the day it was delivered, and whether a delivery permit names it."""

    id: UUID
    name: str
    delivered_on: date | None = None
    permitted: bool = False
    units_off: int = 0


@dataclass(frozen=True)
class FilingFacts:
    """A completion filing, and whether its records went to the city archives."""

    id: UUID
    number: str
    accepted_on: date
    archived_on: date | None = None


@dataclass(frozen=True)
class ProjectFacts:
    """A project on a day. `start_due` is the latest start that its land contracts ask for."""

    id: UUID
    name: str
    today: date
    thresholds: Thresholds
    works: tuple[WorkFacts, ...] = ()
    permits: tuple[PermitFacts, ...] = ()
    planning: tuple[PlanningFacts, ...] = ()
    buildings: tuple[BuildingFacts, ...] = ()
    reported: frozenset[str] = frozenset()
    start_due: date | None = None
    filings: tuple[FilingFacts, ...] = ()
    delivery_on: date | None = None

    def works_of(self, permit: PermitFacts) -> list[WorkFacts]:
        return [work for work in self.works if work.permit_id == permit.id]
