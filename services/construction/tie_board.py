"""The board on which unit works are tied to planned buildings: both sides of a project, their ties, and proposals (row 69)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import col

from models.access import MARKET
from models.building_codes import TieState
from models.construction import ConstructionPermit, UnitEngineering, UnitPlannedLink
from models.planning import EngineeringPlanningPermit, PlannedBuilding
from models.records import InForceState
from services.construction.ties import AREA_DIFFERS, ON_TABLE, buildings_of, difference_of, proposals
from services.construction.unit_engineering import resting_on
from services.engine.registry import query
from services.engine.work import Work
from services.projects.ownership import in_force_project


@dataclass(frozen=True)
class TieLine:
    """A tie of a unit; `building_id` names the planned building."""

    id: UUID
    building_id: UUID
    building_no: str
    ratio: Decimal


@dataclass(frozen=True)
class UnitLine:
    """A unit work with its ties, where it differs from its buildings, and whether the building table holds its ties."""

    id: UUID
    unit_no: str
    name: str
    permit_no: str
    floors: str
    gfa: Decimal
    ties: tuple[TieLine, ...] = ()
    differs: tuple[str, ...] = ()
    locked: bool = False


@dataclass(frozen=True)
class BuildingLine:
    """A planned building with the share of it that is tied."""

    id: UUID
    building_no: str
    permit_no: str
    use: str
    floors: str
    gfa: Decimal
    share: Decimal


@dataclass(frozen=True)
class TieBoard:
    """Both sides; `proposed` pairs units and buildings of equal number, `lapsed` are ties whose building or unit ended."""

    project: str
    units: tuple[UnitLine, ...]
    buildings: tuple[BuildingLine, ...]
    proposed: tuple[tuple[UUID, UUID], ...]
    lapsed: tuple[str, ...]


@query("unit_ties.board", "单位工程与规划建筑物", roles=set(MARKET))
def tie_board(work: Work, project_id: UUID) -> TieBoard:
    """Return the unit works and planned buildings of a project in force, as far as the caller sees them."""
    standing = InForceState.EFFECTIVE
    units = work.rows(
        work.visible(UnitEngineering),
        UnitEngineering.project_id == project_id,
        UnitEngineering.in_force == standing,
    )
    permits = work.rows(
        work.visible(EngineeringPlanningPermit),
        EngineeringPlanningPermit.project_id == project_id,
        EngineeringPlanningPermit.in_force == standing,
    )
    numbers = {one.id: one.permit_no for one in permits}
    works = {
        one.id: one.permit_no for one in work.rows(ConstructionPermit, ConstructionPermit.project_id == project_id)
    }
    buildings = work.rows(
        PlannedBuilding,
        col(PlannedBuilding.record_id).in_(list(numbers)),
        by=(PlannedBuilding.record_id, PlannedBuilding.place),
    )
    ids = [one.id for one in units]
    tied, resting = buildings_of(work, ids), resting_on(work, ids)
    shares: dict[UUID, Decimal] = {}
    for pairs in tied.values():
        for tie, building in pairs:
            shares[building.id] = shares.get(building.id, Decimal(0)) + tie.ratio
    full = frozenset(one for one, share in shares.items() if share >= 1)
    pairs_by_number = proposals(units, buildings, frozenset(tied), full)
    most = work.thresholds.decimal(AREA_DIFFERS)
    project = in_force_project(work, project_id) if units or permits else None
    return TieBoard(
        project.name if project is not None else "",
        tuple(
            UnitLine(
                unit.id,
                unit.unit_no,
                unit.name,
                works.get(unit.construction_permit_id, ""),
                storeys(unit.floors_above, unit.floors_below),
                unit.gfa,
                tuple(
                    TieLine(tie.id, building.id, building.building_no, tie.ratio)
                    for tie, building in tied.get(unit.id, ())
                ),
                tuple(told for _, told in difference_of(unit, tied.get(unit.id, ()), most)),
                any(one.kind == ON_TABLE for one in resting.get(unit.id, ())),
            )
            for unit in sorted(units, key=lambda one: (works.get(one.construction_permit_id, ""), natural(one.unit_no)))
        ),
        tuple(
            BuildingLine(
                one.id,
                one.building_no,
                numbers[one.record_id],
                one.use.label,
                storeys(one.floors_above, one.floors_below),
                one.gfa_total,
                shares.get(one.id, Decimal(0)),
            )
            for one in buildings
        ),
        tuple((one.unit_id, one.planned_building_id) for one in pairs_by_number),
        _lapsed(work, project_id, {one.id: one.unit_no for one in units}),
    )


def _lapsed(work: Work, project_id: UUID, units: Mapping[UUID, str]) -> tuple[str, ...]:
    rows = work.rows(
        work.visible(UnitPlannedLink),
        UnitPlannedLink.project_id == project_id,
        UnitPlannedLink.state == TieState.LAPSED,
        by=UnitPlannedLink.tied_at,
    )
    return tuple(f"{units.get(one.unit_id, '已作废的单位工程')}—{one.building_no}" for one in rows)


def storeys(above: int | None, below: int | None) -> str:
    """Write storeys as people do: 18/-1."""
    return "/".join(part for part in (str(above) if above else "", f"-{below}" if below else "") if part)


def natural(number: str) -> tuple[int, str]:
    """Return a key that puts 2# before 10#."""
    digits = "".join(char for char in number if char.isdigit())
    return int(digits) if digits else 0, number
