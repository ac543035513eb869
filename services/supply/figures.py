"""Sums of parts and flows over selections of homes: what every report is written from."""

from abc import ABC, abstractmethod
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
from services.supply.stages import STOCK, Ledger, MonthEnd, Part, Stage

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


@dataclass(frozen=True, slots=True)
class Held:
    """Homes in stock of one size, filed price and month of first listing (R8)."""

    size: int
    price: int
    listed: int | None
    area: Exact
    sets: int


class Book(ABC):
    """The parts at the end of each month and the flows of each month, whatever they are kept in."""

    series: Series

    @abstractmethod
    def parts(self, month: int) -> Iterable[Part]:
        """The parts at the end of a month; a part may stand for many homes alike."""

    @abstractmethod
    def stock(self, month: int, stages: Iterable[Stage], district: str = "") -> Sum:
        """The sum of some stages at the end of a month, of the city or a district."""

    @abstractmethod
    def flows_of(self, key: Callable[[tuple[str, str]], str] | None = None) -> Mapping[str, "Selection"]:
        """The flows of the places that ever listed something, by a key of district and plate; of the city without one."""

    @abstractmethod
    def licences(self, month: int) -> tuple[Sum, Sum]:
        """Homes licensed again in a month, and those whose licence ended in it."""

    @abstractmethod
    def held(self, month: int) -> Iterable[Held]:
        """Homes in stock at the end of a month."""

    @abstractmethod
    def approved(self, month: int) -> int:
        """The area of all presale permits that count."""

    @abstractmethod
    def project_ids(self) -> Iterable[str]:
        """Every effective project."""

    def total(self, month: int, stages: Iterable[Stage], which: Callable[[Part], bool] = lambda part: True) -> Sum:
        """Add up the parts of some stages."""
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


class Figures(Book):
    """The parts at the end of each month and the flows of each month, in one series, worked out from the facts."""

    def __init__(self, facts: Facts, series: Series) -> None:
        self.series, self.ledger = series, Ledger(facts)
        self._parts: dict[int, list[Part]] = {}

    @cached_property
    def flows(self) -> Flows:
        return Flows(self.ledger, self.series)

    def parts(self, month: int) -> list[Part]:
        if month not in self._parts:
            self._parts[month] = list(self.end(month).parts())
        return self._parts[month]

    def end(self, month: int) -> MonthEnd:
        return MonthEnd(self.ledger, month, self.series)

    def stock(self, month: int, stages: Iterable[Stage], district: str = "") -> Sum:
        return self.total(month, stages, lambda part: not district or part.district == district)

    @cached_property
    def places(self) -> dict[str, tuple[str, str]]:
        """District and plate of each home whose project is effective."""
        found: dict[str, tuple[str, str]] = {}
        for home in self.ledger.facts.homes:
            project = self.ledger.projects.get(self.ledger.naturals[home.building].project)
            if project is not None:
                found[home.id] = project.district, project.plate
        return found

    def flows_of(self, key: Callable[[tuple[str, str]], str] | None = None) -> Mapping[str, "Selection"]:
        if key is None:
            return {"": Selection(self.flows.summed(home for home in self.flows.of_home if home in self.places))}
        homes: dict[str, list[str]] = defaultdict(list)
        listed: set[str] = set()
        for home in self.flows.of_home:
            if home in self.places:
                place = key(self.places[home])
                homes[place].append(home)
                if home in self.flows.listed_in:
                    listed.add(place)
        return {place: Selection(self.flows.summed(homes[place])) for place in sorted(listed)}

    def licences(self, month: int) -> tuple[Sum, Sum]:
        """Homes licensed again in a month, and those whose licence ended in it."""
        before, now = self._licensed(month - 1), self._licensed(month)
        relisted, withdrawn = Sum(), Sum()
        for home, part in now.items():
            listed = self.flows.listed_in.get(home)
            if home not in before and listed is not None and listed < month:
                relisted.add(part)
        for home, part in before.items():
            if home not in now:
                withdrawn.add(part)
        return relisted, withdrawn

    def _licensed(self, month: int) -> dict[str, Part]:
        """Homes that are licensed at the end of a month, sold or not."""
        return {part.home.id: part for part in self.parts(month) if part.home is not None and part.licensed}

    def held(self, month: int) -> Iterator[Held]:
        for part in self.parts(month):
            if part.stage in STOCK and part.home is not None and part.home.housing:
                listed = self.flows.listed_in.get(part.home.id)
                yield Held(size_of(part.area), price_of(part.home.filed_price), listed, part.area, part.sets)

    def approved(self, month: int) -> int:
        return sum(one.area for one in self.ledger.facts.presales if one.issued.counts(month, self.series))

    def project_ids(self) -> Iterable[str]:
        return self.ledger.projects


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


#: Upper bounds of the bands in m² and in yuan a square metre; the last band has none.
SIZES = (70, 90, 120, 144, 200)
PRICES = (30_000, 50_000, 80_000, 100_000)


def size_of(area: Exact) -> int:
    """The number of the band of a home's area; the one after the last is for homes without an area."""
    return band(area, SIZES, PLACES) if area else len(SIZES) + 1


def price_of(filed: int | None) -> int:
    """The number of the band of a filed price in 0.01 yuan; the one after the last is for homes without one."""
    return len(PRICES) + 1 if filed is None else band(filed, PRICES, 100)


def band(value: Exact, bounds: tuple[int, ...], parts: int = 1) -> int:
    """The number of the first band whose bound a value does not exceed, given in parts of the bound's unit."""
    for at, bound in enumerate(bounds):
        if value <= bound * parts:
            return at
    return len(bounds)


def band_name(at: int, bounds: tuple[int, ...], none: str = "") -> str:
    """A band in words; `none` is the one after the last."""
    if at > len(bounds):
        return none
    if at == len(bounds):
        return f">{bounds[-1]}"
    return f"<={bounds[0]}" if at == 0 else f"{bounds[at - 1]}-{bounds[at]}"


def as_told(band: str) -> str:
    """A band as people read it; files of the drill keep `<=`."""
    return band.replace("<=", "≤")
