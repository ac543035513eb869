"""Daily jobs at their times in Shanghai, once a business day, whatever the demo's clock does (decision 30)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger

from deploy.processes import Schedule
from services.demo.clock import follow_clock, move_clock
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.jobs import JOBS, Job, run_due
from tests.world import World, running_world

EARLY, LATE = "test.early", "test.late"


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    with running_world(database_url, houses=False) as running:
        yield running


@pytest.fixture
def ran(world: World, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, date]]:
    """What ran, with the day its clock said; counted from the real today, whose jobs are done."""
    days: list[tuple[str, date]] = []
    for name, at in ((EARLY, "00:00"), (LATE, "00:01")):

        def run(door: Door, name: str = name) -> None:
            days.append((name, door.clock.today()))

        monkeypatch.setitem(JOBS, name, Job(name, "测试", run, at=at))
    move(world, None)
    due(world)
    days.clear()
    return days


def move(world: World, day: date | None) -> None:
    world.door.perform(move_clock, SYSTEM, day)
    follow_clock(world.door)


def due(world: World) -> int:
    return run_due(world.door, (EARLY, LATE))


def test_every_passed_day_runs_its_jobs_once_in_their_order(world: World, ran: list[tuple[str, date]]) -> None:
    today = world.door.clock.today()
    days = [today + timedelta(days=number) for number in (1, 2, 3)]
    move(world, days[-1])
    assert due(world) == 6
    assert ran == [(name, day) for day in days for name in (EARLY, LATE)]
    assert due(world) == 0
    assert world.door.clock.today() == days[-1]


def test_a_second_worker_runs_nothing_again(world: World, ran: list[tuple[str, date]]) -> None:
    move(world, world.door.clock.today() + timedelta(days=1))
    due(world)
    assert run_due(Door(world.door.house), (EARLY, LATE)) == 0
    assert len(ran) == 2


def test_a_clock_put_back_runs_that_day_again_and_goes_on_from_there(world: World, ran: list[tuple[str, date]]) -> None:
    today = world.door.clock.today()
    move(world, today + timedelta(days=40))
    due(world)
    ran.clear()
    move(world, today + timedelta(days=10))
    due(world)
    assert ran == [(name, today + timedelta(days=10)) for name in (EARLY, LATE)]


def test_a_job_whose_time_has_not_come_waits_for_it(
    world: World, ran: list[tuple[str, date]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = world.door.clock.today() + timedelta(days=1)
    world.door.clock.stand_at(datetime(tomorrow.year, tomorrow.month, tomorrow.day, 12, 0, tzinfo=SHANGHAI))
    monkeypatch.setitem(JOBS, LATE, Job(LATE, "测试", JOBS[LATE].run, at="23:30"))
    assert run_due(world.door, (LATE,)) == 0
    world.let_pass(hours=11, minutes=45)
    assert run_due(world.door, (LATE,)) == 1
    assert ran == [(LATE, tomorrow)]


def test_daily_jobs_are_due_at_their_time_in_shanghai(world: World) -> None:
    schedule = Schedule()
    schedule.add_jobs(world.door)
    trigger = schedule.scheduler.get_job("backup.daily daily").trigger
    assert isinstance(trigger, CronTrigger)
    noon = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
    assert trigger.get_next_fire_time(None, noon) == datetime(2027, 3, 2, 2, 10, tzinfo=SHANGHAI)
    assert len(schedule.scheduler.get_jobs()) == sum(bool(job.at) + bool(job.every) for job in JOBS.values())
