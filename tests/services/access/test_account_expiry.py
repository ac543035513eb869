"""D05: what is unused for 90 days, past its last day or never taken up comes to its end by itself."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.access import Account, AccountRole, AccountSort, AccountState, Role, ScopeKind
from services.access.access_list_signature import check_list
from services.access.account_expiry import end_all_aged
from services.access.administrators import help_administrator
from services.engine.callers import SYSTEM
from services.engine.refusals import NotFound
from services.engine.work import Work
from tests.services.access.hands import account_row, alarms, chosen, enter, events, granted, made, working
from tests.world import World

pytestmark = pytest.mark.proves("D05")


def set_back(world: World, login: str, **values: object) -> None:
    """As if time had passed for an account."""

    def act(work: Work) -> None:
        row = work.session.exec(select(Account).where(Account.login == login)).one()
        for name, value in values.items():
            setattr(row, name, value)
        work.add(row)

    world.act(act)


@pytest.mark.parametrize(("days", "state"), [(89, AccountState.ACTIVE), (91, AccountState.DISABLED)])
def test_an_account_unused_for_ninety_days_is_disabled(world: World, days: int, state: AccountState) -> None:
    account = working(world)
    signed = enter(world, account)
    row = account_row(world, account.account_id)
    assert row.last_seen_at is not None
    set_back(world, account.login, last_seen_at=row.last_seen_at - timedelta(days=days), one_time_until=None)
    end_all_aged(world.door)
    assert account_row(world, account.account_id).state is state
    if state is AccountState.DISABLED:
        assert signed.ok
        assert not enter(world, account).ok
        last = events(world, "ACL.CHANGE", about=account.account_id)[-1]
        assert (last["act"], last["rsn"]) == ("access.end_aged", "90天未使用")


def test_an_account_past_its_last_day_is_disabled(world: World) -> None:
    end = world.door.clock.today() + timedelta(days=3)
    account = made(world, sort=AccountSort.TEMPORARY, valid_to=end)
    granted(world, account.account_id)
    end_all_aged(world.door)
    assert account_row(world, account.account_id).state is AccountState.ACTIVE
    world.let_pass(days=4)
    try:
        end_all_aged(world.door)
    finally:
        world.let_pass(days=-4)
    assert account_row(world, account.account_id).state is AccountState.DISABLED


def test_a_first_password_that_nobody_used_runs_out(world: World) -> None:
    account = made(world)
    until = account_row(world, account.account_id).one_time_until
    assert until is not None
    set_back(world, account.login, one_time_until=until - timedelta(hours=25))
    assert not chosen(world, account).ok
    end_all_aged(world.door)
    assert account_row(world, account.account_id).state is AccountState.DISABLED


def test_a_grant_past_its_last_day_is_taken_back(world: World) -> None:
    account = made(world)
    grant = granted(world, account.account_id, valid_to=world.door.clock.today() + timedelta(days=1))
    world.let_pass(days=2)
    try:
        end_all_aged(world.door)
    finally:
        world.let_pass(days=-2)
    row = world.read(lambda work: work.session.exec(select(AccountRole).where(AccountRole.id == grant)).one())
    assert (row.ended_at is not None, row.end_reason) == (True, "授权到期")
    assert account_row(world, account.account_id).state is AccountState.ACTIVE
    assert check_list(world.door).problems == ()


def test_demo_accounts_lie_unused(world: World) -> None:
    row = world.read(lambda work: work.session.exec(select(Account).where(Account.login == "huamu02")).one())
    set_back(world, "huamu02", password_changed_at=row.password_changed_at - timedelta(days=200))
    end_all_aged(world.door)
    assert account_row(world, row.id).state is AccountState.ACTIVE


def test_the_last_administrator_is_told_of_and_helped_at_the_host(own: World) -> None:
    account = made(own, unit="CB310000")
    granted(own, account.account_id, Role.AUDITOR, ScopeKind.CITY, "")

    def alone(work: Work) -> None:
        other = work.session.exec(select(Account).where(Account.login == "shenji01")).one()
        other.state = AccountState.DISABLED
        work.add(other)

    own.act(alone)
    made_at = account_row(own, account.account_id).password_changed_at
    set_back(own, account.login, password_changed_at=made_at - timedelta(days=100), one_time_until=None)
    end_all_aged(own.door)
    assert account_row(own, account.account_id).state is AccountState.ACTIVE
    assert alarms(own, "ACL.LAST_ADMIN", str(account.account_id)) == 1
    given = own.door.perform(help_administrator, SYSTEM, account.login)
    assert account_row(own, account.account_id).one_time_until is not None
    assert given.password not in str(events(own, "AUTH.PWD"))
    assert alarms(own, "ACL.ADMIN_RESET", str(account.account_id)) == 1
    with pytest.raises(NotFound):
        own.door.perform(help_administrator, SYSTEM, "huamu01")
