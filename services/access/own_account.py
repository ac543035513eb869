"""Queries of the sign-in pages: the demo's accounts, and whether the own password must be changed first."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from models.access import Account, AccountRole, OrgUnit, Role
from services.access.sign_in import MAX_AGE_DAYS
from services.engine.registry import query
from services.engine.work import Work


@dataclass(frozen=True)
class DemoAccount:
    """A named account as the demo's sign-in page shows it."""

    login: str
    name: str
    unit: str
    roles: tuple[Role, ...]
    window: str


@query("access.demo_accounts", "演示账号", roles={Role.SYSTEM})
def demo_accounts(work: Work, order: None) -> list[DemoAccount]:
    """The demo's accounts in the order in which they were made; without one whose account or grant is locked."""
    locked = list(work.locked(AccountRole.__tablename__))
    of_locked = select(AccountRole.account_id).where(col(AccountRole.id).in_(locked))
    accounts = work.visible(Account).where(col(Account.demo), col(Account.id).not_in(of_locked))
    units = {unit.id: unit for unit in work.rows(work.visible(OrgUnit))}
    roles: dict[object, list[Role]] = {}
    for grant in work.rows(work.visible(AccountRole)):
        roles.setdefault(grant.account_id, []).append(grant.role)
    held = [
        (account, units[account.unit_id]) for account in work.session.exec(accounts).all() if account.unit_id in units
    ]
    return [
        DemoAccount(account.login, account.name.plain, unit.name, tuple(roles.get(account.id, ())), account.window)
        for account, unit in sorted(held, key=lambda pair: pair[0].id)
    ]


@query("access.must_change_password", "口令是否须修改", roles=set(Role))
def must_change_password(work: Work, order: None) -> bool:
    """True while the own password is the one-time one or too old; demo accounts have none."""
    account = work.first(Account, Account.id == work.caller.account_id)
    if account is None or account.demo:
        return False
    stale = work.at - account.password_changed_at > timedelta(days=MAX_AGE_DAYS)
    return stale or account.one_time_until is not None
