"""Accounts in the system administrator's hand: made, disabled, enabled, unlocked, reset; rights are another's (D05, D06)."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from models.access import ACCOUNT, Account, AccountRole, AccountSort, AccountState, OrgUnit, Role, login_key
from models.sealed import Sealed
from services.access.acl import change
from services.access.holders import Holder, check_holder, complete_holder, put_holder, want_holder
from services.access.passwords import LinkGiven, MadeLink, first_link, give_link, make_link
from services.access.places import hold_company, take_place
from services.access.scopes import ADMINISTRATORS
from services.access.session_ends import end_sessions
from services.engine.alarms import raise_alarm
from services.engine.events import Event
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work

KEEPERS = {Role.SYS_ADMIN}
#: An account moved to another unit.
MOVED: Event[Account] = Event("accounts.moved")
_LOGIN = re.compile(r"[a-z][a-z0-9_.-]{2,31}")
#: Names that attackers try first, and names that are no person's (H16).
_NOBODY = re.compile(
    r"(admin|administrator|root|system|sys|sa|test|tester|guest|user|demo|oracle|postgres|public|super|default)"
    r"[0-9_.-]*"
)
_LONGEST_SPAN = timedelta(days=366)


@dataclass(frozen=True)
class CreateAccount:
    login: str
    name: str
    unit_id: UUID
    sort: AccountSort = AccountSort.STAFF
    window: str = ""
    valid_to: date | None = None
    id_no: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)


@action("accounts.create", "新建账号", roles=KEEPERS, gather=make_link, event="ACL.CHANGE")
def create_account(work: Work, order: CreateAccount, made: MadeLink) -> LinkGiven:
    """A new account that may do nothing until the security administrator grants it something."""
    unit = work.get(OrgUnit, order.unit_id)
    if order.sort is AccountSort.PARTNER and order.window:
        raise Rejected("对接系统账号没有窗口")
    company = take_place(work, unit.enterprise_id)
    holder = check_holder(work, Holder(order.name, order.id_no, order.mobile), whole=company is not None)
    account = new_account(work, unit, order.login, holder, made, sort=order.sort, valid_to=order.valid_to)
    account.window = order.window.strip()[:20]
    return first_link(work, account, made, "accounts.create")


def new_account(
    work: Work,
    unit: OrgUnit,
    login: str,
    holder: Holder,
    made: MadeLink,
    *,
    sort: AccountSort = AccountSort.STAFF,
    valid_to: date | None = None,
    act: str = "accounts.create",
) -> Account:
    """Make an account for a checked holder; its password is unknown until the link is used."""
    key = login_key(login)
    if not _LOGIN.fullmatch(key):
        raise Rejected("登录名由3至32位小写字母、数字和 _ . - 组成，以字母开头")
    if _NOBODY.fullmatch(key):
        raise Rejected("不能使用公用或默认的登录名，请使用能对应到本人的登录名")
    if work.has(Account, Account.login_key == key):
        raise Rejected("该登录名已被使用")
    check_end(work, sort, valid_to)
    account = Account(
        login=key,
        login_key=key,
        name=Sealed.of(holder.name),
        unit_id=unit.id,
        password=Sealed.of(made.record),
        password_changed_at=work.at,
        sort=sort,
        valid_to=valid_to,
    )
    put_holder(account, holder)
    change(work, "account", account.id, act)
    return work.add(account)


def check_end(work: Work, sort: AccountSort, valid_to: date | None) -> None:
    """Check the last day: partner and temporary accounts end within a year, and no end lies in the past."""
    if sort is not AccountSort.STAFF and valid_to is None:
        raise Rejected(f"{sort.label}账号必须填写有效期")
    if valid_to is None:
        return
    if valid_to < work.today:
        raise Rejected("有效期不能早于今天")
    if sort is not AccountSort.STAFF and valid_to > work.today + _LONGEST_SPAN:
        raise Rejected(f"{sort.label}账号的有效期不超过一年")


@action("accounts.disable", "停用账号", roles=KEEPERS, step=Step(ACCOUNT, "disable"), event="ACL.CHANGE")
def disable_account(work: Work, order: Reasoned) -> None:
    """Disable an account and end its sessions at once."""
    account = other_account(work, order.id, order.reason)
    if account.state is AccountState.DISABLED:
        raise Conflict("该账号已经停用")
    keep_administrators(work, account)
    put_out(work, account, "accounts.disable", order.reason)


def put_out(work: Work, account: Account, act: str, reason: str) -> None:
    change(work, "account", account.id, act, reason=reason)
    take_step(work, account, ACCOUNT, "put_out", log=False)
    end_sessions(work, account.id, "DISABLED")


@action(
    "accounts.enable", "启用账号", roles=KEEPERS, gather=make_link, step=Step(ACCOUNT, "enable"), event="ACL.CHANGE"
)
def enable_account(work: Work, order: Reasoned, made: MadeLink) -> LinkGiven:
    """Back again, with a link to a new password: what was known before may be known to others by now."""
    account = other_account(work, order.id, order.reason)
    if account.state is AccountState.ACTIVE:
        raise Conflict("该账号没有停用")
    company = take_place(work, company_of(work, account))
    if company is not None:
        want_holder(account, "启用")
    return bring_back(work, account, made, "accounts.enable", order.reason)


def company_of(work: Work, account: Account) -> UUID | None:
    """The company whose office the account belongs to."""
    return work.only(OrgUnit.enterprise_id, OrgUnit.id == account.unit_id)


def bring_back(work: Work, account: Account, made: MadeLink, act: str, reason: str) -> LinkGiven:
    check_end(work, account.sort, account.valid_to)
    change(work, "account", account.id, act, reason=reason)
    take_step(work, account, ACCOUNT, "bring_back", log=False)
    account.last_seen_at = None
    return give_link(work, account, made, act, reason)


@action("accounts.unlock", "解除锁定", roles=KEEPERS, event="AUTH.LOCK")
def unlock_account(work: Work, order: Reasoned) -> None:
    """Unlock an account before its half hour is over; its failures count from zero."""
    account = other_account(work, order.id, order.reason)
    account.failures, account.first_failure_at, account.locked_until = 0, None, None
    work.add(account)
    work.trail.tell("AUTH.LOCK", "accounts.unlock", about=account, reason=order.reason[:60])


@action("accounts.reset", "重置口令", roles=KEEPERS, gather=make_link, event="AUTH.PWD")
def reset_password(work: Work, order: Reasoned, made: MadeLink) -> LinkGiven:
    """Replace the password or earlier link by a new link; resetting another administrator raises an alarm."""
    account = other_account(work, order.id, order.reason)
    given = link_anew(work, account, made, "accounts.reset", order.reason)
    if roles_held(work, account.id) & ADMINISTRATORS:
        raise_alarm(work, "ACL.ADMIN_RESET", "一名管理员的口令被重置，请本人核实", about=account)
    return given


def link_anew(work: Work, account: Account, made: MadeLink, act: str, reason: str) -> LinkGiven:
    """End the password, the link and the sessions of an account and make a new link."""
    if account.demo:
        raise Rejected("演示账号没有口令")
    if account.state is not AccountState.ACTIVE:
        raise Conflict("账号已停用，请先启用")
    if account.valid_to is not None and account.valid_to < work.today:
        raise Conflict("账号已到期，请先调整有效期")
    given = give_link(work, account, made, act, reason)
    end_sessions(work, account.id, "PASSWORD")
    return given


@dataclass(frozen=True)
class NewEnd:
    """A new last day; None for no end."""

    valid_to: date | None


@dataclass(frozen=True)
class ChangeAccount:
    """Changes of an account; None leaves a value unchanged."""

    id: UUID
    reason: str
    end: NewEnd | None = None
    unit_id: UUID | None = None
    window: str | None = None


@action("accounts.change", "调整有效期、单位和窗口", roles=KEEPERS, event="ACL.CHANGE")
def change_account(work: Work, order: ChangeAccount) -> None:
    """Change last day, unit and window together; when one is refused, nothing changes.

    Moving to another unit ends the rights in the old one; the security administrator grants new ones.
    """
    account = other_account(work, order.id, order.reason)
    change(work, "account", account.id, "accounts.change", reason=order.reason)
    before = (account.valid_to, account.unit_id, account.window)
    if order.end is not None:
        check_end(work, account.sort, order.end.valid_to)
        account.valid_to = order.end.valid_to
    if order.window is not None:
        account.window = order.window.strip()[:20]
    if order.unit_id is not None:
        _move(work, account, work.get(OrgUnit, order.unit_id))
    after = (account.valid_to, account.unit_id, account.window)
    changed = [name for name, old, new in zip(_PLACED, before, after, strict=True) if old != new]
    if not changed:
        raise Conflict("没有需要修改的内容")
    work.add(account)
    detail = {"fields": ",".join(changed)}
    work.trail.tell("DATA.UPDATE", "accounts.change", about=account, reason=order.reason[:60], detail=detail)


_PLACED = ("valid_to", "unit_id", "window")


def _move(work: Work, account: Account, unit: OrgUnit) -> None:
    if unit.id == account.unit_id:
        return
    keep_administrators(work, account)
    if unit.enterprise_id != company_of(work, account):
        _join(work, account, unit.enterprise_id)
    account.unit_id = unit.id
    for grant in open_grants_of(work, account.id):
        grant.ended_at, grant.end_reason = work.at, "调离原单位"
        work.add(grant)
    MOVED.happened(work, account)
    end_sessions(work, account.id, "RIGHTS")


def _join(work: Work, account: Account, company_id: UUID | None) -> None:
    """A company takes no account without number and telephone, and none in use beyond its number."""
    company = (take_place if account.state is AccountState.ACTIVE else hold_company)(work, company_id)
    if company is not None:
        want_holder(account, "调入")


@dataclass(frozen=True)
class SetHolder:
    """Number and telephone of a holder; empty leaves a value unchanged."""

    id: UUID
    reason: str
    id_no: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)
    version: int = 0


@action("accounts.set_holder", "补录证件和手机", roles=KEEPERS, event="DATA.UPDATE")
def set_holder(work: Work, order: SetHolder) -> None:
    """The holder's number where it is missing, and his telephone."""
    account = _not_own(work, order.id)
    complete_holder(work, account, order.id_no, order.mobile, "accounts.set_holder", order.reason)


def other_account(work: Work, account_id: UUID, reason: str) -> Account:
    """An account that is not the caller's own, with a reason given."""
    account = _not_own(work, account_id)
    enough_words(reason, "原因", least=4)
    return account


def _not_own(work: Work, account_id: UUID) -> Account:
    account = work.get(Account, account_id)
    if account.id == work.caller.account_id:
        raise NotAllowed("不能对自己的账号办理，请由另一名管理员办理")
    return account


def open_grants_of(work: Work, account_id: UUID) -> list[AccountRole]:
    return list(work.rows(AccountRole, AccountRole.account_id == account_id, col(AccountRole.ended_at).is_(None)))


def roles_held(work: Work, account_id: UUID) -> set[Role]:
    """The roles of every grant that was not taken back, those to come too."""
    return {grant.role for grant in open_grants_of(work, account_id)}


def keep_administrators(work: Work, account: Account) -> None:
    """Refuse to remove the last administrator of a kind, because no other could repair it."""
    for role in roles_held(work, account.id) & ADMINISTRATORS:
        others = select(Account.id).where(
            col(Account.id).in_(
                select(AccountRole.account_id).where(AccountRole.role == role, col(AccountRole.ended_at).is_(None))
            ),
            Account.state == AccountState.ACTIVE,
            Account.id != account.id,
        )
        if work.session.exec(others.limit(1)).first() is None:
            raise Conflict(f"这是唯一在用的{role.label}，不能停用或收回；请先增加一名")
