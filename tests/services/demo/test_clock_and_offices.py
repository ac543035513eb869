"""The demo's offices come once, and its clock is moved by the city only and never in production (decision 30)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func
from sqlmodel import select

from deploy.demo.offices import load_offices, people_who_join
from models.access import Account
from services.access.own_account import demo_accounts
from services.demo.clock import follow_clock, move_clock
from services.engine.callers import SYSTEM
from services.engine.clock import Clock, system_now
from services.engine.door import Door
from services.engine.refusals import NotAllowed, Rejected
from tests.world import World


@pytest.fixture
def movable(world: World) -> Iterator[None]:
    yield
    world.door.clock.shift = timedelta()


def move(world: World, day: date | None, login: str = "shi01") -> None:
    world.door.perform(move_clock, world.caller(login), day)


def test_offices_and_accounts_are_loaded_once(world: World) -> None:
    assert world.door.perform(load_offices, SYSTEM, None) == 0
    counted = world.read(lambda work: work.session.exec(select(func.count()).select_from(Account)).one())
    assert counted == len(people_who_join("offices"))


def test_the_sign_in_page_is_told_every_demo_account_with_its_role(world: World) -> None:
    lines = world.door.ask(demo_accounts, SYSTEM, None)
    assert {line.login for line in lines} == {person.login for person in people_who_join("offices")}
    assert all(line.roles and line.unit for line in lines)


def test_the_business_day_is_moved_and_every_process_follows(world: World, movable: None) -> None:
    other = Door(replace(world.door.house, clock=Clock()))
    move(world, date(2027, 2, 28))
    follow_clock(world.door)
    follow_clock(other)
    assert (world.door.clock.today(), other.clock.today()) == (date(2027, 2, 28), date(2027, 2, 28))
    move(world, None)
    follow_clock(other)
    assert abs(other.clock.now() - system_now()) < timedelta(seconds=2)


def test_the_systems_own_clock_never_moves(world: World, movable: None) -> None:
    move(world, date(2030, 1, 1))
    follow_clock(world.door)
    at = world.read(lambda work: work.at)
    assert abs(at - system_now()) < timedelta(minutes=1)
    move(world, None)


def test_production_moves_no_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.door.house, "demo", False)
    with pytest.raises(NotAllowed, match="正式环境不能调整日期"):
        move(world, date(2027, 1, 1))


def test_only_the_city_moves_the_clock(world: World, movable: None) -> None:
    with pytest.raises(NotAllowed):
        move(world, date(2027, 1, 1), "huamu01")


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(9999, 12, 31)])
def test_a_day_out_of_reach_is_refused(world: World, movable: None, day: date) -> None:
    with pytest.raises(Rejected, match="请选择2020年至2099年之间的日期"):
        move(world, day)
