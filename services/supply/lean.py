"""Rows that some reports read beside kept sums: works with their milestones, coverage by handbooks, projects in a line each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models.alerts import Alert, AlertState
from models.companies import GroupCompany, HeadCompany, ProjectCompany
from models.construction import UnitEngineering
from models.handbooks import Handbook
from models.parcels import Parcel
from models.progress import Milestone, MilestoneCode, ProgressLine, ProgressReport, WorkStatus
from models.projects import Project, ProjectParcelLine, ProjectParcels
from models.records import InForceState
from models.sales import PresalePermit, PresaleStatus
from services.engine.clock import SHANGHAI
from services.engine.work import Work
from services.supply.construction import Lives, Stop, planned, reached
from services.supply.facts import PLACES, Facts
from services.supply.facts import Project as ProjectFacts
from services.supply.months import Known, Series, month_named
from services.supply.register import works_kind

#: A select of columns.
columns: Any = select


def _read(work: Work, statement: Any) -> Iterator[Any]:
    yield from work.session.connection().execute(statement)


def visible_projects(work: Work, *where: Any) -> Any:
    """The ids of the effective projects that the caller sees."""
    effective: Any = Project.in_force == InForceState.EFFECTIVE
    return work.visible(Project).with_only_columns(col(Project.id)).where(effective, *where)


def lives_of(work: Work, projects: Any, month: int, series: Series) -> tuple[Lives, Lives]:
    """The lives of the unit works of some projects, as they went and as planned, by columns and not by rows: there are many."""
    start, completion = aliased(Milestone), aliased(Milestone)
    stops = _stops(work, projects)
    rows = (
        columns(
            UnitEngineering.id,
            UnitEngineering.kind,
            UnitEngineering.gfa,
            *(column for one in (start, completion) for column in (one.planned_on, one.actual_on, one.recorded_at)),
        )
        .outerjoin(start, _of_work(start, MilestoneCode.M07))
        .outerjoin(completion, _of_work(completion, MilestoneCode.M17))
        .where(UnitEngineering.in_force == InForceState.EFFECTIVE, col(UnitEngineering.project_id).in_(projects))
    )
    actual, plan = Lives(), Lives()
    for unit, kind, gfa, start_due, started, start_told, completion_due, completed, completion_told in _read(
        work, rows
    ):
        use, _ = works_kind(kind)
        area = int(gfa * PLACES) if gfa is not None else 0
        facts = _known(started, start_told), _known(completed, completion_told), stops.get(unit, ())
        actual.take(use, reached(*facts, month, series), area)
        plan.take(use, planned(start_due, completion_due), area)
    return actual, plan


def _of_work(milestone: Any, code: MilestoneCode) -> Any:
    return (milestone.subject_id == UnitEngineering.id) & (milestone.milestone == code)


def _known(on: date | None, told: datetime | None) -> Known | None:
    return Known(on, told) if on is not None and told is not None else None


def _stops(work: Work, projects: Any) -> dict[UUID, list[Stop]]:
    """The lines of works that were ever stopped, by month."""
    ever = columns(ProgressLine.unit_engineering_id).where(ProgressLine.status == WorkStatus.STOPPED)
    lines = (
        columns(ProgressLine.unit_engineering_id, ProgressReport.period, ProgressLine.status, ProgressLine.stop_from)
        .join(ProgressReport, col(ProgressReport.id) == col(ProgressLine.record_id))
        .where(
            ProgressReport.in_force == InForceState.EFFECTIVE,
            col(ProgressReport.project_id).in_(projects),
            col(ProgressLine.unit_engineering_id).in_(ever),
        )
        .order_by(ProgressReport.period)
    )
    found: dict[UUID, list[Stop]] = defaultdict(list)
    for unit, period, status, stopped in _read(work, lines):
        found[unit].append((month_named(period), stopped if status is WorkStatus.STOPPED else None))
    return found


def coverage_facts(work: Work, projects: Any) -> Facts:
    """Projects with their groups, handbooks and the city's list (R9)."""
    groups = dict(read_pairs(work, columns(HeadCompany.id, HeadCompany.group_company_id)))
    rows = columns(Project.id, Project.head_company_id, Project.effective_from).where(col(Project.id).in_(projects))
    every = []
    for project, head, since in _read(work, rows):
        group = groups.get(head)
        known = Known(since.astimezone(SHANGHAI).date(), since)
        every.append(ProjectFacts(str(project), "", "", "", str(group) if group else "", known, None))
    books = columns(Handbook.project_id, Handbook.compiled_at).where(col(Handbook.project_id).in_(projects))
    listed = columns(GroupCompany.id, GroupCompany.in_city_list).where(GroupCompany.in_force == InForceState.EFFECTIVE)
    return Facts(
        projects=every,
        handbooks=[(str(project), at.astimezone(SHANGHAI).date()) for project, at in _read(work, books)],
        groups={str(group): bool(in_list) for group, in_list in _read(work, listed)},
    )


def read_pairs(work: Work, statement: Any) -> Iterator[tuple[Any, Any]]:
    yield from _read(work, statement)


def group_names(work: Work) -> dict[str, str]:
    return {str(key): name for key, name in _read(work, columns(GroupCompany.id, GroupCompany.name))}


@dataclass(frozen=True)
class ProjectLine:
    """A project as R7 shows it beside its areas."""

    id: UUID
    name: str
    district: str
    plate: str
    ring: str
    company: str
    group: str
    land_on: date | None
    far_area: Any
    stage: str
    start_on: date | None
    presale_on: date | None
    finish_on: date | None
    permits: int
    alerts: int


def project_lines(work: Work, projects: Any) -> dict[str, ProjectLine]:
    """The projects in a line each, by id."""
    heads = dict(read_pairs(work, columns(HeadCompany.id, HeadCompany.group_company_id)))
    companies = dict(read_pairs(work, columns(ProjectCompany.id, ProjectCompany.name)))
    groups = group_names(work)
    signed = dict(read_pairs(work, land_days(projects)))
    permits = _counts(work, PresalePermit, projects, PresalePermit.status == PresaleStatus.ARCHIVED)
    alerts = _counts(work, Alert, projects, col(Alert.state).in_(OPEN_ALERTS))
    rows = columns(
        Project.id,
        Project.name,
        Project.district_code,
        Project.plate,
        Project.ring,
        Project.project_company_id,
        Project.head_company_id,
        Project.far_area,
        Project.stage,
        Project.planned_start_on,
        Project.planned_presale_on,
        Project.planned_finish_on,
    ).where(col(Project.id).in_(projects))
    return {
        str(row[0]): ProjectLine(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4].label,
            companies.get(row[5], ""),
            groups.get(str(heads.get(row[6])), ""),
            signed.get(row[0]),
            row[7],
            row[8].label,
            row[9],
            row[10],
            row[11],
            permits.get(row[0], 0),
            alerts.get(row[0], 0),
        )
        for row in _read(work, rows)
    }


#: Alerts that are not done with.
OPEN_ALERTS = tuple(one for one in AlertState if one.name in {"OPEN", "ACKNOWLEDGED", "EXPLAINED"})


def land_days(projects: Any) -> Any:
    """When the first land contract of each project was signed."""
    return (
        columns(ProjectParcels.project_id, func.min(Parcel.signed_on))
        .join(ProjectParcelLine, col(ProjectParcelLine.record_id) == col(ProjectParcels.id))
        .join(Parcel, col(Parcel.id) == col(ProjectParcelLine.parcel_id))
        .where(ProjectParcels.in_force == InForceState.EFFECTIVE, col(ProjectParcels.project_id).in_(projects))
        .group_by(ProjectParcels.project_id)
    )


def _counts(work: Work, table: Any, projects: Any, *where: Any) -> dict[UUID, int]:
    """The rows of a table by project."""
    counted = columns(table.project_id, func.count()).where(col(table.project_id).in_(projects), *where)
    return dict(read_pairs(work, counted.group_by(table.project_id)))
