"""A project's plan and actual by natural building: what all works of a building have reached, and its delivery (row 75)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.building_tables import NaturalBuilding, UnitNaturalLink
from models.progress import Milestone, MilestoneCode, MilestoneScope
from models.records import InForceState
from services.engine.work import Work


@dataclass(frozen=True)
class Bar:
    """A milestone of a unit work or a building: planned, reached, and the days that were planned before."""

    milestone: MilestoneCode
    planned: date | None
    reached: date | None
    earlier: tuple[date, ...] = ()

    def overdue(self, today: date) -> bool:
        """Tell whether it is past its planned day and not reached."""
        return self.planned is not None and self.reached is None and today > self.planned

    @property
    def days_late(self) -> int:
        """Return by how many days it was reached after its planned day."""
        return max((self.reached - self.planned).days, 0) if self.planned and self.reached else 0


@dataclass(frozen=True)
class GanttLine:
    """A unit work or a building with its milestones in order, and how much of it the last report says is done."""

    name: str
    bars: tuple[Bar, ...]
    percent: int | None = None


def building_lines(work: Work, project_id: UUID, works: Mapping[UUID, GanttLine]) -> Iterator[GanttLine]:
    """Yield a line for each natural building that works of a project are tied to, with the works' milestones and its own."""
    tied: dict[UUID, list[GanttLine]] = defaultdict(list)
    links = work.rows(
        work.visible(UnitNaturalLink),
        UnitNaturalLink.project_id == project_id,
        UnitNaturalLink.in_force == InForceState.EFFECTIVE,
        by=(UnitNaturalLink.natural_building_no, UnitNaturalLink.id),
    )
    for link in links:
        if link.natural_building_id is not None and link.unit_engineering_id in works:
            tied[link.natural_building_id].append(works[link.unit_engineering_id])
    own: dict[UUID, list[Bar]] = defaultdict(list)
    rows = work.rows(
        Milestone,
        Milestone.project_id == project_id,
        Milestone.scope == MilestoneScope.BUILDING,
        by=Milestone.milestone,
    )
    for row in rows:
        own[row.subject_id].append(Bar(row.milestone, row.planned_on, row.actual_on))
    buildings = work.rows(
        work.visible(NaturalBuilding), col(NaturalBuilding.id).in_(list(tied)), by=NaturalBuilding.natural_building_no
    )
    for building in buildings:
        lines = tied[building.id]
        percents = [line.percent for line in lines if line.percent is not None]
        bars = (*_together(lines), *own.get(building.id, ()))
        yield GanttLine(building.building_name, bars, min(percents, default=None))


def _together(lines: Sequence[GanttLine]) -> Iterator[Bar]:
    """Yield the milestones of several works as one: planned by the last day, reached once all have reached it."""
    found: dict[MilestoneCode, list[Bar]] = defaultdict(list)
    for line in lines:
        for bar in line.bars:
            found[bar.milestone].append(bar)
    for code in sorted(found, key=lambda one: one.value):
        bars = found[code]
        reached = [bar.reached for bar in bars]
        last = max((one for one in reached if one is not None), default=None)
        whole = all(reached) and len(bars) == len(lines)
        yield Bar(code, _latest(bar.planned for bar in bars), last if whole else None)


def _latest(days: Any) -> date | None:
    return max((day for day in days if day is not None), default=None)
