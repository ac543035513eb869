"""Processes beside the web process: repeated calls in a thread, and the worker process with its supervisor."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable

from deploy import launch
from deploy.settings import Settings

log = logging.getLogger("shenfang")


class Every:
    """Calls something every few seconds in a thread of its own; a failure is logged and tried again."""

    def __init__(self, seconds: float, call: Callable[[], object]) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(seconds, call), daemon=True)
        self._thread.start()

    def _run(self, seconds: float, call: Callable[[], object]) -> None:
        while not self._over.wait(seconds):
            try:
                call()
            except Exception:
                log.exception("a repeated call failed")

    def stop(self) -> None:
        self._over.set()
        self._thread.join(5)


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
        self._keeper: Every | None = None

    def start(self) -> None:
        self._keep()
        self._keeper = Every(2.0, self._keep)

    def _keep(self) -> None:
        if self.process is None or self.process.poll() is not None:
            start = launch.command_again() or [sys.executable, str(launch.ROOT / "main.py")]
            command = [*start, "worker", "--with-parent"]
            self.process = subprocess.Popen(command, env=self.environment, stdin=subprocess.PIPE)

    def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.stop()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
