"""监测: what is found on a day in projects, and the alerts that follow; every night and after a change (row 75)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, func, select

from models.access import Role
from models.alerts import Alert
from models.progress import ProjectWatch
from models.projects import Project
from models.records import InForceState, Revision
from models.sales import SaleEvent
from services.alerts.alert_states import lasting_alerts, raise_alert, settle
from services.alerts.signs import Subject
from services.alerts.watch_rule import Found
from services.engine.callers import SYSTEM
from services.engine.clock import shanghai_day
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.kinds import Owner
from services.engine.registry import action, query
from services.engine.switches import is_on
from services.engine.work import Work, shown_with
from services.progress import watch_gather as progress
from services.progress import watch_site  # noqa: F401  (declares further rules)
from services.progress.watch_rules import WATCHES as PROGRESS
from services.sales import watch_gather as sales
from services.sales.watch_rules import WATCHES as SALES

#: So many projects are looked at together, in one transaction.
AT_ONCE = 50
BECAUSE = {**PROGRESS.because, **SALES.because}
REPLANNED = "计划已调整，按新的计划重新监测"
shown_with(ProjectWatch, "project_id", Project)


@dataclass(frozen=True)
class WatchedDay:
    """A day, and the moment by which its facts had to be known."""

    day: date
    until: datetime


@dataclass(frozen=True)
class FoundThere:
    """A finding with its rule and project."""

    rule: str
    project_id: UUID
    found: Found


@query("progress.found_on", "某日的监测结果", roles={Role.SYSTEM})
def found_on(work: Work, order: WatchedDay) -> list[FoundThere]:
    """Return what the watch finds in every project in force on a day."""
    projects = work.in_force(Project, by=(Project.record_no, Project.id))
    parts = (projects[start : start + AT_ONCE] for start in range(0, len(projects), AT_ONCE))
    return [one for part in parts for one in _found(work, part, order.day, order.until)]


def _found(work: Work, projects: Sequence[Project], day: date, until: datetime) -> Iterator[FoundThere]:
    for facts in progress.facts_of(work, projects, day, until):
        for code, found in PROGRESS.judge(facts).items():
            yield from (FoundThere(code, facts.id, one) for one in found)
    for sold in sales.facts_of(work, projects, day, until):
        for code, found in SALES.judge(sold).items():
            yield from (FoundThere(code, sold.project_id, one) for one in found)


# Alerts


@action("progress.watch", "监测项目进度与销售", roles={Role.SYSTEM}, event="")
def watch_projects(work: Work, ids: Sequence[UUID]) -> int:
    """Raise what is found in projects today and settle what is no longer found; a second run on a day changes nothing."""
    projects = work.rows(Project, col(Project.id).in_(ids), by=(Project.record_no, Project.id))
    standing_projects = [one for one in projects if one.in_force is InForceState.EFFECTIVE]
    by_id = {one.id: one for one in standing_projects}
    found = [
        one
        for one in _found(work, standing_projects, work.today, work.now)
        if is_on(work.thresholds.over(by_id[one.project_id].district_code), one.rule)
    ]
    _follow(work, by_id, found, ids)
    watched = {row.project_id: row for row in work.rows(ProjectWatch, col(ProjectWatch.project_id).in_(ids))}
    for project_id in ids:
        row = watched.get(project_id) or ProjectWatch(project_id=project_id, watched_on=work.today, watched_at=work.now)
        row.watched_on, row.watched_at = work.today, work.now
        work.add(row)
    return len(found)


def _follow(work: Work, projects: Mapping[UUID, Project], found: Iterable[FoundThere], ids: Sequence[UUID]) -> None:
    lasting = lasting_alerts(work, col(Alert.project_id).in_(list(ids)), col(Alert.rule_code).in_(list(BECAUSE)))
    known = {(one.rule_code, one.subject_id, one.key): one for one in lasting}
    for one in found:
        key = (one.rule, one.found.id, one.found.sign.key[:80])
        alert = known.pop(key, None)
        if alert is not None and _of_another_plan(alert, one.found):
            settle(work, alert, REPLANNED)
            work.session.flush()
            alert = None
        if alert is None or not _is_told(work, alert, one.found):
            about = Subject(one.found.type, one.found.id, Owner.of(projects[one.project_id]), one.found.name)
            raise_alert(work, one.rule, about, one.found.sign)
    for alert in known.values():
        settle(work, alert, BECAUSE[alert.rule_code])


def _of_another_plan(alert: Alert, found: Found) -> bool:
    return bool(found.sign.basis) and alert.evidence.json().get("basis") != found.sign.basis


def _is_told(work: Work, alert: Alert, found: Found) -> bool:
    """Return whether an alert was seen today as it is now, so that its recipients are not notified again."""
    same = alert.grade.rank >= found.sign.grade.rank and alert.detail.json() == found.sign.detail
    return same and shanghai_day(alert.last_seen) == work.today


# When


@query("progress.to_watch", "待监测的项目", roles={Role.SYSTEM})
def to_watch(work: Work, order: None) -> list[UUID]:
    """Return projects that were not watched today, and those changed since they were."""
    watched = {row.project_id: row for row in work.rows(ProjectWatch)}
    changed = dict(_changes(work))
    projects = work.rows(Project, by=(Project.record_no, Project.id))
    return [
        row.id
        for row in projects
        if (seen := watched.get(row.id)) is None
        or seen.watched_on != work.today
        or (changed.get(row.id) or seen.watched_at) > seen.watched_at
    ]


@query("progress.changed", "有变化的项目", roles={Role.SYSTEM})
def changed_projects(work: Work, order: None) -> list[UUID]:
    """Return projects with a record in force or a sale event since they were watched."""
    watched = {row.project_id: row.watched_at for row in work.rows(ProjectWatch)}
    return sorted(one for one, at in _changes(work) if one in watched and at > watched[one])


def _changes(work: Work) -> Iterator[tuple[UUID, datetime]]:
    """Yield when a record of each project last took effect or ended, or a sale event of it arrived."""
    latest: dict[UUID, datetime] = {}
    for column, of in (
        (Revision.effective_from, Revision.project_id),
        (Revision.superseded_at, Revision.project_id),
        (SaleEvent.recorded_at, SaleEvent.project_id),
    ):
        counted = select(of, func.max(column)).where(col(of).is_not(None), col(column).is_not(None)).group_by(col(of))
        for project_id, at in work.session.exec(counted).all():
            if project_id is not None and at is not None:
                latest[project_id] = max(at, latest.get(project_id, at))
    yield from latest.items()


def _watch(door: Door, ids: Sequence[UUID]) -> int:
    parts = (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
    return sum(door.perform(watch_projects, SYSTEM, list(part)) for part in parts)


@job("progress.watch", "监测项目进度、施工、竣工与销售", at="02:30")
def watch_all(door: Door) -> int:
    return _watch(door, door.ask(to_watch, SYSTEM, None))


@job("progress.watch_changed", "监测有变化的项目", every=60)
def watch_changed(door: Door) -> int:
    return _watch(door, door.ask(changed_projects, SYSTEM, None))
