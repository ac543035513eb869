"""The product as a process of its own, and a Chromium that looks at it as a clerk does."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

from deploy.setup import find_browser
from deploy.test_memory import SHARED_DEMO
from tests.ready import HOME, Started, start
from tests.scan import Copied, all_sought, pages_of, scan_folder, tell_found

ROOT = Path(__file__).resolve().parent.parent
# A closed network refuses what a browser asks for in the background, many connections at a time.
QUIET = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: Draws in 3D without a graphics card, where a browser by itself may refuse to.
SOFTWARE_GL = [*QUIET, "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@dataclass(frozen=True)
class Server:
    """A running product."""

    url: str
    process: Started | subprocess.Popen[bytes]
    log: Path


@contextmanager
def running_server(
    database_url: str,
    folder: Path,
    *,
    port: int | None = None,
    settings: dict[str, str] | None = None,
    demo: "LoadedDemo | None" = None,
) -> Iterator[Server]:
    """Start `main.py` on a free port with its data in `folder`, wait until it is healthy, and end it afterwards.

    What it left there is looked through (H76); of a copy of the `demo` what is not of the demo.
    """
    port = port or free_port()
    log = folder / "server.log"
    environment = _environment(database_url, folder) | {"PORT": str(port)}
    with log.open("wb") as output:
        process = _started(environment | (settings or {}), output)
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_until_healthy(server)
        yield server
    finally:
        end(process)
        tell_found(folder.name, scan_folder(folder, all_sought(), demo.copied if demo else None))


def _started(environment: dict[str, str], output: IO[bytes]) -> Started | subprocess.Popen[bytes]:
    """Start `main.py`: forked within a run of tests, by itself for scripts, which have no process to fork."""
    if HOME in os.environ:
        return start("main.py", env=environment, output=output)
    return subprocess.Popen(
        [sys.executable, "main.py"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def _environment(database_url: str, folder: Path) -> dict[str, str]:
    outside = {
        name: value for name, value in os.environ.items() if not name.startswith(("NICEGUI_", "PYTEST_", "COVERAGE_"))
    }
    return outside | {"DATABASE_URL": database_url, "DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}


def wait_until_healthy(server: Server, *, seconds: float = 900) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if httpx.get(f"{server.url}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        if server.process.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(server.log.read_text(errors="replace").splitlines()[-40:])
            raise RuntimeError(f"main.py did not become healthy:\n{tail}")
        time.sleep(0.1)


def end(process: Started | subprocess.Popen[bytes]) -> None:
    """Ask the product to end; what is left of its process group after that is killed."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class LoadedDemo:
    """The data folder of an installation with the whole demo, which was loaded once and is copied for each product."""

    folder: Path

    @cached_property
    def copied(self) -> Copied:
        """What a copy has of the demo, which was looked through when it was loaded."""
        return Copied(frozenset(page for path in self.folder.rglob("*") if path.is_file() for page in pages_of(path)))

    def copy_to(self, folder: Path, database: Path) -> None:
        """Give a product that has not started its keys and its database."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        shutil.move(folder / _DATABASE, database)


_DATABASE, _LOADED = "demo.db", "loaded"


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory: pytest.TempPathFactory) -> LoadedDemo:
    """Load the demo in a process of its own: once for all runs that share a folder for it, as those of `make test` do."""
    shared = os.environ.get(SHARED_DEMO)
    whole = Path(shared) if shared else tmp_path_factory.mktemp("demo")
    with (whole / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (whole / _LOADED).exists():
            # Where its many commits wait for no disk (tests/databases.py).
            made = tmp_path_factory.mktemp("loading") / "data"
            _load_demo(made)
            tell_found("the demo", scan_folder(made, all_sought()))
            shutil.rmtree(whole / "data", ignore_errors=True)
            shutil.move(made, whole / "data")
            (whole / _LOADED).touch()
    return LoadedDemo(whole / "data")


def _load_demo(folder: Path) -> None:
    folder.mkdir()
    log = folder.with_suffix(".log")
    with log.open("wb") as output:
        environment = _environment(f"sqlite:///{folder / _DATABASE}", folder)
        ended = start("-m", "tests.first_night", env=environment, output=output).wait()
    told = log.read_text(encoding="utf-8")
    assert (ended, "Traceback" in told) == (0, False), told
    for end in ("-wal", "-shm"):
        assert not (folder / f"{_DATABASE}{end}").exists(), "the database was not closed"


@pytest.fixture(scope="session")
def live_server(loaded_demo: LoadedDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One product for all browser tests of a run, on a database of its own."""
    folder = tmp_path_factory.mktemp("live")
    loaded_demo.copy_to(folder, folder / "shenfang.db")
    with running_server(f"sqlite:///{folder / 'shenfang.db'}", folder, demo=loaded_demo) as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": find_browser(), "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], live_server: Server) -> dict[str, Any]:
    """Every page opens under the live server, so that a test says `page.goto("/login")`."""
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1440, "height": 900},
    }
