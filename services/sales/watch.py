"""Findings of the watch on a day in all projects: their progress and the sale of their units (row 75)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from models.access import Role
from models.projects import Project
from models.records import InForceState
from services.alerts.watching import Found
from services.engine.registry import query
from services.engine.work import Work
from services.progress import watch_gather as progress
from services.progress.watch_rules import WATCHES as PROGRESS
from services.sales import watch_gather as sales
from services.sales.watch_rules import WATCHES as SALES

#: So many projects are looked at together.
_AT_ONCE = 100


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
    return list(_found(work, order))


def _found(work: Work, order: WatchedDay) -> Iterator[FoundThere]:
    projects = work.rows(Project, Project.in_force == InForceState.EFFECTIVE, by=(Project.record_no, Project.id))
    for start in range(0, len(projects), _AT_ONCE):
        part = projects[start : start + _AT_ONCE]
        for facts in progress.facts_of(work, part, order.day, order.until):
            for code, found in PROGRESS.judge(facts).items():
                yield from (FoundThere(code, facts.id, one) for one in found)
        for sold in sales.facts_of(work, part, order.day, order.until):
            for code, found in SALES.judge(sold).items():
                yield from (FoundThere(code, sold.project_id, one) for one in found)
