"""Timing and telling: interleaved rounds, percentiles, and a table of figure, baseline, ratio, target."""

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
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
