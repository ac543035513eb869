"""The start of a process: processor time of importing all services beyond their libraries, and how soon a wrong setting is told."""

import argparse
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.ground import ROOT, Ground
from tests.bench.measure import Figure

ROUNDS = 5
#: Seconds of processor time, and seconds of processor time until a wrong setting has ended the process.
IMPORTS, REFUSAL = 1.5, 1.0

_LIST = """
import sys
before = set(sys.modules)
import services.everything
print(*(name for name in sys.modules if name not in before and name.split(".")[0] not in {ours}))
"""
_TIME = """
import importlib, time
for name in {libraries}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
start = time.process_time()
import services.everything
print(time.process_time() - start)
"""


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    return figures()


def figures() -> list[Figure]:
    """Measure both in processes of their own, with compiled files as every start after the first finds them."""
    imports = statistics.median(_imports())
    refusal = statistics.median(_refusal() for _ in range(ROUNDS))
    return [
        Figure(
            "importing all services, processor time", f"{imports:.2f} s", target=f"{IMPORTS} s", met=imports <= IMPORTS
        ),
        Figure("a wrong PORT told, processor time", f"{refusal:.2f} s", target=f"{REFUSAL} s", met=refusal <= REFUSAL),
    ]


def _imports() -> list[float]:
    ours = {path.name.removesuffix(".py") for path in ROOT.iterdir()}
    libraries = _python(_LIST.format(ours=ours)).split()
    return [float(_python(_TIME.format(libraries=libraries))) for _ in range(ROUNDS)]


def _python(code: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def _refusal() -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {"PATH": os.environ["PATH"], "PORT": "eight"}
    done = subprocess.run(
        [sys.executable, str(Path("main.py"))], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 2, done.stderr
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    for figure in figures():
        print(*figure.cells())
