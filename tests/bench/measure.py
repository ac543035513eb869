"""Timing and telling: interleaved rounds, percentiles, and a table of figure, baseline, ratio, target."""

import gc
import os
import platform
import socket
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Call = Callable[[], Any]


@dataclass(frozen=True)
class Figure:
    """One line of the table. `met` is None for what has no target."""

    name: str
    figure: str
    baseline: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        met = "" if self.met is None else "yes" if self.met else "NO"
        return (self.name, self.figure, self.baseline, self.ratio, self.target, met)


HEAD = ("what", "figure", "baseline, same run", "ratio", "target", "met")


def percentile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:.2f} ms" if value < 10 else f"{value:.0f} ms"


def spread(times: Sequence[float]) -> str:
    """The median and the 95th percentile."""
    return f"p50 {milliseconds(percentile(times, 0.5))}, p95 {milliseconds(percentile(times, 0.95))}"


def timed(call: Call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def in_turn(cases: Mapping[str, Iterable[Call]], *, block: int = 25) -> dict[str, list[float]]:
    """Every call of every case timed alone, in blocks A B A B, so that a busy minute falls on all of them."""
    waiting = {name: iter(calls) for name, calls in cases.items()}
    times: dict[str, list[float]] = {name: [] for name in cases}
    gc.collect()
    while waiting:
        for name, calls in list(waiting.items()):
            done = 0
            for call in calls:
                times[name].append(timed(call))
                done += 1
                if done == block:
                    break
            if done < block:
                del waiting[name]
    return times


def medians(cases: Mapping[str, Call], *, rounds: int = 7, budget: float = 0.3) -> dict[str, float]:
    """Seconds a call: the median of interleaved rounds of about `budget` seconds each."""
    counts = {name: max(1, int(budget / max(timed(call), 1e-6))) for name, call in cases.items()}
    seen: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, call in cases.items():
            gc.collect()
            start = time.perf_counter()
            for _ in range(counts[name]):
                call()
            seen[name].append((time.perf_counter() - start) / counts[name])
    return {name: statistics.median(found) for name, found in seen.items()}


@dataclass(frozen=True)
class Paired:
    """Processor seconds of a piece of work and of its baseline, medians of rounds in turns, and the median of their ratios."""

    own: float
    baseline: float
    ratio: float

    def figure(self, name: str, most: float, *, beside: str, each: int = 1) -> Figure:
        """A line of the table that asks for at most so many times the baseline; a round has `each` calls."""
        own, other = (milliseconds(seconds / each) for seconds in (self.own, self.baseline))
        return Figure(
            name, f"{own} computed", f"{beside} {other}", f"{self.ratio:.2f}x", f"<= {most}x", self.ratio <= most
        )


def paired(own: Call, baseline: Call, *, rounds: int = 5, clock: Callable[[], float] = time.process_time) -> Paired:
    """Run both in turns, once to warm up and then `rounds` times, and read the clock around each."""
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for call, kept in zip((own, baseline), spent, strict=True):
            gc.collect()
            before = clock()
            call()
            kept.append(clock() - before)
    first, second = (kept[1:] for kept in spent)
    ratios = [one / other for one, other in zip(first, second, strict=True)]
    return Paired(statistics.median(first), statistics.median(second), statistics.median(ratios))


def spent_with_server(url: str) -> Callable[[], float]:
    """A clock of processor seconds: this process's, with those of PostgreSQL's processes that serve its database now."""
    name = url.partition("?")[0].rpartition("/")[2]

    def clock() -> float:
        return time.process_time() + (0 if url.startswith("sqlite") else _served(name))

    return clock


def _served(database: str) -> float:
    spent = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if database in (process / "cmdline").read_text(encoding="utf-8", errors="replace").partition("\0")[0]:
                spent += int((process / "schedstat").read_text(encoding="utf-8").split()[0])
    return spent / 1e9


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def below(name: str, times: Sequence[float], limit: float, *, baseline: Sequence[float] = ()) -> Figure:
    """A latency whose 95th percentile has to stay below `limit` seconds."""
    p95 = percentile(times, 0.95)
    ratio = f"{percentile(times, 0.5) / percentile(baseline, 0.5):.1f}x p50" if baseline else ""
    return Figure(
        name,
        spread(times),
        spread(baseline) if baseline else "",
        ratio,
        f"p95 < {limit * 1000:.0f} ms",
        p95 < limit,
    )


def told(figure: Figure) -> Figure:
    """Say it at once too: a long bench that is broken off has then said something."""
    print("   ", " | ".join(cell for cell in figure.cells() if cell), flush=True)
    return figure


def table(figures: Sequence[Figure]) -> str:
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def machine() -> str:
    """What the figures were taken on."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{model or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}"
