"""Views of the handovers that follow transfers (row 62)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.access import MARKET
from models.land_codes import HandoverState
from models.projects import Project, ProjectHandover
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import chosen
from services.engine.steps import available
from services.engine.work import Work
from services.parcels.companies import company_name
from services.projects.handover import agree_to_handover, hand_over, stop_by_authority


@dataclass(frozen=True)
class HandoverFilter:
    state: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class HandoverLine:
    """`ways`: agree, do, stop."""

    id: UUID
    project_id: UUID
    transfer_id: UUID
    project: str
    from_company: str
    to_company: str
    state: HandoverState
    since: datetime
    from_agreed_at: datetime | None
    to_agreed_at: datetime | None
    done_at: datetime | None
    note: str
    ways: frozenset[str]


@dataclass(frozen=True)
class HandoverPage:
    total: int
    lines: tuple[HandoverLine, ...]


@query("projects.handovers", "项目公司变更列表", roles=set(MARKET))
def handover_page(work: Work, order: HandoverFilter) -> HandoverPage:
    """The changes of companies the caller sees, the newest first."""
    if not 1 <= order.size <= 200 or not 1 <= order.page <= 200:
        raise Rejected("只能查看前10000条，请缩小查询范围")
    rows: Any = work.visible(ProjectHandover)
    if order.state:
        rows = rows.where(ProjectHandover.state == chosen(HandoverState, order.state))
    bounded = rows.with_only_columns(ProjectHandover.id).limit(10_000).subquery()
    total: int = work.session.exec(select(func.count()).select_from(bounded)).one()
    found = work.session.exec(
        rows.order_by(col(ProjectHandover.created_at).desc(), col(ProjectHandover.id).desc())
        .offset((order.page - 1) * order.size)
        .limit(order.size)
    ).all()
    return HandoverPage(total, tuple(handover_line(work, row) for row in found))


def handover_line(work: Work, row: ProjectHandover) -> HandoverLine:
    name = work.session.exec(select(Project.name).where(Project.id == row.project_id)).first() or ""
    return HandoverLine(
        row.id,
        row.project_id,
        row.transfer_id,
        name,
        company_name(work, row.from_company_id),
        company_name(work, row.to_company_id),
        row.state,
        row.created_at,
        row.from_agreed_at,
        row.to_agreed_at,
        row.done_at,
        str(row.note.json()) if row.note is not None else "",
        _ways(work, row),
    )


def _ways(work: Work, row: ProjectHandover) -> frozenset[str]:
    caller = work.caller
    acts = {agree_to_handover: "agree", stop_by_authority: "stop", hand_over: "do"}
    found = {acts[act] for act in available(caller, row) if act in acts}
    waits_for_from = caller.enterprise_id == row.from_company_id and row.from_agreed_at is None
    waits_for_to = caller.enterprise_id == row.to_company_id and row.to_agreed_at is None
    if not (waits_for_from or waits_for_to):
        found.discard("agree")
    return frozenset(found)
