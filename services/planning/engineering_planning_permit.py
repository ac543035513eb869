"""建设工程规划许可证 with its planned buildings (row 65): filled in by its number, buildings by hand or by workbook."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.building_codes import TieState
from models.construction import ConstructionPermit, PermittedPlanning, UnitEngineering, UnitPlannedLink
from models.land_codes import ProjectStage
from models.planning import Community, CommunityBuilding, EngineeringPlanningPermit, LandPlanningPermit, PlannedBuilding
from models.progress import MilestoneCode, MilestoneScope
from models.records import ChildRow, Revision
from services.engine.child_lines import with_line
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Child, Dependant, Effects, Look, Proposal, Slot
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown, total
from services.engine.work import Work
from services.planning.building_cells import CELLS
from services.planning.building_rules import building_faults, implausible
from services.projects.certificates import EarlierStep, Printed, certificate
from services.projects.ownership import in_force_project
from services.projects.project import contract_bounds
from services.projects.stages import in_project, settles

KIND = "engineering_planning_permit"
GFA_TOLERANCE, GFA_OVER = "planning.buildings_gfa", "planning.gfa_over"
SUM_TOLERANCE = "projects.gfa_tolerance"
CONTRACT_FAR, PROJECT_GFA, OTHERS_GFA, OTHERS_ABOVE, PLACE_NAME = (
    "contract_far",
    "project_gfa",
    "others_gfa",
    "others_above",
    "place_name",
)


def project_so_far(work: Work, permit: Proposal) -> Mapping[str, Any]:
    """Return what may be built, what other permits of the project allow, and the approval of its place name."""
    project = in_force_project(work, permit.owner.project_id)
    others = work.in_force(EngineeringPlanningPermit, project=permit.owner.project_id, but=permit.record_id)
    return {
        CONTRACT_FAR: contract_bounds(work, project.id).far_area if project is not None else None,
        PROJECT_GFA: project.total_gfa if project is not None else None,
        PLACE_NAME: project is not None and bool(project.place_name_doc_no or project.approved_place_name),
        OTHERS_GFA: sum((one.gfa_total for one in others), Decimal(0)),
        OTHERS_ABOVE: sum((_far_of(one.far_area, one.gfa_above) for one in others), Decimal(0)),
    }


def _far_of(far_area: Decimal | None, gfa_above: Decimal | None) -> Decimal:
    return far_area if far_area is not None else gfa_above or Decimal(0)


def land_permit_issued(work: Work, permit: Proposal) -> EarlierStep:
    rows = work.in_force(LandPlanningPermit, project=permit.owner.project_id)
    return EarlierStep("用地规划许可证发证日期", min((one.issued_on for one in rows), default=None))


@rule(FORMAT, "证书和规划建筑物的数值", Severity.REFUSE, "数值不正确")
def numbers_add_up(permit: Proposal) -> Iterator[Fault]:
    tolerance = permit.thresholds.decimal(SUM_TOLERANCE)
    whole, above, below = permit["gfa_total"], permit["gfa_above"], permit["gfa_below"]
    if None not in (whole, above, below) and abs(whole - above - below) > tolerance:
        yield Fault("gfa_total", f"总建筑面积{shown(whole)}㎡不等于地上加地下{shown(above + below)}㎡，请核对")
    for number, line in enumerate(permit.lines("buildings"), 1):
        for fault in building_faults(line, tolerance):
            yield Fault(f"buildings.{number}.{fault.field}", fault.message)


@rule("PLN-06", "规划建筑物面积合计等于证书总建筑面积", Severity.REFUSE, "规划建筑物面积合计与证书不一致")
def buildings_add_up(permit: Proposal) -> Iterator[Fault]:
    whole, lines = permit["gfa_total"], permit.lines("buildings")
    if whole is None or not lines:
        return
    built = total(lines, "gfa_total")
    if abs(built - whole) > permit.thresholds.decimal(GFA_TOLERANCE):
        yield Fault(
            "buildings",
            f"规划建筑物总建筑面积合计{shown(built)}㎡，证书总建筑面积{shown(whole)}㎡，相差{shown(abs(built - whole))}㎡，请核对",
            evidence={"buildings": built, "permit": whole},
        )


@rule("PLN-07", "各工程规划许可面积合计不超过合同计容面积和项目总建筑面积", Severity.WARN, "许可面积合计超出")
def permits_fit_the_project(permit: Proposal) -> Iterator[Fault]:
    most = 1 + permit.thresholds.decimal(GFA_OVER) / 100
    whole, above = permit["gfa_total"], _far_of(permit["far_area"], permit["gfa_above"])
    contract, project = permit.found.get(CONTRACT_FAR), permit.found.get(PROJECT_GFA)
    if contract and permit.found[OTHERS_ABOVE] + above > contract * most:
        told = shown(permit.found[OTHERS_ABOVE] + above)
        yield Fault("far_area", f"各证计容（地上）面积合计{told}㎡，超过合同计容面积{shown(contract)}㎡，请说明理由")
    if project and whole is not None and permit.found[OTHERS_GFA] + whole > project * most:
        told = shown(permit.found[OTHERS_GFA] + whole)
        yield Fault("gfa_total", f"各证总建筑面积合计{told}㎡，超过项目总建筑面积{shown(project)}㎡，请说明理由")


@rule("PLN-08", "规划建筑物的层数、高度和面积合理", Severity.WARN, "规划建筑物的数据不合常理")
def buildings_are_plausible(permit: Proposal) -> Iterator[Fault]:
    for number, line in enumerate(permit.lines("buildings"), 1):
        for fault in implausible(line, permit.thresholds):
            yield Fault(f"buildings.{number}.{fault.field}", fault.message, evidence=fault.evidence)


@rule("PLN-12", "地名批文", Severity.WARN, "没有地名批文，预售和交付前必须取得，请补充或说明情况")
def place_name_is_approved(permit: Proposal) -> Iterator[Fault]:
    if not permit["place_name_doc_no"] and not permit.found.get(PLACE_NAME):
        yield Fault("place_name_doc_no")


def works_on(work: Work, lines: Sequence[ChildRow]) -> Mapping[UUID, Sequence[Dependant]]:
    """Return the unit works tied to planned buildings: a building that has any is not dropped."""
    rows = work.session.exec(
        select(UnitPlannedLink.planned_building_id, UnitEngineering)
        .join(UnitEngineering, col(UnitEngineering.id) == col(UnitPlannedLink.unit_id))
        .where(
            col(UnitPlannedLink.planned_building_id).in_([line.id for line in lines]),
            UnitPlannedLink.state == TieState.TIED,
        )
        .order_by(col(UnitEngineering.unit_no))
    ).all()
    found: dict[UUID, list[Dependant]] = {}
    for building_id, unit in rows:
        found.setdefault(building_id, []).append(Dependant("unit_engineering", unit.id, f"单位工程{unit.unit_no}"))
    return found


def built_under(work: Work, permit: EngineeringPlanningPermit) -> list[Dependant]:
    """Return the construction permits and the estates that name a permit."""
    named = [permit.id]
    permits = work.in_force(
        ConstructionPermit, with_line(ConstructionPermit, PermittedPlanning.planning_permit_id, named)
    )
    estates = work.in_force(Community, with_line(Community, CommunityBuilding.planning_permit_id, named))
    return [
        *(Dependant("construction_permit", one.id, f"施工许可证{one.permit_no}") for one in permits),
        *(Dependant("community", one.id, f"小区{one.name}") for one in estates),
    ]


def in_force(work: Work, permit: EngineeringPlanningPermit, revision: Revision) -> None:
    """Count the buildings."""
    permit.building_count = len(work.rows(PlannedBuilding, PlannedBuilding.record_id == permit.id))
    work.add(permit)


ENGINEERING_PLANNING_PERMIT = kept(
    certificate(
        EngineeringPlanningPermit,
        name=KIND,
        label="建设工程规划许可证",
        row=65,
        prefix="GG",
        look=Look(
            title="permit_no",
            grid=("permit_no", "builder", "project_name", "gfa_total", "building_count", "issued_on", "extended_to"),
            filters=("permit_no", "gfa_total", "issued_on", "extended_to"),
            sections={
                "permit_no": "证书",
                "scale_text": "规模与面积",
                "place_name_doc_no": "地名、发证与有效期",
            },
            purpose="项目工程规划许可和规划建筑物管理",
        ),
        stage=settles(ProjectStage.PLANNING),
        printed=Printed("builder", "builder_uscc", form="建字第.+号"),
        slots=(Slot("annexes", "附图附件", least=1), Slot("scan", "许可证扫描件")),
        children=(
            Child(
                "buildings",
                "规划建筑物",
                PlannedBuilding,
                ("building_no",),
                dependants=works_on,
                cells=CELLS,
                least=1,
            ),
        ),
        rules=rules_in(vars()),
        found=project_so_far,
        earlier=land_permit_issued,
        needs=(
            in_project("land_planning_permit", "用地规划许可证"),
            in_project("realty_certificate", "不动产权证（土地）"),
        ),
        dependants=built_under,
        effects=Effects(on_effective=in_force),
        reaches=lambda _: MilestoneCode.M05,
        scope=MilestoneScope.PLANNING_PERMIT,
    )
)
