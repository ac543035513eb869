"""竣工验收备案 (row 72): of the unit works it names; sets acceptance and filing of each as milestones (CMP-02, CMP-04)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from models.building_codes import WorkKind
from models.completion import CompletedWork, CompletionFiling
from models.land_codes import ProjectStage
from models.progress import MilestoneCode, MilestoneScope
from models.records import Revision
from services.completion.works import ACCEPTED, WORKS, SeenWork, works_named, works_of, works_offered
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Child, Effects, Look, Owner, Proposal, Slot
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT
from services.engine.work import Work
from services.ports.permits import Permit
from services.projects.certificates import Printed, certificate
from services.projects.milestones import Shown, show
from services.projects.stages import in_project, settles


@rule(FORMAT, "单位工程属于本项目且未重复备案", Severity.REFUSE, "单位工程不属于本项目")
def works_are_of_the_project(filing: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, SeenWork] = filing.found.get(WORKS, {})
    for number, line in enumerate(filing.lines("works"), 1):
        work_id = line.get("unit_engineering_id")
        seen = known.get(work_id) if work_id else None
        if work_id and seen is None:
            yield Fault(f"works.{number}.unit_engineering_id")
        elif seen is not None and seen.filed_by:
            told = f"单位工程“{seen.name}”已由备案{seen.filed_by}办理，不能重复备案"
            yield Fault(f"works.{number}.unit_engineering_id", told)


@rule("CMP-01", "验收后十五日内备案", Severity.WARN, "备案晚于期限")
def is_filed_in_time(filing: Proposal) -> Iterator[Fault]:
    accepted, filed = filing["accepted_on"], filing["filed_on"]
    most = filing.thresholds.integer("completion.filing_yellow")
    if accepted and filed and (filed - accepted).days > most:
        yield Fault("filed_on", f"竣工验收后{(filed - accepted).days}天备案，超过{most}天，请说明原因")


@rule("CMP-02", "规划验收先于竣工验收", Severity.WARN, "尚无规划资源验收，请核对或说明原因")
def planning_accepts_first(filing: Proposal) -> Iterator[Fault]:
    accepted, planning = filing["accepted_on"], filing.found.get(ACCEPTED)
    if accepted and planning is None and filing.lines("works"):
        yield Fault("accepted_on")
    elif accepted and planning and accepted < planning:
        yield Fault("accepted_on", f"竣工验收（{accepted}）早于规划资源验收（{planning}），请核对或说明原因")


@rule("CMP-04", "住宅已分户验收", Severity.REFUSE, "备案含住宅，须先完成分户验收")
def homes_are_accepted_one_by_one(filing: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, SeenWork] = filing.found.get(WORKS, {})
    seen = (known.get(line["unit_engineering_id"]) for line in filing.lines("works") if line.get("unit_engineering_id"))
    if not filing["household_acceptance_done"] and any(one and one.kind is WorkKind.HOUSING for one in seen):
        yield Fault("household_acceptance_done")


def own_works(work: Work, owner: Owner, permit: Permit) -> Permit:
    """Put the project's unit works in place of the numbers that the platform names."""
    numbers = (line["unit_no"] for line in permit.lists.get("works", ()))
    return replace(permit, lists={"works": works_named(work, owner.project_id, numbers)})


def _reached(work: Work, filing: CompletionFiling, _: Revision) -> None:
    lines = work.rows(CompletedWork, CompletedWork.record_id == filing.id)
    days = ((MilestoneCode.M17, filing.accepted_on), (MilestoneCode.M19, filing.filed_on))
    show(
        work,
        filing,
        [Shown(MilestoneScope.UNIT, line.unit_engineering_id, code, on) for line in lines for code, on in days],
    )


COMPLETION_FILING = kept(
    certificate(
        CompletionFiling,
        name="completion_filing",
        label="竣工验收备案",
        row=72,
        prefix="JB",
        look=Look(
            title="filing_no",
            grid=("filing_no", "filed_area", "accepted_on", "filed_on", "household_acceptance_done"),
            filters=("filing_no", "accepted_on", "filed_on", "filed_area"),
            sections={"filing_no": "备案", "start_on": "日期与机关"},
            change="更正",
            purpose="单位工程竣工验收备案管理",
        ),
        stage=settles(ProjectStage.COMPLETION),
        printed=Printed("builder", "builder_uscc", number="filing_no", day="filed_on", label="备案编号"),
        slots=(Slot("certificate", "备案证书扫描件", least=1), Slot("households", "分户验收汇总表")),
        children=(
            Child(
                "works",
                "备案的单位工程",
                CompletedWork,
                ("unit_engineering_id",),
                200,
                offers=works_offered,
                least=1,
            ),
        ),
        rules=rules_in(vars()),
        found=works_of,
        known=own_works,
        needs=(in_project("construction_permit", "施工许可证"),),
        effects=Effects(on_effective=_reached, on_void=lambda work, row, _: show(work, row, ())),
    )
)
