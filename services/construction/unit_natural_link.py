"""单位工程与楼盘表关联 (row 70): a unit work and a natural building; in force it opens the building table to the project."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from models.building_codes import TieState
from models.building_tables import NaturalBuilding, UnitNaturalLink
from models.construction import UnitEngineering, UnitPlannedLink
from models.land_codes import ProjectStage
from models.planning import PlannedBuilding
from models.records import InForceState, Revision
from services.construction.building_tables import give_scope
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.held_keys import holder_of
from services.engine.kinds import Effects, Facts, Kind, Look, Owner, Proposal, Slot, Stage, Ties
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.stages import in_project

AREA_DIFFERENCE = "construction.natural_area_difference"
_WORK, _BUILDING, _ELSEWHERE, _PLANNED, _TIED = "work", "building", "tied_elsewhere", "planned_sets", "tied"


def look(work: Work, link: Proposal) -> Mapping[str, Any]:
    """Look up the unit work, the natural building, the ties of other projects, and the sets that were planned."""
    unit = work.first(
        UnitEngineering,
        UnitEngineering.id == link["unit_engineering_id"],
        UnitEngineering.project_id == link.owner.project_id,
        UnitEngineering.in_force == InForceState.EFFECTIVE,
    )
    number = link["natural_building_no"]
    # Locked, so that of two companies that tie a building at once the second sees the tie of the first.
    building = work.held(select(NaturalBuilding).where(NaturalBuilding.natural_building_no == number)).first()
    others = work.in_force(UnitNaturalLink, UnitNaturalLink.natural_building_no == number, but=link.record_id)
    tied = select(UnitPlannedLink.planned_building_id).where(
        UnitPlannedLink.unit_id == (unit.id if unit else None), UnitPlannedLink.state == TieState.TIED
    )
    return {
        _WORK: unit,
        _BUILDING: building,
        _ELSEWHERE: next((one.record_no for one in others if one.project_id != link.owner.project_id), ""),
        _TIED: holder_of(work, UnitNaturalLink, "pair_key", link.values, other_than=link.record_id),
        _PLANNED: [row.sets for row in work.rows(PlannedBuilding, col(PlannedBuilding.id).in_(tied)) if row.sets],
    }


@rule(FORMAT, "单位工程和自然幢存在", Severity.REFUSE, "该单位工程不属于本项目或未生效")
def both_ends_are_there(link: Proposal) -> Iterator[Fault]:
    if link["unit_engineering_id"] and link.found.get(_WORK) is None:
        yield Fault("unit_engineering_id")
    if link["natural_building_no"] and link.found.get(_BUILDING) is None:
        yield Fault("natural_building_no", "尚未取得该自然幢的楼盘表，请在候选自然幢中选择")
    if link.found.get(_TIED):
        yield Fault("natural_building_no", f"该单位工程已与该自然幢关联（{link.found[_TIED]}），不需要再关联")


@rule("CON-08", "自然幢未被其他项目关联", Severity.REFUSE, "该自然幢已由其他项目关联，请核对自然幢号")
def building_is_free(link: Proposal) -> Iterator[Fault]:
    building: NaturalBuilding | None = link.found.get(_BUILDING)
    foreign = building is not None and building.project_id not in (None, link.owner.project_id)
    if link.found.get(_ELSEWHERE) or foreign:
        yield Fault("natural_building_no")


@rule("CON-08", "面积与单位工程相符", Severity.WARN, "自然幢面积与单位工程不符")
def area_is_that_of_the_work(link: Proposal) -> Iterator[Fault]:
    unit: UnitEngineering | None = link.found.get(_WORK)
    building: NaturalBuilding | None = link.found.get(_BUILDING)
    area = (building.surveyed_area or building.forecast_area) if building is not None else None
    if unit is None or not area or not unit.gfa:
        return
    percent = abs(area - unit.gfa) * 100 / unit.gfa
    if percent > link.thresholds.decimal(AREA_DIFFERENCE):
        told = f"自然幢面积{shown(area)}㎡，单位工程{shown(unit.gfa)}㎡，相差{percent:.2f}%，请核对或说明原因"
        yield Fault("natural_building_no", told, evidence={"building": area, "work": unit.gfa})


@rule("CON-09", "套数与规划套数一致", Severity.WARN, "楼盘表套数与规划套数不一致")
def sets_are_as_planned(link: Proposal) -> Iterator[Fault]:
    building: NaturalBuilding | None = link.found.get(_BUILDING)
    planned = sum(link.found.get(_PLANNED) or (), 0)
    if building is not None and planned and building.sets_total not in (None, planned):
        told = f"楼盘表{building.sets_total}套，规划{planned}套，请核对或说明原因"
        yield Fault(
            "natural_building_no", told, evidence={"table": Decimal(building.sets_total or 0), "planned": planned}
        )


def _tied(work: Work, row: UnitNaturalLink, _: Revision) -> None:
    building = work.first(NaturalBuilding, NaturalBuilding.natural_building_no == row.natural_building_no)
    if building is not None:
        row.natural_building_id, row.building_name = building.id, building.building_name
        work.add(row)
        give_scope(work, building.id, Owner.of(row))


def _untied(work: Work, row: UnitNaturalLink, _: Revision) -> None:
    """Hide a natural building from its project when the last tie of it is voided."""
    left = work.has(
        UnitNaturalLink,
        UnitNaturalLink.natural_building_id == row.natural_building_id,
        UnitNaturalLink.in_force == InForceState.EFFECTIVE,
        UnitNaturalLink.id != row.id,
    )
    if row.natural_building_id is not None and not left:
        give_scope(work, row.natural_building_id, Owner())


UNIT_NATURAL_LINK = kept(
    Kind(
        name="unit_natural_link",
        label="单位工程与楼盘表关联",
        row=70,
        prefix="GL",
        table=UnitNaturalLink,
        makers=of_project("unit_natural_link", UnitNaturalLink, several=True),
        look=Look(
            title="natural_building_no",
            grid=("natural_building_no", "building_name", "unit_engineering_id", "linked_on"),
            filters=("natural_building_no", "unit_engineering_id", "linked_on"),
            change="更正",
            purpose="单位工程与楼盘表自然幢的对应",
        ),
        slots=(Slot("survey", "测绘成果"),),
        rules=rules_in(vars()),
        facts=Facts(look=look),
        ties=Ties(needs=(PROJECT_NEED, in_project("unit_engineering", "单位工程"))),
        effects=Effects(on_effective=_tied, on_void=_untied),
        stage=Stage(ProjectStage.CONSTRUCTION),
    )
)
