"""Accounts and grants that came to their end by themselves: unused, over, never taken up (security.md D05)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import Account, AccountRole, AccountState, Role
from services.access.accounts import keep_administrators, put_out
from services.access.grants import take_back
from services.engine.alarms import raise_alarm
from services.engine.jobs import one_by_one
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.work import Work

UNUSED = timedelta(days=90)


@dataclass(frozen=True)
class Aged:
    """An account, or a grant of it, whose time is over."""

    account_id: UUID
    why: str
    grant_id: UUID | None = None


def aged(work: Work) -> list[Aged]:
    """Return every account and grant that is over: unused time by the system clock, last days by the business day."""
    last = sa.func.coalesce(col(Account.last_seen_at), col(Account.password_changed_at))
    active = (Account.state == AccountState.ACTIVE,)
    reasons = (
        ("有效期已过", [col(Account.valid_to) < work.today]),
        ("首次口令逾期未设置", [col(Account.one_time_until) < work.at]),
        # The demo's accounts lie unused for months, and no administrator could enable them.
        ("90天未使用", [last < work.at - UNUSED, col(Account.demo).is_(False)]),
    )
    found: dict[UUID, Aged] = {}
    for why, where in reasons:
        for account_id in work.rows(Account.id, *active, *where):
            found.setdefault(account_id, Aged(account_id, why))
    over = select(AccountRole.account_id, AccountRole.id).where(
        col(AccountRole.ended_at).is_(None), or_(col(AccountRole.valid_to) < work.today)
    )
    grants = [Aged(account_id, "授权到期", grant_id) for account_id, grant_id in work.session.exec(over).all()]
    return [*found.values(), *grants]


@action("access.end_aged", "停用到期账号", roles={Role.SYSTEM}, event="")
def end_aged(work: Work, order: Aged) -> bool:
    """Disable an account or end a grant; the last administrator of a kind stays and is reported."""
    account = work.only(Account, Account.id == order.account_id)
    if order.grant_id is None and account.state is not AccountState.ACTIVE:
        return False
    try:
        keep_administrators(work, account)
    except Conflict:
        raise_alarm(
            work, "ACL.LAST_ADMIN", f"唯一在用的一名管理员的账号或授权应停止（{order.why}），请尽快处理", about=account
        )
        return False
    if order.grant_id is None:
        put_out(work, account, "access.end_aged", order.why)
        return True
    grant = work.only(AccountRole, AccountRole.id == order.grant_id)
    if grant.ended_at is not None:
        return False
    take_back(work, grant, "access.end_aged", order.why)
    return True


end_all_aged = one_by_one("access.age", "停用到期和长期未用账号", end_aged, aged, at="02:15")
