"""Users are linked to streets with days; menus, data and office follow the link at the next request (row 50)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.access import Account, OrgUnit, Role, ScopeKind, UnitKind
from models.streets import LinkDuty, LinkState, StreetChangeKind, StreetLink
from services.access.accounts import ChangeAccount, change_account
from services.access.sessions import SessionBook
from services.access.sign_in import SignIn, sign_in
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.jobs import JOBS
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.steps import is_available
from services.streets.changes import AddChange, add_change, drop_change
from services.streets.choice import choose_street, own_streets
from services.streets.link_upkeep import adopt_grants
from services.streets.links import ChangeLink, LinkUser, change_link, end_link, link_user, make_main
from services.streets.listings import LINKS, UNLINKED
from services.sublets.units import register_unit
from tests.services.access.hands import REASON, enter, working
from tests.world import World

pytestmark = pytest.mark.row(50)
CITY, PUDONG, XUHUI = "shi01", "pdju01", "xhju01"
HUAMU, LUJIAZUI, WEIFANG, LONGHUA = "310115016", "310115005", "310115004", "310104016"
DAY = date(2026, 6, 30)
#: An order that is never read, for who is refused before.
NOTHING: Any = None


def linked(world: World, login: str, street: str, by: str = CITY, **more: Any) -> UUID:
    order = LinkUser(login, street, **{"duty": LinkDuty.HANDLE, "valid_from": DAY, **more})
    return world.door.perform(link_user, world.caller(by), order)


def codes(world: World, login: str, street: str, by: str = CITY, **more: Any) -> list[str]:
    with pytest.raises(Rejected) as problem:
        linked(world, login, street, by, **more)
    return [one.code for one in problem.value.findings]


def user(world: World) -> str:
    """A street user of 花木, as two administrators make one."""
    return working(world).login


def link_of(world: World, login: str, street: str = HUAMU) -> StreetLink:
    account = select(Account.id).where(Account.login == login)
    rows = select(StreetLink).where(StreetLink.account_id.in_(account), StreetLink.street_code == street)  # type: ignore[attr-defined]
    found: StreetLink = world.read(lambda work: work.session.exec(rows).one())
    return found


def streets_of(caller: Caller) -> list[str]:
    return [scope.code for scope in caller.scopes if scope.kind is ScopeKind.STREET]


def test_a_grant_of_the_role_brings_the_first_link_which_is_the_main_one(world: World) -> None:
    login = user(world)
    link = link_of(world, login)
    assert (link.main, link.duty, link.state, link.valid_from) == (True, LinkDuty.HANDLE, LinkState.ACTIVE, DAY)
    caller = world.caller(login)
    assert (streets_of(caller), caller.duty, caller.street_code) == ([HUAMU], LinkDuty.HANDLE, HUAMU)


def test_an_administrator_of_another_district_is_refused(world: World) -> None:
    """徐汇 links no user to 浦东, whatever the user's own district, and cannot end or adjust a link there."""
    login = user(world)
    assert codes(world, login, LUJIAZUI, XUHUI) == ["ADMIN_SCOPE"]
    linked(world, login, LONGHUA, XUHUI)
    link = link_of(world, login)
    foreign = world.caller(XUHUI)
    with pytest.raises(NotFound):
        world.door.perform(end_link, foreign, Reasoned(link.id, "不再办理街镇业务"))
    with pytest.raises(NotFound):
        world.door.perform(change_link, foreign, ChangeLink(link.id, LinkDuty.READ, None, False, "改为只查询"))
    with pytest.raises(NotAllowed):
        world.door.perform(link_user, world.caller("huamu01"), LinkUser(login, HUAMU, LinkDuty.HANDLE, DAY))


def test_a_second_main_link_is_refused_until_the_first_gives_way(world: World) -> None:
    login = user(world)
    assert codes(world, login, LUJIAZUI, main=True) == ["TWO_PRIMARIES"]
    assert codes(world, login, HUAMU) == ["DUP_LINK"]
    assert codes(world, login, LUJIAZUI, valid_to=DAY - timedelta(days=1)) == ["DATE_ORDER"]
    second = linked(world, login, LUJIAZUI)
    world.door.perform(make_main, world.caller(CITY), OneRow(second))
    assert not link_of(world, login).main
    assert world.caller(login).street_code == LUJIAZUI
    with pytest.raises(Conflict):
        world.door.perform(make_main, world.caller(CITY), OneRow(second))


def test_a_user_of_several_streets_chooses_one_for_the_session(world: World) -> None:
    login = user(world)
    linked(world, login, LONGHUA, duty=LinkDuty.REVIEW)
    account = link_of(world, login).account_id
    token = entered(world, account)
    book = SessionBook(world.door)
    first = book.find(token)
    assert first is not None
    assert (first.street_code, first.unit_name) == (HUAMU, "花木街道社区事务受理服务中心")
    offered = [(one.code, one.at_work) for one in world.door.ask(own_streets, first)]
    assert offered == [(HUAMU, True), (LONGHUA, False)]
    world.door.perform(choose_street, first, LONGHUA)
    book.forget(token)
    then = book.find(token)
    assert then is not None
    assert (streets_of(then), then.duty, then.district_code) == ([LONGHUA], LinkDuty.REVIEW, "310104")
    assert then.unit_name == "龙华街道社区事务受理服务中心"
    with pytest.raises(NotFound):
        world.door.perform(choose_street, then, LUJIAZUI)
    # The next session begins in the main street again.
    again = SessionBook(world.door).find(entered(world, account))
    assert again is not None
    assert again.street_code == HUAMU


def entered(world: World, account_id: UUID) -> str:
    """Sign in an account by the demo's button, without a certificate."""
    world.rewrite(Account, Account.id == account_id, demo=True)
    login: str = world.read(lambda work: work.session.exec(select(Account.login).where(Account.id == account_id)).one())
    return world.door.perform(sign_in, SYSTEM, SignIn(login, "", "10.0.0.9", demo=True)).token


def test_a_link_that_ends_at_midnight_leaves_the_session_without_menus(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.access.sessions.RECHECK", timedelta(0))
    login = user(world)
    link = link_of(world, login)
    order = ChangeLink(link.id, LinkDuty.HANDLE, DAY, True, "借调期满不再办理")
    world.door.perform(change_link, world.caller(PUDONG), order)
    book, token = SessionBook(world.door), entered(world, link.account_id)
    before = book.find(token)
    assert before is not None
    assert before.roles == {Role.STREET_CLERK}
    world.let_pass(hours=13, minutes=59)
    still = book.find(token)
    assert still is not None
    assert still.roles == {Role.STREET_CLERK}
    world.let_pass(minutes=2)
    after = book.find(token)
    assert after is not None
    assert (after.roles, after.streets) == (frozenset(), ())
    # An open page sends its next click with the caller of that moment, who may do nothing.
    with pytest.raises(NotAllowed):
        world.door.perform(register_unit, after, NOTHING)
    JOBS["streets.turn"].run(world.door)
    assert link_of(world, login).state is LinkState.ENDED
    world.stand_at(2026, 6, 30)


def test_a_link_to_come_counts_from_its_day(world: World) -> None:
    login = user(world)
    linked(world, login, LUJIAZUI, valid_from=DAY + timedelta(days=3))
    assert link_of(world, login, LUJIAZUI).state is LinkState.PENDING
    assert world.caller(login).streets == (HUAMU,)
    world.stand_at(2026, 7, 3)
    assert world.caller(login).streets == (HUAMU, LUJIAZUI)
    JOBS["streets.turn"].run(world.door)
    assert link_of(world, login, LUJIAZUI).state is LinkState.ACTIVE
    world.stand_at(2026, 6, 30)


def test_the_last_link_removed_leaves_no_role_and_the_report_names_the_user(world: World) -> None:
    login = user(world)
    assert login not in unlinked(world, CITY)
    world.door.perform(end_link, world.caller(CITY), Reasoned(link_of(world, login).id, "已调离受理中心"))
    caller = world.caller(login)
    assert (caller.roles, caller.street_code) == (frozenset(), "")
    assert unlinked(world, CITY)[login] == ("花木街道", "已调离受理中心")
    assert login in unlinked(world, PUDONG)
    assert login not in unlinked(world, XUHUI)
    # Being granted the role long ago links no user again who was linked before.
    assert world.door.perform(adopt_grants, SYSTEM, None) == 0
    assert world.caller(login).roles == frozenset()
    with pytest.raises(Conflict):
        world.door.perform(end_link, world.caller(CITY), Reasoned(link_of(world, login).id, "已调离受理中心"))


def unlinked(world: World, by: str) -> dict[str, tuple[str, str]]:
    return {line.login: (line.street, line.why) for line in world.listed(UNLINKED, by, size=200).lines}


def test_a_reader_of_a_street_changes_nothing_there(world: World) -> None:
    login = user(world)
    link = link_of(world, login)
    world.door.perform(
        change_link, world.caller(CITY), ChangeLink(link.id, LinkDuty.READ, None, True, "改为只查询岗位")
    )
    caller = world.caller(login)
    assert caller.only_reads
    assert not is_available(caller, register_unit)
    with pytest.raises(NotAllowed, match="只能查询"):
        world.door.perform(register_unit, caller, NOTHING)
    assert is_available(world.caller("huamu01"), register_unit)


def test_a_merged_street_goes_on_in_the_new_one_from_its_day(world: World) -> None:
    """Links and sight lead on; what the old office took in is the new street's too."""
    login = user(world)
    change = AddChange(HUAMU, "花木街道", StreetChangeKind.MERGED, WEIFANG, "潍坊新村街道", date(2026, 10, 1))
    change_id = world.door.perform(add_change, world.caller(CITY), change)
    assert streets_of(world.caller(login)) == [HUAMU]
    world.stand_at(2026, 9, 30)
    assert streets_of(world.caller(login)) == [HUAMU]
    world.stand_at(2026, 10, 1)
    caller = world.caller(login)
    assert (caller.street_code, streets_of(caller)) == (WEIFANG, [WEIFANG, HUAMU])
    assert caller.unit_name == "花木街道社区事务受理服务中心"
    # A user who begins on that day by the old code is linked to the new street, and to it only once.
    other = user(world)
    assert codes(world, other, WEIFANG, valid_from=date(2026, 10, 1)) == ["DUP_LINK"]
    with pytest.raises(Conflict):
        world.door.perform(drop_change, world.caller(CITY), Reasoned(change_id, "登记有误需要撤销"))
    world.stand_at(2026, 6, 30)
    world.door.perform(drop_change, world.caller(CITY), Reasoned(change_id, "登记有误需要撤销"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"new_code": "310104016", "new_name": "龙华街道"}, "OTHER_DISTRICT"),
        ({"new_code": HUAMU, "new_name": "花木街道"}, "SAME_CODE"),
        ({"new_name": "另一街道"}, "STREET_NAME"),
        ({"old_code": "999", "old_name": "某镇"}, "STREET_CODE"),
    ],
)
def test_a_change_that_cannot_be_is_refused(world: World, changes: dict[str, str], code: str) -> None:
    given = {"old_code": HUAMU, "old_name": "花木街道", "new_code": WEIFANG, "new_name": "潍坊新村街道"}
    order = AddChange(**{**given, **changes}, change=StreetChangeKind.MERGED, effective=date(2026, 10, 1))
    with pytest.raises(Rejected) as problem:
        world.door.perform(add_change, world.caller(CITY), order)
    assert code in [one.code for one in problem.value.findings]


def test_a_user_who_moves_to_another_unit_leaves_the_streets(world: World) -> None:
    login = user(world)
    link = link_of(world, login)
    unit: UUID = world.read(
        lambda work: work.session.exec(select(OrgUnit.id).where(OrgUnit.unit_code == "ST310104016")).one()
    )
    world.door.perform(change_account, world.caller("xitong01"), ChangeAccount(link.account_id, REASON, unit_id=unit))
    moved = link_of(world, login)
    assert (moved.state, moved.end_reason) == (LinkState.ENDED, "调离原单位")
    assert world.caller(login).roles == frozenset()


def test_a_disabled_or_unknown_user_is_not_linked(world: World) -> None:
    with pytest.raises(NotFound):
        linked(world, "nobody99", LUJIAZUI)
    assert codes(world, user(world), "310199999") == ["STREET_NOT_FOUND"]


def test_each_administrator_sees_the_links_of_the_own_streets(world: World) -> None:
    login = user(world)
    linked(world, login, LONGHUA)

    def seen(by: str) -> set[str]:
        return {line.street_code for line in world.listed(LINKS, by, size=200, login=login).lines}

    assert seen(CITY) == {HUAMU, LONGHUA}
    assert seen(PUDONG) == {HUAMU}
    assert seen(XUHUI) == {LONGHUA}


def test_a_street_without_an_office_gives_no_office(world: World) -> None:
    """Work is not filed under the centre of another street."""
    login = user(world)
    second = linked(world, login, LUJIAZUI)
    world.door.perform(make_main, world.caller(CITY), OneRow(second))
    caller = world.caller(login)
    assert (caller.unit_id, caller.unit_kind, caller.street_code) == (None, None, LUJIAZUI)
    assert UnitKind.STREET_CENTER is world.caller("huamu01").unit_kind


def test_a_role_of_its_own_stands_beside_the_street(world: World) -> None:
    """Looking only in a street takes nothing from a further role of the same account."""
    clerk = Caller(
        "双岗",
        (Scope(Role.STREET_CLERK, ScopeKind.STREET, HUAMU), Scope(Role.DISTRICT_CLERK, ScopeKind.DISTRICT, "310115")),
        duty=LinkDuty.READ,
    )
    assert is_available(clerk, register_unit)


def test_the_sign_in_of_an_account_without_a_link_still_works(world: World) -> None:
    """The page that follows says that there is no street, so the user must come that far."""
    account = working(world)
    world.door.perform(end_link, world.caller(CITY), Reasoned(link_of(world, account.login).id, "已调离受理中心"))
    assert enter(world, account).ok
