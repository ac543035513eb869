"""Sums of parts and flows over selections of homes: what every report is written from."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from services.supply import rounding
from services.supply.facts import PLACES, Facts
from services.supply.flows import Flow, Flows, Month
from services.supply.months import Series
from services.supply.rounding import Exact
from services.supply.stages import Ledger, MonthEnd, Part, Stage

Key = TypeVar("Key")

#: A home of land that nothing is planned on yet is taken for 100 m².
AREA_OF_A_HOME = 100 * PLACES


@dataclass(slots=True)
class Sum:
    """An area in 0.0001 m² and its homes; those of land are estimated and rounded at the end."""

    area: Exact = 0
    sets: Exact = 0

    def add(self, part: Part) -> None:
        self.area += part.area
        self.sets += Fraction(part.area, AREA_OF_A_HOME) if part.stage is Stage.LAND else part.sets

    def plus(self, other: "Sum") -> "Sum":
        return Sum(self.area + other.area, self.sets + other.sets)

    def told(self) -> dict[str, str | int]:
        """The sum as reports write it."""
        return {
            "area": rounding.area(self.area),
            "wan": rounding.wan(self.area),
            "sets": rounding.rounded(self.sets, 0),
        }


@dataclass(frozen=True, slots=True)
class Mean:
    """The net sale of an average month; `short` when there are fewer months of data than wanted."""

    area: Exact
    short: bool

    def depletion(self, stock: Exact) -> str | None:
        """Divide a stock by the sale: the months it lasts, or None when nothing is sold."""
        return rounding.ratio(stock, self.area)


class Figures:
    """The parts at the end of each month and the flows of each month, in one series."""

    def __init__(self, facts: Facts, series: Series) -> None:
        self.series, self.ledger = series, Ledger(facts)
        self.flows = Flows(self.ledger, series)
        self._parts: dict[int, list[Part]] = {}

    def parts(self, month: int) -> list[Part]:
        if month not in self._parts:
            self._parts[month] = list(self.end(month).parts())
        return self._parts[month]

    def end(self, month: int) -> MonthEnd:
        return MonthEnd(self.ledger, month, self.series)

    def total(self, month: int, stages: Iterable[Stage], which: Callable[[Part], bool] = lambda part: True) -> Sum:
        wanted, found = frozenset(stages), Sum()
        for part in self.parts(month):
            if part.stage in wanted and which(part):
                found.add(part)
        return found

    def by(self, month: int, key: Callable[[Part], Key]) -> Mapping[tuple[Key, Stage], Sum]:
        """The sums of a month by a key of each part and its stage."""
        found: dict[tuple[Key, Stage], Sum] = defaultdict(Sum)
        for part in self.parts(month):
            found[key(part), part.stage].add(part)
        return found

    @cached_property
    def places(self) -> dict[str, tuple[str, str]]:
        """District and plate of each home whose project is effective."""
        found: dict[str, tuple[str, str]] = {}
        for home in self.ledger.facts.homes:
            project = self.ledger.projects.get(self.ledger.naturals[home.building].project)
            if project is not None:
                found[home.id] = project.district, project.plate
        return found


class Selection:
    """The flows of some homes, by month."""

    def __init__(self, months: Mapping[int, Month]) -> None:
        self.months = months

    def of(self, month: int) -> Month:
        return self.months.get(month) or Month()

    @cached_property
    def first(self) -> int | None:
        """The month of the first listing."""
        return min((month for month, flow in self.months.items() if flow.listed.sets), default=None)

    def mean(self, month: int, count: int) -> Mean:
        """The net sale of an average month of the last `count`, or of the months there are since the first listing."""
        there = 0 if self.first is None else min(count, month - self.first + 1)
        if there <= 0:
            return Mean(0, short=False)
        net = sum(self.of(one).net.area for one in range(month - there + 1, month + 1))
        return Mean(Fraction(net, there), short=there < count)

    def to_date(self, month: int, which: Callable[[Month], Flow]) -> Flow:
        """The sum of a flow up to and with a month."""
        found = Flow()
        for one, flow in self.months.items():
            if one <= month:
                found.add(which(flow).area, which(flow).sets)
        return found


def selections(figures: Figures, key: Callable[[tuple[str, str]], str]) -> Iterator[tuple[str, Selection]]:
    """The homes of each place of which one was ever listed, in the places' order."""
    homes: dict[str, list[str]] = defaultdict(list)
    listed: set[str] = set()
    for home in figures.flows.of_home:
        if home in figures.places:
            place = key(figures.places[home])
            homes[place].append(home)
            if home in figures.flows.listed_in:
                listed.add(place)
    for place in sorted(listed):
        yield place, Selection(figures.flows.summed(homes[place]))
