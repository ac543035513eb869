"""Lists of links, of street users without one, and of changes of streets (row 50)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from models.access import Account, AccountRole, AccountState, OrgUnit, Role
from models.places_data import districts_by_code
from models.streets import LinkDuty, LinkState, StreetChange, StreetChangeKind, StreetLink
from services.access.street_scope import in_force
from services.access.visibility import CITY
from services.engine.actor_names import people_shown
from services.engine.listings import Column, Filter, Listing, choice, days, exact, listed, named
from services.engine.look_ups import rows_by, values_by
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.streets.registry import account_of, street_names

#: Administrators of links, and the city bureau, which watches.
READERS = {Role.DISTRICT_BUREAU, *CITY}
_DISTRICTS = districts_by_code()


def _link_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    names = street_names(work)
    accounts = rows_by(work, Account, [row.account_id for row in rows])
    units = values_by(work, OrgUnit.id, OrgUnit.name, (one.unit_id for one in accounts.values()))
    administrators = people_shown(work, {row.granted_by for row in rows if row.granted_by})

    def street(row: Any) -> str:
        place = names.street(row.street_code)
        return place.name if place else row.street_code

    return {
        "login": lambda row: accounts[row.account_id].login,
        "name": lambda row: accounts[row.account_id].name,
        "unit": lambda row: units.get(accounts[row.account_id].unit_id, ""),
        "street": street,
        "by": lambda row: administrators.get(row.granted_by, "") if row.granted_by else "随岗位授权",
    }


def _of_login(work: Work, text: str) -> Any:
    account = account_of(work, text)
    return col(StreetLink.account_id) == (account.id if account else None)


def _of_street(work: Work, text: str) -> Any:
    word = search_word(text)
    names = street_names(work)
    codes = [one.code for one in names.places if word and (word in one.name or one.code == word)]
    return col(StreetLink.street_code).in_(codes)


def _district_of(column: Any) -> Filter:
    return Filter("district", "区", lambda work, text: col(column) == text, options=_DISTRICTS, width=110)


_STATES = {
    "": ("有效和待生效", col(StreetLink.state) != LinkState.ENDED),
    **{state.value: (state.label, StreetLink.state == state) for state in LinkState},
    "ALL": ("全部", col(StreetLink.street_code) != ""),
}

LINKS = listed(
    Listing(
        name="street_links",
        label="街镇用户关联",
        roles=READERS,
        table=StreetLink,
        columns=(
            Column("login", "用户工号", width=110),
            Column("name", "姓名", width=80),
            Column("district", "区", lambda row: _DISTRICTS.get(row.district_code, ""), width=84),
            Column("street", "街镇", width=140),
            Column("street_code", "街镇代码", sortable=True, width=96),
            Column("duty", "关联角色", width=76),
            Column("main", "主关联", width=66),
            Column("valid_from", "生效日期", sortable=True, width=92),
            Column("valid_to", "失效日期", sortable=True, width=92),
            Column("state", "状态", width=76),
            Column("unit", "所属单位", shown=False),
            Column("by", "授权管理员", width=96),
            Column("created_at", "办理时间", sortable=True, width=126, shown=False),
        ),
        filters=(
            named("state", "状态", _STATES),
            Filter("login", "用户工号", _of_login, width=120),
            Filter("street", "街镇名称或代码", _of_street, width=160),
            _district_of(StreetLink.district_code),
            choice("duty", "关联角色", StreetLink.duty, LinkDuty),
            *days(StreetLink.valid_to, "失效日期"),
        ),
        sort="-created_at",
        look_up=_link_cells,
        also=("version", "ended_at", "end_reason", "account_id"),
        counts="state",
        persons=lambda work, rows: frozenset(
            one.id_no_index
            for one in rows_by(work, Account, [row.account_id for row in rows]).values()
            if one.id_no_index
        ),
        empty="没有符合条件的关联。按 F2 关联一名用户。",
    )
)


def _street_users(work: Work, *clauses: Any) -> Any:
    """Select the accounts that hold the role of the street, in the caller's districts."""
    held = select(AccountRole.account_id).where(
        AccountRole.role == Role.STREET_CLERK,
        col(AccountRole.ended_at).is_(None),
        col(AccountRole.valid_from) <= work.today,
        (col(AccountRole.valid_to).is_(None)) | (col(AccountRole.valid_to) >= work.today),
    )
    rows = select(Account).where(col(Account.id).in_(held), Account.state == AccountState.ACTIVE, *clauses)
    if work.caller.has(*CITY, Role.SYSTEM):
        return rows
    districts = [scope.code for scope in work.caller.scope_of(Role.DISTRICT_BUREAU)]
    return rows.where(col(Account.unit_id).in_(select(OrgUnit.id).where(col(OrgUnit.district_code).in_(districts))))


def _unlinked(work: Work) -> Any:
    linked = select(StreetLink.account_id).where(*in_force(work.today))  # type: ignore[arg-type]
    return _street_users(work, col(Account.id).not_in(linked))


def _user_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    names = street_names(work)
    units = rows_by(work, OrgUnit, [row.unit_id for row in rows])
    last: dict[Any, StreetLink] = {}
    for link in work.rows(
        StreetLink, col(StreetLink.account_id).in_([row.id for row in rows]), by=col(StreetLink.valid_from)
    ):
        last[link.account_id] = link

    def street(row: Any) -> str:
        link = last.get(row.id)
        place = names.street(link.street_code) if link else None
        return place.name if place else ""

    def why(row: Any) -> str:
        link = last.get(row.id)
        if link is None:
            return "从未关联"
        return "待生效" if link.state is LinkState.PENDING else link.end_reason or "到期"

    return {
        "unit": lambda row: units[row.unit_id].name if row.unit_id in units else "",
        "district": lambda row: _DISTRICTS.get(units[row.unit_id].district_code, "") if row.unit_id in units else "",
        "street": street,
        "why": why,
        "until": lambda row: last[row.id].valid_to if row.id in last else None,
    }


def _account_of_login(work: Work, text: str) -> Any:
    account = account_of(work, text)
    return col(Account.id) == (account.id if account else None)


UNLINKED = listed(
    Listing(
        name="street_unlinked",
        label="无街镇关联用户",
        roles=READERS,
        table=Account,
        rows=_unlinked,
        columns=(
            Column("login", "用户工号", sortable=True, sql=Account.login_key, width=120),
            Column("name", "姓名", width=90),
            Column("unit", "所属单位"),
            Column("district", "区", width=90),
            Column("street", "上次关联街镇", width=140),
            Column("until", "上次失效日期", width=110),
            Column("why", "说明", width=140),
            Column("last_seen_at", "最近登录", sortable=True, width=126),
        ),
        filters=(Filter("login", "用户工号", _account_of_login, width=120),),
        sort="login",
        look_up=_user_cells,
        persons=lambda work, rows: frozenset(row.id_no_index for row in rows if row.id_no_index),
        empty="街镇用户都有有效的关联",
    )
)

CHANGES = listed(
    Listing(
        name="street_changes",
        label="街镇变更",
        roles=READERS,
        table=StreetChange,
        columns=(
            Column("district", "区", lambda row: _DISTRICTS.get(row.district_code, ""), width=90),
            Column("old_name", "原街镇"),
            Column("old_code", "原代码", sortable=True, width=100),
            Column("change", "变更方式", width=80),
            Column("new_name", "现街镇"),
            Column("new_code", "现代码", width=100),
            Column("effective", "生效日期", sortable=True, width=100),
        ),
        filters=(
            exact("code", "街镇代码", StreetChange.old_code, StreetChange.new_code, width=120),
            choice("change", "变更方式", StreetChange.change, StreetChangeKind),
            _district_of(StreetChange.district_code),
        ),
        sort="-effective",
        empty="没有登记过街镇变更",
    )
)
