"""The first password goes by a link that works once, for a day, for an account that stands (rows 52 and 53, D01)."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.access import Account, AccountSort, AccountState, OldPassword
from models.audit import AuditEvent
from models.columns import new_id
from models.engine import Parameter, ParameterState
from services.access.account_expiry import end_all_aged
from services.access.accounts import (
    ChangeAccount,
    NewEnd,
    change_account,
    disable_account,
    enable_account,
    reset_password,
)
from services.access.passwords import (
    DEAD_LINK,
    AskLink,
    FirstPasswordSet,
    LinkGiven,
    SetFirstPassword,
    link_standing,
    set_first_password,
)
from services.access.sessions import SessionBook
from services.access.sign_in import ADDRESS_FAILURES
from services.engine.callers import SYSTEM
from services.engine.orders import Reasoned
from services.engine.parameters import ProposeParameter, propose_parameter
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.work import Work
from tests.services.access.hands import (
    PASSWORD,
    REASON,
    account_row,
    bound,
    by_sql,
    chosen,
    enter,
    events,
    granted,
    made,
    working,
)
from tests.world import World, at_once

pytestmark = [pytest.mark.row(52), pytest.mark.row(53), pytest.mark.proves("D01")]
SYS = "xitong01"


def standing(world: World, token: str) -> Any:
    return world.door.ask(link_standing, SYSTEM, AskLink(token))


def reset(world: World, account_id: UUID) -> LinkGiven:
    return world.door.perform(reset_password, world.caller(SYS), Reasoned(account_id, REASON))


def dead(world: World, given: LinkGiven) -> None:
    """The link shows nothing and sets nothing, and says what every dead link says."""
    assert standing(world, given.token) is None
    assert chosen(world, given, "Yong-bu-shang-2049") == FirstPasswordSet(False, DEAD_LINK)


def test_the_holder_chooses_his_password_and_comes_in(world: World) -> None:
    given = made(world)
    assert standing(world, given.token).login == given.login
    granted(world, given.account_id)
    bound(world, given)
    assert chosen(world, given).ok
    signed = enter(world, given)
    assert (signed.ok, signed.must_change) == (True, False)
    assert SessionBook(world.door).find(signed.token) is not None


def test_before_the_link_is_used_nothing_lets_in(world: World) -> None:
    given = made(world)
    granted(world, given.account_id)
    bound(world, given)
    for password in ("", PASSWORD, given.token, given.login):
        assert not enter(world, given, password).ok


def test_the_link_holds_for_a_day_and_its_token_stands_nowhere(world: World) -> None:
    given = made(world)
    row = account_row(world, given.account_id)
    assert row.one_time_until is not None
    assert row.one_time_until - row.password_changed_at == timedelta(hours=24) == given.until - row.password_changed_at
    assert given.token not in repr(given)
    assert given.token not in repr(AskLink(given.token)) + repr(SetFirstPassword(given.token, PASSWORD))
    assert PASSWORD not in repr(SetFirstPassword(given.token, PASSWORD))
    chosen(world, given)
    bodies = world.read(lambda work: work.session.exec(select(AuditEvent.body)).all())
    assert not any(given.token in body or PASSWORD in body for body in bodies)
    assert given.token not in str(row.link_digest)


def test_giving_and_using_are_told_in_the_audit(world: World) -> None:
    given = made(world)
    again = reset(world, given.account_id)
    chosen(world, again)
    told = events(world, "AUTH.PWD", about=given.account_id)
    assert [event["act"] for event in told] == ["accounts.create", "accounts.reset", "access.set_first_password"]
    assert told[-1]["uid"] == str(given.account_id)


def test_a_used_link_is_dead(world: World) -> None:
    given = made(world)
    assert chosen(world, given).ok
    before = account_row(world, given.account_id).password.plain
    dead(world, given)
    assert account_row(world, given.account_id).password.plain == before
    assert events(world, "AUTH.FAIL")[-1]["rsn"] == "LINK"


def test_of_two_tabs_one_sets_the_password(world: World) -> None:
    given = made(world)
    assert standing(world, given.token) is not None
    assert standing(world, given.token) is not None
    passwords = [f"Liang-ye-{number}-2049" for number in range(4)]
    results = at_once([partial(chosen, world, given, password) for password in passwords])
    done = [one for one in results if isinstance(one, FirstPasswordSet) and one.ok]
    assert len(done) == 1, results
    assert all(one == FirstPasswordSet(False, DEAD_LINK) for one in results if one is not done[0])
    granted(world, given.account_id)
    bound(world, given)
    assert [enter(world, given, password).ok for password in passwords].count(True) == 1


def test_an_overdue_link_is_dead_and_the_night_disables_the_account(world: World) -> None:
    given = made(world)
    granted(world, given.account_id)
    over = given.until - timedelta(hours=24, seconds=1)
    world.rewrite(Account, col(Account.id) == given.account_id, one_time_until=over)
    dead(world, given)
    end_all_aged(world.door)
    assert account_row(world, given.account_id).state is AccountState.DISABLED
    again = world.door.perform(enable_account, world.caller(SYS), Reasoned(given.account_id, REASON))
    assert chosen(world, again).ok
    dead(world, given)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "' OR 1=1 --", "\x00", "好" * 43, "a" * 100_000])
def test_a_guessed_link_is_dead(world: World, token: str) -> None:
    made(world)
    assert standing(world, token) is None
    order = SetFirstPassword(token, PASSWORD, "10.6.6.6")
    assert world.door.perform(set_first_password, SYSTEM, order) == FirstPasswordSet(False, DEAD_LINK)


def test_the_digest_of_a_link_opens_nothing(world: World) -> None:
    given = made(world)
    digest = str(account_row(world, given.account_id).link_digest)
    assert standing(world, digest) is None


def test_who_guesses_is_stopped_for_a_while_even_with_a_good_link(world: World) -> None:
    given, address = made(world), "10.66.1.1"
    for number in range(ADDRESS_FAILURES):
        world.door.perform(set_first_password, SYSTEM, SetFirstPassword(f"{number:03d}{'Qz' * 20}", PASSWORD, address))
    stopped = world.door.perform(set_first_password, SYSTEM, SetFirstPassword(given.token, PASSWORD, address))
    assert (stopped.ok, "频繁" in stopped.message) == (False, True)
    assert chosen(world, given).ok


def test_a_new_link_ends_the_old_one(world: World) -> None:
    given = made(world)
    again = reset(world, given.account_id)
    assert again.token != given.token
    dead(world, given)
    assert chosen(world, again).ok


def test_a_form_open_before_the_new_link_was_made_sets_nothing(world: World) -> None:
    given = made(world)
    assert standing(world, given.token) is not None
    results = at_once(
        [partial(chosen, world, given, "Lao-lian-jie-2049"), partial(reset, world, given.account_id)],
    )
    # Whoever came second is told to look again; after the new link was made only it sets the password that holds.
    again = next((one for one in results if isinstance(one, LinkGiven)), None) or reset(world, given.account_id)
    assert chosen(world, again, "Xin-lian-jie-2050").ok
    granted(world, given.account_id)
    bound(world, given)
    assert not enter(world, given, "Lao-lian-jie-2049").ok
    assert enter(world, given, "Xin-lian-jie-2050").ok


def test_a_link_of_a_disabled_account_is_dead_and_stays_so(world: World) -> None:
    given = made(world)
    world.door.perform(disable_account, world.caller(SYS), Reasoned(given.account_id, REASON))
    dead(world, given)
    again = world.door.perform(enable_account, world.caller(SYS), Reasoned(given.account_id, REASON))
    dead(world, given)
    assert chosen(world, again).ok


def test_a_link_of_an_account_past_its_last_day_is_dead(world: World) -> None:
    today = world.door.clock.today()
    given = made(world, sort=AccountSort.TEMPORARY, valid_to=today + timedelta(days=5))
    world.door.perform(change_account, world.caller(SYS), ChangeAccount(given.account_id, REASON, NewEnd(today)))
    world.let_pass(days=1)
    try:
        dead(world, given)
        with pytest.raises(Conflict, match="已到期"):
            reset(world, given.account_id)
    finally:
        world.let_pass(days=-1)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ab1-xyz", "不少于10位"),
        ("alllowercase1", "至少三类"),
        ("Shanghai-2049", "单位或系统名称"),
        ("Password-2049", "常见口令"),
        ("", "不少于10位"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_holds(world: World, password: str, why: str) -> None:
    given = made(world)
    with pytest.raises(Rejected, match=why):
        chosen(world, given, password)
    with pytest.raises(Rejected, match="登录名"):
        chosen(world, given, f"A1-{given.login}-x")
    assert chosen(world, given).ok


def test_after_a_reset_an_earlier_password_does_not_come_back(world: World) -> None:
    account = working(world)
    # However often a new link is made meanwhile: what nobody ever used takes no place among the five.
    for _ in range(6):
        again = reset(world, account.account_id)
    with pytest.raises(Rejected, match="最近5次"):
        chosen(world, again)
    kept = select(OldPassword.id).where(OldPassword.account_id == account.account_id)
    assert len(world.read(lambda work: work.session.exec(kept).all())) == 1
    assert chosen(world, again, "Qiu-shui-2050").ok


def test_a_reset_ends_password_and_session_at_once(world: World) -> None:
    account = working(world)
    book, token = SessionBook(world.door), enter(world, account).token
    reset(world, account.account_id)
    book.forget_account(account.account_id)
    assert book.find(token) is None
    assert not enter(world, account).ok


def test_a_link_put_into_the_row_by_sql_opens_nothing(world: World) -> None:
    victim, given = working(world), made(world)
    digest = account_row(world, given.account_id).link_digest
    by_sql(world, "UPDATE account SET link_digest = NULL WHERE id = :id", id=given.account_id)
    by_sql(world, "UPDATE account SET link_digest = :digest WHERE id = :id", digest=digest, id=victim.account_id)
    with pytest.raises(Conflict, match="完整性"):
        world.door.ask(link_standing, SYSTEM, AskLink(given.token))
    with pytest.raises(Conflict, match="完整性"):
        chosen(world, given)
    by_sql(world, "UPDATE account SET link_digest = NULL WHERE id = :id", id=victim.account_id)


def test_nobody_but_the_page_sets_a_first_password(world: World) -> None:
    given = made(world)
    for login in (SYS, "anquan01", "huamu01"):
        with pytest.raises(NotAllowed):
            world.door.perform(set_first_password, world.caller(login), SetFirstPassword(given.token, PASSWORD))
        with pytest.raises(NotAllowed):
            world.door.ask(link_standing, world.caller(login), AskLink(given.token))


def test_the_hours_are_a_parameter_of_at_most_a_day(world: World) -> None:
    for hours in ("0", "25", "1.5", "-1"):
        order = ProposeParameter("accounts.link_hours", hours, world.door.clock.today(), "缩短链接时长")
        with pytest.raises(Rejected, match="1至24"):
            world.door.perform(propose_parameter, world.caller("shi01"), order)

    def shorter(work: Work) -> UUID:
        row = Parameter(
            id=new_id(),
            key="accounts.link_hours",
            value="2",
            valid_from=work.today,
            source="测试",
            state=ParameterState.CONFIRMED,
            confirmed_at=work.now,
        )
        work.add(row)
        return row.id

    row_id = world.act(shorter)
    try:
        given = made(world)
        row = account_row(world, given.account_id)
        assert given.until - row.password_changed_at == timedelta(hours=2)
    finally:
        world.rewrite(Parameter, col(Parameter.id) == row_id, state=ParameterState.REJECTED)
