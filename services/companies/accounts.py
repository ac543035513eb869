"""Accounts of companies: the city opens those of head companies, a head company those of its project companies (row 54)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import ACCOUNT, Account, AccountRole, AccountState, OrgUnit, Role, ScopeKind
from models.companies import AdmissionState, HeadCompany, Managed, ProjectCompany
from models.monitoring import CompanyType
from services.access.account_list import state_word
from services.access.accounts import SetHolder, bring_back, check_end, link_anew, open_grants_of, put_out
from services.access.acl import change
from services.access.delegation import OpenDelegated, open_for, policy_for
from services.access.grants import new_grant, take_back
from services.access.holders import Holder, complete_holder, want_holder
from services.access.passwords import LinkGiven, MadeLink, make_link
from services.access.places import places_used, take_place
from services.companies.admission import company_unit
from services.engine.callers import Caller
from services.engine.listings import Column, Listing, about, listed
from services.engine.look_ups import rows_by, values_by
from services.engine.orders import Reasoned
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


def _companies(work: Work) -> Any:
    """The companies whose accounts the caller keeps."""
    keeper = _keeper(work)
    rows: Any = work.visible(_GRANTS[keeper][0])
    if keeper is Role.HEAD_ADMIN:
        rows = rows.where(ProjectCompany.head_company_id == work.caller.enterprise_id)
    return rows


def _accounts(work: Work) -> Any:
    ids = _companies(work).with_only_columns(_GRANTS[_keeper(work)][0].id)
    offices = select(Account).join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id))
    return offices.where(col(OrgUnit.enterprise_id).in_(ids))


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    offices = values_by(work, OrgUnit.id, OrgUnit.enterprise_id, (row.unit_id for row in rows))
    companies = rows_by(work, _GRANTS[_keeper(work)][0], offices.values())
    held = _roles_of(work, [row.id for row in rows])
    return {
        "company_id": lambda row: offices[row.unit_id],
        "company": lambda row: companies[offices[row.unit_id]].name,
        "role": lambda row: held.get(row.id),
        "word": lambda row: state_word(row, work, granted=row.id in held),
        "waiting": lambda row: row.link_digest is not None,
        # Its accounts want number and telephone.
        "of_company": lambda row: True,
    }


def _roles_of(work: Work, account_ids: Sequence[UUID]) -> dict[UUID, Role]:
    """The role each of these accounts holds."""
    rows = work.rows(
        AccountRole,
        col(AccountRole.account_id).in_(account_ids),
        col(AccountRole.ended_at).is_(None),
        by=AccountRole.id,
    )
    return {row.account_id: row.role for row in rows}


#: By company and login; name, number and telephone masked.
ACCOUNTS = listed(
    Listing(
        name="company_accounts",
        label="企业账号",
        roles=KEEPERS,
        table=Account,
        rows=_accounts,
        columns=(
            Column("login", "登录名", sortable=True, sql=Account.login_key, width=130),
            Column("name", "姓名", width=70),
            Column("company", "企业"),
            Column("role", "岗位", width=120),
            Column("word", "状态", width=92),
            Column("valid_to", "有效期至", sortable=True, width=92),
            Column("last_seen_at", "最近登录", sortable=True, width=126),
        ),
        filters=(about("company", "企业", OrgUnit.enterprise_id),),
        sort="login",
        first=(col(OrgUnit.name),),
        look_up=_cells,
        also=("version", "id_no", "mobile", "state", "one_time_until"),
        exporters=set(),
        empty="还没有账号。按 F2 开立账号",
    )
)


@dataclass(frozen=True)
class CompanyChoice:
    """A company for which accounts are opened, with how many it has and may have."""

    id: UUID
    name: str
    used: int
    quota: int


@query("companies.openings", "可开立账号的企业", roles=KEEPERS)
def openings(work: Work, order: None) -> list[CompanyChoice]:
    """Return the admitted companies for which the caller opens accounts."""
    table: Any = _GRANTS[_keeper(work)][0]
    admitted = _companies(work).where(table.admission_state == AdmissionState.ADMITTED)
    rows = work.session.exec(admitted.order_by(col(table.name), col(table.id))).all()
    used = places_used(work, [row.id for row in rows])
    return [CompanyChoice(row.id, row.name, used.get(row.id, 0), row.account_quota) for row in rows]


def roles_opened_by(caller: Caller) -> tuple[Role, ...]:
    """Return the roles in which a caller opens accounts."""
    return next((roles for keeper, (_, roles) in _GRANTS.items() if caller.has(keeper)), ())


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


@action("companies.disable_account", "停用企业账号", roles=KEEPERS, step=Step(ACCOUNT, "disable"), event="ACL.CHANGE")
def disable_account(work: Work, order: Reasoned) -> None:
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
def enable_account(work: Work, order: Reasoned, made: MadeLink) -> LinkGiven:
    """Back again with a link to a new password, if the company is admitted and has room, and it is known whose it is."""
    reason = enough_words(order.reason, "启用原因")
    account, company = _account(work, order.id, order.version)
    if account.state is AccountState.ACTIVE:
        raise Conflict("该账号没有停用")
    take_place(work, company.id)
    want_holder(account, "启用")
    return bring_back(work, account, made, "companies.enable_account", reason)


@action("companies.reset_account", "重置企业账号口令", roles=KEEPERS, gather=make_link, event="AUTH.PWD")
def reset_account(work: Work, order: Reasoned, made: MadeLink) -> LinkGiven:
    """A new link; the password or the link before ends, a lock after five wrong passwords too."""
    reason = enough_words(order.reason, "重置原因")
    account, _ = _account(work, order.id, order.version)
    return link_anew(work, account, made, "companies.reset_account", reason)


@action("companies.reveal_account", "查看企业账号完整信息", roles=KEEPERS, event="PII.UNMASK")
def reveal_account(work: Work, order: RevealField) -> str:
    """The holder's name, number or telephone in clear, for a reason and within the day's quota."""
    account, _ = _account(work, order.id, 0)
    return reveal_value(work, "account", account, order.field, order.reason, act="companies.reveal_account")


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
    """Set how many accounts a head company may have."""
    reason = enough_words(order.reason, "调整原因")
    company = _company(work, order.company_id)
    if not 1 <= order.quota <= 1000:
        raise Rejected("账号名额应为1至1000")
    company.account_quota = order.quota
    work.add(company)
    work.trail.tell("DATA.UPDATE", "companies.set_quota", about=company, reason=reason[:60])
