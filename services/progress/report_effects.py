"""Consequences of a report in force: milestones, unit works, and its project's start, stop and investment (row 74)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col

from models.building_codes import WorkKind
from models.building_tables import UnitNaturalLink
from models.construction import UnitEngineering
from models.progress import Milestone, MilestoneCode, MilestoneScope, ProgressLine, ProgressReport, WorkStatus
from models.projects import Project
from models.records import InForceState, Revision
from services.engine.events import on
from services.engine.work import Work
from services.progress.report_rules import DAYS
from services.projects.list_names import list_in_force
from services.projects.milestones import MOVED, REPORT, Moved, Shown, show

UNIT, BUILDING = MilestoneScope.UNIT, MilestoneScope.BUILDING
M10, M11, M12, M13 = MilestoneCode.M10, MilestoneCode.M11, MilestoneCode.M12, MilestoneCode.M13
#: Milestones of a unit work and the columns of the work that follow them.
_FOLLOWING = {"actual_start": MilestoneCode.M07, "actual_topout": M12, "actual_finish": MilestoneCode.M17}


def reported(work: Work, report: ProgressReport, revision: Revision) -> None:
    """Set the milestones that a report shows; of the latest month also the works and the project."""
    list_in_force(work, report, revision)
    _show(work, report)
    _follow_latest(work, report, _later(work, report))


def unreported(work: Work, report: ProgressReport, _: Revision) -> None:
    """Clear the milestones that a voided report alone showed, and follow the latest month that is left."""
    show(work, report, ())
    _follow_latest(work, report, _later(work, report, since=""))


def _later(work: Work, report: ProgressReport, since: str | None = None) -> Sequence[ProgressReport]:
    """Return the other reports in force of a project after a month, by default the report's own."""
    return work.in_force(
        ProgressReport,
        ProgressReport.period > (report.period if since is None else since),
        project=report.project_id,
        but=report.id,
        by=ProgressReport.period,
    )


def _show(work: Work, report: ProgressReport) -> Sequence[ProgressLine]:
    lines = work.rows(ProgressLine, ProgressLine.record_id == report.id)
    works = _works_of(work, lines)
    shown = (one for line in lines for one in _shown(work, report, line, works.get(line.unit_engineering_id)))
    show(work, report, list(shown))
    work.session.flush()
    return lines


def _works_of(work: Work, lines: Sequence[ProgressLine]) -> dict[UUID, UnitEngineering]:
    ids = [line.unit_engineering_id for line in lines]
    return {row.id: row for row in work.rows(UnitEngineering, col(UnitEngineering.id).in_(ids))}


def _follow_latest(work: Work, report: ProgressReport, later: Sequence[ProgressReport]) -> None:
    """Let the works and the project follow their latest month.

    After a correction the months that stand on the corrected one show their milestones again: where two months name a day,
    the later month's counts, and what only the corrected month had named is gone with it.
    """
    for one in later:
        _show(work, one)
    latest = later[-1] if later else report
    lines = work.rows(ProgressLine, ProgressLine.record_id == latest.id)
    if latest.in_force is not InForceState.EFFECTIVE:
        follow(work, latest, ())
        return
    works = _works_of(work, lines)
    for line in lines:
        if (row := works.get(line.unit_engineering_id)) is not None:
            row.visual_progress = int(line.visual_progress.value)
            work.add(row)
    follow(work, latest, lines)


def _shown(work: Work, report: ProgressReport, line: ProgressLine, row: UnitEngineering | None) -> Iterator[Shown]:
    work_id = line.unit_engineering_id
    for name, code in DAYS.items():
        if (on := getattr(line, name)) is None:
            continue
        if code is MilestoneCode.M22:
            links = work.rows(
                UnitNaturalLink.natural_building_id,
                UnitNaturalLink.unit_engineering_id == work_id,
                UnitNaturalLink.in_force == InForceState.EFFECTIVE,
            )
            yield from (Shown(BUILDING, one, code, on) for one in links if one is not None)
        else:
            yield Shown(UNIT, work_id, code, on)
            # The state of the works that a presale asks for: topped out (SAL-06).
            if code is M12:
                yield Shown(UNIT, work_id, M13, on)
    if row is not None and row.floors_above and row.kind is not WorkKind.GARAGE:
        known = set(
            work.rows(Milestone.milestone, Milestone.subject_id == work_id, col(Milestone.actual_on).is_not(None))
        )
        for code, parts in ((M10, 1), (M11, 2)):
            mine = work.has(
                Milestone,
                Milestone.subject_id == work_id,
                Milestone.milestone == code,
                Milestone.evidence_id == report.id,
            )
            if line.floors_done * 3 >= row.floors_above * parts and (code not in known or mine):
                yield Shown(UNIT, work_id, code, report.report_on)


def follow(work: Work, report: ProgressReport, lines: Sequence[ProgressLine]) -> None:
    """Fill the days of a project and its works from their milestones."""
    days = reached_days(work, report.project_id)
    finished_on = _follow_works(work, report.project_id, days)
    project = work.first(Project, Project.id == report.project_id)
    if project is None:
        return
    starts = [on for (_, code), on in days.items() if code is MilestoneCode.M07]
    project.started_on, project.finished_on = min(starts, default=None), finished_on
    if lines:
        stopped = [line.stop_from for line in lines if line.status is WorkStatus.STOPPED and line.stop_from]
        project.suspended = len(stopped) == len(lines)
        project.stopped_from = min(stopped) if project.suspended else None
        project.invested_to_date = report.invested_cum
    work.add(project)


@on(MOVED)
def follow_certificate(work: Work, moved: Moved) -> None:
    """Fill the days of works and the end of their project from a certificate, such as a completion filing."""
    if moved.record.__tablename__ == REPORT or not moved.codes & set(_FOLLOWING.values()):
        return
    work.session.flush()
    project_id = moved.record.project_id
    finished_on = _follow_works(work, project_id, reached_days(work, project_id))
    project = work.first(Project, Project.id == project_id)
    if project is not None and project.finished_on != finished_on:
        project.finished_on = finished_on
        work.add(project)


def _follow_works(work: Work, project_id: UUID | None, days: Mapping[tuple[UUID, MilestoneCode], date]) -> date | None:
    """Fill the days of works; return the day on which the last was finished, None while one is not."""
    works = work.in_force(UnitEngineering, project=project_id)
    for row in works:
        for column, code in _FOLLOWING.items():
            if (on_day := days.get((row.id, code))) is not None and getattr(row, column) != on_day:
                setattr(row, column, on_day)
                work.add(row)
    ends = [days.get((row.id, MilestoneCode.M17)) for row in works]
    return max((one for one in ends if one), default=None) if all(ends) and ends else None


def reached_days(work: Work, project_id: UUID | None) -> dict[tuple[UUID, MilestoneCode], date]:
    """Return the day of each milestone reached by a project's unit works."""
    rows = work.rows(
        Milestone, Milestone.project_id == project_id, Milestone.scope == UNIT, col(Milestone.actual_on).is_not(None)
    )
    return {(row.subject_id, row.milestone): row.actual_on for row in rows if row.actual_on is not None}
