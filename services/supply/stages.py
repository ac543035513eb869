"""The stage each saleable square metre is in at the end of a month: one stage each, decided by effective records (5.1)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from services.supply.facts import (
    Event,
    Facts,
    Happening,
    Home,
    Land,
    Natural,
    Planned,
    Presale,
    Project,
    Tie,
    Type,
    Use,
    Work,
)
from services.supply.months import Known, Series, last_day

Row = TypeVar("Row")


class Stage(StrEnum):
    """Stages of supply."""

    LAND = "S0"
    PLANNED = "S1"
    BUILDING = "S2"
    READY = "S3"
    LICENSED = "S4a"
    OPEN = "S4b"
    RESTRICTED = "S4r"
    SOLD = "S5"
    OFF_SALE = "SX"


POTENTIAL = (Stage.LAND, Stage.PLANNED, Stage.BUILDING)
STOCK = (Stage.LICENSED, Stage.OPEN)
UNSOLD = (*POTENTIAL, Stage.READY, *STOCK, Stage.RESTRICTED)


class Level(StrEnum):
    """The record an area was read from."""

    CONTRACT = "CONTRACT"
    PLANNED = "PLANNED"
    FORECAST = "TABLE_FORECAST"
    SURVEYED = "TABLE_SURVEYED"


@dataclass(frozen=True, slots=True)
class Part:
    """An area in one stage, in 0.0001 m². `sets` counts homes; of land nothing is planned on they are estimated."""

    stage: Stage
    area: int | Fraction
    sets: int
    level: Level
    project: str
    district: str
    plate: str
    ring: str
    type: Type
    home: Home | None = None
    completed: bool = False
    earnest: bool = False
    licensed: bool = False
    presale_planned: date | None = None
    #: The natural or planned building, or the parcel.
    place: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """The sale of a home as it is at the end of a month."""

    sold: bool
    earnest: bool
    listed_by_certificate: bool
    suspended: bool


class Ledger:
    """The facts by what they belong to."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.projects = {one.id: one for one in facts.projects}
        self.naturals = {one.id: one for one in facts.naturals}
        self.works = {one.id: one for one in facts.works}
        self.homes = {one.id: one for one in facts.homes}
        self.lands = {one.id: one for one in facts.lands}

    @cached_property
    def events(self) -> dict[str, list[Event]]:
        return _by(self.facts.events, lambda one: one.home)

    @cached_property
    def homes_of(self) -> dict[str, list[Home]]:
        return _by(self.facts.homes, lambda one: one.building)

    @cached_property
    def presales_of(self) -> dict[str, list[Presale]]:
        """Presale permits by natural building."""
        found: dict[str, list[Presale]] = defaultdict(list)
        for permit in self.facts.presales:
            for building in permit.buildings:
                found[building].append(permit)
        return found

    @cached_property
    def ties_of(self) -> dict[str, list[Tie]]:
        """Ties to unit works by natural building."""
        return _by(self.facts.natural_ties, lambda one: one.building)

    @cached_property
    def works_planned(self) -> dict[str, list[Work]]:
        """Unit works by planned building."""
        return self._tied((tie.building, tie.work) for tie in self.facts.planned_ties)

    @cached_property
    def planned_of(self) -> dict[str, list[Planned]]:
        return _by(self.facts.planned, lambda one: one.project)

    @cached_property
    def uses_of(self) -> dict[str, list[Use]]:
        """The projects' shares of each parcel."""
        return _by(self.facts.uses, lambda one: one.parcel)

    @cached_property
    def used_by(self) -> dict[str, list[Use]]:
        """The shares of parcels that each project uses."""
        return _by(self.facts.uses, lambda one: one.project)

    @cached_property
    def restrictions(self) -> dict[str, list[tuple[date, date | None]]]:
        found: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
        for one in self.facts.restrictions:
            found[one.home].append((one.since, one.until))
        return found

    def _tied(self, ties: Iterable[tuple[str, str]]) -> dict[str, list[Work]]:
        found: dict[str, list[Work]] = defaultdict(list)
        for building, work in ties:
            if work in self.works:
                found[building].append(self.works[work])
        return found


def _by(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


@dataclass(frozen=True, slots=True)
class BuildingState:
    """The facts that decide the stages of the homes of a natural building: its project, its unit works, its permits."""

    natural: Natural
    project: Project
    stage: Stage
    completed: bool
    permitted: bool


class MonthEnd:
    """The stages at the end of a month in one of the two series, or of a day within it with all that is known since."""

    def __init__(self, ledger: Ledger, month: int, series: Series, day: date | None = None) -> None:
        self.ledger, self.month, self.series = ledger, month, series
        self.within = day
        self.day = day or last_day(month)
        self._states: dict[str, BuildingState | None] = {}

    @cached_property
    def tied(self) -> dict[str, list[Work]]:
        """Unit works by natural building, of ties that count (row 70)."""
        ties = self.ledger.facts.natural_ties
        return self.ledger._tied((one.building, one.work) for one in ties if one.known and self._counts(one.known))

    def parts(self) -> Iterator[Part]:
        """Every part of every project and of land that no project uses."""
        yield from self.of_land()
        yield from self.of_planned()
        yield from self.of_homes()

    def of_homes(self) -> Iterator[Part]:
        """Homes of buildings whose table is tied to a unit work."""
        for building in self.tied:
            for home in self.ledger.homes_of.get(building, ()):
                part = self.of_home(home)
                if part is not None:
                    yield part

    def of_home(self, home: Home) -> Part | None:
        """The part that a home is, or None while its building is tied to no unit work."""
        state = self.state_of(home.building)
        return self.part(home, state, self.sale(home)) if state is not None else None

    def part(self, home: Home, state: BuildingState, sale: Sale) -> Part:
        """The part that a home is in this state of its building and of its sale."""
        area, level = self.area(home, state.natural)
        project = state.project
        return Part(
            self._home(home, sale, state.stage, permitted=state.permitted),
            area,
            1,
            level,
            project.id,
            project.district,
            project.plate,
            project.ring,
            home.type,
            home,
            state.completed,
            sale.earnest,
            home.for_sale and (state.permitted or sale.listed_by_certificate),
            project.presale_planned,
            home.building,
        )

    def state_of(self, building: str) -> BuildingState | None:
        """The state of a natural building, or None while it is tied to no unit work of an effective project."""
        if building not in self._states:
            self._states[building] = self._state(building)
        return self._states[building]

    def _state(self, building: str) -> BuildingState | None:
        natural = self.ledger.naturals.get(building)
        project = self.ledger.projects.get(natural.project) if natural is not None else None
        if natural is None or project is None or building not in self.tied:
            return None
        stage, completed = self._building(self.tied[building])
        permitted = any(self._counts(one.issued) for one in self.ledger.presales_of.get(building, ()))
        return BuildingState(natural, project, stage, completed, permitted)

    def of_planned(self) -> Iterator[Part]:
        """Planned buildings that have no building table yet."""
        for building in self.ledger.facts.planned:
            yield from self.of_building(building)

    @cached_property
    def _measured(self) -> frozenset[str]:
        """Unit works whose buildings are measured on homes."""
        return frozenset(work.id for works in self.tied.values() for work in works)

    def of_building(self, building: Planned) -> Iterator[Part]:
        """The parts of a planned building, what is for sale and what is not."""
        project = self.ledger.projects.get(building.project)
        if project is None or not self._counts(building.permit):
            return
        works = self.ledger.works_planned.get(building.id, [])
        if any(work.id in self._measured for work in works):
            return
        stage, completed = self._building(works)
        for part, area in ((stage, building.saleable), (Stage.OFF_SALE, building.off_sale)):
            if area:
                yield Part(
                    part,
                    area,
                    building.sets if part is stage else 0,
                    Level.PLANNED,
                    project.id,
                    project.district,
                    project.plate,
                    project.ring,
                    building.type,
                    None,
                    completed,
                    presale_planned=project.presale_planned,
                    place=building.id,
                )

    def of_land(self) -> Iterator[Part]:
        """Give the area that contracts promise and no permit has planned yet, of projects and of land without one."""
        for project in self.ledger.projects.values():
            yield from self.promised(project)
        for land in self.ledger.facts.lands:
            yield from self.unused(land)

    def promised(self, project: Project) -> Iterator[Part]:
        """The area of a project's land that nothing is planned on, if there is any."""
        own = self.shares_of(project.id)
        rest = self.remainder(project.id, own)
        if rest > 0:
            yield Part(
                Stage.LAND,
                rest,
                0,
                Level.CONTRACT,
                project.id,
                project.district,
                project.plate,
                project.ring,
                _largest(own),
                presale_planned=project.presale_planned,
            )

    def unused(self, land: Land) -> Iterator[Part]:
        """The area of a parcel that no project uses, if there is any."""
        if land.contract is None or not self._counts(land.contract):
            return
        used = sum(use.area for use in self.ledger.uses_of.get(land.id, ()) if use.project in self.ledger.projects)
        rest = _share(land.saleable, land.land_area - used, land.land_area)
        if rest > 0:
            kind = _largest([(land, land.land_area)])
            yield Part(
                Stage.LAND, rest, 0, Level.CONTRACT, "", land.district, land.plate, land.ring, kind, place=land.id
            )

    def remainder(self, project_id: str, shares: Iterable[tuple[Land, int]]) -> Fraction:
        """The saleable area of a project's land less what its permits plan; negative where they plan more."""
        promised = sum((_share(land.saleable, area, land.land_area) for land, area in shares), Fraction(0))
        return promised - sum(
            one.saleable for one in self.ledger.planned_of.get(project_id, ()) if self._counts(one.permit)
        )

    def shares_of(self, project_id: str) -> list[tuple[Land, int]]:
        """The parcels with a contract that a project uses, and how much of each."""
        used = ((self.ledger.lands.get(use.parcel), use.area) for use in self.ledger.used_by.get(project_id, ()))
        return [(land, area) for land, area in used if land and land.contract and self._counts(land.contract)]

    def area(self, home: Home, natural: Natural) -> tuple[int, Level]:
        """The surveyed area once the survey counts, else the forecast one, else nothing."""
        if home.surveyed is not None and natural.surveyed is not None and self._counts(natural.surveyed):
            return home.surveyed, Level.SURVEYED
        return home.forecast or 0, Level.FORECAST

    def sale(self, home: Home) -> Sale:
        """Fold the events of a home; contracts decide, not the order of lines."""
        contracts: dict[str, set[Happening]] = defaultdict(set)
        certificate = suspended = False
        for event in self.ledger.events.get(home.id, ()):
            if not self._counts(event.known):
                continue
            if event.what is Happening.LIST:
                certificate = certificate or event.ref in self.ledger.facts.master_certificates
            elif event.what in (Happening.SUSPEND, Happening.RESUME):
                suspended = event.what is Happening.SUSPEND
            elif event.what is not Happening.OPEN:
                contracts[event.contract].add(event.what)
        sold = any(
            Happening.CANCEL not in told and told & {Happening.SIGN, Happening.REGISTER} for told in contracts.values()
        )
        earnest = any(told == {Happening.EARNEST} for told in contracts.values())
        return Sale(sold, earnest, certificate, suspended)

    def _home(self, home: Home, sale: Sale, building: Stage, *, permitted: bool) -> Stage:
        if not home.for_sale:
            return Stage.OFF_SALE
        if sale.sold:
            return Stage.SOLD
        if not (permitted or sale.listed_by_certificate):
            return building
        if sale.suspended or self.restricted(home):
            return Stage.RESTRICTED
        return Stage.OPEN if home.opened_on and home.opened_on <= self.day else Stage.LICENSED

    def restricted(self, home: Home) -> bool:
        return any(
            since <= self.day and (until is None or until > self.day)
            for since, until in self.ledger.restrictions.get(home.id, ())
        )

    def _building(self, works: list[Work]) -> tuple[Stage, bool]:
        """The stage of a building by its unit works, garages apart, and whether all of them are completed."""
        deciding = [work for work in works if not work.garage] or works
        if not deciding:
            return Stage.PLANNED, False
        completed = all(self._reached(work.completed) for work in deciding)
        if all(self._reached(work.topped) or self._reached(work.completed) for work in deciding):
            return Stage.READY, completed
        started = any(self._reached(work.started) for work in deciding)
        return (Stage.BUILDING if started else Stage.PLANNED), completed

    def _reached(self, fact: Known | None) -> bool:
        return fact is not None and self._counts(fact)

    def _counts(self, fact: Known) -> bool:
        return fact.counts(self.month, self.series) if self.within is None else fact.counts_on(self.within)


def _share(whole: int, part: int, of: int) -> Fraction:
    """The share of an area, exactly."""
    return Fraction(whole * part, of) if of else Fraction(0)


def _largest(contracts: Iterable[tuple[Land, int]]) -> Type:
    """The type with the largest area in the contracts, each by the part of its land that is used."""
    areas: dict[Type, Fraction] = dict.fromkeys((Type.HOUSING, Type.OFFICE, Type.RETAIL, Type.OTHER), Fraction(0))
    for land, used in contracts:
        for kind, area in land.types.items():
            areas[kind] += _share(area, used, land.land_area)
    return max(areas, key=lambda kind: areas[kind])
