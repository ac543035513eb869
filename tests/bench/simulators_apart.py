"""The outside systems in a process of their own, as they are in production: what answering costs them is not ours."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from integrations.simulators import Simulators
from models.dialect import ROOT
from tests.world import DATA


@contextmanager
def simulators_apart(latency_ms: int) -> Iterator[dict[str, str]]:
    """Their addresses while they run."""
    command = [sys.executable, "-m", "tests.bench.simulators_apart", str(latency_ms)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        # They run for as long as somebody holds the other end.
        process.stdin.close()
        process.wait(30)


def _serve(latency_ms: int) -> None:
    simulators = Simulators(mode="test", latency_ms=latency_ms)
    simulators.start(DATA)
    print(json.dumps(simulators.urls()), flush=True)
    sys.stdin.read()
    simulators.stop()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
