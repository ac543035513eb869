"""Accounts as the two administrators see them: names masked in lists, each opening of one account audited."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import Account, AccountRole, AccountSort, AccountState, OrgUnit, Role, login_key
from models.labels import Label
from models.normal import BadText
from models.rights import BindingState, CertificateBinding
from models.sealed import indexes_of
from services.access.places import companies_among
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work, visible_rows


@visible_rows(Account)
def accounts_of_administrators(work: Work, table: Any) -> Any:
    """Show all accounts to system and security administrators, none to others."""
    return sa.true() if work.caller.has(Role.SYS_ADMIN, Role.SEC_ADMIN, Role.SYSTEM) else sa.false()


@visible_rows(AccountRole)
def grants_of_administrators(work: Work, table: Any) -> Any:
    """Grants are the security administrator's."""
    return sa.true() if work.caller.has(Role.SEC_ADMIN, Role.SYSTEM) else sa.false()


@dataclass(frozen=True)
class FindAccounts:
    """`text` is the beginning of a login, a whole name, or a part of the unit's name."""

    text: str = ""
    state: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class AccountLine:
    id: UUID
    login: str
    name: str
    unit: str
    sort: AccountSort
    state: str
    valid_to: date | None
    last_seen_at: datetime | None
    granted: bool
    roles: str
    clearance: Label


@dataclass(frozen=True)
class AccountPage:
    total: int
    lines: list[AccountLine]


@query("accounts.list", "账号一览", roles={Role.SYS_ADMIN})
def find_accounts(work: Work, order: FindAccounts) -> AccountPage:
    """For the one who keeps accounts: whether each was granted anything, not what."""
    return _page(work, order, with_roles=False)


@query("grants.list", "授权一览", roles={Role.SEC_ADMIN})
def find_grants(work: Work, order: FindAccounts) -> AccountPage:
    """For the one who grants: the roles and the clearance of each account."""
    return _page(work, order, with_roles=True)


def _page(work: Work, order: FindAccounts, *, with_roles: bool) -> AccountPage:
    statement = work.visible(Account).join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id))
    if text := search_word(order.text):
        statement = statement.where(or_(*_matching(text)))
    if order.state == "WAITING":
        granted = select(AccountRole.account_id).where(col(AccountRole.ended_at).is_(None))
        statement = statement.where(col(Account.id).not_in(granted))
    elif order.state:
        statement = statement.where(col(Account.state) == chosen(AccountState, order.state))
    total = work.session.exec(select(sa.func.count()).select_from(statement.subquery())).one()
    size = min(max(order.size, 1), 200)
    rows = work.session.exec(
        statement.order_by(col(Account.login_key)).offset((max(order.page, 1) - 1) * size).limit(size)
    ).all()
    return AccountPage(total, _lines(work, rows, with_roles=with_roles))


def _matching(text: str) -> list[Any]:
    found: list[Any] = [
        col(Account.login_key).startswith(login_key(text), autoescape=True),
        col(OrgUnit.name).contains(text, autoescape=True),
    ]
    with suppress(BadText):
        found.append(col(Account.name_index).in_(indexes_of("name", text)))
    return found


def _lines(work: Work, rows: Any, *, with_roles: bool) -> list[AccountLine]:
    ids = [row.id for row in rows]
    grants: dict[UUID, list[AccountRole]] = {}
    for grant in work.session.exec(
        select(AccountRole).where(col(AccountRole.account_id).in_(ids), col(AccountRole.ended_at).is_(None))
    ).all():
        grants.setdefault(grant.account_id, []).append(grant)
    names = dict(
        work.session.exec(
            select(col(OrgUnit.id), col(OrgUnit.name)).where(col(OrgUnit.id).in_({row.unit_id for row in rows}))
        ).all()
    )
    return [
        AccountLine(
            row.id,
            row.login,
            row.name.masked(),
            names[row.unit_id],
            row.sort,
            state_word(row, work, granted=row.id in grants),
            row.valid_to,
            row.last_seen_at,
            row.id in grants,
            "、".join(sorted({grant.role.label for grant in grants.get(row.id, ())})) if with_roles else "",
            row.clearance,
        )
        for row in rows
    ]


def state_word(row: Account, work: Work, *, granted: bool) -> str:
    """Return the state of an account in a word, the gravest first."""
    if row.state is AccountState.DISABLED:
        return "停用"
    if row.valid_to and row.valid_to < work.today:
        return "已到期"
    if row.locked_until and row.locked_until > work.at:
        return "锁定"
    if not granted:
        return "待授权"
    if row.link_digest is not None and row.one_time_until is not None:
        return "待设口令" if row.one_time_until >= work.at else "链接过期"
    if row.one_time_until is not None:
        return "初始口令" if row.one_time_until >= work.at else "初始口令过期"
    return "正常"


@dataclass(frozen=True)
class BindingLine:
    id: UUID
    fingerprint: str
    issuer: str
    serial: str
    state: BindingState
    proposed_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class GrantLine:
    id: UUID
    role: Role
    scope: str
    valid_from: date
    valid_to: date | None
    reason: str
    ended_at: datetime | None
    end_reason: str
    delegated: bool


@dataclass(frozen=True)
class AccountDetail:
    """An account, number and telephone masked; `grants` only for the one who grants; `waiting` for a link to be used.

    `of_company`: of a company of the property market, whose accounts want number and telephone.
    """

    id: UUID
    login: str
    name: str
    id_no: str
    mobile: str
    unit_id: UUID
    unit: str
    of_company: bool
    window: str
    sort: AccountSort
    state: AccountState
    word: str
    valid_to: date | None
    last_seen_at: datetime | None
    locked_until: datetime | None
    one_time_until: datetime | None
    waiting: bool
    clearance: Label
    certificate: str
    bindings: list[BindingLine]
    grants: list[GrantLine]


@query("accounts.open", "账号详情", roles={Role.SYS_ADMIN}, personal=True)
def open_account(work: Work, account_id: UUID) -> AccountDetail:
    """Return an account without its grants."""
    return _detail(work, account_id, with_grants=False)


@query("grants.open", "账号授权详情", roles={Role.SEC_ADMIN}, personal=True)
def open_grants(work: Work, account_id: UUID) -> AccountDetail:
    """Return an account with its grants, those that ended too."""
    return _detail(work, account_id, with_grants=True)


def _detail(work: Work, account_id: UUID, *, with_grants: bool) -> AccountDetail:
    row = work.get(Account, account_id)
    unit = work.session.exec(select(OrgUnit).where(OrgUnit.id == row.unit_id)).one()
    grants = work.session.exec(
        select(AccountRole).where(AccountRole.account_id == row.id).order_by(col(AccountRole.valid_from).desc())
    ).all()
    bindings = work.session.exec(
        select(CertificateBinding)
        .where(CertificateBinding.account_id == row.id)
        .order_by(col(CertificateBinding.proposed_at).desc())
        .limit(20)
    ).all()
    return AccountDetail(
        row.id,
        row.login,
        row.name.plain,
        row.id_no.masked() if row.id_no else "",
        row.mobile.masked() if row.mobile else "",
        unit.id,
        unit.name,
        bool(unit.enterprise_id and companies_among(work, {unit.enterprise_id})),
        row.window,
        row.sort,
        row.state,
        state_word(row, work, granted=any(grant.ended_at is None for grant in grants)),
        row.valid_to,
        row.last_seen_at,
        row.locked_until,
        row.one_time_until,
        row.link_digest is not None,
        row.clearance,
        row.cert_fingerprint or "",
        [
            BindingLine(one.id, one.fingerprint, one.issuer, one.serial, one.state, one.proposed_at, one.decided_at)
            for one in bindings
        ],
        [_grant(grant) for grant in grants] if with_grants else [],
    )


def _grant(grant: AccountRole) -> GrantLine:
    return GrantLine(
        grant.id,
        grant.role,
        f"{grant.scope_kind.label} {grant.scope_code}".strip(),
        grant.valid_from,
        grant.valid_to,
        grant.reason,
        grant.ended_at,
        grant.end_reason,
        grant.policy_id is not None,
    )
