"""Tasks of projects: a transfer's change of company waits for a company's word, then for the authority (row 62)."""

from collections.abc import Iterator

from sqlmodel import col

from models.access import Role
from models.land_codes import HandoverState
from models.projects import ProjectHandover
from services.engine.work import Work
from services.inbox.sources import Task, Whose, task_source
from services.projects.handover import HANDLERS
from services.projects.handover_views import handover_line


@task_source("projects.handovers", "变更项目公司", roles=HANDLERS | {Role.PROJ_ADMIN})
def handovers(work: Work, whose: Whose) -> Iterator[Task]:
    """Return what this company has not agreed to, or what the authority may do now."""
    if whose.personal:
        return
    rows = work.session.exec(
        work.visible(ProjectHandover)
        .where(col(ProjectHandover.state).in_((HandoverState.OPEN, HandoverState.AGREED)))
        .order_by(col(ProjectHandover.created_at), col(ProjectHandover.id))
        .limit(200)
    ).all()
    for row in rows:
        line = handover_line(work, row)
        if line.ways & {"agree", "do"}:
            what = "办理变更" if "do" in line.ways else "确认变更"
            title = f"{line.project}：由{line.from_company}变更为{line.to_company}"
            yield Task(str(row.id), title, what, "project_handovers", {"id": str(row.id)}, None, row.created_at)
