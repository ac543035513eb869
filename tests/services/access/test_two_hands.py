"""D05, D06, H16, H21: one administrator makes accounts, another gives rights, nobody gives himself any, no two duties meet."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from models.access import Account, AccountRole, AccountSort, AccountState, Role, ScopeKind, SignInSession, UnitKind
from models.audit import AuditEvent
from models.documents import Attachment, IssuedDocument
from models.house import House
from models.labels import Label
from models.tenancy import ContractParty, LeaseContract, LeaseFiling
from services.access.account_list import ACCOUNTS, GRANTS, AccountWord, open_account, open_grants
from services.access.accounts import (
    ChangeAccount,
    CreateAccount,
    NewEnd,
    change_account,
    create_account,
    disable_account,
    enable_account,
    reset_password,
    unlock_account,
)
from services.access.bindings import ProposeBinding, confirm_binding, propose_binding
from services.access.grants import GiveGrant, SetClearance, end_grant, give_grant, set_clearance
from services.access.sessions import SessionBook
from services.access.units import UNITS, CreateUnit, EditUnit, create_unit, edit_unit
from services.engine.listings import ListRows
from services.engine.orders import Decide, Reasoned
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Refusal, Rejected
from services.engine.registry import ACTIONS, QUERIES, Action
from tests.services.access.hands import (
    REASON,
    account_row,
    alarms,
    bound,
    chosen,
    enter,
    events,
    granted,
    made,
    unit_id,
    working,
)
from tests.world import World

SYS, SEC, AUDIT = "xitong01", "anquan01", "shenji01"


def test_an_account_works_when_one_has_made_it_and_another_granted_it(world: World) -> None:
    account = made(world)
    bound(world, account)
    chosen(world, account)
    assert not enter(world, account).ok
    granted(world, account.account_id)
    signed = enter(world, account)
    assert (signed.ok, signed.must_change) == (True, False)
    caller = SessionBook(world.door).find(signed.token)
    assert caller is not None
    assert caller.roles == {Role.STREET_CLERK}


@pytest.mark.proves("H16", "D05")
@pytest.mark.parametrize(
    "login", ["admin", "Admin", "root", "test", "test01", "guest", "administrator", "sys", "system", "demo2", "ａdmin"]
)
def test_h16_nobody_gets_a_login_that_is_nobodys(world: World, login: str) -> None:
    with pytest.raises(Rejected, match="公用或默认的登录名"):
        made(world, login)
    assert (
        world.read(lambda work: work.session.exec(select(Account.id).where(Account.login_key == "admin")).all()) == []
    )


@pytest.mark.proves("D05")
@pytest.mark.parametrize("login", ["", "a", "1abc", "张三", "a b", "x" * 33, "a'--"])
def test_a_login_is_plain(world: World, login: str) -> None:
    order = CreateAccount(login, "刘燕", unit_id(world))
    with pytest.raises(Rejected, match="登录名由"):
        world.door.perform(create_account, world.caller(SYS), order)


def test_a_login_is_one_persons(world: World) -> None:
    account = made(world)
    with pytest.raises(Rejected, match="已被使用"):
        made(world, account.login.upper())


@pytest.mark.proves("D05")
@pytest.mark.parametrize("sort", [AccountSort.PARTNER, AccountSort.TEMPORARY])
def test_partner_and_temporary_accounts_end_on_a_day(world: World, sort: AccountSort) -> None:
    with pytest.raises(Rejected, match="必须填写有效期"):
        made(world, sort=sort)
    today = world.door.clock.today()
    with pytest.raises(Rejected, match="不超过一年"):
        made(world, sort=sort, valid_to=today + timedelta(days=800))
    account = made(world, sort=sort, valid_to=today + timedelta(days=30))
    with pytest.raises(Rejected, match="必须填写有效期"):
        world.door.perform(change_account, world.caller(SYS), ChangeAccount(account.account_id, REASON, NewEnd(None)))


# Nobody has both hands


@pytest.mark.proves("H21", "D06")
def test_h21_the_security_administrator_makes_no_accounts(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.door.perform(create_account, world.caller(SEC), CreateAccount("wangwu", "王五", unit_id(world)))
    assert events(world, "AUTHZ.DENY")[-1]["act"] == "accounts.create"


@pytest.mark.proves("H21", "D06")
def test_h21_the_system_administrator_grants_nothing(world: World) -> None:
    account = made(world)
    order = GiveGrant(account.account_id, Role.STREET_CLERK, ScopeKind.STREET, "310115016", reason=REASON)
    with pytest.raises(NotAllowed):
        world.door.perform(give_grant, world.caller(SYS), order)


@pytest.mark.proves("H21", "D06")
@pytest.mark.parametrize("role", [Role.SEC_ADMIN, Role.SYS_ADMIN, Role.CITY_BUREAU])
def test_h21_the_security_administrator_grants_nothing_to_himself(world: World, role: Role) -> None:
    caller = world.caller(SEC)
    assert caller.account_id is not None
    with pytest.raises(NotAllowed, match="不能对自己的账号办理"):
        world.door.perform(give_grant, caller, GiveGrant(caller.account_id, role, ScopeKind.CITY, reason=REASON))
    with pytest.raises(NotAllowed, match="不能对自己的账号办理"):
        world.door.perform(set_clearance, caller, SetClearance(caller.account_id, Label.HIGH, REASON))
    denied = [event for event in events(world, "AUTHZ.DENY") if event["act"] == "grants.give"]
    assert denied[-1]["uid"] == str(caller.account_id)


@pytest.mark.proves("H21", "D06")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Role.SYS_ADMIN, Role.SEC_ADMIN),
        (Role.SEC_ADMIN, Role.AUDITOR),
        (Role.AUDITOR, Role.SYS_ADMIN),
        (Role.AUDITOR, Role.CITY_BUREAU),
        (Role.CITY_BUREAU, Role.SYS_ADMIN),
        (Role.CITY_CENTER, Role.AUDITOR),
    ],
)
def test_h21_no_account_holds_two_duties(world: World, first: Role, second: Role) -> None:
    account = made(world, unit="CB310000")
    granted(world, account.account_id, first, ScopeKind.CITY, "")
    with pytest.raises(NotAllowed, match="三员互斥"):
        granted(world, account.account_id, second, ScopeKind.CITY, "")
    roles = select(AccountRole.role).where(AccountRole.account_id == account.account_id)
    assert world.read(lambda work: work.session.exec(roles).all()) == [first]


def test_after_one_duty_was_taken_back_another_may_be_given(world: World) -> None:
    account = made(world, unit="CB310000")
    grant = granted(world, account.account_id, Role.AUDITOR, ScopeKind.CITY, "")
    world.door.perform(end_grant, world.caller(SEC), Reasoned(grant, REASON))
    granted(world, account.account_id, Role.CITY_BUREAU, ScopeKind.CITY, "")


@pytest.mark.proves("H21", "D06", "D24")
def test_h21_no_administrator_has_an_action_or_query_of_business_or_of_another_duty() -> None:
    own = {
        Role.SYS_ADMIN: (
            "accounts.",
            "units.",
            "certificates.propose",
            "operations.standing",
            "operations.gauges",
            "operations.self_check",
            "partners.",
        ),
        Role.SEC_ADMIN: (
            *("grants.", "delegation.", "certificates.confirm", "access.matrix", "access.export_matrix"),
            *("access.list", "units.list", "partners.confirm", "partners.disable", "partners.revoke_key"),
            *("partners.changes", "partners.firms", "partners.list", "partners.open"),
            *("keys.", "catalogue.", "flows.", "integrity."),
        ),
        # `accesses.`: who looked at a citizen's record, which the auditor investigates.
        Role.AUDITOR: (
            *("audit.", "access.matrix", "access.export_matrix", "access.list", "delegation.list"),
            *(
                "operations.standing",
                "operations.gauges",
                "operations.self_check",
                "partners.exchange",
                "partners.list",
                "partners.open",
                "exchange_log.list",
            ),
            *("accesses.", "exports.trace", "catalogue.", "flows.", "integrity.faults"),
        ),
    }
    # `homes.mine` shows figures of the own lists only (test_every_figure_of_every_home_opens_exactly_the_rows_it_counted).
    everybodys = (
        "access.change_password",
        "access.must_change_password",
        "notices.",
        "alarms.",
        "lists.",
        "homes.mine",
        # What the product is and where it is tested: no record of anybody.
        "requirements.list",
    )
    declared: list[Any] = [*ACTIONS.values(), *QUERIES.values()]
    for role, begins in own.items():
        held = {what.name for what in declared if role in what.roles}
        assert {name for name in held if not name.startswith((*begins, *everybodys))} == set(), role
    audit = [query for query in QUERIES.values() if query.name.startswith("audit.")]
    assert audit
    assert not any(query.roles & {Role.SYS_ADMIN, Role.SEC_ADMIN} for query in audit)


@pytest.mark.proves("H21", "D06")
@pytest.mark.parametrize("login", [SYS, SEC, AUDIT])
def test_h21_an_administrator_sees_no_rows_of_business(world: World, login: str) -> None:
    caller = world.caller(login)
    tables: list[Any] = [House, LeaseContract, LeaseFiling, ContractParty, IssuedDocument, Attachment]
    if login != AUDIT:
        tables.append(AuditEvent)
    for table in tables:
        clause = world.door.look(caller, lambda work, table=table: work.visible(table)).whereclause  # type: ignore[misc]
        told = str(clause.compile(compile_kwargs={"literal_binds": True})).lower()
        assert "false" in told or "0 = 1" in told or "created_by" in told, table


@pytest.mark.proves("H21", "D06")
def test_h21_the_auditor_edits_no_users(world: World) -> None:
    account = working(world)
    auditor = world.caller(AUDIT)
    attempts: list[tuple[Any, Any]] = [
        (disable_account, Reasoned(account.account_id, REASON)),
        (reset_password, Reasoned(account.account_id, REASON)),
        (set_clearance, SetClearance(account.account_id, Label.HIGH, REASON)),
        (create_account, CreateAccount("wangwu", "王五", unit_id(world))),
    ]
    for action, order in attempts:
        with pytest.raises(NotAllowed):
            world.door.perform(action, auditor, order)
    assert account_row(world, account.account_id).state is AccountState.ACTIVE


@pytest.mark.parametrize("act", [disable_account, enable_account, unlock_account, reset_password])
def test_nobody_keeps_his_own_account(world: World, act: Action[Reasoned, object]) -> None:
    caller = world.caller(SYS)
    assert caller.account_id is not None
    with pytest.raises(NotAllowed, match="不能对自己的账号办理"):
        world.door.perform(act, caller, Reasoned(caller.account_id, REASON))


def test_the_last_administrator_of_a_kind_stays(own: World) -> None:
    auditor = own.caller(AUDIT).account_id
    assert auditor is not None
    with pytest.raises(Conflict, match="唯一在用的"):
        own.door.perform(disable_account, own.caller(SYS), Reasoned(auditor, REASON))
    second = made(own, unit="CB310000")
    granted(own, second.account_id, Role.AUDITOR, ScopeKind.CITY, "")
    own.door.perform(disable_account, own.caller(SYS), Reasoned(auditor, REASON))


# Scopes


@pytest.mark.proves("D07")
@pytest.mark.parametrize(
    ("role", "kind", "code", "message"),
    [
        (Role.STREET_CLERK, ScopeKind.CITY, "", "数据范围应为：街镇"),
        (Role.STREET_CLERK, ScopeKind.STREET, "999999999", "九位代码"),
        (Role.DISTRICT_BUREAU, ScopeKind.DISTRICT, "310000", "六位代码"),
        (Role.CITY_CENTER, ScopeKind.DISTRICT, "310115", "数据范围应为：全市"),
        (Role.ENTERPRISE_ADMIN, ScopeKind.ORGANISATION, "any", "不属于企业"),
        (Role.SYSTEM, ScopeKind.CITY, "", "不能授予任何账号"),
        (Role.PARTNER, ScopeKind.ORGANISATION, "x", "只能授予对接系统账号"),
    ],
)
def test_a_role_is_held_over_what_fits_it(world: World, role: Role, kind: ScopeKind, code: str, message: str) -> None:
    account = made(world)
    with pytest.raises(Rejected, match=message):
        granted(world, account.account_id, role, kind, code)


def test_the_same_grant_is_given_once(world: World) -> None:
    account = working(world)
    with pytest.raises(Conflict, match="已有此岗位"):
        granted(world, account.account_id)


# Out at once


@pytest.mark.proves("H11", "D06")
@pytest.mark.parametrize("act", ["disable", "end", "clear", "reset", "move", "certificate"])
def test_h11_whose_rights_change_is_signed_out_at_once(world: World, act: str) -> None:
    account = made(world)
    grant = granted(world, account.account_id)
    bound(world, account)
    chosen(world, account)
    book, token = SessionBook(world.door), enter(world, account).token
    assert book.find(token) is not None
    if act == "disable":
        world.door.perform(disable_account, world.caller(SYS), Reasoned(account.account_id, REASON))
    elif act == "end":
        world.door.perform(end_grant, world.caller(SEC), Reasoned(grant, REASON))
    elif act == "clear":
        world.door.perform(set_clearance, world.caller(SEC), SetClearance(account.account_id, Label.HIGH, REASON))
    elif act == "reset":
        world.door.perform(reset_password, world.caller(SYS), Reasoned(account.account_id, REASON))
    elif act == "move":
        order = ChangeAccount(account.account_id, REASON, unit_id=unit_id(world, "ST310104016"))
        world.door.perform(change_account, world.caller(SYS), order)
    else:
        bound(world, account)
    book.forget_account(account.account_id)
    assert book.find(token) is None
    ended = select(SignInSession.ended_at).where(SignInSession.account_id == account.account_id)
    assert all(world.read(lambda work: work.session.exec(ended).all()))
    assert events(world, "SESS.KICK")[-1]["act"] == "rights.changed"


def test_who_moves_to_another_unit_leaves_his_rights_behind(world: World) -> None:
    account = working(world)
    order = ChangeAccount(account.account_id, REASON, unit_id=unit_id(world, "ST310104016"), window="3号窗口")
    world.door.perform(change_account, world.caller(SYS), order)
    assert not enter(world, account).ok
    granted(world, account.account_id, code="310104016")
    assert enter(world, account).ok


def test_who_was_disabled_comes_back_with_a_new_password_only(world: World) -> None:
    account = working(world)
    world.door.perform(disable_account, world.caller(SYS), Reasoned(account.account_id, REASON))
    with pytest.raises(Conflict, match="已经停用"):
        world.door.perform(disable_account, world.caller(SYS), Reasoned(account.account_id, REASON))
    again = world.door.perform(enable_account, world.caller(SYS), Reasoned(account.account_id, REASON))
    assert not enter(world, account).ok
    assert chosen(world, again, "Qiu-shui-2050").ok
    assert enter(world, again, "Qiu-shui-2050").ok


def test_a_change_says_why(world: World) -> None:
    account = working(world)
    with pytest.raises(Rejected, match="请填写原因"):
        world.door.perform(disable_account, world.caller(SYS), Reasoned(account.account_id, " x "))


def test_resetting_another_administrators_password_is_an_alarm(world: World) -> None:
    account = made(world, unit="CB310000")
    granted(world, account.account_id, Role.AUDITOR, ScopeKind.CITY, "")
    world.door.perform(reset_password, world.caller(SYS), Reasoned(account.account_id, REASON))
    assert alarms(world, "ACL.ADMIN_RESET", str(account.account_id)) == 1


# Certificates


def test_a_certificate_is_bound_by_two_and_to_one_account(world: World) -> None:
    account, other = made(world), made(world)
    proposal = ProposeBinding(account.account_id, "AB" * 32, "上海CA", "01")
    row = world.door.perform(propose_binding, world.caller(SYS), proposal)
    assert account_row(world, account.account_id).cert_fingerprint is None
    with pytest.raises(NotAllowed):
        world.door.perform(confirm_binding, world.caller(SYS), Decide(row, True))
    world.door.perform(confirm_binding, world.caller(SEC), Decide(row, True))
    assert account_row(world, account.account_id).cert_fingerprint == "ab" * 32
    with pytest.raises(Conflict, match="已经处理过"):
        world.door.perform(confirm_binding, world.caller(SEC), Decide(row, False))
    with pytest.raises(Rejected, match="已绑定其他账号"):
        world.door.perform(propose_binding, world.caller(SYS), ProposeBinding(other.account_id, "ab" * 32))


def test_a_refused_certificate_is_not_bound(world: World) -> None:
    account = made(world)
    row = world.door.perform(propose_binding, world.caller(SYS), ProposeBinding(account.account_id, "cd" * 32))
    world.door.perform(confirm_binding, world.caller(SEC), Decide(row, False))
    assert account_row(world, account.account_id).cert_fingerprint is None


def test_nobody_confirms_the_certificate_of_the_own_account(world: World) -> None:
    own = world.caller(SEC).account_id
    assert own is not None
    row = world.door.perform(propose_binding, world.caller(SYS), ProposeBinding(own, "ef" * 32))
    with pytest.raises(NotAllowed, match="账号本人不能确认"):
        world.door.perform(confirm_binding, world.caller(SEC), Decide(row, True))
    assert account_row(world, own).cert_fingerprint != "ef" * 32


def test_what_is_no_fingerprint_is_refused(world: World) -> None:
    with pytest.raises(Rejected, match="64位十六进制"):
        world.door.perform(propose_binding, world.caller(SYS), ProposeBinding(made(world).account_id, "12:34"))


# Lists


@pytest.mark.proves("D24")
def test_each_administrator_is_shown_his_own_duty(world: World) -> None:
    account = working(world)
    find = ListRows({"text": account.login})
    kept, rights = (
        world.door.ask(listing.query, world.caller(login), find).lines[0]
        for listing, login in ((ACCOUNTS, SYS), (GRANTS, SEC))
    )
    assert (hasattr(kept, "roles"), kept.word is AccountWord.UNGRANTED, rights.roles) == (False, False, "街镇窗口人员")
    assert kept.name == "刘*"
    assert not hasattr(world.door.ask(open_account, world.caller(SYS), account.account_id), "grants")
    assert [grant.role for grant in world.door.ask(open_grants, world.caller(SEC), account.account_id).grants] == [
        Role.STREET_CLERK
    ]
    with pytest.raises(NotAllowed):
        world.door.ask(GRANTS.query, world.caller(SYS), find)


def test_opening_an_account_is_audited(world: World) -> None:
    account = made(world)
    world.door.ask(open_account, world.caller(SYS), account.account_id)
    assert events(world, "PII.READ")[-1]["act"] == "accounts.open"


def test_accounts_are_found_by_login_name_and_unit_and_nothing_else(world: World) -> None:
    account = made(world)

    def found(text: str, **more: str) -> set[str]:
        order = ListRows({"text": text, **more}, Paging(size=200))
        page = world.door.ask(ACCOUNTS.query, world.caller(SYS), order)
        return {line.login for line in page.lines}

    assert account.login in found(account.login[:4])
    assert account.login in found("刘燕")
    assert account.login in found("花木街道")
    assert found("%") == set()
    assert account.login in found("", state="WAITING")
    assert "huamu01" not in found("", state="WAITING")


# Units


def test_a_unit_is_made_and_what_citizens_read_of_it_changed(world: World) -> None:
    caller = world.caller(SYS)
    order = CreateUnit("ST310115020", "金桥镇社区事务受理服务中心", UnitKind.STREET_CENTER, "310115", "310115005")
    made_id = world.door.perform(create_unit, caller, order)
    world.door.perform(edit_unit, caller, EditUnit(made_id, order.name, "浦东新区新金桥路1号", "021-1", "9:00—17:00"))
    line = world.door.ask(UNITS.query, caller, ListRows({"text": "ST310115020"})).lines[0]
    assert (line.address, line.accounts) == ("浦东新区新金桥路1号", 0)
    with pytest.raises(Rejected, match="已被使用"):
        world.door.perform(create_unit, caller, order)


@pytest.mark.parametrize(
    ("kind", "district", "street", "message"),
    [
        (UnitKind.ENTERPRISE, "310115", "", "企业准入"),
        (UnitKind.STREET_CENTER, "310115", "310104016", "所在区的街镇"),
        (UnitKind.DISTRICT_BUREAU, "310000", "", "市级单位的区代码"),
        (UnitKind.CITY_BUREAU, "310115", "", "市级单位的区代码"),
        (UnitKind.DISTRICT_BUREAU, "310115", "310115005", "只有社区事务"),
    ],
)
def test_a_unit_stands_where_its_kind_stands(
    world: World, kind: UnitKind, district: str, street: str, message: str
) -> None:
    with pytest.raises(Rejected, match=message):
        world.door.perform(create_unit, world.caller(SYS), CreateUnit("XX0001", "某单位", kind, district, street))


def test_what_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.door.perform(disable_account, world.caller(SYS), Reasoned(uuid4(), REASON))
    with pytest.raises(Refusal):
        world.door.perform(end_grant, world.caller(SEC), Reasoned(uuid4(), REASON))


def test_a_demo_account_has_no_password_to_reset(world: World) -> None:
    demo = world.read(lambda work: work.session.exec(select(Account.id).where(col(Account.demo)).limit(1)).one())
    with pytest.raises(Refusal):
        world.door.perform(reset_password, world.caller(SYS), Reasoned(demo, REASON))
