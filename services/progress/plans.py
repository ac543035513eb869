"""进度计划 (row 75): planned days of a project's milestones; each version in force is a baseline, and the one before is kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.land_codes import ProjectStage
from models.progress import MilestoneCode, MilestoneScope, PlanLine, ProgressPlan
from models.records import Revision
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Child, Effects, Facts, Kind, Look, Proposal, Slot, Stage, Ties
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT
from services.engine.work import Work
from services.progress.reports import works_of
from services.projects.list_names import list_in_force, project_title
from services.projects.milestones import milestone_of, plan
from services.projects.ownership import PROJECT_NEED, of_project

_WORKS = "works"


def look(work: Work, listed: Proposal) -> Mapping[str, Any]:
    return {_WORKS: {row.id: row.name for row in works_of(work, listed.owner.project_id)}}


@rule(FORMAT, "计划日期按节点先后", Severity.REFUSE, "计划日期与节点先后不一致")
def days_follow_the_milestones(listed: Proposal) -> Iterator[Fault]:
    known = listed.found.get(_WORKS, {})
    last: dict[Any, Any] = {}
    lines = enumerate(listed.lines("lines"), 1)
    for number, line in sorted(lines, key=lambda one: str(one[1].get("milestone") or "")):
        work_id, code, on = (line.get(name) for name in ("unit_engineering_id", "milestone", "planned_on"))
        if work_id and work_id not in known:
            yield Fault(f"lines.{number}.unit_engineering_id", "该单位工程不属于本项目或未生效")
        elif work_id and code and on:
            if work_id in last and on < last[work_id][0]:
                told = f"“{known[work_id]}”{code.label}（{on}）早于{last[work_id][1]}（{last[work_id][0]}），请核对"
                yield Fault(f"lines.{number}.planned_on", told)
            last[work_id] = (on, code.label)


@rule(FORMAT, "计划节点", Severity.REFUSE, "该节点由系统或证书确定，不编制计划")
def only_works_are_planned(listed: Proposal) -> Iterator[Fault]:
    for number, line in enumerate(listed.lines("lines"), 1):
        code = line.get("milestone")
        if code is not None and (code is MilestoneCode.M13 or not MilestoneCode.M07.value <= code.value <= "M17"):
            yield Fault(f"lines.{number}.milestone")


def _planned(work: Work, row: ProgressPlan, revision: Revision) -> None:
    list_in_force(work, row, revision)
    if row.project_id is None:
        return
    for line in work.rows(PlanLine, PlanLine.record_id == row.id):
        one = milestone_of(work, row.project_id, MilestoneScope.UNIT, line.unit_engineering_id, line.milestone)
        plan(work, one, line.planned_on, row.version_no)


PROGRESS_PLAN = kept(
    Kind(
        name="progress_plan",
        label="进度计划",
        row=74,
        prefix="JH",
        table=ProgressPlan,
        makers=of_project("progress_plan", ProgressPlan),
        look=Look(
            title="project_name",
            grid=("project_name", "note"),
            purpose="项目节点计划管理",
            titled=project_title,
        ),
        children=(Child("lines", "节点计划", PlanLine, ("unit_engineering_id", "milestone"), 2000),),
        slots=(Slot("schedule", "进度计划表"),),
        rules=rules_in(vars()),
        facts=Facts(look=look),
        ties=Ties(needs=(PROJECT_NEED,)),
        effects=Effects(on_effective=_planned),
        stage=Stage(ProjectStage.CONSTRUCTION, optional=True),
    )
)
