"""Figures of supply from kept sums: of what a caller may see, narrowed by filters, at a month end or on any day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.land_codes import HousingKind
from models.projects import Project
from models.records import InForceState
from models.supply import SupplyDay, SupplyMonth, SupplySum
from services.engine.work import Work
from services.supply.changes import Flowing, moved
from services.supply.coarse import coarsest
from services.supply.facts import Type
from services.supply.figures import Book, Held, Selection, Sum
from services.supply.flows import Flow, Month
from services.supply.kept_sums import MM2
from services.supply.months import Series, first_day
from services.supply.rounding import Exact
from services.supply.stages import STOCK, Level, Part, Stage
from services.supply.visibility import narrowed_by

#: The columns by which parts are separated, unless a report needs fewer.
EVERYTHING = ("project_id", "district_code", "plate", "ring", "property_type", "item", "level", "completed", "earnest")
#: Those of R1.
OF_DISTRICTS = ("district_code", "item")
_STAGES = tuple(stage.value for stage in Stage)
# Codes by what is stored: a report reads tens of thousands of rows, and a dictionary is read faster than an enum is called.
_STAGE = {stage.value: stage for stage in Stage}
_LEVEL = {"": Level.CONTRACT, **{level.value: level for level in Level}}
_TYPE = {"": Type.OTHER, **{kind.value: kind for kind in Type}}
_FLOWS = tuple(item.value for item in Flowing)


@dataclass(frozen=True)
class Narrow:
    """Filters of figures; an empty one narrows nothing."""

    districts: Sequence[str] = ()
    plates: Sequence[str] = ()
    rings: Sequence[str] = ()
    types: Sequence[Type] = ()
    housing_kinds: Sequence[HousingKind] = ()
    sizes: Sequence[int] = ()
    completed: bool | None = None
    head_company: UUID | None = None
    project: UUID | None = None


@dataclass(frozen=True)
class Asked:
    """The figures that are asked for: a series and its month, or a day with all that is known now.

    `by` names the columns by which parts are separated.
    """

    month: int
    series: Series = Series.PUBLISHED
    day: date | None = None
    narrow: Narrow = field(default_factory=Narrow)
    by: Sequence[str] = EVERYTHING


class KeptBook(Book):
    """Reads figures from the kept sums that the caller sees, each by a statement."""

    def __init__(self, work: Work, asked: Asked, *, whole: bool = False) -> None:
        """Read what the caller sees; `whole` reads the city, of which only totals may be shown."""
        self.work, self.asked, self.series, self.whole = work, asked, asked.series, whole
        self._parts: dict[int, list[Part]] = {}

    # Statements

    def _sums(
        self,
        items: Collection[str],
        by: Sequence[str],
        *,
        until: int | None = None,
        only: bool = False,
        banded: bool = False,
    ) -> Iterator[tuple[Any, ...]]:
        """Read the sums of some items by columns, up to a month or of it `only`: the columns, area, sets and amount.

        `banded` reads homes in stock by bands alone.
        """
        # A figure has sums in several tables: added up as whole numbers, most of them are one line and not three.
        found: dict[tuple[Any, ...], tuple[int, int, int]] = {}
        for *values, area, sets, amount in self._rows(items, by, until=until, only=only, banded=banded):
            known = found.get(key := tuple(values), (0, 0, 0))
            found[key] = known[0] + int(area), known[1] + int(sets), known[2] + int(amount)
        for key, (mm2, count, money) in found.items():
            if mm2 or count or money:
                yield (*key, _exact(mm2), count, money)

    def _rows(
        self, items: Collection[str], by: Sequence[str], *, until: int | None, only: bool, banded: bool
    ) -> Iterator[Sequence[Any]]:
        until = self.asked.month if until is None else until
        day = self.asked.day if until == self.asked.month and not only else None
        for table, span in self._tables(by, until - 1 if day is not None else until, only=only):
            suffix = "_now" if self.series is Series.RESTATED else ""
            yield from self._read(table, items, by, suffix, span, banded=banded)
        if day is not None:
            # Days of the month so far; earlier months come with the sums by month.
            span = [col(SupplyDay.day) >= first_day(until), col(SupplyDay.day) <= day]
            months = [name for name in by if name != "month"]
            for row in self._read(SupplyDay, items, months, "", span, banded=banded):
                values = list(row)
                if "month" in by:
                    values.insert(list(by).index("month"), until)
                yield values

    def _tables(self, by: Sequence[str], last: int, *, only: bool) -> Iterator[tuple[Any, list[Any]]]:
        """The sums that together tell of all months up to one, or of it alone: the coarsest that keep what is asked."""
        needed = {*by, *self._narrowed} - {"month"}
        grain = coarsest(needed, by_month=only or "month" in by)
        if grain is None or grain.yearly:
            begun = last - (last + 1) % 12 if grain is not None else None
            if grain is not None and begun is not None:
                yield SupplySum, [SupplySum.grain == grain.name, col(SupplySum.month) <= begun]
            since = [col(SupplyMonth.month) > begun] if begun is not None else []
            yield SupplyMonth, [SupplyMonth.month == last if only else col(SupplyMonth.month) <= last, *since]
        else:
            month = SupplySum.month == last if only else col(SupplySum.month) <= last
            yield SupplySum, [SupplySum.grain == grain.name, month]

    @cached_property
    def _narrowed(self) -> frozenset[str]:
        """The columns by which filters and the caller's scope narrow sums."""
        narrow = self.asked.narrow
        named = {
            "district_code": narrow.districts,
            "plate": narrow.plates,
            "ring": narrow.rings,
            "property_type": narrow.types,
            "size_band": narrow.sizes,
            "completed": narrow.completed is not None,
            "project_id": narrow.project or narrow.head_company or narrow.housing_kinds,
        }
        own = frozenset() if self.whole else narrowed_by(self.work)
        return own | {name for name, wanted in named.items() if wanted}

    def _read(
        self, table: Any, items: Collection[str], by: Sequence[str], suffix: str, span: Sequence[Any], *, banded: bool
    ) -> Iterable[Sequence[Any]]:
        sums = [func.sum(getattr(table, name + suffix)) for name in ("area", "sets", "amount")]
        columns = [getattr(table, name) for name in by]
        clauses = [*span, col(table.item).in_(items), *self._clauses(table)]
        if banded:
            clauses.append(col(table.price_band) >= 0)
        seen: Any = select(table) if self.whole else self.work.visible(table)
        sums_by = seen.with_only_columns(*columns, *sums).where(*clauses).group_by(*columns)
        return self.work.session.connection().execute(sums_by)

    def _clauses(self, table: Any) -> Iterator[Any]:
        narrow = self.asked.narrow
        for column, wanted in (
            (table.district_code, narrow.districts),
            (table.plate, narrow.plates),
            (table.ring, narrow.rings),
            (table.property_type, [one.value for one in narrow.types]),
            (table.size_band, narrow.sizes),
        ):
            if wanted:
                yield col(column).in_(wanted)
        if narrow.completed is not None:
            yield table.completed == narrow.completed
        if narrow.project is not None:
            yield table.project_id == narrow.project
        if narrow.head_company is not None or narrow.housing_kinds:
            wanted_projects = select(Project.id)
            if narrow.head_company is not None:
                wanted_projects = wanted_projects.where(Project.head_company_id == narrow.head_company)
            if narrow.housing_kinds:
                wanted_projects = wanted_projects.where(col(Project.housing_kind).in_(narrow.housing_kinds))
            yield col(table.project_id).in_(wanted_projects)

    # The book

    def parts(self, month: int) -> list[Part]:
        if month not in self._parts:
            by = self.asked.by
            self._parts[month] = (
                list(self._of_districts(month))
                if by == OF_DISTRICTS
                else [
                    self._part(dict(zip(by, row, strict=False)), row[-3], row[-2])
                    for row in self._sums(_STAGES, by, until=month)
                ]
            )
        return self._parts[month]

    def _of_districts(self, month: int) -> Iterator[Part]:
        """The parts of districts from the changes of every month, which the picture beside them reads too."""
        for (district, item), sums in self.by_month.items():
            area = sum(one.area for when, one in sums.items() if when <= month)
            sets = sum(one.sets for when, one in sums.items() if when <= month)
            if district and (area or sets):
                yield self._part({"district_code": district, "item": item}, area, int(sets))

    def _part(self, key: Mapping[str, Any], area: Exact, sets: int) -> Part:
        project = key.get("project_id")
        return Part(
            _STAGE[key["item"]],
            area,
            sets,
            _LEVEL[key.get("level", "")],
            str(project) if project else "",
            key.get("district_code", ""),
            key.get("plate", ""),
            key.get("ring", ""),
            _TYPE[key.get("property_type", "")],
            None,
            bool(key.get("completed")),
            bool(key.get("earnest")),
            presale_planned=self._presales.get(project) if project else None,
        )

    @cached_property
    def _presales(self) -> dict[UUID, date | None]:
        """The planned presale of each visible project, as it is now."""
        rows = self.work.visible(Project).with_only_columns(col(Project.id), col(Project.planned_presale_on))
        return {row[0]: row[1] for row in self.work.session.connection().execute(rows)}

    def stock(self, month: int, stages: Iterable[Stage], district: str = "") -> Sum:
        found = Sum()
        for stage in stages:
            sums = self.by_month.get((district, stage.value), {})
            for when, part in sums.items():
                if when <= month:
                    found = found.plus(part)
        return found

    @cached_property
    def by_month(self) -> Mapping[tuple[str, str], Mapping[int, Sum]]:
        """The changes of each month by district and stage; of the city under no district."""
        found: dict[tuple[str, str], dict[int, Sum]] = defaultdict(lambda: defaultdict(Sum))
        for month, district, item, area, sets, _ in self._sums(_STAGES, ("month", "district_code", "item")):
            estimated = Fraction(area, 100 * 10_000) if item == Stage.LAND.value else sets
            for place in ("", district):
                sums = found[place, item]
                sums[month] = sums[month].plus(Sum(area, estimated))
        return found

    @cached_property
    def _flows(self) -> Mapping[tuple[str, str], Mapping[int, Month]]:
        """The flows of each month by district and plate."""
        found: dict[tuple[str, str], dict[int, Month]] = defaultdict(lambda: defaultdict(Month))
        rows = self._sums(_FLOWS, ("month", "district_code", "plate", "item"))
        for month, district, plate, item, area, sets, amount in rows:
            if item != Flowing.APPROVED.value:
                _add_flow(found[district, plate][month], Flowing(item), Flow(int(area), sets), amount)
        return found

    def flows_of(self, key: Callable[[tuple[str, str]], str] | None = None) -> Mapping[str, Selection]:
        found: dict[str, dict[int, Month]] = defaultdict(lambda: defaultdict(Month))
        for place, months in self._flows.items():
            name = key(place) if key is not None else ""
            for month, flow in months.items():
                found[name][month].take(flow)
        chosen = {name: Selection(found[name]) for name in sorted(found)}
        if key is None:
            return {"": chosen.get("", Selection({}))}
        return {name: one for name, one in chosen.items() if one.first is not None}

    def licences(self, month: int) -> tuple[Sum, Sum]:
        flow = self.flows_of()[""].of(month)
        return Sum(flow.relisted.area, flow.relisted.sets), Sum(flow.withdrawn.area, flow.withdrawn.sets)

    def held(self, month: int) -> Iterator[Held]:
        by = ("size_band", "price_band", "listed_month")
        wanted = [stage.value for stage in STOCK]
        for size, price, listed, area, sets, _ in self._sums(wanted, by, until=month, banded=True):
            yield Held(size, price, listed if listed >= 0 else None, area, sets)

    def approved(self, month: int) -> int:
        rows = self._sums([Flowing.APPROVED.value], ("item",), until=month)
        return sum(int(area) for _, area, _, _ in rows)

    def project_ids(self) -> Iterable[str]:
        rows = self.work.visible(Project).where(Project.in_force == InForceState.EFFECTIVE)
        narrowed = rows.with_only_columns(col(Project.id)).where(*self.of_projects())
        return [str(row[0]) for row in self.work.session.connection().execute(narrowed)]

    def of_projects(self) -> Iterator[Any]:
        """The clauses that projects fulfil which the filters name."""
        narrow = self.asked.narrow
        for column, wanted in (
            (Project.district_code, narrow.districts),
            (Project.plate, narrow.plates),
            (Project.ring, narrow.rings),
            (Project.housing_kind, narrow.housing_kinds),
        ):
            if wanted:
                yield col(column).in_(wanted)
        if narrow.project is not None:
            yield Project.id == narrow.project
        if narrow.head_company is not None:
            yield Project.head_company_id == narrow.head_company

    def moves(self, month: int) -> Mapping[tuple[Stage, Stage], Exact]:
        """The area that went from one stage to another in a month."""
        items = {moved(one, other): (one, other) for one in Stage for other in Stage if one is not other}
        return {items[item]: area for item, area, _, _ in self._sums(items, ("item",), until=month, only=True)}

    def net_by_project(self) -> Mapping[str, tuple[int, int, int]]:
        """Homes sold, and money and area of contracts that stand, to date by project."""
        found: dict[str, tuple[int, int, int]] = {}
        signs = {Flowing.GROSS.value: 1, Flowing.CANCELLED.value: -1, Flowing.PRICED.value: 0}
        for project, item, area, sets, amount in self._sums(signs, ("project_id", "item")):
            known = found.get(str(project), (0, 0, 0))
            priced = item == Flowing.PRICED.value
            added = (signs[item] * sets, amount if priced else 0, int(area) if priced else 0)
            found[str(project)] = (known[0] + added[0], known[1] + added[1], known[2] + added[2])
        return found


def _exact(mm2: int) -> Exact:
    whole, rest = divmod(mm2, MM2)
    return Fraction(mm2, MM2) if rest else whole


def _add_flow(month: Month, item: Flowing, flow: Flow, amount: int) -> None:
    if item is Flowing.PRICED:
        month.priced += flow.area
        month.amount += amount
    else:
        into: Flow = getattr(month, item.value.lower())
        into.add(flow.area, flow.sets)
