"""委托代办: an absent user's tasks are shown to a colleague of the same office and role (market 3.8).

The colleague gains no right: they act in their own, and their name enters the record.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import MARKET, Account, Role
from models.codes import Toned
from models.dialect import locked
from models.records import TaskDelegation
from models.sealed import Sealed
from services.engine.copied import taken
from services.engine.deputies import sharing_a_role, stands_in_for
from services.engine.listings import Line
from services.engine.look_ups import names_by
from services.engine.notices import notify
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action, query
from services.engine.words import enough_words
from services.engine.work import Work, visible_rows

LONGEST_DAYS = 92


@visible_rows(TaskDelegation)
def mine_or_to_me(work: Work, table: Any) -> Any:
    me = work.caller.account_id
    if work.caller.has(Role.SYSTEM):
        return sa.true()
    return or_(table.from_account == me, table.to_account == me) if me is not None else sa.false()


@dataclass(frozen=True)
class Delegate:
    to_account: UUID
    valid_from: date
    valid_to: date
    reason: str


@query("inbox.colleagues", "可委托的同事", roles=set(MARKET))
def colleagues(work: Work, order: None) -> dict[UUID, str]:
    """Return who of the own office shares a role, by name with the roles."""
    held: dict[UUID, set[Role]] = {}
    for account_id, role in work.session.exec(sharing_a_role(work)).all():
        held.setdefault(account_id, set()).add(role)
    rows = work.rows(Account, col(Account.id).in_(held), by=Account.login_key)
    return {row.id: f"{row.name.plain}（{'、'.join(sorted(role.label for role in held[row.id]))}）" for row in rows}


@query("inbox.delegations", "委托代办列表", roles=set(MARKET))
def delegations(work: Work, order: None) -> list[Line]:
    """Return what the caller gave (`out`, `endable` while it may be taken back) and what was given him, the latest first."""
    rows = work.rows(
        work.visible(TaskDelegation),
        by=(col(TaskDelegation.valid_from).desc(), col(TaskDelegation.id).desc()),
        most=100,
    )
    ids = {row.from_account for row in rows} | {row.to_account for row in rows}
    names = names_by(work, ids)
    return [_line(work, row, names) for row in rows]


def _line(work: Work, row: TaskDelegation, names: dict[UUID, str]) -> Line:
    out = row.from_account == work.caller.account_id
    state = Toned("进行中", "good")
    if row.ended_at is not None:
        state = Toned("已收回", "muted")
    elif row.valid_to < work.today:
        state = Toned("已结束", "muted")
    elif row.valid_from > work.today:
        state = Toned("未开始", "info")
    return Line(
        **taken(row, "id", "valid_from", "valid_to"),
        out=out,
        who=names.get(row.to_account if out else row.from_account, ""),
        reason=str(row.reason.json()) if row.reason is not None else "",
        state=state,
        endable=out and row.ended_at is None and row.valid_to >= work.today,
    )


@action("inbox.delegate", "委托代办", roles=set(MARKET), event="DATA.CREATE")
def delegate(work: Work, order: Delegate) -> UUID:
    """Show what waits for the caller to a colleague from one day to another."""
    reason = enough_words(order.reason, "委托原因", least=2, most=200)
    if order.valid_to < work.today or order.valid_to < order.valid_from:
        raise Rejected("结束日期不能早于今天和开始日期")
    if order.valid_to - order.valid_from > timedelta(days=LONGEST_DAYS):
        raise Rejected(f"一次委托最长{LONGEST_DAYS}天，到期可再次委托")
    if order.to_account not in {account_id for account_id, _ in work.session.exec(sharing_a_role(work)).all()}:
        raise NotFound("只能委托给本单位有相同岗位的同事")
    me = work.caller.account_id
    assert me is not None
    overlapping = select(TaskDelegation).where(
        TaskDelegation.from_account == me,
        TaskDelegation.to_account == order.to_account,
        col(TaskDelegation.ended_at).is_(None),
        TaskDelegation.valid_from <= order.valid_to,
        TaskDelegation.valid_to >= order.valid_from,
    )
    if work.session.exec(locked(work.session, overlapping)).first() is not None:
        raise Conflict("这段时间已委托给该同事，请先收回原委托")
    row = work.add(
        TaskDelegation(
            from_account=me,
            to_account=order.to_account,
            valid_from=order.valid_from,
            valid_to=order.valid_to,
            reason=Sealed.of_json(reason),
        )
    )
    told = f"{work.caller.name}请您在{order.valid_from:%m月%d日}至{order.valid_to:%m月%d日}代为办理其待办事项。"
    notify(work, "委托代办", told, about=row, to_account=order.to_account)
    work.trail.tell("DATA.CREATE", "inbox.delegate", about=row)
    return row.id


@action("inbox.take_back", "收回委托", roles=set(MARKET), event="DATA.STATE")
def take_back(work: Work, delegation_id: UUID) -> None:
    """End a delegation before its day; only who gave it."""
    row = work.get(TaskDelegation, delegation_id)
    if row.from_account != work.caller.account_id:
        raise NotFound
    if row.ended_at is not None:
        raise Conflict("该委托已收回")
    row.ended_at = work.now
    work.add(row)
    notify(work, "委托代办已收回", f"{work.caller.name}已收回对您的委托代办。", about=row, to_account=row.to_account)
    work.trail.tell("DATA.STATE", "inbox.take_back", about=row)


def standing_in_for(work: Work) -> list[Account]:
    """Return whose tasks the caller is shown today."""
    wanted = stands_in_for(work)
    rows = work.session.exec(select(Account).where(col(Account.id).in_(wanted)).order_by(col(Account.id)))
    return list(rows.all()) if wanted else []
