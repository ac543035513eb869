"""The worker process beside the web process, and what processes do by themselves: jobs, calls that repeat (security.md 0.7)."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from deploy import launch
from deploy.settings import Settings
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.jobs import JOBS, poll_job, run_due


class Worker:
    """The worker process beside the web process: started again when it dies, gone when the web process is."""

    def __init__(self, settings: Settings, urls: dict[str, str], crypto: dict[str, str]) -> None:
        self.environment = {
            **os.environ,
            **crypto,
            "MODE": settings.mode,
            "DATA_DIR": str(settings.data_dir.resolve()),
            "DATABASE_URL": settings.database,
            "SYSTEM_URLS": json.dumps(urls),
            "PUBLIC_URL": settings.reachable_at,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def keep(self) -> None:
        """Start the process if it does not run; called every few seconds."""
        if self._stopped:
            return
        if self.process is None or self.process.poll() is not None:
            start = launch.command_again() or [sys.executable, str(launch.ROOT / "main.py")]
            command = [*start, "worker", "--with-parent"]
            self.process = subprocess.Popen(command, env=self.environment, stdin=subprocess.PIPE)

    def stop(self) -> None:
        self._stopped = True
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()


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
                self.scheduler.add_job(poll_job, every, (door, job.name), id=job.name)

    def start(self) -> None:
        self.scheduler.start()

    def stop(self) -> None:
        """Start nothing more; what runs is not waited for, its lease ends by itself."""
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
