"""Tasks of projects: a transfer's change of company waits for a company's word, then for the authority (row 62)."""

from collections.abc import Iterator

from sqlmodel import col

from models.access import Role
from models.land_codes import HandoverState
from models.projects import ProjectHandover
from services.engine.list_pages import lines_of
from services.engine.work import Work
from services.inbox.sources import Task, Whose, task_source
from services.projects.handover import HANDLERS, agree_to_handover, hand_over
from services.projects.handover_views import HANDOVERS, may_act


@task_source("projects.handovers", "变更项目公司", roles=HANDLERS | {Role.PROJ_ADMIN})
def handovers(work: Work, whose: Whose) -> Iterator[Task]:
    """Return what this company has not agreed to, or what the authority may do now."""
    if whose.personal:
        return
    rows = work.rows(
        work.visible(ProjectHandover),
        col(ProjectHandover.state).in_((HandoverState.OPEN, HandoverState.AGREED)),
        by=(ProjectHandover.created_at, ProjectHandover.id),
        most=200,
    )
    for line in lines_of(work, HANDOVERS, rows):
        for action, what in ((hand_over, "办理变更"), (agree_to_handover, "确认变更")):
            if may_act(work.caller, action, line):
                title = f"{line.project}：由{line.from_company}变更为{line.to_company}"
                yield Task(str(line.id), title, what, HANDOVERS.name, {"id": str(line.id)}, None, line.created_at)
