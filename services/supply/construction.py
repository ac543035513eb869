"""R6: areas started, under construction and completed, by whole unit works, beside the plan (5.5)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.supply import rounding
from services.supply.facts import Type, Work
from services.supply.months import Known, Series, month_of

#: The uses of unit works in the order of the report, then all of them.
USES: tuple[tuple[str, Callable[[Work], bool]], ...] = (
    ("住宅", lambda work: work.kind is Type.HOUSING),
    ("商业", lambda work: work.kind is Type.RETAIL),
    ("其他", lambda work: work.kind not in (Type.HOUSING, Type.RETAIL)),
    ("ALL", lambda work: True),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Months from `first` (None: from the beginning) to `last`."""

    first: int | None
    last: int

    def holds(self, month: int | None) -> bool:
        return month is not None and month <= self.last and (self.first is None or month >= self.first)


@dataclass(frozen=True, slots=True)
class Life:
    """The months in which a unit work is begun and completed, and the one since which work is stopped."""

    started: int | None
    completed: int | None
    stopped: int | None = None

    def under(self, span: Span) -> bool:
        """Tell if it is under construction in a span; not when it was stopped before the span."""
        if self.started is None or self.started > span.last:
            return False
        if span.first is None:
            return True
        if self.completed is not None and self.completed < span.first:
            return False
        return self.stopped is None or self.stopped >= span.first


ITEMS: dict[str, Callable[[Life, Span], bool]] = {
    "started": lambda life, span: span.holds(life.started),
    "under": lambda life, span: life.under(span),
    "completed": lambda life, span: span.holds(life.completed),
}


def progress(works: Iterable[Work], month: int, series: Series) -> list[dict[str, Any]]:
    """The report's lines: each item by use, in this month, this year and in all, and what is planned next."""
    actual, plan = _Lives(), _Lives()
    for work in works:
        actual.take(work, _actual(work, month, series))
        plan.take(work, Life(_month(work.start_planned), _month(work.completion_planned)))
    spans = {"month": Span(month, month), "year": Span(month - month % 12, month), "all": Span(None, month)}
    lines = []
    for item, happens in ITEMS.items():
        for use, _ in USES:
            line: dict[str, Any] = {"item": item, "use": use}
            for name, span in spans.items():
                done, planned = actual.area(use, happens, span), plan.area(use, happens, span)
                line[name] = {
                    "actual": rounding.area(done),
                    "plan": rounding.area(planned),
                    "percent": rounding.ratio(done, planned, percent=True),
                }
            line["next_1"] = rounding.area(plan.area(use, happens, Span(month + 1, month + 1)))
            line["next_3"] = rounding.area(plan.area(use, happens, Span(month + 1, month + 3)))
            lines.append(line)
    return lines


class _Lives:
    """Areas of unit works by use and life: thousands of works have few lives."""

    def __init__(self) -> None:
        self.areas: dict[str, dict[Life, int]] = {use: defaultdict(int) for use, _ in USES}

    def take(self, work: Work, life: Life) -> None:
        for use, wanted in USES:
            if wanted(work):
                self.areas[use][life] += work.area

    def area(self, use: str, happens: Callable[[Life, Span], bool], span: Span) -> int:
        return sum(area for life, area in self.areas[use].items() if happens(life, span))


def _actual(work: Work, month: int, series: Series) -> Life:
    def reached(fact: Known | None) -> int | None:
        return fact.month(series) if fact is not None and fact.counts(month, series) else None

    last = max(_reported(work, month), default=None)
    stopped = _month(last[1]) if last else None
    return Life(reached(work.started), reached(work.completed), stopped)


def _reported(work: Work, month: int) -> Iterator[tuple[int, date | None]]:
    return (line for line in work.stops if line[0] <= month)


def _month(day: date | None) -> int | None:
    return None if day is None else month_of(day)
