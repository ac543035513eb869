"""The worker process beside the web process, and its supervisor."""

import json
import os
import subprocess
import sys

from deploy import launch
from deploy.settings import Settings


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
