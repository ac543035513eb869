"""The session book: idle, absolute, kicked, disabled — the table is the truth and is looked at every few seconds."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.access import Account, AccountRole, AccountState, Role, ScopeKind, SignInSession
from models.audit import AuditEvent
from services.access import sessions
from services.access.sessions import ABSOLUTE, IDLE, IDLE_ADMIN, SessionBook
from services.access.sign_in import SignIn, SignOut, sign_in, sign_out
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.work import Work
from tests.world import World, sealer


def enter(world: World, login: str = "huamu01") -> str:
    return world.door.perform(sign_in, SYSTEM, SignIn(login, "", "10.0.0.1", demo=True)).token


def age(world: World, token: str, *, seen: timedelta = timedelta(), started: timedelta = timedelta()) -> None:
    """Make a session older than it is."""
    now = system_now()
    mine = col(SignInSession.digest) == sealer().session_digest(token)
    world.rewrite(SignInSession, mine, seen_at=now - seen, started_at=now - max(started, seen))


def test_a_cookie_leads_to_its_caller_with_unit_window_and_scope(world: World) -> None:
    caller = SessionBook(world.door).find(enter(world))
    assert caller is not None
    assert (caller.name, caller.window) == ("李敏", "5号窗口")
    assert caller.roles == {Role.STREET_CLERK}
    assert caller.unit_name == "花木街道社区事务受理服务中心"


@pytest.mark.parametrize("token", ["", "x", "x" * 101, "' OR 1=1 --"])
def test_a_cookie_that_is_none_leads_nowhere(world: World, token: str) -> None:
    assert SessionBook(world.door).find(token) is None


def test_a_new_cookie_comes_with_every_sign_in(world: World) -> None:
    assert enter(world) != enter(world)


@pytest.mark.parametrize(("minutes", "open_still"), [(14, True), (16, False)])
@pytest.mark.proves("H10", "D02")
def test_a_quarter_of_an_hour_of_silence_ends_a_session(world: World, minutes: int, open_still: bool) -> None:
    token = enter(world)
    age(world, token, seen=timedelta(minutes=minutes))
    book = SessionBook(world.door)
    assert (book.find(token) is not None) is open_still
    assert (_ended(world, token) == "IDLE") is not open_still
    assert book.find(token) is None or open_still


def _ended(world: World, token: str) -> str:
    """Why a session is over, in the table and in the audit alike; empty while it lives."""
    digest = SignInSession.digest == sealer().session_digest(token)
    row = world.read(lambda work: work.session.exec(select(SignInSession).where(digest)).one())
    told = select(AuditEvent.body).where(AuditEvent.event == "AUTH.LOGOUT", AuditEvent.object_id == str(row.id))
    bodies = world.read(lambda work: work.session.exec(told).all())
    assert [f'"rsn":"{row.end_reason}"' in body for body in bodies] == ([True] if row.ended_at else [])
    return str(row.end_reason)


@pytest.mark.parametrize(("minutes", "open_still"), [(9, True), (11, False)])
@pytest.mark.proves("D02")
def test_an_administrator_has_ten_minutes(world: World, minutes: int, open_still: bool) -> None:
    world.act(lambda work: _make_auditor(work, "xhju01"))
    token = enter(world, "xhju01")
    age(world, token, seen=timedelta(minutes=minutes))
    assert (SessionBook(world.door).find(token) is not None) is open_still


def _make_auditor(work: Work, login: str) -> None:
    account = work.session.exec(select(Account).where(Account.login == login)).one()
    grant = work.session.exec(select(AccountRole).where(AccountRole.account_id == account.id)).one()
    grant.role, grant.scope_kind = Role.AUDITOR, ScopeKind.CITY
    work.add(grant)


@pytest.mark.parametrize(("hours", "open_still"), [(7.9, True), (8.1, False)])
@pytest.mark.proves("D02")
def test_eight_hours_end_a_session_that_is_never_idle(world: World, hours: float, open_still: bool) -> None:
    token = enter(world)
    age(world, token, started=timedelta(hours=hours))
    assert (SessionBook(world.door).find(token) is not None) is open_still
    assert (_ended(world, token) == "ABSOLUTE") is not open_still


def test_looking_without_activity_does_not_keep_a_session_alive(world: World) -> None:
    token = enter(world)
    age(world, token, seen=timedelta(minutes=14))
    book = SessionBook(world.door)
    assert book.find(token, active=False) is not None
    seen = select(SignInSession.seen_at).where(SignInSession.digest == sealer().session_digest(token))
    assert system_now() - world.read(lambda work: work.session.exec(seen).one()) > timedelta(minutes=13)
    assert book.find(token) is not None
    assert system_now() - world.read(lambda work: work.session.exec(seen).one()) < timedelta(minutes=1)


@pytest.mark.proves("H12")
def test_a_second_sign_in_ends_the_first_and_is_told(world: World) -> None:
    first, second = enter(world), enter(world)
    book = SessionBook(world.door)
    assert book.find(first) is None
    assert book.find(second) is not None
    kicks = select(AuditEvent.seq).where(AuditEvent.event == "SESS.KICK")
    assert world.read(lambda work: work.session.exec(kicks).all())


@pytest.fixture
def looking_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the seconds between two looks at the table had passed."""
    monkeypatch.setattr(sessions, "RECHECK", timedelta(0))


def test_a_kicked_session_is_noticed_at_the_next_look(world: World, looking_each_time: None) -> None:
    book, first = SessionBook(world.door), enter(world)
    assert book.find(first) is not None
    enter(world)
    assert book.find(first) is None


@pytest.mark.proves("H11")
def test_a_disabled_account_is_out_at_the_next_look(world: World, looking_each_time: None) -> None:
    book, token = SessionBook(world.door), enter(world, "pudong02")
    assert book.find(token) is not None
    _set_state(world, "pudong02", AccountState.DISABLED)
    assert book.find(token) is None
    _set_state(world, "pudong02", AccountState.ACTIVE)


@pytest.mark.proves("H11")
def test_a_role_that_was_taken_away_is_gone_at_the_next_look(world: World, looking_each_time: None) -> None:
    book, token = SessionBook(world.door), enter(world, "xuhui01")
    world.act(lambda work: _make_auditor(work, "xuhui01"))
    caller = book.find(token)
    assert caller is not None
    assert caller.roles == {Role.AUDITOR}


@pytest.mark.parametrize(("days_left", "roles"), [(0, {Role.STREET_CLERK}), (-1, set())])
def test_a_role_counts_until_the_last_day_of_its_grant(world: World, days_left: int, roles: set[Role]) -> None:
    book, token = SessionBook(world.door), enter(world, "huamu02")
    caller = book.find(token)
    assert caller is not None
    last = world.door.clock.today() + timedelta(days=days_left)
    world.rewrite(AccountRole, col(AccountRole.account_id) == caller.account_id, valid_to=last)
    book.forget(token)
    now = book.find(token)
    assert now is not None
    assert now.roles == roles
    world.rewrite(AccountRole, col(AccountRole.account_id) == caller.account_id, valid_to=None)


@pytest.mark.proves("H11", "D02")
def test_the_looks_are_less_than_five_seconds_apart() -> None:
    assert timedelta(0) < sessions.RECHECK <= timedelta(seconds=2)
    assert (timedelta(minutes=15), timedelta(minutes=10), timedelta(hours=8)) == (IDLE, IDLE_ADMIN, ABSOLUTE)


def test_who_is_told_to_look_again_does_so_at_once(world: World) -> None:
    book, token = SessionBook(world.door), enter(world, "huamu02")
    assert book.find(token) is not None
    world.door.perform(sign_out, SYSTEM, SignOut(token))
    book.forget(token)
    assert book.find(token) is None


def test_a_session_that_has_ended_stays_ended(world: World) -> None:
    token = enter(world, "huamu02")
    world.door.perform(sign_out, SYSTEM, SignOut(token))
    age(world, token)
    assert SessionBook(world.door).find(token) is None


def _set_state(world: World, login: str, state: AccountState) -> None:
    world.rewrite(Account, col(Account.login) == login, state=state)
