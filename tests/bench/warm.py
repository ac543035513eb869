"""A warm start to /healthz and the memory of idle processes, beside importing NiceGUI and SQLModel alone (issue 20).

`main.py web` and `main.py worker` over a prepared database, the outside systems in this process. Processor time until the
first healthy answer is the process's own, threads and ended children included; memory is what the kernel counts (`VmRSS`).
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from integrations.simulators import Simulators
from tests.bench.ground import ENGINES, HOME, ROOT, Ground
from tests.bench.measure import Figure, free_port, told
from tests.bench.sampler import program
from tests.world import DATA

ROUNDS, MOST = 3, 3.0
WEB_MB, WORKER_MB = 250, 150
_PATIENCE, _IDLE = 180.0, 8.0


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    simulators = Simulators(mode="test")
    simulators.start(DATA)
    try:
        for engine in [arguments.engine] if arguments.engine else ENGINES:
            with ground.passing(engine) as url, TemporaryDirectory() as folder:
                figures += _measure(engine, _environment(url, folder, simulators.urls()))
    finally:
        simulators.stop()
    return figures


def _environment(url: str, folder: str, systems: Mapping[str, str]) -> dict[str, str]:
    own = {"MODE": "demo", "DEMO_DATA": "false", "DATA_DIR": folder, "DATABASE_URL": url, "PORT": str(free_port())}
    # Compiled files are written, as every start after the first finds them.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **own, "SYSTEM_URLS": json.dumps(dict(systems))}


def _measure(engine: str, environment: dict[str, str]) -> Iterator[Figure]:
    with _running("web", environment) as process:
        _healthy(process, environment)
    imported, started, elapsed, web = [], [], [], 0.0
    for _ in range(ROUNDS):
        imported.append(_imports())
        began = time.perf_counter()
        with _running("web", environment) as process:
            started.append(_healthy(process, environment))
            elapsed.append(time.perf_counter() - began)
            time.sleep(_IDLE)
            web = _memory(process)
    own, bare = statistics.median(started), statistics.median(imported)
    yield told(
        Figure(
            f"warm start to /healthz, {engine}",
            f"{own:.2f} s computed, {statistics.median(elapsed):.1f} s elapsed",
            f"importing NiceGUI and SQLModel {bare:.2f} s",
            f"{own / bare:.2f}x",
            f"<= {MOST}x",
            own <= MOST * bare,
        )
    )
    with _running("worker", environment) as process:
        time.sleep(2 * _IDLE)
        worker = _memory(process)
    for name, found, most in (("web without pages", web, WEB_MB), ("worker, idle", worker, WORKER_MB)):
        yield told(Figure(f"memory: {name}, {engine}", f"{found:.0f} MB", target=f"<= {most} MB", met=found <= most))


@contextmanager
def _running(part: str, environment: Mapping[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    with (HOME / "warm.log").open("wb") as log:
        process = subprocess.Popen(program(part, "main.py", part), cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def _healthy(process: "subprocess.Popen[bytes]", environment: Mapping[str, str]) -> float:
    """Wait for the first healthy answer; the processor seconds until then."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            if httpx.get(f"http://127.0.0.1:{environment['PORT']}/healthz", timeout=5).is_success:
                return _spent(process)
        except httpx.HTTPError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit((HOME / "warm.log").read_text(encoding="utf-8"))
        time.sleep(0.05)


def _spent(process: "subprocess.Popen[bytes]") -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _memory(process: "subprocess.Popen[bytes]") -> float:
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _imports() -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import nicegui, sqlmodel"], check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
