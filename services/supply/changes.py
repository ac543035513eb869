"""Changes of supply over time: what each home, planned building and parcel adds to a stage or flow, and when.

Sums up to a moment of the changes of stages are the stages at that moment; sums of changes of flows are the flows of a
span. Kept sums are these changes, added up by building and day and by project and month.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from services.supply.facts import Home, Planned, Type, Work
from services.supply.figures import price_of, size_of
from services.supply.flows import Flow, Flows, Month
from services.supply.months import Known, Series, first_day, month_of
from services.supply.rounding import Exact
from services.supply.stages import STOCK, UNSOLD, Ledger, MonthEnd, Part, Stage

#: A month by its number, or a day.
When: TypeAlias = int | date
#: Of cells without a band.
NONE = -1


class Flowing(StrEnum):
    """Items of kept sums beside the stages: flows of a span, and what permits allow in all."""

    LISTED = "LISTED"
    OPENED = "OPENED"
    GROSS = "GROSS"
    CANCELLED = "CANCELLED"
    PRICED = "PRICED"
    RELISTED = "RELISTED"
    WITHDRAWN = "WITHDRAWN"
    APPROVED = "APPROVED"


def moved(before: Stage, now: Stage) -> str:
    """The item of what went from one stage to another."""
    return f"{before.value}>{now.value}"


@dataclass(frozen=True, slots=True)
class Cell:
    """The subject of a sum. Bands are those of R8, `listed` the month of the first listing, of homes in stock only."""

    project: str
    building: str
    district: str
    plate: str
    ring: str
    type: Type
    item: str
    level: str = ""
    completed: bool = False
    earnest: bool = False
    size: int = NONE
    price: int = NONE
    listed: int = NONE


@dataclass(slots=True)
class Amounts:
    """An area in 0.0001 m², homes, and money in 0.01 yuan."""

    area: Exact = 0
    sets: int = 0
    amount: int = 0

    def add(self, area: Exact, sets: int, amount: int = 0) -> None:
        self.area += area
        self.sets += sets
        self.amount += amount

    @property
    def nothing(self) -> bool:
        return not (self.area or self.sets or self.amount)


Changes: TypeAlias = dict[tuple[When, Cell], Amounts]


class Grain(ABC):
    """The fineness of changes, by month or by day, and their series."""

    def __init__(self, ledger: Ledger, series: Series) -> None:
        self.ledger, self.series = ledger, series
        self.flows = Flows(ledger, series, self.of)
        self._ends: dict[When, MonthEnd] = {}

    @abstractmethod
    def of(self, fact: Known) -> When:
        """The moment at which a fact begins to count."""

    @abstractmethod
    def at(self, day: date) -> When:
        """The moment that a day is."""

    @abstractmethod
    def _end(self, when: When) -> MonthEnd:
        """The stages at a moment."""

    def end(self, when: When) -> MonthEnd:
        if when not in self._ends:
            self._ends[when] = self._end(when)
        return self._ends[when]

    def moments(self, facts: Iterable[Known | None]) -> Iterator[When]:
        """The moments at which facts begin and cease to count."""
        for fact in facts:
            if fact is not None:
                yield self.of(fact)
                if fact.void_month is not None:
                    yield self.at(first_day(fact.void_month))


class ByMonth(Grain):
    """Changes by month end."""

    def of(self, fact: Known) -> int:
        return fact.month(self.series)

    def at(self, day: date) -> int:
        return month_of(day)

    def _end(self, when: When) -> MonthEnd:
        assert isinstance(when, int)
        return MonthEnd(self.ledger, when, self.series)


class ByDay(Grain):
    """Changes by business day, with everything known since."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, Series.RESTATED)

    def of(self, fact: Known) -> date:
        return fact.on

    def at(self, day: date) -> date:
        return day

    def _end(self, when: When) -> MonthEnd:
        assert isinstance(when, date)
        return MonthEnd(self.ledger, month_of(when), self.series, when)


class Teller:
    """Collects the changes of projects from their facts."""

    def __init__(self, grain: Grain) -> None:
        self.grain, self.ledger = grain, grain.ledger
        self.found: Changes = {}
        self._moments: dict[str, frozenset[When]] = {}

    def all(self) -> Changes:
        """The changes of every home, planned building, permit and project of the facts."""
        for home in self.ledger.facts.homes:
            self.home(home)
        for planned in self.ledger.facts.planned:
            self._planned(planned)
        self._land()
        self._permits()
        return self.told()

    def told(self) -> Changes:
        return {key: amounts for key, amounts in self.found.items() if not amounts.nothing}

    def home(self, home: Home, begin: When | None = None) -> None:
        """Add the changes of a home: its stages, its flows, and the beginnings and ends of its licence.

        With `begin`, only the last of the stages before that moment is added.
        """
        own = list(self.grain.moments(event.known for event in self.ledger.events.get(home.id, ())))
        for since, until in self.ledger.restrictions.get(home.id, ()):
            own += [self.grain.at(day) for day in (since, until) if day is not None]
        if home.opened_on is not None:
            own.append(self.grain.at(home.opened_on))
        before: Part | None = None
        moments: list[Any] = _sorted({*self._of_building(home.building), *own})
        for when in moments if begin is None else moments[max(bisect_left(moments, begin) - 1, 0) :]:
            now = self.grain.end(when).of_home(home)
            self._step(when, before, now)
            self._licence(when, home, before, now)
            before = now
        self._flows(home)

    def _step(self, when: When, before: Part | None, now: Part | None) -> None:
        """Take a part out of the cell it was in and put it into the one it is in; tell the move between stages."""
        if before is not None and now is not None and before.stage is not now.stage and isinstance(when, int):
            cell = replace(self._cell(now), item=moved(before.stage, now.stage), earnest=False, completed=False)
            self._put(when, replace(cell, level="", size=NONE, price=NONE, listed=NONE), now.area, now.sets)
        if before is not None:
            self._put(when, self._cell(before), -before.area, -before.sets)
        if now is not None:
            self._put(when, self._cell(now), now.area, now.sets)

    def _put(self, when: When, cell: Cell, area: Exact, sets: int, amount: int = 0) -> None:
        self.found.setdefault((when, cell), Amounts()).add(area, sets, amount)

    def _cell(self, part: Part) -> Cell:
        size = price = listed = NONE
        home = part.home
        if home is not None and part.stage in UNSOLD:
            size = size_of(part.area)
            if part.stage in STOCK and home.housing:
                price = price_of(home.filed_price)
                listed = self.grain.flows.listed_in.get(home.id, NONE)
        return Cell(
            part.project,
            part.place,
            part.district,
            part.plate,
            part.ring,
            part.type,
            part.stage.value,
            part.level.value,
            part.completed,
            part.earnest and part.stage in STOCK,
            size,
            price,
            listed,
        )

    def _licence(self, when: When, home: Home, before: Part | None, now: Part | None) -> None:
        was, held = before is not None and before.licensed, now is not None and now.licensed
        if was and not held and before is not None:
            self._put(when, self._flow_cell(home, Flowing.WITHDRAWN), before.area, before.sets)
        elif held and not was and now is not None:
            listed = self.grain.flows.listed_in.get(home.id)
            if listed is not None and listed < (when if isinstance(when, int) else month_of(when)):
                self._put(when, self._flow_cell(home, Flowing.RELISTED), now.area, now.sets)

    def _flow_cell(self, home: Home, item: Flowing) -> Cell:
        project = self.ledger.projects[self.ledger.naturals[home.building].project]
        return Cell(project.id, home.building, project.district, project.plate, project.ring, home.type, item.value)

    def _flows(self, home: Home) -> None:
        if self.ledger.naturals[home.building].project not in self.ledger.projects:
            return
        for when, month in self.grain.flows.of_home.get(home.id, {}).items():
            for item, flow in _items(month):
                self._put(when, self._flow_cell(home, item), flow.area, flow.sets)
            self._put(when, self._flow_cell(home, Flowing.PRICED), month.priced, 0, month.amount)

    def _of_building(self, building: str) -> frozenset[When]:
        """The moments at which something about a natural building changes."""
        if building not in self._moments:
            ties = self.ledger.ties_of.get(building, ())
            works = [self.ledger.works[tie.work] for tie in ties if tie.work in self.ledger.works]
            natural = self.ledger.naturals.get(building)
            facts = [
                *(tie.known for tie in ties),
                *_milestones(works),
                *(permit.issued for permit in self.ledger.presales_of.get(building, ())),
                natural.surveyed if natural is not None else None,
            ]
            self._moments[building] = frozenset(self.grain.moments(facts))
        return self._moments[building]

    def _planned(self, planned: Planned) -> None:
        works = self.ledger.works_planned.get(planned.id, [])
        wanted = {work.id for work in works}
        ties = [tie.known for tie in self.ledger.facts.natural_ties if tie.work in wanted]
        before: dict[bool, Part] = {}
        for when in _sorted(self.grain.moments([planned.permit, *ties, *_milestones(works)])):
            now = {part.stage is Stage.OFF_SALE: part for part in self.grain.end(when).of_building(planned)}
            for off_sale in {*before, *now}:
                self._step(when, before.get(off_sale), now.get(off_sale))
            before = now

    def _land(self) -> None:
        contracts = [land.contract for land in self.ledger.facts.lands]
        permits = [planned.permit for planned in self.ledger.facts.planned]
        before: list[Part] = []
        for when in _sorted(self.grain.moments([*contracts, *permits])):
            now = list(self.grain.end(when).of_land())
            for part in before:
                self._step(when, part, None)
            for part in now:
                self._step(when, None, part)
            before = now

    def _permits(self) -> None:
        """Add the area that presale permits allow; a voided one takes its area back."""
        for permit in self.ledger.facts.presales:
            project = self.ledger.projects.get(permit.project)
            if project is None:
                continue
            item = Flowing.APPROVED.value
            cell = Cell(project.id, "", project.district, project.plate, project.ring, Type.OTHER, item)
            begun, *rest = self.grain.moments([permit.issued])
            ended = rest[0] if rest else None
            if ended is None or before(begun, ended):
                self._put(begun, cell, permit.area, 1)
                if ended is not None:
                    self._put(ended, cell, -permit.area, -1)


def before(first: When, second: When) -> bool:
    """Tell if a moment is before another of the same grain."""
    return first < second  # type: ignore[operator]


def _items(month: Month) -> Iterator[tuple[Flowing, Flow]]:
    yield Flowing.LISTED, month.listed
    yield Flowing.OPENED, month.opened
    yield Flowing.GROSS, month.gross
    yield Flowing.CANCELLED, month.cancelled


def _milestones(works: Iterable[Work]) -> Iterator[Known | None]:
    for work in works:
        yield from (work.started, work.topped, work.completed)


def _sorted(moments: Iterable[When]) -> list[When]:
    return sorted(set(moments))
