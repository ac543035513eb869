"""施工许可证 (row 67): filled in by its number; extended, stopped and restarted by lines of its list."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.building_codes import PermitEventKind, PermitStatus
from models.construction import ConstructionPermit, PermitEvent, PermittedPlanning, UnitEngineering
from models.land_codes import ProjectStage
from models.planning import EngineeringPlanningPermit
from models.progress import MilestoneCode, MilestoneScope
from models.records import InForceState, Revision
from models.working_days import months_later
from services.engine.child_lines import with_line
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Child, Dependant, Effects, Look, Owner, Proposal, Slot, Values
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work
from services.ports.permits import Permit
from services.projects.certificates import EarlierStep, Printed, certificate, permits_named
from services.projects.relocation import relocation_unfinished
from services.projects.stages import in_project, settles

AREA_OVER = "construction.area_over"
EXTENSIONS_MOST, EXTENSION_MONTHS = "construction.extensions_most", "construction.extension_months"
RECHECK_DAYS = "construction.recheck_days"
PLANNINGS, OTHERS_AREA, UNMOVED = "plannings", "others_area", "unmoved"
NUMBER = re.compile(r"(?:[0-9A-Z]{8,16})?(\d{6})(\d{8})\d{4}")


def _plannings(work: Work, permit: Proposal) -> dict[UUID, EngineeringPlanningPermit]:
    named = [line["planning_permit_id"] for line in permit.lines("plannings") if line.get("planning_permit_id")]
    rows = work.rows(EngineeringPlanningPermit, col(EngineeringPlanningPermit.id).in_(named))
    return {row.id: row for row in rows}


def named_plannings(work: Work, permit: Proposal) -> Mapping[str, Any]:
    """Return the named planning permits, the area of other construction permits under them, and relocation that is open."""
    named = _plannings(work, permit)
    under_them = with_line(ConstructionPermit, PermittedPlanning.planning_permit_id, named)
    others = work.in_force(ConstructionPermit, under_them, but=permit.record_id)
    project_id = permit.owner.project_id
    return {
        PLANNINGS: named,
        OTHERS_AREA: sum((one.works_area for one in others), Decimal(0)),
        UNMOVED: len(relocation_unfinished(work, project_id)) if project_id is not None else 0,
    }


def planning_issued(work: Work, permit: Proposal) -> EarlierStep:
    days = (row.issued_on for row in _plannings(work, permit).values())
    return EarlierStep("工程规划许可证发证日期", max(days, default=None))


def own_plannings(work: Work, owner: Owner, permit: Permit) -> Permit:
    """Put the project's planning permits in force in place of the numbers that the platform names."""
    told = [line["permit_no"] for line in permit.lists.get("plannings", ())]
    named = permits_named(work, EngineeringPlanningPermit, owner, told)
    return replace(permit, lists={"plannings": [{"planning_permit_id": row.id} for row in named]})


@rule("PLN-01", "施工许可证编号的地区和日期", Severity.WARN, "证书编号与通常不同，请核对")
def number_names_a_day_of_shanghai(permit: Proposal) -> Iterator[Fault]:
    found = NUMBER.fullmatch(permit["permit_no"] or "")
    if found is None:
        return
    if not found[1].startswith("31"):
        yield Fault("permit_no", "证书编号的地区代码不是上海，请核对")
    try:
        on = date(int(found[2][:4]), int(found[2][4:6]), int(found[2][6:]))
    except ValueError:
        yield Fault("permit_no", f"证书编号中的日期{found[2]}不是真实的日期，请核对")
        return
    if permit["issued_on"] is not None and on > permit["issued_on"]:
        yield Fault("permit_no", f"证书编号中的日期{on}晚于发证日期，请核对")


@rule(FORMAT, "监理单位与施工单位不同", Severity.REFUSE, "监理单位不能与施工单位是同一单位，请核对")
def supervisor_is_another(permit: Proposal) -> Iterator[Fault]:
    if permit["contractor_uscc"] and permit["contractor_uscc"] == permit["supervisor_uscc"]:
        yield Fault("supervisor_uscc")


@rule("CON-01", "所依据的工程规划许可证有效且属本项目", Severity.REFUSE, "工程规划许可证不正确")
def plannings_are_of_the_project(permit: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, EngineeringPlanningPermit] = permit.found.get(PLANNINGS) or {}
    for number, line in enumerate(permit.lines("plannings"), 1):
        row = known.get(line["planning_permit_id"]) if line.get("planning_permit_id") else None
        if row is None:
            continue
        place = f"plannings.{number}.planning_permit_id"
        if row.project_id != permit.owner.project_id:
            yield Fault(place, "所选工程规划许可证不属于本项目，请重新选择")
        elif row.in_force is not InForceState.EFFECTIVE:
            yield Fault(place, f"工程规划许可证{row.permit_no}已作废，请重新选择")


@rule("CON-01", "施工许可面积合计不超过工程规划许可面积", Severity.WARN, "施工许可面积合计超出")
def area_fits_the_plannings(permit: Proposal) -> Iterator[Fault]:
    allowed = sum((row.gfa_total for row in (permit.found.get(PLANNINGS) or {}).values()), Decimal(0))
    here = permit["works_area"]
    if not allowed or here is None:
        return
    built = permit.found[OTHERS_AREA] + here
    if built > allowed * (1 + permit.thresholds.decimal(AREA_OVER) / 100):
        others = f"（其中其他施工许可证{shown(permit.found[OTHERS_AREA])}㎡）" if permit.found[OTHERS_AREA] else ""
        yield Fault(
            "works_area",
            f"施工面积合计{shown(built)}㎡{others}，超过工程规划许可面积{shown(allowed)}㎡，请核对或说明理由",
            evidence={"works": built, "plannings": allowed},
        )


@rule("CON-02", "开工延期不超过两次，每次不超过三个月", Severity.REFUSE, "开工延期不符合规定")
def extensions_are_within(permit: Proposal) -> Iterator[Fault]:
    most, months = permit.thresholds.integer(EXTENSIONS_MOST), permit.thresholds.integer(EXTENSION_MONTHS)
    issued = permit["issued_on"]
    before = months_later(issued, months) if issued is not None else None
    lines = _numbered(permit, PermitEventKind.EXTENSION)
    for place, (number, line) in enumerate(lines, 1):
        if place > most:
            yield Fault(f"events.{number}.event", f"开工延期最多{most}次，第{place}次延期不能登记")
        if line.get("until") is None:
            yield Fault(f"events.{number}.until", "开工延期请填写延期至的日期")
        elif before is not None:
            if line["until"] > months_later(before, months):
                yield Fault(
                    f"events.{number}.until",
                    f"每次延期不超过{months}个月，本次最迟可延至{months_later(before, months)}",
                )
            before = line["until"]


@rule("CON-03", "中止和恢复施工的先后", Severity.REFUSE, "中止、恢复施工的记录不正确")
def stops_and_restarts_follow(permit: Proposal) -> Iterator[Fault]:
    days = permit.thresholds.integer(RECHECK_DAYS)
    stopped: date | None = None
    for number, line in _numbered(permit, PermitEventKind.STOP, PermitEventKind.RESTART):
        on, place = line["on_day"], f"events.{number}.on_day"
        if permit["issued_on"] is not None and on < permit["issued_on"]:
            yield Fault(place, f"日期早于发证日期{permit['issued_on']}，请核对")
        if on > permit.today:
            yield Fault(place, "日期晚于今天，请核对")
        if line["event"] is PermitEventKind.STOP:
            if stopped is not None:
                yield Fault(place, f"{stopped}中止施工后尚未恢复，不能再次中止，请核对")
            stopped = on
        elif stopped is None:
            yield Fault(place, "恢复施工之前没有中止施工的记录，请核对")
        else:
            if (on - stopped).days >= days and not line.get("document_no"):
                yield Fault(
                    f"events.{number}.document_no", f"中止施工满{days}天，恢复前应核验施工许可证，请填写核验文号"
                )
            stopped = None


@rule("CON-04", "实际开工不早于发证", Severity.WARN, "实际开工日期早于发证日期，未取得施工许可证不得开工，请核对")
def start_follows_the_permit(permit: Proposal) -> Iterator[Fault]:
    if None not in (permit["actual_start_on"], permit["issued_on"]) and permit["actual_start_on"] < permit["issued_on"]:
        yield Fault("actual_start_on")


@rule("PRJ-14", "拆迁安置完成", Severity.WARN, "项目的拆迁安置尚未完成，请说明情况")
def relocation_is_done(permit: Proposal) -> Iterator[Fault]:
    if permit.found.get(UNMOVED):
        yield Fault("")


def _numbered(permit: Proposal, *events: PermitEventKind) -> list[tuple[int, Values]]:
    """The lines of these events in the order of their days, with their place in the list."""
    lines = enumerate(permit.lines("events"), 1)
    wanted = [(number, line) for number, line in lines if line.get("event") in events and line.get("on_day")]
    return sorted(wanted, key=lambda one: (one[1]["on_day"], one[0]))


def in_force(work: Work, permit: ConstructionPermit, revision: Revision) -> None:
    """Sum up the events; a permit without any keeps what an older system said of it."""
    events = work.rows(PermitEvent, PermitEvent.record_id == permit.id, by=(PermitEvent.on_day, PermitEvent.place))
    if not events:
        return
    last = {one.event: one.on_day for one in events}
    extended = [one.until for one in events if one.event is PermitEventKind.EXTENSION]
    permit.extension_count, permit.extended_to = len(extended), max(filter(None, extended), default=None)
    permit.suspended_from, permit.resumed_on = last.get(PermitEventKind.STOP), last.get(PermitEventKind.RESTART)
    turns = [one.event for one in events if one.event is not PermitEventKind.EXTENSION]
    permit.status = PermitStatus.SUSPENDED if turns[-1:] == [PermitEventKind.STOP] else PermitStatus.VALID
    work.add(permit)


def cancelled(work: Work, permit: ConstructionPermit, revision: Revision) -> None:
    permit.status = PermitStatus.CANCELLED
    work.add(permit)


def units_of(work: Work, permit: ConstructionPermit) -> list[Dependant]:
    """Return the unit works in force under a permit."""
    rows = work.in_force(
        UnitEngineering, UnitEngineering.construction_permit_id == permit.id, by=UnitEngineering.unit_no
    )
    return [Dependant("unit_engineering", one.id, f"单位工程{one.unit_no}") for one in rows]


CONSTRUCTION_PERMIT = kept(
    certificate(
        ConstructionPermit,
        name="construction_permit",
        label="施工许可证",
        row=67,
        prefix="SG",
        look=Look(
            title="permit_no",
            grid=("permit_no", "contractor", "works_area", "contract_amount", "issued_on", "extended_to", "status"),
            filters=("permit_no", "status", "issued_on", "contract_finish", "works_area"),
            sections={
                "permit_no": "证书",
                "works_area": "合同",
                "survey_unit": "参建单位",
                "project_manager": "人员与审查",
                "issuer": "发证与开工",
            },
            purpose="项目施工许可和开工、停工、复工管理",
        ),
        stage=settles(ProjectStage.CONSTRUCTION),
        printed=Printed("builder", "builder_uscc", must=r"([0-9A-Z]{8,16})?\d{18}", holder_severity=Severity.REFUSE),
        slots=(Slot("scan", "许可证扫描件", least=1), Slot("papers", "延期、停工、复工材料")),
        children=(
            Child("plannings", "所依据的工程规划许可证", PermittedPlanning, ("planning_permit_id",), 20, least=1),
            Child("events", "延期、停工、复工", PermitEvent, ("event", "on_day"), 50),
        ),
        rules=rules_in(vars()),
        found=named_plannings,
        earlier=planning_issued,
        known=own_plannings,
        needs=(in_project("engineering_planning_permit", "工程规划许可证"),),
        dependants=units_of,
        effects=Effects(on_effective=in_force, on_void=cancelled),
        reaches=lambda _: MilestoneCode.M06,
        scope=MilestoneScope.CONSTRUCTION_PERMIT,
    )
)
