"""用地规划许可证 (row 63): of the whole land of a project or of a part, filled in by its number, compared with the contracts."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from models.land_codes import ProjectStage
from models.normal import normal_number
from models.planning import EngineeringPlanningPermit, LandPlanningPermit, PlannedBuilding
from models.progress import MilestoneCode
from models.records import InForceState
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Look, Proposal, Slot
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work
from services.projects.certificates import EarlierStep, Printed, certificate
from services.projects.project import Used, parcels_of
from services.projects.stages import settles

AREA_WARN, AREA_MOST = "planning.land_area_warn", "planning.land_area_most"
CONTRACT_AREA, OTHER_LAND, FOOTPRINTS = "contract_area", "other_land", "footprints"


def contracts_of(work: Work, permit: Proposal) -> list[Used]:
    """Return the project's parcels whose contracts the permit names, or all of them where it names none."""
    project_id = permit.owner.project_id
    parcels = list(parcels_of(work, project_id)) if project_id is not None else []
    told = normal_number(permit["contract_no"] or "")
    named = [one for one in parcels if one[0].contract_no and normal_number(one[0].contract_no) in told]
    return named or parcels


def look(work: Work, permit: Proposal) -> Mapping[str, Any]:
    """Look up the area of the contracts, the other permits of the project, and what its planned buildings stand on."""
    project_id = permit.owner.project_id
    others = work.rows(
        LandPlanningPermit.land_area_total,
        LandPlanningPermit.project_id == project_id,
        LandPlanningPermit.in_force == InForceState.EFFECTIVE,
        LandPlanningPermit.id != permit.record_id,
    )
    return {
        CONTRACT_AREA: sum((used for _, used in contracts_of(work, permit)), Decimal(0)),
        OTHER_LAND: sum(others, Decimal(0)),
        FOOTPRINTS: work.session.exec(
            select(col(PlannedBuilding.building_no), col(PlannedBuilding.footprint_area))
            .join(EngineeringPlanningPermit, col(EngineeringPlanningPermit.id) == col(PlannedBuilding.record_id))
            .where(
                EngineeringPlanningPermit.project_id == project_id,
                EngineeringPlanningPermit.in_force == InForceState.EFFECTIVE,
                col(PlannedBuilding.footprint_area) > 0,
            )
            .order_by(col(EngineeringPlanningPermit.id), col(PlannedBuilding.place))
        ).all(),
    }


def contract_signed(work: Work, permit: Proposal) -> EarlierStep:
    signed = [parcel.signed_on for parcel, _ in contracts_of(work, permit) if parcel.signed_on is not None]
    return EarlierStep("土地出让合同签订日期", max(signed, default=None))


@rule(FORMAT, "净用地面积不大于总用地面积", Severity.REFUSE, "净用地面积不应大于总用地面积")
def net_area_is_within(permit: Proposal) -> Iterator[Fault]:
    total, net = permit["land_area_total"], permit["land_area_net"]
    if total is not None and net is not None and net > total:
        yield Fault("land_area_net")


@rule("PLN-04", "用地面积与合同面积一致", Severity.WARN, "用地面积与合同面积不一致")
def area_is_the_contracts(permit: Proposal) -> Iterator[Fault]:
    contract, total = permit.found.get(CONTRACT_AREA), permit["land_area_total"]
    if not contract or total is None:
        return
    percent = abs(total - contract) * 100 / contract
    told = f"总用地面积{shown(total)}㎡，与合同面积{shown(contract)}㎡相差{percent:.2f}%"
    evidence = {"permit": total, "contract": contract}
    if percent > permit.thresholds.decimal(AREA_MOST):
        yield Fault("land_area_total", f"{told}，超出允许范围，未说明理由不能提交", evidence=evidence)
    elif percent > permit.thresholds.decimal(AREA_WARN):
        yield Fault("land_area_total", f"{told}，请核对或说明理由", evidence=evidence)


@rule("PLN-04", "用地容得下规划建筑物", Severity.WARN, "总用地面积小于规划建筑物的基底面积")
def land_holds_its_buildings(permit: Proposal) -> Iterator[Fault]:
    """An update that lowers the land below what is planned on it names the buildings."""
    own, standing = permit["land_area_total"], permit.found.get(FOOTPRINTS) or ()
    if own is None:
        return
    whole, built = own + permit.found[OTHER_LAND], sum((area for _, area in standing), Decimal(0))
    if built > whole:
        named = "、".join(f"{number}（{shown(area)}㎡）" for number, area in standing)
        yield Fault(
            "land_area_total",
            f"项目总用地面积{shown(whole)}㎡，小于规划建筑物基底面积合计{shown(built)}㎡：{named}，请核对或说明理由",
            evidence={"land": whole, "buildings": built},
        )


LAND_PLANNING_PERMIT = kept(
    certificate(
        LandPlanningPermit,
        name="land_planning_permit",
        label="用地规划许可证",
        row=63,
        prefix="YG",
        look=Look(
            title="permit_no",
            grid=("permit_no", "land_user", "land_use", "land_area_total", "issued_on"),
            filters=("permit_no", "land_area_total", "issued_on"),
            sections={
                "permit_no": "证书",
                "approving_organ": "用地批准",
                "land_area_text": "面积与规模",
                "issuer": "发证",
            },
            purpose="项目用地规划许可管理",
        ),
        stage=settles(ProjectStage.PLANNING),
        printed=Printed("land_user", "land_user_uscc", form="地字第[0-9A-Z]{15,21}号"),
        slots=(Slot("annexes", "附图附件", least=1), Slot("scan", "许可证扫描件")),
        rules=rules_in(vars()),
        found=look,
        earlier=contract_signed,
        reaches=lambda _: MilestoneCode.M03,
    )
)
