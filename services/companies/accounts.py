"""Accounts of companies: the city opens those of head companies, a head company those of its project companies (row 54)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import ACCOUNT, Account, AccountRole, AccountState, OrgUnit, Role, ScopeKind
from models.companies import AdmissionState, HeadCompany, Managed, ProjectCompany
from models.monitoring import CompanyType
from services.access.account_list import AccountWord, state_word
from services.access.accounts import bring_back, check_end, link_anew, open_grants_of, put_out
from services.access.acl import change
from services.access.delegation import OpenDelegated, open_for, policy_for
from services.access.first_password import LinkGiven, MadeLink, make_link
from services.access.grants import new_grant, take_back
from services.access.holders import Holder, complete_holder, want_holder
from services.access.places import places_used, take_place
from services.companies.admission import company_unit
from services.engine.callers import Caller
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import Step, action, query
from services.engine.words import enough_words
from services.engine.work import Work
from services.privacy.field_reveal import RevealField, reveal_value

KEEPERS = {Role.HEAD_ADMIN, Role.CITY_HANDLER}
#: Who opens accounts of which companies, in which roles.
_GRANTS: dict[Role, tuple[type[Managed], tuple[Role, ...]]] = {
    Role.HEAD_ADMIN: (ProjectCompany, (Role.PROJ_ADMIN, Role.PROJ_USER)),
    Role.CITY_HANDLER: (HeadCompany, (Role.HEAD_ADMIN,)),
}
_LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{5,29}")


def keeps_accounts_of(caller: Caller, kind: CompanyType) -> bool:
    """Tell whether a caller keeps the accounts of a kind of company."""
    return any(caller.has(role) and table.__tablename__ == kind for role, (table, _) in _GRANTS.items())


def _keeper(work: Work) -> Role:
    return Role.CITY_HANDLER if work.caller.has(Role.CITY_HANDLER) else Role.HEAD_ADMIN


def _company(work: Work, company_id: UUID) -> Any:
    """Return a company whose accounts the caller keeps; others are not found."""
    keeper = _keeper(work)
    company: Any = work.get(_GRANTS[keeper][0], company_id)
    if keeper is Role.HEAD_ADMIN and company.head_company_id != work.caller.enterprise_id:
        raise NotFound
    return company


def _account(work: Work, account_id: UUID, version: int) -> tuple[Account, Any]:
    """An account of such a company, with the company."""
    row = work.session.exec(
        select(Account, OrgUnit).join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id)).where(Account.id == account_id)
    ).first()
    if row is None or row[1].enterprise_id is None:
        raise NotFound
    company = _company(work, row[1].enterprise_id)
    account: Account = row[0]
    if version and account.version != version:
        raise Conflict("该账号已被他人修改，请刷新后再办理")
    return account, company


# ------------------------------------------------------------------ seen


@dataclass(frozen=True)
class FindAccounts:
    """Accounts of one company, or of all that are the caller's to keep."""

    company_id: UUID | None = None
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class CompanyAccount:
    """Name, number and telephone masked. `company_state` says whether the company may have accounts at all.

    `waiting` while the first password is not chosen, until `link_until`.
    """

    id: UUID
    version: int
    login: str
    name: str
    id_no: str
    mobile: str
    company_id: UUID
    company: str
    company_state: AdmissionState
    role: Role | None
    role_label: str
    state: AccountState
    word: AccountWord
    valid_to: date | None
    last_seen_at: datetime | None
    waiting: bool
    link_until: datetime | None


@dataclass(frozen=True)
class CompanyChoice:
    """A company for which accounts are opened, with how many it has and may have."""

    id: UUID
    name: str
    used: int
    quota: int
    open: bool


@dataclass(frozen=True)
class CompanyAccounts:
    total: int
    lines: tuple[CompanyAccount, ...]
    companies: tuple[CompanyChoice, ...]
    roles: tuple[Role, ...]


@query("companies.accounts", "企业账号", roles=KEEPERS)
def find_accounts(work: Work, order: FindAccounts) -> CompanyAccounts:
    """Page by page, by company and login; names masked."""
    keeper = _keeper(work)
    table, roles = _GRANTS[keeper]
    companies: dict[UUID | None, Any] = {row.id: row for row in _companies(work, keeper, table)}
    if order.company_id is not None:
        companies = {key: row for key, row in companies.items() if key == order.company_id}
        if not companies:
            raise NotFound
    wanted = (
        select(Account, OrgUnit)
        .join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id))
        .where(col(OrgUnit.enterprise_id).in_(list(companies)))
    )
    total = work.session.exec(select(sa.func.count()).select_from(wanted.subquery())).one()
    size = min(max(order.size, 1), 200)
    rows = work.session.exec(
        wanted.order_by(col(OrgUnit.name), col(Account.login_key))
        .offset((min(max(order.page, 1), 10_000) - 1) * size)
        .limit(size)
    ).all()
    held = _roles_of(work, [account.id for account, _ in rows])
    lines = tuple(
        CompanyAccount(
            id=account.id,
            version=account.version,
            login=account.login,
            name=account.name.masked(),
            id_no=account.id_no.masked() if account.id_no else "",
            mobile=account.mobile.masked() if account.mobile else "",
            company_id=company.id,
            company=company.name,
            company_state=company.admission_state,
            role=held.get(account.id),
            role_label=held[account.id].label if account.id in held else "",
            state=account.state,
            word=state_word(account, work, granted=account.id in held),
            valid_to=account.valid_to,
            last_seen_at=account.last_seen_at,
            waiting=account.link_digest is not None,
            link_until=account.one_time_until,
        )
        for account, company in ((one, companies[unit.enterprise_id]) for one, unit in rows)
    )
    used = places_used(work, [row.id for row in companies.values()])
    choices = tuple(
        CompanyChoice(
            row.id, row.name, used.get(row.id, 0), row.account_quota, row.admission_state is AdmissionState.ADMITTED
        )
        for row in companies.values()
    )
    return CompanyAccounts(total, lines, choices, roles)


def _companies(work: Work, keeper: Role, table: type[Managed]) -> Sequence[Any]:
    rows: Any = work.visible(table)
    if keeper is Role.HEAD_ADMIN:
        rows = rows.where(ProjectCompany.head_company_id == work.caller.enterprise_id)
    found: Sequence[Any] = work.session.exec(rows.order_by(col(table.name), col(table.id))).all()
    return found


def _roles_of(work: Work, account_ids: Sequence[UUID]) -> dict[UUID, Role]:
    rows = work.session.exec(
        select(AccountRole)
        .where(col(AccountRole.account_id).in_(account_ids), col(AccountRole.ended_at).is_(None))
        .order_by(col(AccountRole.id))
    ).all()
    return {row.account_id: row.role for row in rows}


# ------------------------------------------------------------------ kept


@dataclass(frozen=True)
class OpenAccount:
    """`id_no` and `mobile` are those of the future user."""

    company_id: UUID
    login: str
    name: str
    role: Role
    valid_to: date | None = None
    id_no: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)


@action("companies.open_account", "开立企业账号", roles=KEEPERS, gather=make_link, event="ACL.CHANGE")
def open_account(work: Work, order: OpenAccount, made: MadeLink) -> LinkGiven:
    """Open an account in an admitted company, within its number and the policy in force, with a first-password link."""
    company = _company(work, order.company_id)
    _may_be(work, order.role)
    if not _LOGIN.fullmatch(order.login.strip()):
        raise Rejected("登录名为6至30位字母、数字和 _ . - ，以字母开头")
    # Held before its office is made, which two must not do at once.
    take_place(work, company.id)
    holder = Holder(order.name, order.id_no, order.mobile)
    asked = OpenDelegated(order.login.strip(), holder, order.role, None, order.valid_to)
    return open_for(work, _keeper(work), company_unit(work, company), asked, made)


def _may_be(work: Work, role: Role) -> None:
    roles = _GRANTS[_keeper(work)][1]
    if role not in roles:
        raise Rejected(f"只能开立：{'、'.join(one.label for one in roles)}")


@dataclass(frozen=True)
class OneAccount:
    """An account and why; `version` is the one the page shows."""

    id: UUID
    reason: str
    version: int = 0


@action("companies.disable_account", "停用企业账号", roles=KEEPERS, step=Step(ACCOUNT, "disable"), event="ACL.CHANGE")
def disable_account(work: Work, order: OneAccount) -> None:
    """Disable an account and end its sessions at once."""
    reason = enough_words(order.reason, "停用原因")
    account, _ = _account(work, order.id, order.version)
    if account.state is AccountState.DISABLED:
        raise Conflict("该账号已经停用")
    put_out(work, account, "companies.disable_account", reason)


@action(
    "companies.enable_account",
    "启用企业账号",
    roles=KEEPERS,
    gather=make_link,
    step=Step(ACCOUNT, "enable"),
    event="ACL.CHANGE",
)
def enable_account(work: Work, order: OneAccount, made: MadeLink) -> LinkGiven:
    """Back again with a link to a new password, if the company is admitted and has room, and it is known whose it is."""
    reason = enough_words(order.reason, "启用原因")
    account, company = _account(work, order.id, order.version)
    if account.state is AccountState.ACTIVE:
        raise Conflict("该账号没有停用")
    take_place(work, company.id)
    want_holder(account, "启用")
    return bring_back(work, account, made, "companies.enable_account", reason)


@action("companies.reset_account", "重置企业账号口令", roles=KEEPERS, gather=make_link, event="AUTH.PWD")
def reset_account(work: Work, order: OneAccount, made: MadeLink) -> LinkGiven:
    """A new link; the password or the link before ends, a lock after five wrong passwords too."""
    reason = enough_words(order.reason, "重置原因")
    account, _ = _account(work, order.id, order.version)
    return link_anew(work, account, made, "companies.reset_account", reason)


@action("companies.reveal_account", "查看企业账号完整信息", roles=KEEPERS, event="PII.UNMASK")
def reveal_account(work: Work, order: RevealField) -> str:
    """The holder's name, number or telephone in clear, for a reason and within the day's quota."""
    account, _ = _account(work, order.id, 0)
    return reveal_value(work, "account", account, order.field, order.reason, act="companies.reveal_account")


@dataclass(frozen=True)
class SetHolder:
    """Number and telephone of a holder; empty leaves a value unchanged."""

    id: UUID
    reason: str
    id_no: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)
    version: int = 0


@action("companies.set_holder", "补录企业账号证件和手机", roles=KEEPERS, event="DATA.UPDATE")
def set_holder(work: Work, order: SetHolder) -> None:
    """The holder's number where it is missing, and his telephone."""
    account, _ = _account(work, order.id, order.version)
    complete_holder(work, account, order.id_no, order.mobile, "companies.set_holder", order.reason)


@dataclass(frozen=True)
class ChangeAccount:
    """A new role or last day of an account."""

    id: UUID
    role: Role
    valid_to: date | None
    reason: str
    version: int = 0


@action("companies.change_account", "调整企业账号", roles=KEEPERS, event="ACL.CHANGE")
def change_account(work: Work, order: ChangeAccount) -> None:
    """The role and the last day of an account; a change of role signs its holder out."""
    reason = enough_words(order.reason, "调整原因")
    account, company = _account(work, order.id, order.version)
    _may_be(work, order.role)
    check_end(work, account.sort, order.valid_to)
    grants = open_grants_of(work, account.id)
    if any(grant.role is order.role for grant in grants) and account.valid_to == order.valid_to:
        raise Conflict("没有需要调整的内容")
    change(work, "account", account.id, "companies.change_account", reason=reason)
    account.valid_to = order.valid_to
    work.add(account)
    if all(grant.role is order.role for grant in grants) and grants:
        return
    for grant in grants:
        take_back(work, grant, "companies.change_account", reason)
    work.session.flush()
    unit = company_unit(work, company)
    policy = policy_for(work, _keeper(work), order.role, unit)
    new_grant(
        work,
        account,
        order.role,
        ScopeKind.ORGANISATION,
        str(company.id),
        order.valid_to,
        reason,
        policy_id=policy.id,
        act="companies.change_account",
    )


@dataclass(frozen=True)
class SetQuota:
    company_id: UUID
    quota: int
    reason: str


@action("companies.set_quota", "调整账号名额", roles={Role.CITY_HANDLER}, event="DATA.UPDATE")
def set_quota(work: Work, order: SetQuota) -> None:
    """Return how many accounts a head company may have."""
    reason = enough_words(order.reason, "调整原因")
    company = _company(work, order.company_id)
    if not 1 <= order.quota <= 1000:
        raise Rejected("账号名额应为1至1000")
    company.account_quota = order.quota
    work.add(company)
    work.trail.tell("DATA.UPDATE", "companies.set_quota", about=company, reason=reason[:60])
