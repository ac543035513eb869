"""按计划日期更新 (row 75): a draft of the progress plan filled in with the planned days of the unit works in force."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models.access import PROJECT_OFFICE
from models.construction import UnitEngineering
from models.progress import MilestoneCode, ProgressPlan
from models.projects import Project
from models.records import InForceState
from services.engine.cycle_drafts import begin, copied_lines, save, update
from services.engine.cycle_orders import Begin, Begun, Save, StartUpdate
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.work import Work
from services.progress.plans import PROGRESS_PLAN
from services.progress.reports import works_of

#: Columns of a unit work with a planned day, each with its milestone.
_PLANNED = {
    "planned_start": MilestoneCode.M07,
    "planned_topout": MilestoneCode.M12,
    "planned_finish": MilestoneCode.M17,
}
_REASON = "按单位工程的计划日期更新"


@action("progress.plan_works", "按计划日期更新进度计划", roles=set(PROJECT_OFFICE), event="")
def plan_works(work: Work, project_id: UUID) -> Begun:
    """Begin or update the plan of a project with its works' planned days; the company checks and submits the draft."""
    project = work.get(Project, project_id)
    standing = work.first(
        ProgressPlan, ProgressPlan.project_id == project.id, ProgressPlan.in_force == InForceState.EFFECTIVE
    )
    before = copied_lines(work, PROGRESS_PLAN, standing.id)["lines"] if standing is not None else []
    planned = [one for row in works_of(work, project.id) for one in _lines(row)]
    if not planned:
        raise Conflict("各单位工程还没有填写计划日期，请先在“单位工程”中填写")
    known = {_key(line): line for line in before}
    lines = [{**known.get(_key(line), {}), **line} for line in planned]
    if all(_key(line) in known and known[_key(line)]["planned_on"] == line["planned_on"] for line in planned):
        raise Conflict("进度计划与各单位工程的计划日期一致，不需要更新")
    there = {_key(line) for line in lines}
    lines += [line for line in before if _key(line) not in there]
    lines.sort(key=lambda line: (line["unit_engineering_id"], line["milestone"]))
    if standing is None:
        return begin(PROGRESS_PLAN, work, Begin(project.id, {}, {"lines": lines}))
    begun = update(PROGRESS_PLAN, work, StartUpdate(standing.id, _REASON))
    values = {"note": standing.note} if standing.note else {}
    saved = save(PROGRESS_PLAN, work, Save(begun.revision_id, begun.version, values, {"lines": lines}))
    return Begun(begun.record_id, begun.revision_id, saved.version)


def _lines(row: UnitEngineering) -> list[dict[str, Any]]:
    days = ((getattr(row, column), code) for column, code in _PLANNED.items())
    return [
        {"unit_engineering_id": str(row.id), "milestone": code.value, "planned_on": on.isoformat()}
        for on, code in days
        if on is not None
    ]


def _key(line: Mapping[str, Any]) -> tuple[str, str]:
    return str(line["unit_engineering_id"]), str(line["milestone"])
