"""Grants and clearances by the security administrator: never to oneself, never across the three duties (D06)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import select

from models.access import Account, AccountRole, AccountSort, OrgUnit, Role, ScopeKind
from models.labels import Label
from services.access.accounts import keep_administrators, other_account, roles_held
from services.access.acl import change
from services.access.scopes import ADMINISTRATORS, excluded, fitting_code
from services.access.session_ends import end_sessions
from services.engine.events import Event
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import action
from services.engine.work import Work

GRANTERS = {Role.SEC_ADMIN}
#: A role was granted to an account.
GIVEN: Event[AccountRole] = Event("grants.given")


@dataclass(frozen=True)
class GiveGrant:
    account_id: UUID
    role: Role
    scope_kind: ScopeKind
    scope_code: str = ""
    valid_to: date | None = None
    reason: str = ""


@action("grants.give", "授予岗位", roles=GRANTERS, event="ACL.CHANGE")
def give_grant(work: Work, order: GiveGrant) -> UUID:
    """Return a role over one scope; with it the account, which another administrator made, begins to work."""
    account = other_account(work, order.account_id, order.reason)
    if account.created_by is not None and account.created_by == work.caller.account_id:
        raise NotAllowed("建立账号的人不能给该账号授权")
    grant = new_grant(work, account, order.role, order.scope_kind, order.scope_code, order.valid_to, order.reason)
    return grant.id


def new_grant(
    work: Work,
    account: Account,
    role: Role,
    kind: ScopeKind,
    code: str,
    valid_to: date | None,
    reason: str,
    *,
    policy_id: UUID | None = None,
    act: str = "grants.give",
) -> AccountRole:
    """Return a grant, checked against what is held, against its scope and against the kind of account."""
    if role is Role.SYSTEM:
        raise Rejected("“系统任务”不能授予任何账号")
    if (role is Role.PARTNER) != (account.sort is AccountSort.PARTNER):
        raise Rejected("“对接系统”岗位只能授予对接系统账号，对接系统账号也只能有此岗位")
    if role in ADMINISTRATORS and account.sort is not AccountSort.STAFF:
        raise Rejected("管理员只能由在编人员担任")
    held = roles_held(work, account.id)
    if why := excluded(held, role):
        raise NotAllowed(why)
    unit = work.only(OrgUnit, OrgUnit.id == account.unit_id)
    code = fitting_code(role, kind, code, unit)
    if valid_to is not None and valid_to < work.today:
        raise Rejected("有效期不能早于今天")
    change(work, "account", account.id, act, reason=reason)
    if role in held and _holds_the_same(work, account.id, role, kind, code):
        raise Conflict("该账号已有此岗位和数据范围")
    grant = AccountRole(
        account_id=account.id,
        role=role,
        scope_kind=kind,
        scope_code=code,
        valid_from=work.today,
        valid_to=valid_to,
        reason=reason.strip()[:200],
        policy_id=policy_id,
    )
    work.add(grant)
    GIVEN.happened(work, grant)
    end_sessions(work, account.id, "RIGHTS")
    return grant


def _holds_the_same(work: Work, account_id: UUID, role: Role, kind: ScopeKind, code: str) -> bool:
    same = select(AccountRole).where(
        AccountRole.account_id == account_id,
        AccountRole.role == role,
        AccountRole.scope_kind == kind,
        AccountRole.scope_code == code,
    )
    return any(grant.ended_at is None for grant in work.session.exec(same).all())


@action("grants.end", "收回岗位", roles=GRANTERS, event="ACL.CHANGE")
def end_grant(work: Work, order: Reasoned) -> None:
    """Taken back at once: who works by it is signed out."""
    grant = work.get(AccountRole, order.id)
    account = other_account(work, grant.account_id, order.reason)
    if grant.ended_at is not None:
        raise Conflict("该岗位已经收回")
    if grant.role in ADMINISTRATORS:
        keep_administrators(work, account)
    take_back(work, grant, "grants.end", order.reason)


def take_back(work: Work, grant: AccountRole, act: str, reason: str) -> None:
    change(work, "account", grant.account_id, act, reason=reason)
    grant.ended_at, grant.end_reason = work.at, reason.strip()[:200]
    work.add(grant)
    end_sessions(work, grant.account_id, "RIGHTS")


@dataclass(frozen=True)
class SetClearance:
    account_id: UUID
    clearance: Label
    reason: str


@action("grants.clear", "设置安全标记", roles=GRANTERS, event="ACL.CHANGE")
def set_clearance(work: Work, order: SetClearance) -> None:
    """Set the highest label an account may read, whatever its role (D08)."""
    account = other_account(work, order.account_id, order.reason)
    if account.clearance is order.clearance:
        raise Conflict("该账号已是此安全标记")
    change(work, "account", account.id, "grants.clear", reason=order.reason)
    account.clearance = order.clearance
    work.add(account)
    end_sessions(work, account.id, "RIGHTS")
