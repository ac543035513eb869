"""Hundreds of signed-in clerks on one web process: click round trips while twenty file and pages load (issue, How fast)."""

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from integrations.simulators import Simulators
from models.dialect import ROOT
from tests.bench.ground import ENGINES, HOME, Ground
from tests.bench.load import pinned
from tests.bench.measure import Figure, free_port, milliseconds, percentile, spread
from tests.world import DATA

COUNTS, LATENCY_MS = (200, 300), 50
PLAN = {"filing": 20, "think": 5.0, "filing_think": 10.0, "pages_a_second": 2.0, "seconds": 30.0}


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        for clerks in COUNTS:
            # A fresh process for each, as after the nightly restart.
            with ground.passing(engine) as url, serving(url, clerks) as (address, tokens, _):
                figures += _figures(engine, clerks, _run(address, tokens, clerks))
    return figures


@contextmanager
def serving(url: str, clerks: int) -> Iterator[tuple[str, Path, int]]:
    """The web process on a core of its own, with its number; the outside systems answer from this process."""
    simulators = Simulators(mode="test", latency_ms=LATENCY_MS)
    simulators.start(DATA)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, (HOME / "clerks_server.log").open("wb") as log:
        tokens = Path(folder) / "tokens.json"
        order = [url, str(port), json.dumps(simulators.urls()), str(clerks), str(tokens)]
        command = [*pinned(0), sys.executable, "-m", "tests.bench.clerks_server", *order]
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            until_up(port, server, HOME / "clerks_server.log")
            yield f"http://127.0.0.1:{port}", tokens, server.pid
        finally:
            server.terminate()
            server.wait()
            simulators.stop()


def until_up(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server takes connections; one that ended has said why in its log."""
    deadline = time.monotonic() + 180
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError as problem:
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(log.read_text(encoding="utf-8")) from problem
            time.sleep(0.3)


def _run(address: str, tokens: Path, clerks: int) -> dict[str, Any]:
    plan = json.dumps({**PLAN, "clerks": clerks})
    command = [*pinned(1), sys.executable, "-m", "tests.bench.clerks_clients", address, str(tokens), plan]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode:
        raise SystemExit(told.stderr)
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def _figures(engine: str, clerks: int, found: dict[str, Any]) -> list[Figure]:
    who = f"{clerks} clerks, {engine}"
    clicks, late, errors = found["clicks"], found["watchdog"]["late"], found["errors"]
    aim = "p95 < 100 ms" if clerks == 200 else "p95 < 100 ms at 200"
    p95 = percentile(clicks, 0.95)
    if errors:
        print(f"{len(errors)} errors, the first: {errors[0]}")
    full = found["watchdog"]["full"]
    rest = [
        ("loop lag", f"{spread(late)}, max {milliseconds(max(late))}", f"full collections {len(full)}"),
        (
            "filings (4 calls)",
            f"{spread(found['filings'])}",
            f"{len(found['filings']) / found['seconds']:.1f}/s",
        ),
        ("page loads", spread(found["opens"]), f"{len(found['opens']) / found['seconds']:.1f}/s"),
    ]
    return [
        Figure(
            f"{who}: click round trip",
            spread(clicks),
            f"{len(clicks) / found['seconds']:.0f} clicks/s, core {found['core'] * 100:.0f} %, {len(errors)} errors",
            "",
            aim,
            (p95 < 0.1 and not errors) if clerks == 200 else None,
        ),
        *(Figure(f"{who}: {name}", figure, beside) for name, figure, beside in rest),
    ]
