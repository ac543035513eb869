"""R6: areas started, under construction and completed, by whole unit works, beside the plan (5.5)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.supply import rounding
from services.supply.facts import Type, Work
from services.supply.months import Known, Series, month_of

#: The month of a report, and since when it says that work is stopped.
Stop = tuple[int, date | None]
#: The uses of unit works in the order of the report, then all of them.
USES: tuple[tuple[str, Callable[[Type], bool]], ...] = (
    ("住宅", lambda kind: kind is Type.HOUSING),
    ("商业", lambda kind: kind is Type.RETAIL),
    ("其他", lambda kind: kind not in (Type.HOUSING, Type.RETAIL)),
    ("ALL", lambda kind: True),
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


class Lives:
    """Areas of unit works by use and life: thousands of works have few lives."""

    def __init__(self) -> None:
        self.areas: dict[tuple[Type, Life], int] = defaultdict(int)

    def take(self, kind: Type, life: Life, area: int) -> None:
        self.areas[kind, life] += area

    def area(self, wanted: Callable[[Type], bool], happens: Callable[[Life, Span], bool], span: Span) -> int:
        return sum(area for (kind, life), area in self.areas.items() if wanted(kind) and happens(life, span))


def progress(works: Iterable[Work], month: int, series: Series) -> list[dict[str, Any]]:
    """The report's lines from the facts of unit works."""
    actual, plan = Lives(), Lives()
    for work in works:
        actual.take(work.kind, reached(work.started, work.completed, work.stops, month, series), work.area)
        plan.take(work.kind, planned(work.start_planned, work.completion_planned), work.area)
    return lines_of(actual, plan, month)


def lines_of(actual: Lives, plan: Lives, month: int) -> list[dict[str, Any]]:
    """The report's lines: each item by use, in this month, this year and in all, and what is planned next."""
    spans = {"month": Span(month, month), "year": Span(month - month % 12, month), "all": Span(None, month)}
    lines = []
    for item, happens in ITEMS.items():
        for use, wanted in USES:
            line: dict[str, Any] = {"item": item, "use": use}
            for name, span in spans.items():
                done, due = actual.area(wanted, happens, span), plan.area(wanted, happens, span)
                line[name] = {
                    "actual": rounding.area(done),
                    "plan": rounding.area(due),
                    "percent": rounding.ratio(done, due, percent=True),
                }
            line["next_1"] = rounding.area(plan.area(wanted, happens, Span(month + 1, month + 1)))
            line["next_3"] = rounding.area(plan.area(wanted, happens, Span(month + 1, month + 3)))
            lines.append(line)
    return lines


def planned(start: date | None, completion: date | None) -> Life:
    return Life(_month(start), _month(completion))


def reached(started: Known | None, completed: Known | None, stops: Iterable[Stop], month: int, series: Series) -> Life:
    """A life as it is known at the end of a month; of stops it is the last report until then that counts."""

    def counted(fact: Known | None) -> int | None:
        return fact.month(series) if fact is not None and fact.counts(month, series) else None

    _, stopped = max((stop for stop in stops if stop[0] <= month), default=(0, None))
    return Life(counted(started), counted(completed), _month(stopped))


def _month(day: date | None) -> int | None:
    return None if day is None else month_of(day)
