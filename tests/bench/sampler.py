"""Where the processor time of a bench goes, by package and by our functions: `make profile NAME`.

Every few milliseconds a thread of its own looks at the stacks of all threads; each weighs what its thread computed since
the look before, so that neither waiting nor a busy machine changes anything. What a library does in C is counted for the
Python function that called it, and calls that let other threads run are met a little too often. A process that a bench starts is sampled too where it calls `sampled`, and prints its own tables; the product's own
processes are started by this module instead: `program`.
"""

import os
import runpy
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import FrameType

EVERY = 0.002
#: How long a thread that wants to look waits for one that computes: waiting longer, it would look at calls that wait most often.
_SWITCH = 0.000005
#: Set for the processes of a bench that is profiled: where each writes its tables.
FOLDER = "BENCH_PROFILE"
_ROOT = Path(__file__).resolve().parents[2]
_OURS = ("services", "models", "integrations", "printing", "ui", "deploy", "main")
_LIBRARIES, _WIDTH, _MOST = "site-packages", 40, 25


@contextmanager
def sampled(name: str) -> Iterator[None]:
    """Sample this process meanwhile, if a profile was asked for, and print the tables."""
    if not os.environ.get(FOLDER):
        yield
        return
    samples, ended, before = _Samples(), threading.Event(), sys.getswitchinterval()
    looking = threading.Thread(target=samples.look_until, args=(ended,), daemon=True)
    sys.setswitchinterval(_SWITCH)
    # A server that is told to end raises the signal once more when it has, and would be gone before its tables are written.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()
        sys.setswitchinterval(before)
        told = samples.tables(name)
        (Path(os.environ[FOLDER]) / f"profile-{name}.txt").write_text(told, encoding="utf-8")
        print(told, file=sys.stderr, flush=True)


def program(name: str, *words: str) -> list[str]:
    """Return the command that runs a Python program, sampled under a name if a profile was asked for."""
    return [sys.executable, *(["-m", "tests.bench.sampler", name] if os.environ.get(FOLDER) else []), *words]


class _Samples:
    """Counted stacks: by the package at the top, by our innermost function, and by each package met at all."""

    def __init__(self) -> None:
        self.computed = 0.0
        self.packages: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()
        self.below: Counter[str] = Counter()

    def look_until(self, ended: threading.Event) -> None:
        own, spent = threading.get_ident(), _spent_by_thread()
        while not ended.wait(EVERY):
            now, stacks = _spent_by_thread(), sys._current_frames()
            for thread in now.keys() & stacks.keys() - {own}:
                microseconds = round((now[thread] - spent.get(thread, 0.0)) * 1e6)
                self._count(stacks[thread], microseconds)
                self.computed += microseconds / 1e6
            spent = now

    def _count(self, top: FrameType, weight: int) -> None:
        self.packages[_package(top.f_code.co_filename)] += weight
        met: set[str] = set()
        frame: FrameType | None = top
        named = False
        while frame is not None:
            package = _package(frame.f_code.co_filename)
            if package.startswith(_OURS):
                function = f"{package}: {frame.f_code.co_qualname}"
                if not named:
                    self.functions[function] += weight
                    named = True
                met.add(function)
            frame = frame.f_back
        self.below.update(dict.fromkeys(met, weight))

    def tables(self, name: str) -> str:
        parts = (
            ("by package, itself", self.packages),
            ("by our innermost function", self.functions),
            ("by our function, with all it calls", self.below),
        )
        lines = [f"# {name}: {self.computed:.1f} s of processor time"]
        for title, found in parts:
            lines += ["", f"## {title}", ""]
            lines += [self._bar(what, count) for what, count in found.most_common(_MOST)]
        return "\n".join(lines) + "\n"

    def _bar(self, what: str, count: int) -> str:
        share = count / max(self.computed * 1e6, 1)
        return f"{share:6.1%} {'#' * round(share * _WIDTH):<{_WIDTH}} {what}"


def _spent_by_thread() -> dict[int, float]:
    """Processor seconds of each thread that runs."""
    found = {}
    for thread in threading.enumerate():
        with suppress(OSError):
            found[thread.ident or 0] = time.clock_gettime(time.pthread_getcpuclockid(thread.ident or 0))
    return found


@cache
def _package(path: str) -> str:
    """The library a file belongs to; of our own files the module."""
    if _LIBRARIES in path:
        return path.rpartition(f"{_LIBRARIES}/")[2].split("/")[0].removesuffix(".py")
    if path.startswith(str(_ROOT)):
        return path.removeprefix(f"{_ROOT}/").removesuffix(".py").replace("/", ".")
    parts = path.rpartition("/lib/")[2].split("/")
    return f"python {parts[1] if len(parts) > 1 else path}".removesuffix(".py")


if __name__ == "__main__":
    sampled_as, *sys.argv = sys.argv[1:]
    with sampled(sampled_as):
        runpy.run_path(sys.argv[0], run_name="__main__")
