"""Milestones as facts: planned by a baseline, reached by a certificate or, where none shows it, by a report (row 75)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from models.progress import Milestone, MilestoneBaseline, MilestoneCode, MilestoneScope
from models.projects import Project
from models.records import InForce
from services.engine.events import Event
from services.engine.work import Work, shown_with

shown_with(Milestone, "project_id", Project)
shown_with(MilestoneBaseline, "milestone_id", Milestone)
#: A date typed in a report is kept until a certificate shows another (PRG-09).
REPORT = "progress_report"


class Shown(NamedTuple):
    """A milestone that a record shows to be reached on a day."""

    scope: MilestoneScope
    subject_id: UUID
    milestone: MilestoneCode
    on: date


class Moved(NamedTuple):
    """The milestones that a record in force has set or cleared."""

    record: InForce
    codes: frozenset[MilestoneCode]


MOVED: Event[Moved] = Event("projects.milestones_moved")


def show(work: Work, record: InForce, shown: Iterable[Shown]) -> None:
    """Note the milestones that a record in force shows, and clear those that an earlier version of it showed."""
    kind = str(record.__tablename__)
    found = list(shown)
    codes = {one.milestone for one in found}
    for one in found:
        if record.project_id is not None:
            _reach(work, record.project_id, one, kind, record.id)
    there = {(one.scope, one.subject_id, one.milestone) for one in found}
    for row in work.rows(Milestone, Milestone.evidence_id == record.id):
        if (row.scope, row.subject_id, row.milestone) not in there:
            row.actual_on = row.recorded_at = row.evidence = row.evidence_id = None
            work.add(row)
            codes.add(row.milestone)
    if codes:
        MOVED.happened(work, Moved(record, frozenset(codes)))


def milestone_of(
    work: Work, project_id: UUID, scope: MilestoneScope, subject_id: UUID, code: MilestoneCode
) -> Milestone:
    """Return a milestone, made when it is not there yet."""
    found = work.first(
        Milestone, Milestone.scope == scope, Milestone.subject_id == subject_id, Milestone.milestone == code
    )
    return found or work.add(Milestone(project_id=project_id, scope=scope, subject_id=subject_id, milestone=code))


def _reach(work: Work, project_id: UUID, one: Shown, kind: str, record_id: UUID) -> None:
    row = milestone_of(work, project_id, one.scope, one.subject_id, one.milestone)
    if kind == REPORT and row.evidence not in (None, REPORT):
        return
    if row.actual_on != one.on:
        row.actual_on, row.recorded_at = one.on, work.now
    row.evidence, row.evidence_id = kind, record_id
    work.add(row)
    work.session.flush()


def plan(work: Work, row: Milestone, planned_on: date | None, baseline_no: int) -> None:
    """Plan a milestone by a new baseline; the day that was planned before is kept."""
    if row.planned_on == planned_on:
        return
    if row.baseline_no:
        work.add(
            MilestoneBaseline(
                milestone_id=row.id, baseline_no=row.baseline_no, planned_on=row.planned_on, since=work.now
            )
        )
    row.planned_on, row.baseline_no = planned_on, baseline_no
    work.add(row)
