"""工作台: what waits for the caller and what changed today, from records he sees anyway (rows 5-10)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.cancellation import CancelApply
from models.engine import Draft, Outgoing, OutgoingState, Parameter, ParameterState
from models.house import House
from models.tenancy import GovCase, LeaseContract, LeaseFiling, PapersRequest
from models.tenancy_codes import CancelState, CaseState, FilingState
from services.access.visibility import CITY, CLERKS, ENTERPRISE, STAFF
from services.engine.clock import SHANGHAI
from services.engine.drafts import BESIDE_A_RECORD, DraftLine
from services.engine.registry import query
from services.engine.work import Work

#: Cases somebody must look at: stopped by a rule, waiting for a silent source, or for papers.
WAITING_CASES = (CaseState.INTERCEPTED, CaseState.CHECKING, CaseState.CORRECTION)
_MOST = 8


@dataclass(frozen=True)
class Figure:
    """A number of today and the list it opens: `opens` is a module's key, `params` its address."""

    key: str
    label: str
    count: int
    opens: str = ""
    params: tuple[tuple[str, str], ...] = ()


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
    day = (("since", work.today.isoformat()), ("until", work.today.isoformat()))
    cases = _count(work, GovCase, GovCase.accepted_on == work.today)
    filed = _count(work, LeaseFiling, LeaseFiling.filed_on == work.today)
    stopped = _count(work, GovCase, col(GovCase.state).in_(WAITING_CASES))
    notice = _count(work, CancelApply, CancelApply.state == CancelState.NOTICE)
    ended = _count(
        work,
        CancelApply,
        CancelApply.state == CancelState.APPROVED,
        col(CancelApply.decided_at) >= datetime.combine(work.today, time(), SHANGHAI),
    )
    figures = [
        Figure("accepted", "今日受理", cases, "checks", day),
        Figure("filed", "今日备案", filed, "filings", day),
        Figure("cancelled", "今日注销", ended, "cancel_applies", (("state", "APPROVED"),)),
        Figure("waiting", "待处理办件", stopped, "checks"),
        Figure("notice", "告知期内的注销申请", notice, "cancel_applies", (("state", "NOTICE"),)),
    ]
    if work.caller.has(*CLERKS):
        asked = _count(work, PapersRequest, PapersRequest.on_day == work.today, col(PapersRequest.decided_by).is_(None))
        figures.append(Figure("papers", "待复核的凭文书查询", asked, "contract_find"))
    if work.caller.has(*CITY):
        figures.append(
            Figure(
                "dead", "制证发送失败", _count(work, Outgoing, Outgoing.state == OutgoingState.DEAD), "licence_failures"
            )
        )
    if work.caller.has(Role.CITY_CENTER, Role.CITY_BUREAU):
        proposed = work.session.exec(
            select(func.count()).select_from(Parameter).where(Parameter.state == ParameterState.PROPOSED)
        ).one()
        figures.append(Figure("parameters", "待复核的参数修改", proposed, "parameters"))
    if work.caller.has(*ENTERPRISE):
        active = _count(work, LeaseFiling, LeaseFiling.state == FilingState.ACTIVE, LeaseFiling.valid_to >= work.today)
        figures.append(Figure("active", "有效备案", active, "filings", (("state", "ACTIVE"),)))
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
