"""Sums of supply follow what is written: at once what happens to homes on sale, and what else moves a project's stages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.building_tables import HouseUnit, NaturalBuilding, UnitNaturalLink
from models.construction import UnitEngineering, UnitPlannedLink
from models.parcels import Parcel
from models.planning import EngineeringPlanningPermit
from models.progress import Milestone
from models.projects import Project, ProjectParcelLine, ProjectParcels
from models.records import InForceState
from models.sales import OpeningUnit, PresalePermit, SaleEvent, UnitRestriction
from models.supply import SupplyProject
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job, repeated
from services.engine.registry import action
from services.engine.work import Work
from services.engine.written_rows import WrittenRow, follows_rows
from services.supply.coarse import CoarseSums
from services.supply.kept_sums import NO_PROJECT, add_events, mark_stale, rebuild

#: What happens to homes on sale; the sums follow in the same transaction.
_AT_ONCE = (SaleEvent, UnitRestriction, OpeningUnit, PresalePermit, NaturalBuilding, HouseUnit, Milestone)
#: Records of land and planning, whose projects have no homes yet or are built anew within a minute.
_SOON = (
    Parcel,
    Project,
    ProjectParcels,
    EngineeringPlanningPermit,
    UnitEngineering,
    UnitPlannedLink,
    UnitNaturalLink,
)
_OF_LAND = (Parcel, Project, ProjectParcels)
#: So many projects are built anew in one transaction, and so many events are added one by one.
_AT_A_TIME, _MOST_EVENTS = 5, 200


@follows_rows(*_AT_ONCE, *_SOON)
def keep_sums(work: Work, written: Sequence[WrittenRow]) -> None:
    """Add new sale events to the sums; build the sums of a project anew where something else moved."""
    coarse = CoarseSums()
    events = [row for row in written if row.table is SaleEvent]
    others = [row for row in written if row.table is not SaleEvent]
    # What comes in bulk is of whole projects, and there are many: they are built anew soon.
    at_once = set(_projects_of(work, (row for row in others if row.table in _AT_ONCE and not row.bulk)))
    soon = set(_projects_of(work, (row for row in others if row.table in _SOON or row.bulk)))
    if any(row.bulk or not row.new for row in events) or len(events) > _MOST_EVENTS:
        soon |= {row.values["project_id"] for row in events}
    else:
        _add(work, [row for row in events if row.values["project_id"] not in at_once], coarse)
    for project in sorted(at_once, key=str):
        if work.has(SupplyProject, SupplyProject.id == project, col(SupplyProject.stale).is_(False)):
            rebuild(work, project, coarse)
        else:
            soon.add(project)
    mark_stale(work, soon)
    coarse.write(work)


def _add(work: Work, events: Sequence[WrittenRow], coarse: CoarseSums) -> None:
    homes: dict[UUID, set[UUID]] = defaultdict(set)
    numbers: dict[UUID, set[str]] = defaultdict(set)
    for row in events:
        homes[row.values["project_id"]].add(row.values["house_unit_id"])
        numbers[row.values["project_id"]].add(row.values["event_no"])
    for project in sorted(homes, key=str):
        add_events(work, project, homes[project], numbers[project], coarse)


def _projects_of(work: Work, rows: Iterable[WrittenRow]) -> Iterable[UUID]:
    """The projects whose sums rest on rows; land moves those of its projects and what is in none."""
    buildings, homes, parcels = set(), set(), set()
    for row in rows:
        values: Any = row.values
        if row.table is HouseUnit:
            buildings.add(values["natural_building_id"])
        elif row.table is UnitRestriction:
            homes.add(values["house_unit_id"])
        elif row.table is Parcel:
            parcels.add(values["id"])
        elif row.table is Project:
            yield values["id"]
        elif values.get("project_id") is not None:
            yield values["project_id"]
        if row.table in _OF_LAND:
            yield NO_PROJECT
    if homes:
        buildings |= set(work.rows(HouseUnit.natural_building_id, col(HouseUnit.id).in_(homes)))
    if buildings:
        yield from filter(None, work.rows(NaturalBuilding.project_id, col(NaturalBuilding.id).in_(buildings)))
    if parcels:
        lists = select(ProjectParcelLine.record_id).where(col(ProjectParcelLine.parcel_id).in_(parcels))
        yield from filter(None, work.rows(ProjectParcels.project_id, col(ProjectParcels.id).in_(lists)))


@action("supply.rebuild_stale", "重算有变化项目的可供应量", roles={Role.SYSTEM}, event="")
def rebuild_stale(work: Work, order: None) -> int:
    """Build the sums of some projects anew whose records changed; returns how many."""
    due = work.rows(SupplyProject.id, col(SupplyProject.stale).is_(True), by=SupplyProject.id, most=_AT_A_TIME)
    coarse = CoarseSums()
    for project in due:
        rebuild(work, project, coarse, checked=True)
    coarse.write(work)
    return len(due)


def _due(work: Work) -> bool:
    return work.has(SupplyProject, col(SupplyProject.stale).is_(True))


rebuild_all_stale = repeated("supply.rebuild_stale", "重算有变化项目的可供应量", rebuild_stale, every=60, due=_due)


@action("supply.check", "核对项目可供应量", roles={Role.SYSTEM}, event="")
def check_project(work: Work, project: UUID) -> int:
    """Work a project's sums out again from its records; a difference is repaired and raises an alarm."""
    known = work.first(SupplyProject, SupplyProject.id == project)
    sound = known is not None and not known.stale
    coarse = CoarseSums()
    different = rebuild(work, project, coarse, checked=True)
    coarse.write(work)
    if different and sound:
        name = work.first(Project.name, Project.id == project) or "未建项目的土地"
        told = f"可供应量汇总与明细不一致，已按明细重算{different}行：{name}"
        raise_alarm(work, "SUPPLY.DRIFT", told, kind="supply_project", key=str(project))
    return different


@job("supply.check", "核对可供应量汇总", at="02:10")
def check_all(door: Door) -> int:
    """Check every project in a transaction of its own."""
    return sum(door.perform(check_project, SYSTEM, project) for project in door.look(SYSTEM, _every_project))


def _every_project(work: Work) -> list[UUID]:
    effective = Project.in_force == InForceState.EFFECTIVE
    return [NO_PROJECT, *work.rows(Project.id, effective, by=Project.id)]
