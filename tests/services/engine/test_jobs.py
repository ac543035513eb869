"""A job runs on one worker at a time, and a failure in one never stops the worker (architecture 7)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Semaphore
from time import monotonic
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from models.access import Role
from models.engine import JobLease
from services.engine import jobs
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.jobs import (
    JOBS,
    GiveBack,
    TakeLease,
    give_back,
    job,
    one_by_one,
    poll_job,
    renew_lease,
    run_job,
    take_lease,
)
from services.engine.refusals import Rejected
from services.engine.registry import Action
from services.engine.work import Work
from tests.world import World, at_once

pytestmark = pytest.mark.both_engines


@pytest.fixture
def name() -> Iterator[str]:
    made = f"test.{uuid4().hex}"
    yield made
    JOBS.pop(made, None)


def last_result(world: World, name: str) -> str:
    found: str = world.read(
        lambda work: work.session.exec(select(JobLease.last_result).where(JobLease.job == name)).one()
    )
    return found


def test_two_workers_and_one_of_them_runs_the_job(world: World, name: str) -> None:
    def take(holder: str) -> Callable[[], bool]:
        return lambda: world.door.perform(take_lease, SYSTEM, TakeLease(name, 300, holder))

    taken = at_once([take(holder) for holder in "abcd"])
    assert sorted(taken) == [False, False, False, True]


def test_of_two_threads_of_a_worker_one_runs_the_job(world: World, name: str) -> None:
    """One makes up for missed days while the other keeps the times, and each would write the same backup."""
    runs, refused = [], Semaphore(0)

    def run(door: object) -> None:
        runs.append(1)
        for _ in range(3):
            assert refused.acquire(timeout=20)

    def attempt() -> bool:
        done = run_job(world.door, name)
        if not done:
            refused.release()
        return done

    job(name, "同", at="00:10")(run)
    assert sorted(at_once([attempt] * 4)) == [False, False, False, True]
    assert runs == [1]


def test_a_job_given_back_is_free_for_the_next(world: World, name: str) -> None:
    assert world.door.perform(take_lease, SYSTEM, TakeLease(name, 300, "a"))
    assert not world.door.perform(take_lease, SYSTEM, TakeLease(name, 300, "b"))
    world.door.perform(give_back, SYSTEM, GiveBack(name, "a", "ok"))
    assert world.door.perform(take_lease, SYSTEM, TakeLease(name, 300, "b"))


def test_the_lease_of_a_dead_worker_runs_out(world: World, name: str) -> None:
    assert world.door.perform(take_lease, SYSTEM, TakeLease(name, 0, "a"))
    assert world.door.perform(take_lease, SYSTEM, TakeLease(name, 300, "b"))


def test_whoever_lost_his_lease_gives_nothing_back(world: World, name: str) -> None:
    world.door.perform(take_lease, SYSTEM, TakeLease(name, 0, "a"))
    world.door.perform(take_lease, SYSTEM, TakeLease(name, 300, "b"))
    world.door.perform(give_back, SYSTEM, GiveBack(name, "a", "ok"))
    assert not world.door.perform(take_lease, SYSTEM, TakeLease(name, 300, "c"))


def test_what_a_job_did_is_kept(world: World, name: str) -> None:
    job(name, "试", every=5)(lambda door: 7)
    assert run_job(world.door, name)
    assert last_result(world, name) == "ok 7"


def test_a_job_with_nothing_to_do_writes_nothing_for_half_a_minute(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[str] = []
    runs: list[int] = []
    job(name, "候", every=2, due=lambda work: waiting)(lambda door: runs.append(1))
    assert poll_job(world.door, name)
    assert not poll_job(world.door, name)
    waiting.append("one")
    assert poll_job(world.door, name)
    waiting.clear()
    assert not poll_job(world.door, name)
    monkeypatch.setattr(jobs, "_RESTS", timedelta())
    assert poll_job(world.door, name)
    assert len(runs) == 3


def test_an_order_that_is_due_is_looked_for_before_the_lease(world: World, name: str) -> None:
    waiting: list[int] = []
    act: Action[int, bool] = Action(name, "一件", frozenset({Role.SYSTEM}), lambda work, order: bool(waiting.pop()))
    one_by_one(name, "逐件", act, lambda work: (one for one in waiting), every=20)
    assert poll_job(world.door, name)
    assert not poll_job(world.door, name)
    waiting.append(1)
    assert poll_job(world.door, name)
    assert (waiting, last_result(world, name)) == ([], "ok 1")


def test_a_job_that_breaks_is_told_and_free_again(world: World, name: str) -> None:
    def broken(door: object) -> int:
        raise ZeroDivisionError

    job(name, "坏", every=5)(broken)
    assert run_job(world.door, name)
    assert last_result(world, name) == "failed"
    assert run_job(world.door, name)


def test_a_job_that_is_refused_says_why(world: World, name: str) -> None:
    def refused(door: object) -> int:
        raise Rejected("今日不办")

    job(name, "拒", every=5)(refused)
    run_job(world.door, name)
    assert last_result(world, name) == "今日不办"


def test_a_job_that_runs_long_keeps_its_lease_and_a_killed_one_does_not(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "RENEWED", 0.05)

    def until() -> datetime:
        return world.read(lambda work: work.session.exec(select(JobLease.until).where(JobLease.job == name)).one())  # type: ignore[no-any-return]

    def look(door: object) -> int:
        taken = until()
        assert taken - system_now() <= timedelta(seconds=30)
        ends = monotonic() + 20
        while monotonic() < ends:
            if until() > taken:
                return 1
        return 0

    job(name, "长", every=5)(look)
    assert run_job(world.door, name)
    assert last_result(world, name) == "ok 1"
    assert not world.door.perform(renew_lease, SYSTEM, TakeLease(name, 30, "killed"))


def test_a_record_that_is_refused_stops_none_of_the_others(world: World, name: str) -> None:
    first, refused, last = uuid4(), uuid4(), uuid4()
    done: list[UUID] = []

    def take_on(work: Work, row_id: UUID) -> None:
        if row_id == refused:
            raise Rejected("不能办理")
        done.append(row_id)

    one_by_one(
        name,
        "逐件办理",
        Action("test.take_on", "办理", frozenset({Role.SYSTEM}), take_on),
        lambda work: (first, refused, last),
        every=20,
    )
    assert JOBS[name].run(world.door) == 2
    assert done == [first, last]
