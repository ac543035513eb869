"""20,000 practitioners in one workbook: read, judged with answers of police and blacklist after 50 ms each, committed (row 42).

The worker is a process of its own, as in the product; its peak memory is what the system says of that process. This
process is the web's: it hosts the simulators, and a loop in it looks every 10 ms how late it is.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import openpyxl
from python_calamine import CalamineWorkbook

from models.practitioner_codes import SessionState
from services.engine.listings import Line
from services.imports.commit_run import commit_session
from services.imports.listings import view_session
from services.imports.uploads import UploadTable, upload_table
from tests.bench.ground import ENGINES, HOME, Ground, world_at
from tests.bench.measure import Figure, percentile, spent_with_server, timed, told
from tests.people_made import person, table
from tests.services.imports.desk import KIND, Desk
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
ROWS = 20_000
#: What is measured beside us; no part of the product and of nothing that is tested.
RIVAL = ("django-import-export==4.4.3", "tablib[xlsx]==3.10.0")
#: Every so-manieth row has a fault.
FAULT_EVERY = 50
LATENCY_MS = 50
MOST_SECONDS, MOST_MEMORY_MB, MOST_LAG = 60.0, 400, 0.05
#: How much more of a processor a session may need than the rival, which keeps everything in clear and asks nobody.
MOST_OF_RIVAL = 1.2
_RIVAL_NAME = "django-import-export with the same field checks, in clear, asking nobody"
_TICK = 0.01


class Asker(Protocol):
    """A desk that asks in the name of a firm."""

    def ask(self, query: Any, order: Any) -> Any: ...


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    content = large_table()
    baselines = {
        "openpyxl, bare read": timed(lambda: _by_openpyxl(content)),
        "calamine, bare read": timed(
            lambda: CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        ),
    }
    figures: list[Figure] = []
    baselines[_RIVAL_NAME], rival = _by_django(content)
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, latency_ms=LATENCY_MS, houses=False) as world:
            figures += _measure(engine, url, world, content, baselines, rival)
    return figures


def large_table() -> bytes:
    """The workbook; one row in fifty has a phone number that is none."""
    return table(person(n, **({"手机号": "123"} if n % FAULT_EVERY == 0 else {})) for n in range(ROWS))


def _by_openpyxl(content: bytes) -> None:
    sheet = openpyxl.load_workbook(BytesIO(content), read_only=True).worksheets[0]
    for _ in sheet.iter_rows(values_only=True):
        pass


def _by_django(content: bytes) -> tuple[float, float]:
    """Seconds, elapsed and computed, from the file to the rival's commit on SQLite; missing packages are fetched."""
    packages = HOME / "django"
    if not (packages / "import_export").is_dir():
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", str(packages), *RIVAL], check=True)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "people.xlsx"
        table.write_bytes(content)
        order = [sys.executable, str(Path(__file__).with_name("django_rival.py")), str(table), f"{folder}/rival.db"]
        paths = {**os.environ, "PYTHONPATH": f"{packages}:{ROOT}"}
        said = subprocess.run(order, env=paths, capture_output=True, text=True, check=True).stdout
    found = json.loads(said.splitlines()[-1])
    assert (found["rows"], found["bad"]) == (ROWS - ROWS // FAULT_EVERY, ROWS // FAULT_EVERY), found
    return float(found["seconds"]), float(found["computed"])


def _measure(
    engine: str, url: str, world: World, content: bytes, baselines: dict[str, float], rival: float
) -> list[Figure]:
    desk, clock = Desk(world).found(), spent_with_server(url)
    with worker(url, world) as end, _loop() as lags:
        started, before = time.perf_counter(), clock()
        session_id: UUID = desk.do(upload_table, UploadTable(KIND, "人员.xlsx", content)).id
        view = wait_for(desk, session_id, lambda one: one.state is SessionState.READY)
        read = time.perf_counter() - started
        faults = ROWS // FAULT_EVERY
        assert (view.total, view.good, view.bad) == (ROWS, ROWS - faults, faults), view
        desk.do(commit_session, session_id)
        view = wait_for(desk, session_id, lambda one: one.state is SessionState.READY and one.committed > 0)
        seconds = time.perf_counter() - started
        assert (view.committed, view.bad) == (ROWS - faults, faults), view
        served = clock() - before
        peak = end()
    bare = ", ".join(f"{name} {took:.1f} s" for name, took in baselines.items())
    return [
        told(
            Figure(
                f"{ROWS:,} rows read, judged and committed as drafts, {engine}",
                f"{seconds:.1f} s (until the report {read:.1f} s; the worker computed {peak['cpu']:.1f} s)",
                bare,
                f"{seconds / baselines['openpyxl, bare read']:.1f}x openpyxl",
                f"< {MOST_SECONDS:.0f} s",
                seconds < MOST_SECONDS,
            )
        ),
        told(
            Figure(
                f"the same, processor time, {engine}",
                f"{peak['cpu']:.1f} s of the worker",
                f"the rival {rival:.1f} s; web, simulators and server {served:.1f} s",
                f"{peak['cpu'] / rival:.2f}x",
                f"<= {MOST_OF_RIVAL}x",
                peak["cpu"] <= MOST_OF_RIVAL * rival,
            )
        ),
        told(
            Figure(
                f"peak memory of the worker, {engine}",
                f"{peak['peak']:.0f} MB (before the first row {peak['idle']:.0f} MB)",
                target=f"< {MOST_MEMORY_MB} MB",
                met=peak["peak"] < MOST_MEMORY_MB,
            )
        ),
        told(
            Figure(
                f"lag of the web's event loop meanwhile, {engine}",
                f"p99 {percentile(lags, 0.99) * 1000:.0f} ms, most {max(lags) * 1000:.0f} ms of {len(lags):,}",
                target=f"< {MOST_LAG * 1000:.0f} ms",
                met=max(lags) < MOST_LAG,
            )
        ),
    ]


def wait_for(desk: Asker, session_id: UUID, over: Callable[[Line], bool], *, every: float = 1) -> Line:
    """As the page does: ask once a second."""
    while True:
        view: Line = desk.ask(view_session, session_id)
        if over(view):
            return view
        assert view.state in (SessionState.READING, SessionState.READY, SessionState.COMMITTING), view
        time.sleep(every)


@contextmanager
def worker(url: str, world: World) -> Iterator[Callable[[], dict[str, float]]]:
    """A worker that goes round until it is told to end; then it says how much memory it took, in MB."""
    command = [sys.executable, "-m", "tests.bench.imports_worker", url, json.dumps(world.simulators.urls())]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline().strip() == "ready"

    def ended() -> dict[str, float]:
        said, _ = process.communicate("end\n")
        found: dict[str, float] = json.loads(said)
        return found

    try:
        yield ended
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@contextmanager
def _loop() -> Iterator[list[float]]:
    """An event loop beside everything this process does, and by how much each of its ticks came late."""
    lags: list[float] = []
    over = threading.Event()

    async def tick() -> None:
        while not over.is_set():
            before = time.perf_counter()
            await asyncio.sleep(_TICK)
            lags.append(time.perf_counter() - before - _TICK)

    thread = threading.Thread(target=lambda: asyncio.run(tick()), daemon=True)
    thread.start()
    try:
        yield lags
    finally:
        over.set()
        thread.join()
