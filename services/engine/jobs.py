"""Jobs: declared once, run by whichever worker holds the lease (architecture 7)."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from threading import Event, Thread, get_ident
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from models.access import Role
from models.dialect import locked
from models.engine import JobLease
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI, Clock
from services.engine.door import Door
from services.engine.refusals import Conflict, Refusal, Unavailable
from services.engine.registry import Action, action
from services.engine.work import Work

log = logging.getLogger("shenfang.jobs")
Order = TypeVar("Order")
Value = TypeVar("Value")
#: How often a job begins again at once where a row was found changed.
_TRIES = 5
#: Seconds a dead worker is waited for, and those after which a living one renews its lease.
LEASE, RENEWED = 30, 8.0
#: A job that finds nothing due takes no lease for so long; then it is run all the same, which shows that it is alive.
_RESTS = timedelta(seconds=30)
_PROCESS = uuid4().hex


def this_holder() -> str:
    """The holder of leases that this thread is.

    A worker makes up for missed days in one thread while another keeps the times: both would do the same job at once.
    """
    return f"{_PROCESS}-{get_ident()}"


@dataclass(frozen=True)
class Job:
    """`every` seconds, or once a day `at` HH:MM in Shanghai; `due` reads what there is to do, empty for nothing."""

    name: str
    label: str
    run: Callable[[Door], int | None]
    every: int = 0
    at: str = ""
    due: Callable[[Work], Any] | None = None


JOBS: dict[str, Job] = {}


def job(
    name: str, label: str, *, every: int = 0, at: str = "", due: Callable[[Work], Any] | None = None
) -> Callable[[Callable[[Door], int | None]], Callable[[Door], int | None]]:
    """Register a job; it acts through the door."""

    def register(run: Callable[[Door], int | None]) -> Callable[[Door], int | None]:
        JOBS[name] = Job(name, label, run, every, at, due)
        return run

    return register


def persist(door: Door, act: Action[Order, Value], order: Order) -> Value:
    """Perform the system's own act over many rows; a row found changed is locked by that, and the others go on at once."""
    for _ in range(_TRIES - 1):
        try:
            return door.perform(act, SYSTEM, order)
        except Conflict as conflict:
            log.warning("%s begins again: %s", act.name, conflict.message)
    return door.perform(act, SYSTEM, order)


def performed(
    name: str, label: str, act: Action[Any, Any], order: Any = None, *, every: int = 0, at: str = ""
) -> Callable[[Door], int | None]:
    """Register a job that performs an action once; its result is a number, or does not count."""

    def run(door: Door) -> int | None:
        done = door.perform(act, SYSTEM, order)
        return done if isinstance(done, int) else None

    return job(name, label, every=every, at=at)(run)


def repeated(
    name: str,
    label: str,
    act: Action[Any, int],
    order: Any = None,
    *,
    every: int = 0,
    at: str = "",
    due: Callable[[Work], bool] | None = None,
) -> Callable[[Door], int]:
    """Register a job that performs an action again and again until it finds nothing left to do.

    With `due`, it is looked first whether there is anything: a job of every few seconds then opens no transaction to write.
    """

    def run(door: Door) -> int:
        total = 0
        while (due is None or door.look(SYSTEM, due)) and (done := persist(door, act, order)):
            total += done
        return total

    job(name, label, every=every, at=at, due=due)(run)
    return run


def together_or_apart(
    messages: Sequence[Value], take: Callable[[Sequence[Value]], Any], keep: Callable[[Value, str], Any]
) -> None:
    """Take messages of a feed in together; where that fails, one after another, so that one of them stops no other.

    `keep` gets a message that fails by itself, and why. A database that is away fails for all of them.
    """
    try:
        take(messages)
    except Unavailable:
        raise
    except Exception as problem:
        log.warning("%d messages are taken in one by one: %s", len(messages), type(problem).__name__)
        for one in messages:
            try:
                take((one,))
            except Unavailable:
                raise
            except Exception as failure:
                log.exception("a message of a feed could not be taken in")
                keep(one, failure.message if isinstance(failure, Refusal) else type(failure).__name__)


def one_by_one(
    name: str,
    label: str,
    act: Action[Order, Any],
    due: Callable[[Work], Iterable[Order]],
    *,
    every: int = 0,
    at: str = "",
) -> Callable[[Door], int | None]:
    """Register a job that performs an action on each order that is due; one that is refused stops no other.

    Nor does one that fails; the job fails after the others.
    """

    def run(door: Door) -> int:
        done, failure = 0, None
        for order in door.look(SYSTEM, due):
            try:
                done += door.perform(act, SYSTEM, order) is not False
            except Refusal as refusal:
                log.warning("%s of %s was refused: %s", act.name, order, type(refusal).__name__)
            except Exception as problem:
                log.exception("%s of %s failed", act.name, order)
                failure = problem
        if failure is not None:
            raise failure
        return done

    return job(name, label, every=every, at=at, due=lambda work: any(True for _ in due(work)))(run)


@dataclass(frozen=True)
class TakeLease:
    """`day` is the business day a daily job is run for; a day it was run for already is refused."""

    job: str
    seconds: int
    holder: str
    day: date | None = None


@action("jobs.take", "领取任务", roles={Role.SYSTEM}, event="")
def take_lease(work: Work, order: TakeLease) -> bool:
    """True when this worker may run the job now."""
    row = work.session.exec(locked(work.session, select(JobLease).where(JobLease.job == order.job))).first()
    if row is None:
        row = JobLease(job=order.job, holder="", until=work.at)
    if order.day is not None and row.day is not None and row.day >= order.day:
        return False
    if row.until > work.at and row.holder not in {"", order.holder}:
        return False
    row.holder, row.until, row.last_run_at = order.holder, work.at + timedelta(seconds=order.seconds), work.at
    work.add(row)
    return True


@action("jobs.renew", "续占任务", roles={Role.SYSTEM}, event="")
def renew_lease(work: Work, order: TakeLease) -> bool:
    """Prolong the lease of a worker at its job; False when the lease is another's by now."""
    row = _held(work, order.job, order.holder)
    if row is not None:
        row.until = work.at + timedelta(seconds=order.seconds)
        work.add(row)
    return row is not None


def _held(work: Work, name: str, holder: str) -> JobLease | None:
    held = select(JobLease).where(JobLease.job == name, JobLease.holder == holder)
    row: JobLease | None = work.session.exec(locked(work.session, held)).first()
    return row


@dataclass(frozen=True)
class GiveBack:
    job: str
    holder: str
    result: str
    day: date | None = None


@action("jobs.give_back", "归还任务", roles={Role.SYSTEM}, event="")
def give_back(work: Work, order: GiveBack) -> None:
    row = _held(work, order.job, order.holder)
    if row is not None:
        row.until, row.last_result, row.holder = work.at, order.result[:200], ""
        row.day = order.day or row.day
        work.add(row)
        if order.result not in {"ok", "ok 0"}:
            work.trail.tell("JOB.RUN", order.job, reason=order.result[:60])


@contextmanager
def _renewed(door: Door, lease: TakeLease) -> Iterator[None]:
    """Renew a job's lease while the job runs, so that the lease outlasts a long run and ends soon after a kill."""
    over = Event()

    def renew() -> None:
        while not over.wait(RENEWED):
            try:
                if not door.perform(renew_lease, SYSTEM, lease):
                    return
            except (Refusal, SQLAlchemyError) as problem:
                log.info("the lease of %s was not renewed: %s", lease.job, type(problem).__name__)

    thread = Thread(target=renew, name=f"lease {lease.job}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def run_job(door: Door, name: str, *, holder: str = "", seconds: int = LEASE, day: date | None = None) -> bool:
    """Run a job unless another worker does; a failure is logged and raises an alarm, never an exception."""
    if door.write_stop.active and not name.startswith("audit."):
        return False
    holder = holder or this_holder()
    lease = TakeLease(name, seconds, holder, day)
    if not door.perform(take_lease, SYSTEM, lease):
        return False
    result = "ok"
    try:
        with _renewed(door, lease):
            done = JOBS[name].run(door)
        result = f"ok {done}" if done is not None else "ok"
    except Refusal as refusal:
        result = refusal.message
    except Exception:
        log.exception("job %s failed", name)
        result = "failed"
    door.perform(give_back, SYSTEM, GiveBack(name, holder, result, day))
    return True


def poll_job(door: Door, name: str) -> bool:
    """Run a job of every few seconds, unless it was run a moment ago and there is nothing to do: then nothing is written."""
    due = JOBS[name].due
    return (due is None or door.look(SYSTEM, lambda work: _is_wanted(work, name, due))) and run_job(door, name)


def _is_wanted(work: Work, name: str, due: Callable[[Work], Any]) -> bool:
    last = work.first(JobLease.last_run_at, JobLease.job == name)
    return last is None or work.at - last >= _RESTS or bool(due(work))


# Daily jobs

#: A clock that is moved further runs the jobs of the last days only.
MOST_DAYS = 366


def run_due(door: Door, names: Iterable[str] = ()) -> int:
    """Run daily jobs for every business day that came since their last, in the order of days and times.

    `names` are some of them only. For a past day the job's clock shows the job's time of that day.
    """
    daily = [JOBS[name] for name in names] or [job for job in JOBS.values() if job.at]
    now = door.clock.now().astimezone(SHANGHAI)
    done = door.look(SYSTEM, _days_done)
    if unknown := [job.name for job in daily if job.name not in done]:
        done |= door.perform(begin_days, SYSTEM, BeginDays(tuple(unknown), now.date() - timedelta(days=1)))
    due = sorted((day, job.at, job.name) for job in daily for day in _due(done[job.name], job, now))
    for day, at, name in due:
        there = door
        if day < now.date():
            clock = Clock()
            clock.stand_at(datetime.combine(day, time.fromisoformat(at), SHANGHAI))
            there = Door(replace(door.house, clock=clock))
            # What this process knows of the whole house is not asked for again with each job of each day.
            there.write_stop, there.locked = door.write_stop, door.locked
        run_job(there, name, day=day)
    return len(due)


@dataclass(frozen=True)
class BeginDays:
    names: tuple[str, ...]
    day: date


@action("jobs.begin", "登记每日任务", roles={Role.SYSTEM}, event="")
def begin_days(work: Work, order: BeginDays) -> dict[str, date]:
    """Count the days of daily jobs from here: up to `day` they need not be run."""
    for name in order.names:
        row = work.first(JobLease, JobLease.job == name)
        row = row or JobLease(job=name, holder="", until=work.at)
        row.day = row.day or order.day
        work.add(row)
    return dict.fromkeys(order.names, order.day)


def _days_done(work: Work) -> dict[str, date]:
    return {row.job: row.day for row in work.rows(JobLease) if row.day is not None}


def _due(last: date, job: Job, now: datetime) -> list[date]:
    """Return the business days that came since the last one a job was run for."""
    end = now.date() if f"{now:%H:%M}" >= job.at else now.date() - timedelta(days=1)
    begin = max(last + timedelta(days=1), end - timedelta(days=MOST_DAYS - 1))
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]


def run_again_from(work: Work, day: date) -> None:
    """Have the daily jobs run again from a business day the clock was put back to."""
    for row in work.rows(JobLease, col(JobLease.day) >= day):
        row.day = day - timedelta(days=1)
        work.add(row)
