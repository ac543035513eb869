"""小区 (row 66): the planned figures of an estate beside those of its buildings; a project may have two."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from models.land_codes import ProjectStage
from models.planning import Community, CommunityBuilding, CommunityFacility, EngineeringPlanningPermit, PlannedBuilding
from models.records import InForceState
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Child, Facts, Kind, Look, Proposal, Slot, Stage, Ties
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work
from services.projects.ownership import PROJECT_NEED, in_force_project, of_project
from services.projects.stages import in_project

ROOM_SHARE, ROOM_LEAST, COMMITTEE_LEAST = "planning.pm_share", "planning.pm_least", "planning.committee_least"
GFA_TOLERANCE = "planning.buildings_gfa"
PLANNED, ELSEWHERE, PLACE_NAME = "planned", "elsewhere", "place_name"


def planned_of_project(work: Work, estate: Proposal) -> Mapping[str, Any]:
    """Return the project's planned buildings by permit and number, which other estates have, and the approved place name."""
    project_id = estate.owner.project_id
    rows = work.session.exec(
        select(PlannedBuilding)
        .join(EngineeringPlanningPermit, col(EngineeringPlanningPermit.id) == col(PlannedBuilding.record_id))
        .where(
            EngineeringPlanningPermit.project_id == project_id,
            EngineeringPlanningPermit.in_force == InForceState.EFFECTIVE,
        )
    ).all()
    others = work.session.exec(
        select(CommunityBuilding, Community)
        .join(Community, col(Community.id) == col(CommunityBuilding.record_id))
        .where(
            Community.project_id == project_id,
            Community.in_force == InForceState.EFFECTIVE,
            col(Community.id) != estate.record_id,
        )
    ).all()
    project = in_force_project(work, project_id)
    return {
        PLANNED: {(row.record_id, row.building_no): row for row in rows},
        ELSEWHERE: {(line.planning_permit_id, line.building_no): of.name for line, of in others},
        PLACE_NAME: project is not None and bool(project.approved_place_name),
    }


def its_buildings(estate: Proposal) -> list[PlannedBuilding]:
    """The planned buildings that an estate names; of one that names none, all that no other estate has."""
    planned: Mapping[Any, PlannedBuilding] = estate.found.get(PLANNED) or {}
    named = {(line.get("planning_permit_id"), line.get("building_no")) for line in estate.lines("buildings")}
    elsewhere = estate.found.get(ELSEWHERE) or {}
    return [row for key, row in planned.items() if (key in named if named else key not in elsewhere)]


@rule(FORMAT, "小区的规划建筑物和设施", Severity.REFUSE, "小区的内容不正确")
def lines_are_of_the_project(estate: Proposal) -> Iterator[Fault]:
    planned, elsewhere = estate.found.get(PLANNED) or {}, estate.found.get(ELSEWHERE) or {}
    for number, line in enumerate(estate.lines("buildings"), 1):
        key = (line.get("planning_permit_id"), line.get("building_no"))
        if None in key:
            continue
        if key not in planned:
            yield Fault(f"buildings.{number}.building_no", f"本项目生效的规划建筑物中没有{key[1]}，请核对证书和幢号")
        elif key in elsewhere:
            yield Fault(f"buildings.{number}.building_no", f"{key[1]}已列入小区“{elsewhere[key]}”，请核对")


@rule("PLN-10", "物业服务用房和业主委员会用房面积", Severity.WARN, "物业用房面积不足")
def rooms_are_large_enough(estate: Proposal) -> Iterator[Fault]:
    at = estate.thresholds
    whole, office, committee = estate["total_gfa"], estate["pm_office_area"], estate["owners_committee_area"]
    if whole is not None:
        share = (whole * at.decimal(ROOM_SHARE) / 100).quantize(Decimal("0.0001"))
        least = max(share, at.decimal(ROOM_LEAST))
        if office is None:
            yield Fault("pm_office_area", f"请填写物业服务用房面积，本小区至少应为{shown(least)}㎡")
        elif office < least:
            yield Fault(
                "pm_office_area",
                f"物业服务用房{shown(office)}㎡，少于总建筑面积的{at.text(ROOM_SHARE)}%且不少于{at.text(ROOM_LEAST)}㎡的要求（{shown(least)}㎡），请核对或说明理由",
                evidence={"least": least, "office": office},
            )
    if committee is None or committee < at.decimal(COMMITTEE_LEAST):
        here = "未填写" if committee is None else f"为{shown(committee)}㎡"
        yield Fault(
            "owners_committee_area", f"业主委员会用房面积{here}，不少于{at.text(COMMITTEE_LEAST)}㎡，请核对或说明理由"
        )


@rule("PLN-11", "物业管理区域", Severity.WARN, "尚未核定物业管理区域，应与规划许可同时申请，请说明办理情况")
def property_area_is_set(estate: Proposal) -> Iterator[Fault]:
    if not estate["property_area_code"]:
        yield Fault("property_area_code")


@rule("PLN-12", "核准地名", Severity.WARN, "没有核准地名，预售和交付前必须取得，请补充或说明情况")
def place_name_is_approved(estate: Proposal) -> Iterator[Fault]:
    if not estate["approved_place_name"] and not estate.found.get(PLACE_NAME):
        yield Fault("approved_place_name")


@rule("PLN-06", "小区数据与规划建筑物一致", Severity.WARN, "小区数据与规划建筑物不一致")
def figures_are_the_buildings(estate: Proposal) -> Iterator[Fault]:
    buildings = its_buildings(estate)
    if not buildings:
        return
    figures = {
        "sets_total": ("总套数", Decimal(sum(one.sets or 0 for one in buildings)), Decimal(0), "套"),
        "buildings_total": ("幢数", Decimal(len(buildings)), Decimal(0), "幢"),
        "total_gfa": (
            "总建筑面积",
            sum((one.gfa_total for one in buildings), Decimal(0)),
            estate.thresholds.decimal(GFA_TOLERANCE),
            "㎡",
        ),
    }
    for name, (label, planned, tolerance, unit) in figures.items():
        here = estate[name]
        if here is not None and abs(Decimal(here) - planned) > tolerance:
            told = f"{label}{shown(Decimal(here))}{unit}，规划建筑物合计{shown(planned)}{unit}，请核对或说明理由"
            yield Fault(name, told, evidence={"planned": planned})


@rule(FORMAT, "公共设施所在的幢", Severity.WARN, "公共设施没有写明所在的幢，请补充或说明（如独立占地）")
def facilities_have_a_building(estate: Proposal) -> Iterator[Fault]:
    known = {one.building_no for one in its_buildings(estate)}
    for number, line in enumerate(estate.lines("facilities"), 1):
        place = f"facilities.{number}.building_no"
        if not line.get("building_no"):
            yield Fault(place)
        elif known and line["building_no"] not in known:
            yield Fault(place, f"本小区的规划建筑物中没有{line['building_no']}，请核对")


COMMUNITY = kept(
    Kind(
        name="community",
        label="小区",
        row=66,
        prefix="XX",
        table=Community,
        makers=of_project("community", Community, several=True),
        look=Look(
            title="name",
            grid=("name", "total_gfa", "sets_total", "buildings_total", "pm_office_area"),
            filters=("total_gfa", "sets_total", "pm_office_area"),
            sections={
                "name": "小区",
                "land_area": "规模",
                "parking_ground": "车位与绿化",
                "pm_office_area": "物业管理",
            },
            change="更正",
            purpose="项目小区规划数据和物业用房核对",
        ),
        children=(
            Child("buildings", "小区内的规划建筑物", CommunityBuilding, ("planning_permit_id", "building_no"), 500),
            Child("facilities", "公共设施", CommunityFacility, ("facility", "building_no"), 100),
        ),
        slots=(Slot("plan", "总平面图"),),
        rules=rules_in(vars()),
        facts=Facts(look=planned_of_project),
        ties=Ties(needs=(PROJECT_NEED, in_project("engineering_planning_permit", "工程规划许可证"))),
        stage=Stage(ProjectStage.PLANNING),
    )
)
