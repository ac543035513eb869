"""When the processes do something by themselves: jobs at their times, calls that repeat (security.md 0.7)."""

from collections.abc import Callable

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.jobs import JOBS, run_due, run_job


class Schedule:
    """A scheduler that keeps its jobs in memory; a time that was missed is made up for once, however often it passed."""

    def __init__(self) -> None:
        self.scheduler = BackgroundScheduler(
            timezone=SHANGHAI,
            jobstores={"default": MemoryJobStore()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def repeat(self, seconds: float, call: Callable[[], object]) -> None:
        """Call something every few seconds; a failure is logged and tried again."""
        self.scheduler.add_job(call, IntervalTrigger(seconds=seconds, timezone=SHANGHAI))

    def add_jobs(self, door: Door) -> None:
        """Schedule every declared job: daily jobs at their time in Shanghai, the others at their interval."""
        for job in JOBS.values():
            if job.at:
                hour, minute = job.at.split(":")
                trigger = CronTrigger(hour=hour, minute=minute, timezone=SHANGHAI)
                self.scheduler.add_job(run_due, trigger, (door, [job.name]), id=f"{job.name} daily")
            if job.every:
                every = IntervalTrigger(seconds=job.every, timezone=SHANGHAI)
                self.scheduler.add_job(run_job, every, (door, job.name), id=job.name)

    def start(self) -> None:
        self.scheduler.start()

    def stop(self) -> None:
        """Start nothing more; what runs is not waited for, its lease ends by itself."""
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
