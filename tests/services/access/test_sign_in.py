"""Signing in: failures counted wherever they come from, one answer for all of them, locks that end (H01-H03, D01)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from deploy.demo.offices import Person, add_account, people_who_join
from integrations.cloud_crypto.local_authority import Issued
from models.access import Account, AccountState, AddressFailure, OrgUnit, SignInSession
from models.audit import AuditEvent
from services.access.accounts import reset_password
from services.access.passwords import ChangePassword, LinkGiven, change_password, check_new_password
from services.access.sign_in import ADDRESS_FAILURES, UNIFORM, SignedIn, SignIn, SignOut, sign_in, sign_out
from services.engine.callers import SYSTEM
from services.engine.door import Gathering
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, Refusal, Rejected
from services.engine.registry import Action
from services.engine.work import Work
from tests.certificates import issued, proof
from tests.services.access.hands import PASSWORD, REASON, chosen
from tests.world import World, sealer

RIGHT, WRONG = "Zk7#vale-orbit", "Zk7#vale-orbix"


def account(world: World, **changes: object) -> str:
    """A new account that is no demo account, with the right password; its login."""
    login = f"u{uuid4().hex[:12]}"
    clerk = people_who_join("offices")[0]
    person = Person(login, "测试员", clerk.office, clerk.role, clerk.scope, clerk.code)

    def make(work: Work) -> None:
        unit = work.session.exec(select(OrgUnit).where(OrgUnit.unit_code == clerk.office)).one()
        made = add_account(work, person, unit, sealer().hash_password(RIGHT), demo=False)
        made.cert_fingerprint = own().certificate.fingerprint
        for name, value in changes.items():
            setattr(made, name, value)

    world.act(make)
    return login


@cache
def own() -> Issued:
    """The certificate all these accounts share, so that passwords are what differs."""
    return issued("shared")


_PLACES = count(256)


def enter(world: World, login: str, password: str = RIGHT, address: str = "") -> SignedIn:
    """Try to sign in, from a place of its own each time unless one is named."""
    place = next(_PLACES)
    address = address or f"10.2.{place // 256}.{place % 256}"
    return world.door.perform(sign_in, SYSTEM, SignIn(login, password, address, proof=proof(own())))


def row_of(world: World, login: str) -> Account:
    found: Account = world.read(lambda work: work.session.exec(select(Account).where(Account.login == login)).one())
    return found


def set_back(world: World, login: str, **values: object) -> None:
    """Write a moment of an account, as if time had passed."""
    world.rewrite(Account, col(Account.login) == login, **values)


def last_event(world: World) -> AuditEvent:
    statement = select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)
    found: AuditEvent = world.read(lambda work: work.session.exec(statement).one())
    return found


def test_login_and_password_open_a_session_whose_cookie_is_not_stored(world: World) -> None:
    signed = enter(world, account(world))
    assert signed.ok
    digests = world.read(lambda work: work.session.exec(select(SignInSession.digest)).all())
    assert signed.token not in digests
    assert sealer().session_digest(signed.token) in digests


@pytest.mark.parametrize("spelling", ["upper", "full", "blank"])
@pytest.mark.proves("D01")
def test_a_login_has_one_spelling(world: World, spelling: str) -> None:
    login = account(world)
    typed = {"upper": login.upper(), "full": login.replace("u", "ｕ", 1), "blank": f" {login} "}[spelling]
    assert enter(world, typed).ok


@pytest.mark.proves("H03")
def test_every_failure_says_the_same(world: World) -> None:
    locked = account(world)
    for _ in range(5):
        enter(world, locked, WRONG)
    disabled = account(world, state=AccountState.DISABLED)
    answers = {
        enter(world, "nobody-at-all").message,
        enter(world, account(world), WRONG).message,
        enter(world, locked).message,
        enter(world, disabled).message,
        enter(world, "huamu01", "").message,
    }
    assert answers == {UNIFORM}


def test_the_reason_stands_in_the_audit_and_the_password_does_not(world: World) -> None:
    login = account(world)
    enter(world, login, WRONG)
    event = last_event(world)
    assert (event.event, '"rsn":"PASSWORD"' in event.body) == ("AUTH.FAIL", True)
    assert WRONG not in event.body
    enter(world, "nobody-at-all")
    assert '"rsn":"UNKNOWN"' in last_event(world).body


@pytest.mark.proves("H01", "D02")
def test_five_failures_lock_for_half_an_hour_even_for_the_right_password(world: World) -> None:
    login = account(world)
    for _ in range(5):
        assert not enter(world, login, WRONG).ok
    assert not enter(world, login).ok
    locked_until = row_of(world, login).locked_until
    assert locked_until is not None
    set_back(world, login, locked_until=locked_until - timedelta(minutes=29))
    assert not enter(world, login).ok
    set_back(world, login, locked_until=locked_until - timedelta(minutes=31))
    assert enter(world, login).ok


@pytest.mark.proves("H02", "D02")
def test_failures_count_wherever_they_come_from(world: World) -> None:
    login = account(world)
    for place in range(5):
        enter(world, login, WRONG, f"10.1.1.{place}")
    assert not enter(world, login, RIGHT, "10.1.1.9").ok
    locks = select(AuditEvent.seq).where(
        AuditEvent.event == "AUTH.LOCK", AuditEvent.object_id == str(row_of(world, login).id)
    )
    assert len(world.read(lambda work: work.session.exec(locks).all())) == 1


def test_four_failures_and_then_the_right_password_start_anew(world: World) -> None:
    login = account(world)
    for _ in range(2):
        for _ in range(4):
            enter(world, login, WRONG)
        assert enter(world, login).ok


def test_failures_a_quarter_of_an_hour_ago_do_not_count(world: World) -> None:
    login = account(world)
    for _ in range(4):
        enter(world, login, WRONG)
    first = row_of(world, login).first_failure_at
    assert first is not None
    set_back(world, login, first_failure_at=first - timedelta(minutes=16))
    enter(world, login, WRONG)
    assert enter(world, login).ok


@pytest.mark.proves("D02")
def test_an_address_that_guesses_is_slowed_down_whatever_the_account(world: World) -> None:
    world.act(
        lambda work: work.session.add(AddressFailure(address="10.9.9.9", failures=ADDRESS_FAILURES, since=work.at))
    )
    login = account(world)
    refused = enter(world, login, RIGHT, "10.9.9.9")
    assert (refused.ok, refused.message) == (False, "登录尝试过于频繁，请稍后再试")
    assert enter(world, login, RIGHT, "10.9.9.8").ok


def test_thirty_failures_over_many_names_stop_the_address(world: World) -> None:
    for place in range(ADDRESS_FAILURES):
        world.door.perform(sign_in, SYSTEM, SignIn(f"guess{place}", "x", "10.8.8.8", demo=True))
    assert enter(world, account(world), RIGHT, "10.8.8.8").message == "登录尝试过于频繁，请稍后再试"


def test_a_demo_account_has_no_password_anybody_knows(world: World) -> None:
    assert not enter(world, "huamu01", "").ok
    assert world.door.perform(sign_in, SYSTEM, SignIn("huamu01", "", "10.0.0.2", demo=True)).ok


def test_a_real_account_is_not_opened_as_a_demo_account(world: World) -> None:
    login = account(world)
    assert not world.door.perform(sign_in, SYSTEM, SignIn(login, "", "10.0.0.2", demo=True)).ok


@pytest.mark.parametrize("login", ["admin", "root", "test", "guest", "administrator"])
@pytest.mark.proves("H16", "D05")
def test_accounts_everybody_tries_do_not_exist(world: World, login: str) -> None:
    assert not enter(world, login, login, "10.7.7.7").ok
    known = select(Account.id).where(Account.login_key == login)
    assert world.read(lambda work: work.session.exec(known).all()) == []


def test_a_business_clock_in_the_past_locks_nobody_out(world: World) -> None:
    world.stand_at(2024, 1, 2)
    login = account(world)
    world.door.clock.shift = timedelta()
    assert enter(world, login).ok


@pytest.mark.proves("D05")
def test_an_account_unused_for_ninety_days_sleeps(world: World) -> None:
    login = account(world)
    enter(world, login)
    seen = row_of(world, login).last_seen_at
    assert seen is not None
    set_back(world, login, last_seen_at=seen - timedelta(days=91))
    assert not enter(world, login).ok


# Passwords


@pytest.mark.parametrize(
    "password",
    ["short1#A", "alllowercase", "Password123!", "12345678Aa", "Shenfang#2027", "上海房管Aa1#xyz", "qwerty#ABC123"],
)
@pytest.mark.proves("H15", "D01")
def test_a_weak_password_is_refused_by_rule(password: str) -> None:
    with pytest.raises(Rejected, match="口令不符合要求"):
        check_new_password(password, "zhangsan")


@pytest.mark.proves("H15", "D01")
def test_a_password_does_not_hold_the_login() -> None:
    with pytest.raises(Rejected, match="不能含登录名"):
        check_new_password("Xx9#zhangsan-moon", "zhangsan")


@pytest.mark.proves("H15", "D01")
def test_a_long_password_is_taken_and_checked_whole(world: World) -> None:
    login, long = account(world), "Zk7#" + "valeorbit" * 22
    caller_id = row_of(world, login).id
    world.door.perform(change_password, world.caller(login), ChangePassword(caller_id, RIGHT, long))
    assert not enter(world, login, long[:-1]).ok
    assert enter(world, login, long).ok


@pytest.mark.proves("H15", "D01")
def test_the_last_five_passwords_do_not_come_back(world: World) -> None:
    login = account(world)
    caller_id, caller = row_of(world, login).id, world.caller(login)
    world.door.perform(change_password, caller, ChangePassword(caller_id, RIGHT, "Other9#lake-stone"))
    with pytest.raises(Refusal, match="最近5次"):
        world.door.perform(change_password, caller, ChangePassword(caller_id, "Other9#lake-stone", RIGHT))


def test_nobody_changes_anothers_password(world: World) -> None:
    login = account(world)
    order = ChangePassword(row_of(world, login).id, RIGHT, "Other9#lake-stone")
    with pytest.raises(Refusal, match="原口令不正确"):
        world.door.perform(change_password, world.caller("huamu01"), order)
    assert enter(world, login).ok


def meanwhile(happens: Callable[[], object]) -> Action[ChangePassword, None]:
    """A change of password beside which something else happens, after the old one was checked."""

    def gather(gathering: Gathering, order: ChangePassword) -> Any:
        assert change_password.gather is not None
        checked = change_password.gather(gathering, order)
        happens()
        return checked

    return replace(change_password, gather=gather)


@pytest.mark.proves("D01")
def test_a_reset_is_not_undone_by_a_change_that_was_checked_before(world: World) -> None:
    login = account(world)
    caller, own_id, given = world.caller(login), row_of(world, login).id, list[LinkGiven]()
    reset = Reasoned(own_id, REASON)
    act = meanwhile(lambda: given.append(world.door.perform(reset_password, world.caller("xitong01"), reset)))
    with pytest.raises(Conflict, match="没有生效"):
        world.door.perform(act, caller, ChangePassword(own_id, RIGHT, "Other9#lake-stone"))
    assert not enter(world, login, "Other9#lake-stone").ok
    assert chosen(world, given[0]).ok
    assert enter(world, login, PASSWORD).ok


@pytest.mark.proves("D01")
def test_of_two_changes_checked_at_once_the_first_stands(world: World) -> None:
    login = account(world)
    caller, own_id = world.caller(login), row_of(world, login).id
    first = ChangePassword(own_id, RIGHT, "Other9#lake-stone")
    act = meanwhile(lambda: world.door.perform(change_password, caller, first))
    with pytest.raises(Conflict, match="没有生效"):
        world.door.perform(act, caller, ChangePassword(own_id, RIGHT, "Third5#hill-flame"))
    assert not enter(world, login, "Third5#hill-flame").ok
    assert enter(world, login, "Other9#lake-stone").ok


@pytest.mark.proves("M7")
def test_passwords_lie_sealed(world: World) -> None:
    token = row_of(world, account(world)).password.token
    assert token.startswith("e1:dek.auth")


@pytest.mark.proves("D22")
def test_signing_out_deletes_the_session_and_twice_is_no_error(world: World) -> None:
    signed = enter(world, account(world))
    row = select(SignInSession.id).where(SignInSession.digest == sealer().session_digest(signed.token))
    (session_id,) = world.read(lambda work: work.session.exec(row).all())
    for _ in range(2):
        world.door.perform(sign_out, SYSTEM, SignOut(signed.token))
    assert world.read(lambda work: work.session.exec(row).all()) == []
    told = select(AuditEvent.id).where(AuditEvent.event == "AUTH.LOGOUT", AuditEvent.object_id == str(session_id))
    assert len(world.read(lambda work: work.session.exec(told).all())) == 1
