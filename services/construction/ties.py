"""单位工程关联规划建筑物 (row 69): tied by hand or by equal numbers, many to many with shares; takes effect at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import PROJECT_OFFICE
from models.building_codes import BuildingUse, TieState, WorkKind
from models.construction import TIE, UnitEngineering, UnitPlannedLink
from models.planning import EngineeringPlanningPermit, PlannedBuilding
from models.records import InForceState
from services.construction.unit_engineering import resting_on
from services.engine.findings import Finding, Severity
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.value_checks import shown
from services.engine.work import Work

AREA_DIFFERS = "construction.tie_gfa"
ON_TABLE = "unit_natural_link"
_MOST = 500
_KINDS = {
    BuildingUse.HOUSING: WorkKind.HOUSING,
    BuildingUse.RETAIL: WorkKind.RETAIL,
    BuildingUse.OFFICE: WorkKind.OFFICE,
    BuildingUse.GARAGE: WorkKind.GARAGE,
    BuildingUse.SERVICE: WorkKind.FACILITY,
    BuildingUse.FACILITY: WorkKind.FACILITY,
}


@dataclass(frozen=True)
class NewTie:
    """A unit work and a planned building to be tied, with the share of that building."""

    unit_id: UUID
    planned_building_id: UUID
    ratio: Decimal = Decimal(1)


@dataclass(frozen=True)
class TieUnits:
    ties: tuple[NewTie, ...]


@dataclass(frozen=True)
class Share:
    """Another share of the planned building for a tie."""

    tie_id: UUID
    ratio: Decimal


@dataclass(frozen=True)
class Tied:
    """The ties that were made, and warnings about units that differ from their buildings (CON-07)."""

    ids: tuple[UUID, ...]
    findings: tuple[Finding, ...] = ()


@action("unit_ties.tie", "关联规划建筑物", roles=set(PROJECT_OFFICE), event="")
def tie_units(work: Work, order: TieUnits) -> Tied:
    """Tie unit works to planned buildings of their project; empty figures of a unit are filled from its building."""
    if not 0 < len(order.ties) <= _MOST:
        raise Rejected(f"请选择1至{_MOST}对单位工程和规划建筑物")
    made = []
    for one in order.ties:
        unit = _own_unit(work, one.unit_id)
        building, permit = _building(work, one.planned_building_id)
        if permit.project_id != unit.project_id:
            raise _refused("CON-06", "规划建筑物不属于该单位工程的项目，不能关联")
        _ratio_fits(one.ratio)
        key = f"{unit.id.hex}:{building.id.hex}"
        if work.has(UnitPlannedLink, UnitPlannedLink.open_key == key):
            raise Conflict(f"{unit.unit_no}与{building.building_no}已关联，可修改份额")
        tie = UnitPlannedLink(
            open_key=key,
            unit_id=unit.id,
            planning_permit_id=permit.id,
            planned_building_id=building.id,
            building_no=building.building_no,
            ratio=one.ratio,
            tied_at=work.now,
            district_code=unit.district_code,
            head_company_id=unit.head_company_id,
            project_company_id=unit.project_company_id,
            project_id=unit.project_id,
        )
        work.add(tie)
        work.session.flush()
        _shares_fit(work, building)
        _fill_empty(work, unit, building)
        work.trail.tell("DATA.CREATE", "unit_ties.tie", about=tie, detail={"unit": str(unit.id)})
        made.append(tie)
    units = list(dict.fromkeys(one.unit_id for one in order.ties))
    return Tied(tuple(one.id for one in made), tuple(differences(work, units)))


@action("unit_ties.share", "修改关联份额", roles=set(PROJECT_OFFICE), event="")
def set_share(work: Work, order: Share) -> None:
    tie = _own_tie(work, order.tie_id)
    _ratio_fits(order.ratio)
    take_step(work, tie, TIE, "change", act="unit_ties.share")
    tie.ratio = order.ratio
    work.add(tie)
    work.session.flush()
    building, _ = _building(work, tie.planned_building_id)
    _shares_fit(work, building)


@action("unit_ties.cut", "解除关联", roles=set(PROJECT_OFFICE), event="")
def cut_tie(work: Work, tie_id: UUID) -> None:
    """Cut a tie, which stays in the history; refused once the building table of the unit is tied (row 70)."""
    tie = _own_tie(work, tie_id)
    take_step(work, tie, TIE, "cut", act="unit_ties.cut")
    tie.open_key, tie.ended_at = None, work.now
    work.add(tie)


def _own_unit(work: Work, unit_id: UUID) -> UnitEngineering:
    unit: UnitEngineering = work.get(UnitEngineering, unit_id)
    if unit.project_company_id != work.caller.enterprise_id:
        raise NotFound
    if unit.in_force is not InForceState.EFFECTIVE:
        raise Conflict(f"单位工程{unit.unit_no}已作废，不能关联")
    _not_on_table(work, unit)
    return unit


def _own_tie(work: Work, tie_id: UUID) -> UnitPlannedLink:
    tie: UnitPlannedLink = work.get(UnitPlannedLink, tie_id)
    unit: UnitEngineering = work.get(UnitEngineering, tie.unit_id)
    if tie.project_company_id != work.caller.enterprise_id:
        raise NotFound
    _not_on_table(work, unit)
    return tie


def _not_on_table(work: Work, unit: UnitEngineering) -> None:
    resting = resting_on(work, [unit.id]).get(unit.id, ())
    if any(one.kind == ON_TABLE for one in resting):
        raise Conflict(f"单位工程{unit.unit_no}已关联楼盘表，与规划建筑物的关联不能再改变")


def _building(work: Work, building_id: UUID) -> tuple[PlannedBuilding, EngineeringPlanningPermit]:
    """Return a planned building in force with its permit locked, so that shares given at once are added up in turn."""
    building = work.first(PlannedBuilding, PlannedBuilding.id == building_id)
    if building is None:
        raise NotFound
    wanted = work.visible(EngineeringPlanningPermit).where(EngineeringPlanningPermit.id == building.record_id)
    permit: EngineeringPlanningPermit | None = work.held(wanted).first()
    if permit is None:
        raise NotFound
    if permit.in_force is not InForceState.EFFECTIVE:
        raise _refused("CON-06", f"工程规划许可证{permit.permit_no}已作废，不能关联")
    return building, permit


def _ratio_fits(ratio: Decimal) -> None:
    if not 0 < ratio <= 1 or ratio != ratio.quantize(Decimal("0.0001")):
        raise _refused("CON-06", "份额应大于0、不超过1，最多四位小数")


def _shares_fit(work: Work, building: PlannedBuilding) -> None:
    ties = work.rows(
        UnitPlannedLink,
        UnitPlannedLink.planned_building_id == building.id,
        UnitPlannedLink.state == TieState.TIED,
    )
    whole = sum((one.ratio for one in ties), Decimal(0))
    if whole > 1:
        raise _refused(
            "CON-06", f"规划建筑物{building.building_no}的份额合计为{shown(whole)}，不能超过1，请先调整其他关联的份额"
        )


def _refused(code: str, message: str) -> Rejected:
    return Rejected(message, [Finding(code, message)])


def _fill_empty(work: Work, unit: UnitEngineering, building: PlannedBuilding) -> None:
    """Fill what a unit does not say of itself; what it says stays."""
    given = {
        "kind": _KINDS.get(building.use, WorkKind.OTHER),
        "structure_type": building.structure,
        "floors_above": building.floors_above,
        "floors_below": building.floors_below,
        "height_m": building.height_m,
    }
    filled = {name: value for name, value in given.items() if value is not None and getattr(unit, name) is None}
    for name, value in filled.items():
        setattr(unit, name, value)
    if filled:
        work.add(unit)
        work.trail.tell("DATA.UPDATE", "unit_ties.fill", about=unit, detail={"filled": ",".join(filled)})


def buildings_of(work: Work, units: Sequence[UUID]) -> Mapping[UUID, list[tuple[UnitPlannedLink, PlannedBuilding]]]:
    """Return the planned buildings that unit works are tied to, by the unit's id."""
    rows = work.session.exec(
        select(UnitPlannedLink, PlannedBuilding)
        .join(PlannedBuilding, col(PlannedBuilding.id) == col(UnitPlannedLink.planned_building_id))
        .where(col(UnitPlannedLink.unit_id).in_(units), UnitPlannedLink.state == TieState.TIED)
        .order_by(col(UnitPlannedLink.tied_at), col(UnitPlannedLink.id))
    ).all()
    found: dict[UUID, list[tuple[UnitPlannedLink, PlannedBuilding]]] = {}
    for tie, building in rows:
        found.setdefault(tie.unit_id, []).append((tie, building))
    return found


def differences(work: Work, unit_ids: Sequence[UUID]) -> Iterator[Finding]:
    """Warn of units whose storeys or area differ from those of the buildings they are tied to (CON-07)."""
    units = {one.id: one for one in work.rows(UnitEngineering, col(UnitEngineering.id).in_(unit_ids))}
    for unit_id, tied in buildings_of(work, unit_ids).items():
        unit = units[unit_id]
        for name, told in difference_of(unit, tied, work.thresholds.over(unit.district_code).decimal(AREA_DIFFERS)):
            yield Finding("CON-07", f"单位工程{unit.unit_no}：{told}", name, Severity.WARN)


def difference_of(
    unit: UnitEngineering, tied: Sequence[tuple[UnitPlannedLink, PlannedBuilding]], most: Decimal
) -> Iterator[tuple[str, str]]:
    """Yield the fields of a unit that differ from its buildings, with a sentence."""
    area = sum((tie.ratio * building.gfa_total for tie, building in tied), Decimal(0))
    if area and abs(unit.gfa - area) * 100 > area * most:
        yield "gfa", f"建筑面积{shown(unit.gfa)}㎡，所关联的规划面积{shown(area)}㎡"
    for _, building in tied:
        for name, label in (("floors_above", "地上层数"), ("floors_below", "地下层数")):
            here, planned = getattr(unit, name), getattr(building, name)
            # A basement under several towers has none of their storeys.
            if here and planned and here != planned:
                yield name, f"{label}{here}层，规划建筑物{building.building_no}为{planned}层"


def proposals(
    units: Sequence[Any], buildings: Sequence[Any], tied_units: frozenset[UUID], full: frozenset[UUID]
) -> list[NewTie]:
    """Pair untied unit works with planned buildings of the same number that have a share left; only plain pairs."""
    by_number: dict[str, list[Any]] = {}
    for building in buildings:
        if building.id not in full:
            by_number.setdefault(building.building_no, []).append(building)
    pairs = []
    for unit in units:
        fitting = by_number.get(unit.unit_no, [])
        if unit.id not in tied_units and len(fitting) == 1:
            pairs.append(NewTie(unit.id, fitting[0].id))
    return pairs


__all__ = ["NewTie", "Share", "TieUnits", "Tied", "cut_tie", "set_share", "tie_units"]
