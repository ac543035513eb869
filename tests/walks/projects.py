"""The walk's part for projects beside their kinds: changes of company after a transfer, the loosened order (rows 58, 59, 62)."""

from typing import Any

from sqlmodel import col, select

from models.access import HEAD_OFFICE, PROJECT_OFFICE
from models.land_codes import HandoverState
from models.projects import Project, ProjectHandover, ProjectParcels, ProjectTransfer
from services.engine.work import Work
from services.projects.handover import HandoverWord
from services.projects.order_relaxation import RelaxOrder
from tests.walks.kinds import HEADS, PROJECTS
from tests.walks.parcels import authority

_WHY = "核查情况已经清楚"


def _handover(city: Any, caller: Any, row: Any) -> bool:
    firm = caller.enterprise_id
    if authority(caller, row):
        return True
    if firm is None:
        return False
    heads = bool(caller.has(*HEAD_OFFICE)) and firm in (row.from_head_id, row.to_head_id)
    return heads or (bool(caller.has(*PROJECT_OFFICE)) and firm in (row.from_company_id, row.to_company_id))


ORACLE: dict[Any, Any] = {ProjectHandover: _handover}

ORDERS: dict[str, Any] = {
    "projects.handover_agree": (ProjectHandover, lambda city, row_id: HandoverWord(row_id)),
    "projects.handover_do": (ProjectHandover, lambda city, row_id: HandoverWord(row_id)),
    "projects.handover_stop": (ProjectHandover, lambda city, row_id: HandoverWord(row_id, _WHY)),
    "projects.relax_order": (Project, lambda city, row_id: RelaxOrder(row_id, True, _WHY)),
    "projects.order_is_relaxed": (Project, lambda city, row_id: row_id),
    "projects.list_changes": (ProjectParcels, lambda city, row_id: row_id),
}
UNFOREIGN: dict[str, str] = {}


def furnish(city: Any) -> None:
    """Two changes of company a side, within it."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for side in (0, 1):
        transfers = work.session.exec(
            select(ProjectTransfer)
            .where(ProjectTransfer.head_company_id == HEADS[side])
            .order_by(col(ProjectTransfer.id))
        ).all()
        project = work.session.exec(
            select(Project.id).where(Project.head_company_id == HEADS[side]).order_by(col(Project.id))
        ).first()
        assert project is not None
        for transfer, state in zip(transfers, (HandoverState.OPEN, HandoverState.DONE), strict=False):
            work.add(
                ProjectHandover(
                    state=state,
                    transfer_id=transfer.id,
                    project_id=project,
                    district_code=transfer.district_code,
                    from_company_id=PROJECTS[side],
                    from_head_id=HEADS[side],
                    to_company_id=PROJECTS[side],
                    to_head_id=HEADS[side],
                )
            )
