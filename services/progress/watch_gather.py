"""Gathers the facts of projects for their watch: records in force and milestones, as far as known by a moment (row 75)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.building_tables import NaturalBuilding
from models.completion import CompletedWork, CompletionFiling, DeliveredBuilding, DeliveryPermit
from models.construction import ConstructionPermit, PermittedPlanning, UnitEngineering
from models.parcels import Parcel
from models.planning import EngineeringPlanningPermit
from models.progress import EngineeringPayment, Milestone, MilestoneCode, MilestoneScope, ProgressLine, ProgressReport
from models.projects import Project, ProjectParcelLine, ProjectParcels
from models.records import InForceState
from services.engine.work import Work
from services.progress.watch_facts import (
    BuildingFacts,
    FilingFacts,
    PaymentFacts,
    PermitFacts,
    PlanningFacts,
    ProjectFacts,
    ReachedBy,
    ReportedLine,
    WorkFacts,
)

Grouped = dict[Any, list[Any]]


def facts_of(work: Work, projects: Sequence[Project], day: date, until: datetime) -> Iterator[ProjectFacts]:
    """Yield the facts of projects on a day, of what was in force and known before a moment."""
    seen = _Seen(work, [project.id for project in projects], day, until)
    for project in projects:
        if project.effective_from < until:
            yield seen.facts(project)


class _Seen:
    """The rows of some projects, read by a statement a table and grouped as facts need them."""

    def __init__(self, work: Work, ids: Sequence[UUID], day: date, until: datetime) -> None:
        self.work, self.ids, self.day, self.until = work, list(ids), day, until
        self.planning = self._of(EngineeringPlanningPermit)
        self.permits = self._of(ConstructionPermit)
        self.works = self._of(UnitEngineering)
        self.reports = self._of(ProgressReport)
        self.payments = _grouped(self._rows(EngineeringPayment), "construction_permit_id")
        self.buildings = _grouped(
            work.rows(NaturalBuilding, col(NaturalBuilding.project_id).in_(self.ids)), "project_id"
        )
        self.milestones = self._milestones()
        self.plannings = self._lines(PermittedPlanning, ConstructionPermit)
        self.filed = {line.unit_engineering_id for line in self._all(CompletedWork, CompletionFiling)}
        self.filings = self._of(CompletionFiling)
        delivered = self._all(DeliveredBuilding, DeliveryPermit)
        self.delivered = {line.natural_building_id or line.natural_building_no for line in delivered}
        self.delivered |= {line.natural_building_no for line in delivered}
        self.lines = self._reported()
        self.starts = self._starts()

    def facts(self, project: Project) -> ProjectFacts:
        permits = self.permits.get(project.id, [])
        known = {permit.id for permit in permits}
        works = [row for row in self.works.get(project.id, []) if row.construction_permit_id in known]
        return ProjectFacts(
            project.id,
            project.name,
            self.day,
            self.work.thresholds.over(project.district_code),
            tuple(self._work(row) for row in works),
            tuple(self._permit(row) for row in permits),
            tuple(
                PlanningFacts(row.id, row.permit_no, row.issued_on, row.extended_to)
                for row in self.planning.get(project.id, [])
            ),
            tuple(self._building(row) for row in self.buildings.get(project.id, [])),
            frozenset(row.period for row in self.reports.get(project.id, [])),
            self.starts.get(project.id),
            tuple(
                FilingFacts(row.id, row.filing_no, row.accepted_on, row.archived_on)
                for row in self.filings.get(project.id, [])
            ),
            project.planned_delivery_on,
        )

    def _work(self, row: UnitEngineering) -> WorkFacts:
        return WorkFacts(
            row.id,
            row.name,
            row.construction_permit_id,
            self.milestones.get((MilestoneScope.UNIT, row.id), {}),
            tuple(self.lines.get(row.id, ())),
            row.id in self.filed,
        )

    def _permit(self, row: ConstructionPermit) -> PermitFacts:
        payments = sorted(self.payments.get(row.id, []), key=lambda one: str(one.period))
        return PermitFacts(
            row.id,
            row.permit_no,
            row.issued_on,
            row.extended_to,
            frozenset(line.planning_permit_id for line in self.plannings.get(row.id, [])),
            tuple(
                PaymentFacts(
                    one.period,
                    one.output_value_period,
                    one.output_value_cum,
                    one.paid_cum,
                    one.labour_paid_period,
                    bool(one.payment_guarantee_no),
                    one.settlement_sent_on,
                    one.settlement_agreed_on,
                    one.settlement_filed_on,
                )
                for one in payments
            ),
            row.suspended_from if row.resumed_on is None else None,
        )

    def _building(self, row: NaturalBuilding) -> BuildingFacts:
        delivered = self.milestones.get((MilestoneScope.BUILDING, row.id), {}).get(MilestoneCode.M22, ReachedBy())
        permitted = row.id in self.delivered or row.natural_building_no in self.delivered
        return BuildingFacts(row.id, row.building_name, delivered.reached, permitted, row.units_off)

    # Rows

    def _rows(self, table: Any) -> Sequence[Any]:
        return self.work.rows(
            table,
            col(table.project_id).in_(self.ids),
            table.in_force == InForceState.EFFECTIVE,
            table.effective_from < self.until,
            by=(table.record_no, table.id),
        )

    def _of(self, table: Any) -> Grouped:
        return _grouped(self._rows(table), "project_id")

    def _all(self, line: Any, record: Any) -> Sequence[Any]:
        """Return the lines of the records of a table."""
        ids = [row.id for row in self._rows(record)]
        return [
            one for part in _parts(ids) for one in self.work.rows(line, col(line.record_id).in_(part), by=line.place)
        ]

    def _lines(self, line: Any, record: Any) -> Grouped:
        return _grouped(self._all(line, record), "record_id")

    def _milestones(self) -> dict[Any, dict[MilestoneCode, ReachedBy]]:
        found: dict[Any, dict[MilestoneCode, ReachedBy]] = defaultdict(dict)
        scopes = (MilestoneScope.UNIT, MilestoneScope.BUILDING)
        rows = self.work.rows(Milestone, col(Milestone.project_id).in_(self.ids), col(Milestone.scope).in_(scopes))
        for row in rows:
            known = row.actual_on is not None and row.recorded_at is not None and row.recorded_at < self.until
            reached = row.actual_on if known and row.actual_on is not None and row.actual_on <= self.day else None
            found[row.scope, row.subject_id][row.milestone] = ReachedBy(row.planned_on, reached)
        return found

    def _reported(self) -> dict[UUID, list[ReportedLine]]:
        periods = {row.id: row.period for rows in self.reports.values() for row in rows}
        found: dict[UUID, list[ReportedLine]] = defaultdict(list)
        for part in _parts(sorted(periods, key=lambda one: periods[one])):
            lines = self.work.rows(ProgressLine, col(ProgressLine.record_id).in_(part))
            for line in lines:
                found[line.unit_engineering_id].append(
                    ReportedLine(
                        periods[line.record_id],
                        line.visual_progress,
                        line.floors_done,
                        line.percent,
                        line.status,
                        line.stop_from,
                    )
                )
        return {work_id: sorted(lines, key=lambda one: one.period) for work_id, lines in found.items()}

    def _starts(self) -> dict[UUID, date]:
        """Return the latest day on which the land contracts of each project ask for a start."""
        columns: Any = (ProjectParcels.project_id, Parcel.start_extended_to, Parcel.start_due_on)
        rows = self.work.session.exec(
            select(*columns)
            .join(ProjectParcelLine, col(ProjectParcelLine.record_id) == col(ProjectParcels.id))
            .join(Parcel, col(Parcel.id) == col(ProjectParcelLine.parcel_id))
            .where(
                col(ProjectParcels.project_id).in_(self.ids),
                ProjectParcels.in_force == InForceState.EFFECTIVE,
                Parcel.in_force == InForceState.EFFECTIVE,
            )
        ).all()
        found: dict[UUID, date] = {}
        for project_id, extended, due in rows:
            on = extended or due
            if project_id is not None and on is not None:
                found[project_id] = max(on, found.get(project_id, on))
        return found


def _grouped(rows: Sequence[Any], column: str) -> Grouped:
    found: Grouped = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found


def _parts(ids: Sequence[UUID], size: int = 500) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
