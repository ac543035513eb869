"""Changes of supply over time: what each home, planned building and parcel adds to a stage or flow, and when.

Sums up to a moment of the changes of stages are the stages at that moment; sums of changes of flows are the flows of a
span. Kept sums are these changes, added up by building and day and by project and month.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

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


class Cell(NamedTuple):
    """The subject of a sum. Bands are those of R8, `listed` the month of the first listing, of homes in stock only."""

    project: str
    building: str
    district: str
    plate: str
    ring: str
    type: str
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
#: A part and the cell it is in.
Held: TypeAlias = tuple[Part, Cell]
#: What a home is from each moment on.
Steps: TypeAlias = Sequence[tuple[When, Part | None]]


class Grain(ABC):
    """The fineness of changes, by month or by day, and their series."""

    #: Whether sums are kept of each building, or of the project.
    by_building = False

    def __init__(self, ledger: Ledger, series: Series) -> None:
        self.ledger, self.series = ledger, series
        self._ends: dict[When, MonthEnd] = {}

    @cached_property
    def flows(self) -> Flows:
        """The flows of homes at the moments of this grain."""
        return Flows(self.ledger, self.series, self.of)

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

    by_building = True

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

    def other(self) -> None:
        """Add the changes of every planned building, permit and project of the facts."""
        for planned in self.ledger.facts.planned:
            self._planned(planned)
        self._land()
        self._permits()

    def told(self) -> Changes:
        return {key: amounts for key, amounts in self.found.items() if not amounts.nothing}

    def steps(self, home: Home, begin: Any = None) -> Steps:
        """The part that a home is from each moment of a change on, with `begin` from the last one before it."""
        turns, events = self._of_building(home.building), self.ledger.events.get(home.id, ())
        told = set(self.grain.moments(event.known for event in events))
        own = {
            self.grain.at(day) for span in self.ledger.restrictions.get(home.id, ()) for day in span if day is not None
        }
        if home.opened_on is not None:
            own.add(self.grain.at(home.opened_on))
        moments: list[Any] = sorted(turns | told | own)
        first = max(bisect_left(moments, begin) - 1, 0) if begin is not None else 0
        found: list[tuple[When, Part | None]] = []
        state = sale = None
        for place in range(first, len(moments)):
            when = moments[place]
            end = self.grain.end(when)
            if place == first or when in turns:
                state = end.state_of(home.building)
            if place == first or when in told:
                sale = end.sale(home)
            found.append((when, end.part(home, state, sale) if state is not None and sale is not None else None))
        return found

    def follow(self, home: Home, steps: Steps) -> None:
        """Add the changes of a home: its stages, its flows, and the beginnings and ends of its licence."""
        before: Held | None = None
        for when, part in steps:
            now = self._held(part) if part is not None else None
            self._step(when, before, now)
            self._licence(when, home, before and before[0], part)
            before = now
        self._flows(home)

    def _step(self, when: When, before: Held | None, now: Held | None) -> None:
        """Take a part out of the cell it was in and put it into the one it is in; tell the move between stages."""
        if before is not None and now is not None:
            (left, cell), (part, entered) = before, now
            if cell == entered and left.area == part.area:
                return
            if left.stage is not part.stage and isinstance(when, int):
                self._put(when, self._bare(part, moved(left.stage, part.stage)), part.area, part.sets)
        for held, sign in ((before, -1), (now, 1)):
            if held is not None:
                part, cell = held
                self._put(when, cell, sign * part.area, sign * part.sets)

    def _put(self, when: When, cell: Cell, area: Exact, sets: int, amount: int = 0) -> None:
        key = when, cell
        there = self.found.get(key)
        if there is None:
            there = self.found[key] = Amounts()
        there.area += area
        there.sets += sets
        there.amount += amount

    def _bare(self, part: Part, item: str) -> Cell:
        place = part.place if self.grain.by_building else ""
        return Cell(part.project, place, part.district, part.plate, part.ring, part.type.value, item)

    def _held(self, part: Part) -> Held:
        """A part with its cell."""
        size = price = listed = NONE
        home = part.home
        in_stock = part.stage in STOCK
        if home is not None and part.stage in UNSOLD:
            size = size_of(part.area)
            if in_stock and home.housing:
                price = price_of(home.filed_price)
                listed = self.grain.flows.listed_in.get(home.id, NONE)
        return part, Cell(
            part.project,
            part.place if self.grain.by_building else "",
            part.district,
            part.plate,
            part.ring,
            part.type.value,
            part.stage.value,
            part.level.value,
            part.completed,
            part.earnest and in_stock,
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
        place = home.building if self.grain.by_building else ""
        return Cell(project.id, place, project.district, project.plate, project.ring, home.type.value, item.value)

    def _flows(self, home: Home) -> None:
        if self.ledger.naturals[home.building].project not in self.ledger.projects:
            return
        for when, month in self.grain.flows.of_home.get(home.id, {}).items():
            for item, flow in _items(month):
                if flow.area or flow.sets:
                    self._put(when, self._flow_cell(home, item), flow.area, flow.sets)
            if month.priced or month.amount:
                self._put(when, self._flow_cell(home, Flowing.PRICED), month.priced, 0, month.amount)

    def _of_building(self, building: str) -> frozenset[When]:
        """The moments at which something about a natural building changes."""
        if building not in self._moments:
            self._moments[building] = frozenset(self.grain.moments(known_of(self.ledger, building)))
        return self._moments[building]

    def _planned(self, planned: Planned) -> None:
        works = self.ledger.works_planned.get(planned.id, [])
        wanted = {work.id for work in works}
        ties = [tie.known for tie in self.ledger.facts.natural_ties if tie.work in wanted]
        before: dict[bool, Held] = {}
        for when in _sorted(self.grain.moments([planned.permit, *ties, *_milestones(works)])):
            parts = self.grain.end(when).of_building(planned)
            now = {part.stage is Stage.OFF_SALE: self._held(part) for part in parts}
            for off_sale in {*before, *now}:
                self._step(when, before.get(off_sale), now.get(off_sale))
            before = now

    def _land(self) -> None:
        """Add the land that nothing is planned on, each parcel and each project by what it follows from itself."""
        for land in self.ledger.facts.lands:
            self._remainder([land.contract], lambda end, land=land: end.unused(land))  # type: ignore[misc]
        for project in self.ledger.projects.values():
            lands = (self.ledger.lands.get(use.parcel) for use in self.ledger.used_by.get(project.id, ()))
            permits = (planned.permit for planned in self.ledger.planned_of.get(project.id, ()))
            known = [*(land.contract for land in lands if land is not None), *permits]
            self._remainder(known, lambda end, project=project: end.promised(project))  # type: ignore[misc]

    def _remainder(self, known: Iterable[Known | None], parts: Callable[[MonthEnd], Iterator[Part]]) -> None:
        before: Held | None = None
        for when in _sorted(self.grain.moments(known)):
            part = next(parts(self.grain.end(when)), None)
            now = self._held(part) if part is not None else None
            self._step(when, before, now)
            before = now

    def _permits(self) -> None:
        """Add the area that presale permits allow; a voided one takes its area back."""
        for permit in self.ledger.facts.presales:
            project = self.ledger.projects.get(permit.project)
            if project is None:
                continue
            item = Flowing.APPROVED.value
            cell = Cell(project.id, "", project.district, project.plate, project.ring, Type.OTHER.value, item)
            begun, *rest = self.grain.moments([permit.issued])
            ended = rest[0] if rest else None
            if ended is None or before(begun, ended):
                self._put(begun, cell, permit.area, 1)
                if ended is not None:
                    self._put(ended, cell, -permit.area, -1)


@dataclass(frozen=True)
class Told:
    """The changes of a ledger by day and by month, as published and with everything known since."""

    days: Changes
    published: Changes
    restated: Changes


def changes_of(ledger: Ledger) -> Told:
    """Collect the changes of everything in a ledger."""
    homes = changes_of_homes(ledger)
    days, *months = (Teller(grain) for grain in (ByDay(ledger), *(ByMonth(ledger, series) for series in Series)))
    for teller in (days, *months):
        teller.other()
    published, restated = (teller.told() for teller in months)
    return Told(
        added_up(homes.days, days.told()), added_up(homes.published, published), added_up(homes.restated, restated)
    )


def changes_of_homes(ledger: Ledger, begin: date | None = None) -> Told:
    """Collect the changes of the homes of a ledger, with `begin` only what follows a day.

    Each home is followed once, by day: what it is at the end of a month is what it is on its last day that counts. Only
    of which something became known after its month closed is followed a second time, as published.
    """
    days, months = Teller(ByDay(ledger)), ByMonth(ledger, Series.RESTATED)
    timely, late = Teller(months), Teller(months)
    # Sums are of whole months, so that it begins with one.
    begin = begin.replace(day=1) if begin is not None else None
    after: list[Home] = []
    in_time = {one: _in_time(known_of(ledger, one)) for one in ledger.naturals}
    for home in ledger.facts.homes:
        steps = days.steps(home, begin)
        days.follow(home, steps)
        events = ledger.events.get(home.id, ())
        if in_time.get(home.building, True) and _in_time(event.known for event in events):
            timely.follow(home, _month_ends(steps))
        else:
            late.follow(home, _month_ends(steps))
            after.append(home)
    if not after:
        return Told(days.told(), timely.told(), timely.told())
    published = Teller(ByMonth(Ledger(replace(ledger.facts, homes=after)), Series.PUBLISHED))
    for home in after:
        published.follow(home, published.steps(home, month_of(begin) if begin is not None else None))
    return Told(days.told(), added_up(timely.told(), published.told()), added_up(timely.told(), late.told()))


def _month_ends(steps: Steps) -> Steps:
    """The last step of each month."""
    return list({month_of(when): part for when, part in steps if isinstance(when, date)}.items())


def _in_time(facts: Iterable[Known | None]) -> bool:
    """Tell if every fact was known before its month closed, so that both series are the same."""
    return all(one is None or one.month(Series.PUBLISHED) == one.month(Series.RESTATED) for one in facts)


def added_up(first: Changes, second: Changes, sign: int = 1) -> Changes:
    """Add changes to others, or take them out; what comes to nothing is left out."""
    found = {key: Amounts(one.area, one.sets, one.amount) for key, one in first.items()}
    for key, amounts in second.items():
        found.setdefault(key, Amounts()).add(sign * amounts.area, sign * amounts.sets, sign * amounts.amount)
    return {key: amounts for key, amounts in found.items() if not amounts.nothing}


def known_of(ledger: Ledger, building: str) -> Iterator[Known | None]:
    """The facts about a natural building that its homes' stages follow from."""
    ties = ledger.ties_of.get(building, ())
    natural = ledger.naturals.get(building)
    yield from (tie.known for tie in ties)
    yield from _milestones(ledger.works[tie.work] for tie in ties if tie.work in ledger.works)
    yield from (permit.issued for permit in ledger.presales_of.get(building, ()))
    yield natural.surveyed if natural is not None else None


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
