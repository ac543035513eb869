"""竣工规划资源验收 (row 72): of planned buildings named by number, measured areas beside planned ones (CMP-03)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from models.completion import AcceptedBuilding, PlanningAcceptance
from models.land_codes import ProjectStage
from models.normal import normal_building_no
from models.planning import EngineeringPlanningPermit, PlannedBuilding
from models.progress import MilestoneCode, MilestoneScope
from models.records import InForceState, Revision
from services.engine.child_lines import named_by
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Child, Effects, Look, Offer, Owner, Proposal, Slot
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work
from services.ports.permits import Permit
from services.projects.certificates import Printed, certificate, permits_named
from services.projects.milestones import Shown, show
from services.projects.stages import in_project, settles

PLANNED, STANDS, ACCEPTED_BY = "planned", "permit_stands", "accepted_by"
MOST_PERCENT, MOST_AREA = "completion.measured_percent", "completion.measured_area"


def planned_buildings(work: Work, acceptance: Proposal) -> Mapping[str, Any]:
    """Look up the planned buildings of the permit an acceptance names, by number."""
    permit = work.first(
        EngineeringPlanningPermit,
        EngineeringPlanningPermit.id == acceptance["engineering_planning_permit_id"],
        EngineeringPlanningPermit.project_id == acceptance.owner.project_id,
        EngineeringPlanningPermit.in_force == InForceState.EFFECTIVE,
    )
    if permit is None:
        return {STANDS: False, PLANNED: {}, ACCEPTED_BY: {}}
    rows = work.rows(PlannedBuilding, PlannedBuilding.record_id == permit.id, by=PlannedBuilding.place)
    of_permit = PlanningAcceptance.engineering_planning_permit_id == permit.id
    papers = PlanningAcceptance.acceptance_no
    others = named_by(work, papers, AcceptedBuilding.building_no, of_permit, but=acceptance.record_id)
    accepted = {normal_building_no(number): paper for number, paper in others.items()}
    return {STANDS: True, PLANNED: {row.building_no: row.gfa_total for row in rows}, ACCEPTED_BY: accepted}


@rule(FORMAT, "规划建筑物在所选许可证中且未重复验收", Severity.REFUSE, "所选许可证中没有该规划建筑物")
def buildings_are_planned(acceptance: Proposal) -> Iterator[Fault]:
    planned: Mapping[str, Decimal] = acceptance.found.get(PLANNED, {})
    if not acceptance["engineering_planning_permit_id"]:
        return
    if not acceptance.found.get(STANDS):
        yield Fault("engineering_planning_permit_id", "该工程规划许可证不属于本项目或未生效")
        return
    accepted: Mapping[str, str] = acceptance.found.get(ACCEPTED_BY, {})
    for number, line in enumerate(acceptance.lines("buildings"), 1):
        building_no = normal_building_no(line["building_no"] or "")
        if building_no and building_no not in planned:
            yield Fault(f"buildings.{number}.building_no")
        elif building_no in accepted:
            told = f"{building_no}已由合格证{accepted[building_no]}验收，请核对"
            yield Fault(f"buildings.{number}.building_no", told)


@rule("CMP-03", "实测与规划面积相符", Severity.WARN, "实测面积与规划面积相差较大")
def measured_is_as_planned(acceptance: Proposal) -> Iterator[Fault]:
    planned = planned_area(acceptance)
    measured = acceptance["measured_gfa_total"]
    if not planned or measured is None:
        return
    off = measured - planned
    percent = abs(off) * 100 / planned
    if percent > acceptance.thresholds.decimal(MOST_PERCENT) or abs(off) > acceptance.thresholds.decimal(MOST_AREA):
        told = (
            f"实测{shown(measured)}㎡，规划{shown(planned)}㎡，相差{shown(off)}㎡（{percent:.2f}%），请核对或说明原因"
        )
        yield Fault("measured_gfa_total", told, evidence={"measured": measured, "planned": planned})


def buildings_offered(work: Work, acceptance: Proposal) -> list[Offer]:
    """Return the planned buildings of the chosen permit to be ticked; one that another acceptance names cannot be."""
    found = planned_buildings(work, acceptance)
    planned, accepted = found[PLANNED], found[ACCEPTED_BY]
    return [
        Offer(
            {"building_no": number},
            number,
            f"规划{shown(area)}㎡",
            f"已由合格证{accepted[number]}验收" if number in accepted else "",
        )
        for number, area in planned.items()
    ]


def own_permit(work: Work, owner: Owner, paper: Permit) -> Permit:
    """Put the project's planning permit in force in place of the number that the platform names."""
    named = permits_named(work, EngineeringPlanningPermit, owner, [paper.values.get("planning_no") or ""])
    own = {"engineering_planning_permit_id": named[0].id} if named else {}
    return replace(paper, values={**paper.values, **own})


def planned_area(acceptance: Proposal) -> Decimal:
    planned: Mapping[str, Decimal] = acceptance.found.get(PLANNED, {})
    named = {
        normal_building_no(line["building_no"]) for line in acceptance.lines("buildings") if line.get("building_no")
    }
    return sum((planned[one] for one in named if one in planned), Decimal(0))


def _reached(work: Work, acceptance: PlanningAcceptance, _: Revision) -> None:
    permit_id = acceptance.engineering_planning_permit_id
    rows = {row.building_no: row for row in work.rows(PlannedBuilding, PlannedBuilding.record_id == permit_id)}
    total = Decimal(0)
    for line in work.rows(AcceptedBuilding, AcceptedBuilding.record_id == acceptance.id):
        if (row := rows.get(normal_building_no(line.building_no))) is not None:
            line.planned_building_id, total = row.id, total + row.gfa_total
            work.add(line)
    acceptance.planned_gfa_total = total
    work.add(acceptance)
    show(
        work,
        acceptance,
        [Shown(MilestoneScope.PLANNING_PERMIT, permit_id, MilestoneCode.M18, acceptance.issued_on)],
    )


PLANNING_ACCEPTANCE = kept(
    certificate(
        PlanningAcceptance,
        name="planning_acceptance",
        label="竣工规划资源验收",
        row=72,
        prefix="GY",
        look=Look(
            title="acceptance_no",
            grid=(
                "acceptance_no",
                "engineering_planning_permit_id",
                "measured_gfa_total",
                "planned_gfa_total",
                "issued_on",
            ),
            filters=("acceptance_no", "issued_on", "measured_gfa_total"),
            sections={"acceptance_no": "合格证", "measured_gfa_total": "实测面积", "issuer": "发证"},
            change="更正",
            purpose="竣工规划资源验收管理",
        ),
        stage=settles(ProjectStage.COMPLETION),
        printed=Printed("builder", "builder_uscc", number="acceptance_no", label="合格证编号"),
        slots=(Slot("certificate", "合格证扫描件", least=1), Slot("survey", "测绘报告")),
        children=(
            Child("buildings", "验收的规划建筑物", AcceptedBuilding, ("building_no",), 500, offers=buildings_offered),
        ),
        rules=rules_in(vars()),
        found=planned_buildings,
        known=own_permit,
        needs=(in_project("engineering_planning_permit", "工程规划许可证"),),
        effects=Effects(on_effective=_reached, on_void=lambda work, row, _: show(work, row, ())),
    )
)
