"""工作台: what waits for the caller and what changed today, from records he sees anyway (rows 5-10)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.cancellation import CancelApply
from models.engine import Draft, Parameter, ParameterState
from models.house import House
from models.tenancy import GovCase, LeaseContract, PapersRequest
from models.tenancy_codes import CancelState, FilingState
from services.access.visibility import CITY, CLERKS, ENTERPRISE, STAFF
from services.engine.drafts import BESIDE_A_RECORD, DraftLine
from services.engine.figures import Figure, figure
from services.engine.registry import query
from services.engine.work import Work
from services.tenancy.cancel_views import APPLIES
from services.tenancy.licence_failures import FAILURES
from services.tenancy.listings import CASES, FILINGS, WAITING_CASES

_MOST = 8


@dataclass(frozen=True)
class CaseWaiting:
    id: UUID
    case_no: str
    address: str
    state: str
    received_at: datetime


@dataclass(frozen=True)
class ApplyWaiting:
    id: UUID
    apply_no: str
    address: str
    objection_until: date | None
    objected: bool
    due: bool


@dataclass(frozen=True)
class Workbench:
    today: date
    figures: tuple[Figure, ...]
    drafts: tuple[DraftLine, ...]
    cases: tuple[CaseWaiting, ...]
    applies: tuple[ApplyWaiting, ...]


@query("workbench.mine", "工作台", roles=STAFF | ENTERPRISE)
def workbench(work: Work, order: None) -> Workbench:
    """Drafts, waiting cases, applications in their notice, and the counts of today."""
    return Workbench(work.today, tuple(_figures(work)), _drafts(work), _cases(work), _applies(work))


def _figures(work: Work) -> list[Figure]:
    today = work.today.isoformat()
    day = {"since": today, "until": today}
    figures = [
        figure(work, "accepted", "今日受理", CASES, day),
        figure(work, "filed", "今日备案", FILINGS, day),
        figure(work, "cancelled", "今日注销", APPLIES, {"state": CancelState.APPROVED, **day}),
        figure(work, "waiting", "待处理办件", CASES, {"waiting": "1"}),
        figure(work, "notice", "告知期内的注销申请", APPLIES, {"state": CancelState.NOTICE}),
    ]
    if work.caller.has(*CLERKS):
        asked = _count(work, PapersRequest, PapersRequest.on_day == work.today, col(PapersRequest.decided_by).is_(None))
        figures.append(Figure("papers", "待复核的凭文书查询", asked, opens="contract_find"))
    if work.caller.has(*CITY):
        figures.append(figure(work, "dead", "制证发送失败", FAILURES, {"dead": "dead"}))
    if work.caller.has(Role.CITY_CENTER, Role.CITY_BUREAU):
        proposed = work.session.exec(
            select(func.count()).select_from(Parameter).where(Parameter.state == ParameterState.PROPOSED)
        ).one()
        figures.append(Figure("parameters", "待复核的参数修改", proposed, opens="parameters"))
    if work.caller.has(*ENTERPRISE):
        figures.append(figure(work, "active", "有效备案", FILINGS, {"state": FilingState.ACTIVE}))
    return figures


def _count(work: Work, table: Any, *where: Any) -> int:
    return work.session.exec(select(func.count()).select_from(work.visible(table).where(*where).subquery())).one()


def _drafts(work: Work) -> tuple[DraftLine, ...]:
    rows = work.session.exec(
        work.visible(Draft)
        .where(col(Draft.closed).is_(False), col(Draft.kind).not_like(f"{BESIDE_A_RECORD}%"))
        .order_by(col(Draft.updated_at).desc())
        .limit(_MOST)
    ).all()
    return tuple(DraftLine(row.id, row.kind, row.title, row.updated_at) for row in rows)


def _cases(work: Work) -> tuple[CaseWaiting, ...]:
    rows = work.session.exec(
        work.visible(GovCase)
        .where(col(GovCase.state).in_(WAITING_CASES))
        .order_by(col(GovCase.received_at).desc(), col(GovCase.id))
        .limit(_MOST)
    ).all()
    addresses = dict(
        work.session.exec(
            select(House.id, House.address).where(col(House.id).in_([row.house_id for row in rows]))
        ).all()
    )
    return tuple(
        CaseWaiting(
            row.id,
            row.case_no,
            addresses.get(row.house_id, "") if row.house_id else "",
            row.state.label,
            row.received_at,
        )
        for row in rows
    )


def _applies(work: Work) -> tuple[ApplyWaiting, ...]:
    rows = work.session.exec(
        work.visible(CancelApply)
        .where(CancelApply.state == CancelState.NOTICE)
        .order_by(col(CancelApply.objection_until), col(CancelApply.id))
        .limit(_MOST)
    ).all()
    addresses = dict(
        work.session.exec(
            select(LeaseContract.id, House.address)
            .join(House, col(House.id) == col(LeaseContract.house_id))
            .where(col(LeaseContract.id).in_([row.contract_id for row in rows]))
        ).all()
    )
    return tuple(
        ApplyWaiting(
            row.id,
            row.apply_no,
            addresses.get(row.contract_id, ""),
            row.objection_until,
            row.objection is not None,
            row.objection is not None or (row.objection_until is not None and row.objection_until < work.today),
        )
        for row in rows
    )
