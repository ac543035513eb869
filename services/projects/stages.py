"""项目阶段 (market Appendix B): how far a project is, from what is in force of it."""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.land_codes import ProjectStage
from models.projects import Project
from models.records import InForceState
from services.engine.kinds import KINDS
from services.engine.registry import action
from services.engine.work import Work

#: Stages from the last to the first, with the kinds whose record in force shows that one is reached. Kinds of later rows
#: count as soon as they are registered.
REACHED_BY = (
    (ProjectStage.DELIVERY, ("delivery_permit",)),
    (ProjectStage.COMPLETION, ("completion_filing", "completion_planning_acceptance")),
    (ProjectStage.PRESALE, ("presale_permit", "sales_plan")),
    (ProjectStage.CONSTRUCTION, ("construction_permit",)),
    (ProjectStage.PLANNING, ("land_planning_permit", "engineering_planning_permit")),
)


def stage_from(there: Callable[[str], bool]) -> ProjectStage:
    """The furthest stage of which something is in force; `there` says so of a kind by its name."""
    return next((stage for stage, kinds in REACHED_BY if any(there(kind) for kind in kinds)), ProjectStage.LAND)


def has_in_force(work: Work, kind_name: str, project_id: UUID) -> bool:
    """Whether a project has a record in force of a kind; False of a kind that is not built yet."""
    kind = KINDS.get(kind_name)
    if kind is None:
        return False
    found = select(kind.table.id).where(
        kind.table.project_id == project_id, kind.table.in_force == InForceState.EFFECTIVE
    )
    return work.session.exec(found.limit(1)).first() is not None


def settle_stage(work: Work, project: Project) -> None:
    """Compute a project's stage anew; kinds call it when a record of theirs takes effect or is voided."""
    stage = stage_from(lambda kind: has_in_force(work, kind, project.id))
    if project.stage is not stage:
        project.stage = stage
        work.add(project)


@action("projects.settle_stages", "核定项目阶段", roles={Role.SYSTEM}, event="")
def settle_stages(work: Work, order: None) -> int:
    """The stage of every project in force, for the night."""
    rows = work.session.exec(
        select(Project).where(Project.in_force == InForceState.EFFECTIVE).order_by(col(Project.id))
    ).all()
    for row in rows:
        settle_stage(work, row)
    return len(rows)
