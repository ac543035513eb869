"""Coarse sums of supply: months of districts and plates, years of projects; they change with the months they add up (5.6)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.access import Role
from models.dialect import add_up
from models.supply import SupplyMonth, SupplySum
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.work import Work

#: The columns that name the subject of a sum; the others are its bands, which no coarse sum keeps.
NAMED = ("project_id", "district_code", "plate", "ring", "property_type", "item")
SUMS = ("area", "sets", "amount", "area_now", "sets_now", "amount_now")
_MONTH: sa.Table = SupplyMonth.__table__  # type: ignore[attr-defined]
_SUM: sa.Table = SupplySum.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Grain:
    """A coarseness: the columns that separate its sums, by month or by year."""

    name: str
    keeps: frozenset[str]
    yearly: bool = False

    def month(self, month: int) -> int:
        """The month under which the sums of a month are kept."""
        return year_end(month) if self.yearly else month


def year_end(month: int) -> int:
    """The December of a month's year."""
    return month - month % 12 + 11


#: The coarsest first: a figure is read from the first that keeps what it is asked by.
GRAINS = (
    Grain("DISTRICT", frozenset({"district_code", "ring", "property_type", "item"})),
    Grain("PLATE", frozenset({"district_code", "plate", "item"})),
    Grain("PROJECT", frozenset({"project_id", "district_code", "item"}), yearly=True),
)


def coarsest(needed: Collection[str], *, by_month: bool) -> Grain | None:
    """Return the coarsest grain that keeps some columns, months apart if asked, or None if only months of projects do."""
    for grain in GRAINS:
        if grain.keeps.issuperset(needed) and not (by_month and grain.yearly):
            return grain
    return None


class CoarseSums:
    """Collects what changes of months of projects change in coarse sums, to be written once at the end.

    Rows of districts are shared by all projects: who writes them last and in one order waits for others only shortly.
    """

    def __init__(self) -> None:
        self._rows: dict[UUID, dict[str, Any]] = {}

    def take(self, months: Iterable[Mapping[str, Any]], sign: int = 1) -> None:
        """Add rows of months, or take them out."""
        for row in months:
            for grain in GRAINS:
                self.add(grain, grain.month(row["month"]), row, sign)

    def add(self, grain: Grain, month: int, row: Mapping[str, Any], sign: int = 1) -> None:
        """Add a row to what is collected for a month of a grain."""
        told = _named(grain, month, row)
        there = self._rows.setdefault(told["id"], {**told, **dict.fromkeys(SUMS, 0)})
        for name in SUMS:
            there[name] += sign * int(row[name])

    def rows(self) -> list[dict[str, Any]]:
        """The rows that add something."""
        return [row for row in self._rows.values() if any(row[name] for name in SUMS)]

    def write(self, work: Work) -> None:
        """Add what was collected."""
        if rows := self.rows():
            add_up(work.session, _SUM, rows, SUMS)
        self._rows = {}


def _named(grain: Grain, month: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without sums; its id is made of what it is about."""
    kept = {name: row[name] if name in grain.keeps else None for name in NAMED}
    told = "|".join(("" if one is None else str(one)) for one in (grain.name, month, *kept.values()))
    empty = {name: "" for name in NAMED if kept[name] is None and name != "project_id"}
    return {
        "id": UUID(bytes=blake2b(told.encode(), digest_size=16).digest()),
        "grain": grain.name,
        "month": month,
        **kept,
        **empty,
        **_NO_BANDS,
    }


_NO_BANDS = {"level": "", "completed": False, "earnest": False, "size_band": -1, "price_band": -1, "listed_month": -1}


# By night


@action("supply.check_coarse", "核对可供应量粗汇总", roles={Role.SYSTEM}, event="")
def check_coarse(work: Work, district: str) -> int:
    """Add the months of a district's projects up again; coarse sums that differ are repaired and raise an alarm."""
    found = CoarseSums()
    for grain in GRAINS:
        for row in _differences(work, grain, district):
            found.add(grain, row["month"], row)
    different = len(found.rows())
    if different:
        told = f"可供应量粗汇总与各项目逐月汇总不一致，已重算{different}行"
        raise_alarm(work, "SUPPLY.DRIFT", told, kind="supply_sum", key=district or "0")
    found.write(work)
    return different


def _differences(work: Work, grain: Grain, district: str) -> Iterator[dict[str, Any]]:
    """Yield what should be kept and, taken out, what is; both in one statement, so that they are of one moment."""
    names = [name for name in NAMED if name in grain.keeps]
    month = _MONTH.c.month - _MONTH.c.month % 12 + 11 if grain.yearly else _MONTH.c.month
    keys = [month.label("month"), *(_MONTH.c[name] for name in names)]
    due = sa.select(*keys, *(sa.func.sum(_MONTH.c[name]).label(name) for name in SUMS))
    due = due.where(_MONTH.c.district_code == district).group_by(*keys)
    kept = sa.select(_SUM.c.month, *(_SUM.c[name] for name in names), *(-_SUM.c[name] for name in SUMS))
    kept = kept.where(_SUM.c.grain == grain.name, _SUM.c.district_code == district)
    for row in work.session.connection().execute(sa.union_all(due, kept)):
        yield dict(zip(("month", *names, *SUMS), row, strict=True))


@job("supply.check_coarse", "核对可供应量粗汇总", at="02:40")
def check_all_coarse(door: Door) -> int:
    """Check the coarse sums of every district, each in a transaction of its own."""
    return sum(door.perform(check_coarse, SYSTEM, district) for district in door.look(SYSTEM, _districts))


def _districts(work: Work) -> list[str]:
    every = sa.union(sa.select(_MONTH.c.district_code), sa.select(_SUM.c.district_code))
    return sorted(row[0] for row in work.session.connection().execute(every))
