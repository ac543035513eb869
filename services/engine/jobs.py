"""Jobs: declared once, run by whichever worker holds the lease (architecture 7)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlmodel import select

from models.access import Role
from models.dialect import locked
from models.engine import JobLease
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work

log = logging.getLogger("shenfang.jobs")
HOLDER = uuid4().hex


@dataclass(frozen=True)
class Job:
    """`every` seconds, or once a day `at` HH:MM in Shanghai; who died while running it is waited for `lease` seconds."""

    name: str
    label: str
    run: Callable[[Door], int | None]
    every: int = 0
    at: str = ""
    lease: int = 300


JOBS: dict[str, Job] = {}


def job(
    name: str, label: str, *, every: int = 0, at: str = "", lease: int = 300
) -> Callable[[Callable[[Door], int | None]], Callable[[Door], int | None]]:
    """Register a job; it acts through the door."""

    def register(run: Callable[[Door], int | None]) -> Callable[[Door], int | None]:
        JOBS[name] = Job(name, label, run, every, at, lease)
        return run

    return register


@dataclass(frozen=True)
class TakeLease:
    job: str
    seconds: int
    holder: str


@action("jobs.take", "领取任务", roles={Role.SYSTEM}, event="")
def take_lease(work: Work, order: TakeLease) -> bool:
    """True when this worker may run the job now."""
    row = work.session.exec(locked(work.session, select(JobLease).where(JobLease.job == order.job))).first()
    if row is None:
        row = JobLease(job=order.job, holder="", until=work.at)
    if row.until > work.at and row.holder not in {"", order.holder}:
        return False
    row.holder, row.until, row.last_run_at = order.holder, work.at + timedelta(seconds=order.seconds), work.at
    work.add(row)
    return True


@dataclass(frozen=True)
class GiveBack:
    job: str
    holder: str
    result: str


@action("jobs.give_back", "归还任务", roles={Role.SYSTEM}, event="")
def give_back(work: Work, order: GiveBack) -> None:
    row = work.session.exec(
        locked(work.session, select(JobLease).where(JobLease.job == order.job, JobLease.holder == order.holder))
    ).first()
    if row is not None:
        row.until, row.last_result, row.holder = work.at, order.result[:200], ""
        work.add(row)
        if order.result not in {"ok", "ok 0"}:
            work.trail.tell("JOB.RUN", order.job, reason=order.result[:60])


def run_job(door: Door, name: str, *, holder: str = HOLDER, seconds: int | None = None) -> bool:
    """Run a job unless another worker does; a failure is logged and raises an alarm, never an exception."""
    if door.write_stop.active and not name.startswith("audit."):
        return False
    if not door.perform(take_lease, SYSTEM, TakeLease(name, JOBS[name].lease if seconds is None else seconds, holder)):
        return False
    result = "ok"
    try:
        done = JOBS[name].run(door)
        result = f"ok {done}" if done is not None else "ok"
    except Refusal as refusal:
        result = refusal.message
    except Exception:
        log.exception("job %s failed", name)
        result = "failed"
    door.perform(give_back, SYSTEM, GiveBack(name, holder, result))
    return True
