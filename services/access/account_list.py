"""Accounts as the two administrators see them: names masked in lists, each opening of one account audited."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from models.access import Account, AccountRole, AccountState, OrgUnit, Role, login_key
from models.codes import Code
from models.name_search import holds_text
from models.normal import BadText
from models.rights import CertificateBinding
from models.sealed import indexes_of
from services.access.places import companies_among
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Filter, Line, Listing, listed
from services.engine.look_ups import values_by
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work, shown_whole

shown_whole(Account, CertificateBinding, roles={Role.SYS_ADMIN, Role.SEC_ADMIN, Role.SYSTEM})
shown_whole(AccountRole, roles={Role.SEC_ADMIN, Role.SYSTEM})


class AccountWord(Code):
    """State of an account as the administrators see it, the gravest first."""

    DISABLED = "DISABLED", "停用", "muted"
    OVER = "OVER", "已到期", "muted"
    LOCKED = "LOCKED", "锁定", "bad"
    UNGRANTED = "UNGRANTED", "待授权", "warn"
    LINKED = "LINKED", "待设口令", "info"
    LINK_OVER = "LINK_OVER", "链接过期", "warn"
    FIRST = "FIRST", "初始口令", "info"
    FIRST_OVER = "FIRST_OVER", "初始口令过期", "warn"
    GOOD = "GOOD", "正常", "good"


def _named(work: Work, text: str) -> Any:
    """Match the beginning of a login, a part of the unit's name, or a whole name."""
    word = search_word(text)
    units = select(OrgUnit.id).where(holds_text(word, OrgUnit.name))
    found: list[Any] = [
        col(Account.login_key).startswith(login_key(word), autoescape=True),
        col(Account.unit_id).in_(units),
    ]
    with suppress(BadText):
        found.append(col(Account.name_index).in_(indexes_of(work.sealer, "name", word)))
    return or_(*found)


def _in_state(work: Work, text: str) -> Any:
    if text == "WAITING":
        return col(Account.id).not_in(select(AccountRole.account_id).where(col(AccountRole.ended_at).is_(None)))
    return col(Account.state) == chosen(AccountState, text)


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id for row in rows))
    grants: dict[UUID, list[AccountRole]] = {}
    for grant in work.rows(
        AccountRole, col(AccountRole.account_id).in_([row.id for row in rows]), col(AccountRole.ended_at).is_(None)
    ):
        grants.setdefault(grant.account_id, []).append(grant)
    return {
        "unit": lambda row: units[row.unit_id],
        "word": lambda row: state_word(row, work, granted=row.id in grants),
        "waiting": lambda row: row.link_digest is not None,
        "roles": lambda row: "、".join(sorted({grant.role.label for grant in grants.get(row.id, ())})),
    }


def _without_roles(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    return {key: read for key, read in _cells(work, rows).items() if key != "roles"}


_WHO = (
    Column("login", "登录名", width=120, sortable=True, sql=Account.login_key),
    Column("name", "姓名", width=80),
    Column("unit", "单位"),
)
_WORD = Column("word", "状态", width=100)
_FILTERS = (
    Filter("text", "登录名、姓名或单位", _named, personal=True, width=260),
    Filter("state", "状态", _in_state, options={**AccountState.labels(), "WAITING": "待授权"}, width=150),
)

#: What the page of an account shows beside its line; number and telephone masked.
_HELD = (
    "version",
    "id_no",
    "mobile",
    "unit_id",
    "window",
    "state",
    "locked_until",
    "one_time_until",
    "cert_fingerprint",
)
#: For the administrator of accounts: whether each has a grant, not which.
ACCOUNTS = listed(
    Listing(
        name="accounts",
        label="账号",
        roles={Role.SYS_ADMIN},
        table=Account,
        columns=(
            *_WHO,
            Column("sort", "类别", width=80),
            _WORD,
            Column("valid_to", "有效期至", width=100, sortable=True),
            Column("last_seen_at", "最近登录", width=130, sortable=True),
        ),
        filters=_FILTERS,
        sort="login",
        look_up=_without_roles,
        also=_HELD,
        exporters=set(),
        empty="没有符合条件的账号。按 F2 新建账号",
    )
)
#: For the administrator of grants: the roles and the clearance of each account.
GRANTS = listed(
    Listing(
        name="grants",
        label="授权",
        roles={Role.SEC_ADMIN},
        table=Account,
        columns=(
            *_WHO,
            Column("roles", "岗位", width=160),
            Column("clearance", "安全标记", width=80),
            _WORD,
        ),
        filters=_FILTERS,
        sort="login",
        look_up=_cells,
        also=("sort", "cert_fingerprint"),
        exporters=set(),
        empty="没有符合条件的账号",
    )
)


def state_word(row: Account, work: Work, *, granted: bool) -> AccountWord:
    """Return the state of an account in a word, the gravest first."""
    if row.state is AccountState.DISABLED:
        return AccountWord.DISABLED
    if row.valid_to and row.valid_to < work.today:
        return AccountWord.OVER
    if row.locked_until and row.locked_until > work.at:
        return AccountWord.LOCKED
    if not granted:
        return AccountWord.UNGRANTED
    if row.link_digest is not None and row.one_time_until is not None:
        return AccountWord.LINKED if row.one_time_until >= work.at else AccountWord.LINK_OVER
    if row.one_time_until is not None:
        return AccountWord.FIRST if row.one_time_until >= work.at else AccountWord.FIRST_OVER
    return AccountWord.GOOD


@query("accounts.open", "账号详情", roles={Role.SYS_ADMIN}, personal=True)
def open_account(work: Work, account_id: UUID) -> Line:
    """Return an account without its grants."""
    return _detail(work, ACCOUNTS, account_id)


@query("grants.open", "账号授权详情", roles={Role.SEC_ADMIN}, personal=True)
def open_grants(work: Work, account_id: UUID) -> Line:
    """Return an account with its grants, those that ended too."""
    line = _detail(work, GRANTS, account_id)
    line.grants = work.rows(AccountRole, AccountRole.account_id == account_id, by=col(AccountRole.valid_from).desc())
    return line


def _detail(work: Work, listing: Listing, account_id: UUID) -> Line:
    """The line of an account with its name in clear and its certificates.

    `of_company`: of a company of the property market, whose accounts want number and telephone.
    """
    row = work.get(Account, account_id)
    (line,) = lines_of(work, listing, [row])
    company = work.only(OrgUnit.enterprise_id, OrgUnit.id == row.unit_id)
    bindings = (
        select(CertificateBinding)
        .where(CertificateBinding.account_id == row.id)
        .order_by(col(CertificateBinding.proposed_at).desc())
        .limit(20)
    )
    line.name = row.name.plain
    line.of_company = company is not None and bool(companies_among(work, {company}))
    line.bindings = work.session.exec(bindings).all()
    return line
