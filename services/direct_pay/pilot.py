"""试点范围: set by the city bureau together with the fund's letter, agreed by a second person of the authority (leasing 2.10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from models.access import Role
from models.dialect import locked
from models.direct_pay import PilotScope
from models.direct_pay_codes import PILOT, PilotState
from models.enterprise import Enterprise
from models.rooms import CentralProject
from services.access.visibility import CITY
from services.direct_pay.visibility import DISTRICT
from services.engine.listings import Column, Listing, choice, listed
from services.engine.look_ups import values_by
from services.engine.orders import Decide
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work


@dataclass(frozen=True)
class ProposePilot:
    """A firm by its credit code, or one project of it by number, from a day on; `fund_letter` is the fund's consent."""

    enterprise_uscc: str
    valid_from: date
    fund_letter: str
    project_no: str = ""
    valid_to: date | None = None


@action("direct_pay.propose_pilot", "提出试点范围", roles={Role.CITY_BUREAU}, event="CFG.CHANGE")
def propose_pilot(work: Work, order: ProposePilot) -> UUID:
    """Propose a scope; it takes effect when a second person confirms it."""
    # Held, so that two proposals for one firm look at each other.
    named = select(Enterprise).where(Enterprise.uscc == order.enterprise_uscc.strip())
    firm = work.session.exec(locked(work.session, named)).first()
    if firm is None:
        raise Rejected("没有查到该统一社会信用代码的企业")
    project = None
    if order.project_no.strip():
        project = work.find(
            CentralProject,
            CentralProject.project_no == order.project_no.strip(),
            CentralProject.enterprise_id == firm.id,
            missing=Rejected("该企业没有这个项目，请核对项目编号"),
        )
    letter = enough_words(order.fund_letter, "公积金中心的确认文号", least=4, most=60)
    if order.valid_to is not None and order.valid_to < order.valid_from:
        raise Rejected("失效日期不能早于生效日期")
    _stands_alone(work, firm.id, None if project is None else project.id, order)
    row = PilotScope(
        enterprise_id=firm.id,
        project_id=None if project is None else project.id,
        valid_from=order.valid_from,
        valid_to=order.valid_to,
        fund_letter=letter,
        proposed_by=work.caller.account_id,
    )
    work.add(row)
    work.trail.tell("CFG.CHANGE", "direct_pay.propose_pilot", about=row, reason=row.fund_letter)
    return row.id


def _stands_alone(work: Work, firm_id: UUID, project_id: UUID | None, order: ProposePilot) -> None:
    """Refuse a second scope for the same firm, project and time: ending one would leave the other."""
    same = select(PilotScope).where(
        PilotScope.enterprise_id == firm_id,
        PilotScope.project_id == project_id,
        col(PilotScope.state).in_([PilotState.PROPOSED, PilotState.CONFIRMED]),
        or_(col(PilotScope.valid_to).is_(None), col(PilotScope.valid_to) >= order.valid_from),
    )
    if order.valid_to is not None:
        same = same.where(PilotScope.valid_from <= order.valid_to)
    other = work.session.exec(same.limit(1)).first()
    if other is not None:
        until = f"至 {other.valid_to}" if other.valid_to else "起长期有效"
        raise Rejected(f"同一范围已有一项“{other.state.label}”（{other.valid_from} {until}），不能重复提出")


@action("direct_pay.decide_pilot", "复核试点范围", roles=CITY, step=Step(PILOT, "confirm"), event="CFG.CHANGE")
def decide_pilot(work: Work, order: Decide) -> None:
    """Confirm or reject a scope as the second person; the proposer may not."""
    row = work.get(PilotScope, order.id)
    if row.state is not PilotState.PROPOSED:
        raise Conflict("该范围已经复核过了")
    if row.proposed_by is not None and row.proposed_by == work.caller.account_id:
        raise NotAllowed("提出人不能复核自己的申请，请由另一位同事复核")
    take_step(work, row, PILOT, "confirm" if order.agree else "reject")
    row.decided_by, row.decided_at = work.caller.account_id, work.now


@dataclass(frozen=True)
class EndPilot:
    """The last day a firm or project takes part."""

    id: UUID
    last_day: date


@action("direct_pay.end_pilot", "终止试点", roles={Role.CITY_BUREAU}, event="CFG.CHANGE")
def end_pilot(work: Work, order: EndPilot) -> None:
    """New mandates stop after the day; those that run go on to their own end."""
    row = work.get(PilotScope, order.id)
    if row.state is not PilotState.CONFIRMED:
        raise Conflict("只能终止已生效的试点范围")
    if order.last_day < max(row.valid_from, work.today):
        raise Rejected("终止日期不能早于今天或生效日期")
    if row.valid_to is not None and order.last_day > row.valid_to:
        # To go on for longer is a new scope, and that takes two persons.
        raise Rejected(f"该范围至 {row.valid_to} 为止，延长请另行提出试点范围，由另一位同事复核")
    row.valid_to = order.last_day
    work.add(row)
    work.trail.tell("CFG.CHANGE", "direct_pay.end_pilot", about=row, detail={"last_day": str(order.last_day)})


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    firms = values_by(work, Enterprise.id, Enterprise.name, (row.enterprise_id for row in rows))
    projects = values_by(work, CentralProject.id, CentralProject.name, (row.project_id for row in rows))
    me = work.caller.account_id
    return {
        "enterprise": lambda row: firms.get(row.enterprise_id, ""),
        "project": lambda row: projects.get(row.project_id, "全部项目"),
        # Who proposed a scope cannot agree to it.
        "own": lambda row: row.proposed_by is not None and row.proposed_by == me,
    }


PILOTS = listed(
    Listing(
        name="pilots",
        label="试点范围",
        roles=CITY | DISTRICT,
        table=PilotScope,
        columns=(
            Column("enterprise", "企业"),
            Column("project", "项目"),
            Column("valid_from", "生效日期", width=90),
            Column("valid_to", "失效日期", width=90),
            Column("fund_letter", "确认文号", shown=False),
            Column("state", "状态", width=80),
            Column("created_at", "提出时间", shown=False),
        ),
        filters=(choice("state", "状态", PilotScope.state, PilotState),),
        sort="-created_at",
        look_up=_cells,
        empty="还没有企业参加试点",
    )
)
