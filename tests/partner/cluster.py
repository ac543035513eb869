"""The product as its real processes on one database: web processes and a worker that may be killed and started again."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser import Server, end, free_port, wait_until_healthy
from tests.ready import Started, start


@dataclass
class Cluster:
    """`webs` answer on addresses of their own; `kill_worker` ends the worker as a power cut would."""

    environment: dict[str, str]
    folder: Path
    webs: list[Server] = field(default_factory=list)
    worker: Started | None = None
    kills: int = 0

    def start_web(self) -> Server:
        """One more web process; returns when it answers."""
        port = free_port()
        log = self.folder / f"web-{len(self.webs)}.log"
        process = self._start(["web"], log, PORT=str(port))
        server = Server(f"http://127.0.0.1:{port}", process, log)
        self.webs.append(server)
        wait_until_healthy(server, seconds=180)
        return server

    def start_worker(self) -> None:
        self.worker = self._start(["worker"], self.folder / "worker.log")

    def kill_worker(self) -> None:
        """No goodbye: whatever it was doing stays as it is; then a new one starts."""
        if self.worker is not None:
            self.worker.send_signal(signal.SIGKILL)
            self.worker.wait()
        self.kills += 1
        self.start_worker()

    def stop(self) -> None:
        for process in (*([self.worker] if self.worker else []), *(web.process for web in self.webs)):
            end(process)

    def tail(self) -> str:
        """The last lines of every process, for a failing drill."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(
            f"== {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:]) for log in logs
        )

    def _start(self, part: list[str], log: Path, **settings: str) -> Started:
        with log.open("ab") as output:
            return start("main.py", *part, env=self.environment | settings, output=output)


@contextmanager
def running_cluster(
    database_url: str, folder: Path, key_folder: Path, system_urls: dict[str, str], *, webs: int
) -> Iterator[Cluster]:
    """`webs` web processes and one worker over a prepared database, in test mode: the business clock may be moved."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("NICEGUI_", "PYTEST_", "COVERAGE_"))
    }
    environment |= {
        "MODE": "test",
        # What a drill needs is there; the demo beside it would cost each night of its month.
        "DEMO_DATA": "false",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder),
        "KEY_DIR": str(key_folder),
        "SYSTEM_URLS": json.dumps(system_urls),
        "PYTHONUNBUFFERED": "1",
    }
    cluster = Cluster(environment, folder)
    try:
        for _ in range(webs):
            cluster.start_web()
        cluster.start_worker()
        yield cluster
    finally:
        with suppress(ProcessLookupError):
            cluster.stop()
