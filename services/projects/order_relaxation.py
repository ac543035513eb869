"""补录放宽顺序: the authority lets the records of an old project come in another order than 3.5, which then only warns."""

from dataclasses import dataclass
from uuid import UUID

from models.access import Role
from models.projects import Project
from models.records import InForceState
from services.engine.notices import notify
from services.engine.refusals import Conflict
from services.engine.registry import action, query
from services.engine.words import enough_words
from services.engine.work import Work


@dataclass(frozen=True)
class RelaxOrder:
    project_id: UUID
    relaxed: bool
    reason: str


@query("projects.order_is_relaxed", "补录放宽顺序", roles={Role.DIST_HANDLER, Role.CITY_HANDLER})
def order_is_relaxed(work: Work, order: UUID) -> bool:
    return work.get(Project, order).relaxed_order


@action("projects.relax_order", "设置补录放宽顺序", roles={Role.DIST_HANDLER, Role.CITY_HANDLER}, event="DATA.UPDATE")
def relax_order(work: Work, order: RelaxOrder) -> None:
    """Loosen or tighten the order for one project, with why."""
    row = work.hold(Project, order.project_id)
    if row.in_force is not InForceState.EFFECTIVE:
        raise Conflict("该项目已作废")
    said = enough_words(order.reason, "原因")
    row.relaxed_order = order.relaxed
    work.add(row)
    words = "已允许补录时放宽填报顺序" if order.relaxed else "已恢复按规定顺序填报"
    notify(
        work, "项目填报顺序已调整", f"项目“{row.name}”{words}。{said}", about=row, to_enterprise=row.project_company_id
    )
