"""Kept sums of supply: added up in the transaction of each sale event, built anew when records of a project change (5.6)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from hashlib import blake2b
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.dialect import add_up, bulk_insert, locked
from models.postgres import PREPARED
from models.supply import SupplyClosing, SupplyDay, SupplyMonth, SupplyProject
from services.engine.work import Work
from services.supply.changes import Amounts, Cell, Changes, When, added_up, changes_of, changes_of_homes
from services.supply.checks import TOLERANCE, breaches, check_stages
from services.supply.coarse import SUMS, CoarseSums
from services.supply.doubts import keep_doubts
from services.supply.facts import Facts, Happening
from services.supply.register import facts_of, land_facts_of
from services.supply.register_homes import facts_of_homes
from services.supply.rounding import Exact, rounded
from services.supply.stages import Ledger

#: The project of land that no project uses.
NO_PROJECT = UUID(int=0)
#: mm² in the 0.0001 m² of facts.
MM2 = 100
_OF_DAY = ("area", "sets", "amount")
_OF_MONTH = SUMS
_DAY: sa.Table = SupplyDay.__table__  # type: ignore[attr-defined]
_MONTH: sa.Table = SupplyMonth.__table__  # type: ignore[attr-defined]

Rows = dict[UUID, dict[str, Any]]


@dataclass(frozen=True)
class Kept:
    """The rows of kept sums that a project has or should have."""

    days: Rows
    months: Rows

    def differing(self, other: "Kept") -> int:
        """The number of rows that differ; rows that add nothing do not count."""
        return _differing(self.days, other.days, _OF_DAY) + _differing(self.months, other.months, _OF_MONTH)


def _differing(mine: Rows, theirs: Rows, sums: tuple[str, ...]) -> int:
    def told(rows: Rows, one: UUID) -> tuple[int, ...]:
        row = rows.get(one)
        return tuple(row[name] for name in sums) if row is not None else (0,) * len(sums)

    return sum(told(mine, one) != told(theirs, one) for one in {*mine, *theirs})


# Made once and bound anew: each event asks them.
_CLOSED = sa.select(sa.func.max(SupplyClosing.month))
_HELD = select(SupplyProject).where(SupplyProject.id == sa.bindparam("project"))
_STANDING = (
    sa.select(col(SupplyProject.stale), _CLOSED.scalar_subquery())
    .where(col(SupplyProject.id) == sa.bindparam("project"))
    .execution_options(**PREPARED)
)


def closed_until(work: Work) -> int | None:
    """The last closed month."""
    return work.session.connection().scalar(_CLOSED)


def hold(work: Work, project: UUID) -> SupplyProject:
    """Lock a project's sums until the end of the transaction; every change of them begins here."""
    if (known := work.held(_HELD, project=project).first()) is not None:
        return known
    row = {"id": project, "built_at": None, "stale": True}
    add_up(work.session, SupplyProject.__table__, [row], ())  # type: ignore[attr-defined]
    return work.held(_HELD, project=project).one()


def mark_stale(work: Work, projects: Iterable[UUID]) -> None:
    """Have projects' sums built anew by the next run."""
    for project in sorted(set(projects), key=str):
        known = work.first(SupplyProject, SupplyProject.id == project)
        if known is None or not known.stale:
            row = hold(work, project)
            row.stale = True
            work.add(row)


def rebuild(work: Work, project: UUID, coarse: CoarseSums, *, checked: bool = False) -> int:
    """Build a project's sums anew; returns how many rows differed from those that were kept.

    What it changes in coarse sums is collected, for the caller to write at the end. Sums that are `checked` are held
    against the stages of today (STA-01, STA-02).
    """
    row = hold(work, project)
    facts = land_facts_of(work) if project == NO_PROJECT else facts_of(work, project=project)
    before = _stored(work, project)
    now = worked_out(work, project, facts, before)
    different = now.differing(before)
    if different:
        own = _clause(project)
        for table, rows in ((_DAY, now.days), (_MONTH, now.months)):
            work.session.connection().execute(sa.delete(table).where(own(table)))
            bulk_insert(work.session, table, list(rows.values()))
        coarse.take(now.months.values())
        coarse.take(before.months.values(), -1)
    keep_doubts(work, project, facts)
    if checked:
        least, name = work.thresholds.decimal(TOLERANCE), "" if project == NO_PROJECT else str(project)
        check_stages(work, project, breaches(name, Ledger(facts), now.days, now.months, work.today, least))
    row.built_at, row.stale = work.now, False
    work.add(row)
    return different


def _clause(project: UUID) -> Any:
    if project == NO_PROJECT:
        return lambda table: table.c.project_id.is_(None)
    return lambda table: table.c.project_id == project


def _stored(work: Work, project: UUID) -> Kept:
    own = _clause(project)

    def rows(table: sa.Table) -> Rows:
        found = work.session.connection().execute(sa.select(table).where(own(table))).mappings()
        return {row["id"]: dict(row) for row in found}

    return Kept(rows(_DAY), rows(_MONTH))


def worked_out(work: Work, project: UUID, facts: Facts, before: Kept) -> Kept:
    """The rows a project should have; what is published of closed months stays as it is."""
    told = changes_of(Ledger(facts))
    published, closed = _own(project, told.published), closed_until(work)
    if closed is not None:
        published = _frozen(published, closed, before.months)
    return Kept(_day_rows(_own(project, told.days)), _month_rows(published, _own(project, told.restated)))


def _own(project: UUID, changes: Changes) -> Changes:
    """The changes that are the project's own: its facts tell of land shared with others too."""
    name = "" if project == NO_PROJECT else str(project)
    return {(when, cell): amounts for (when, cell), amounts in changes.items() if cell.project == name}


def _frozen(published: Changes, closed: int, before: Rows) -> Changes:
    """Keep what was published of closed months; what differs from it by now counts in the first open month."""
    found: Changes = {}
    for (when, cell), amounts in published.items():
        _into(found, _opened(when, closed), cell, amounts, 1)
    for row in before.values():
        if row["month"] <= closed:
            cell, amounts = _cell_of(row), Amounts(Fraction(row["area"], MM2), row["sets"], row["amount"])
            _into(found, row["month"], cell, amounts, 1)
            _into(found, closed + 1, cell, amounts, -1)
    return {key: amounts for key, amounts in found.items() if not amounts.nothing}


def _opened(when: When, closed: int) -> int:
    """The month in which a change of a month is published, once months are closed."""
    assert isinstance(when, int)
    return max(when, closed + 1)


def _into(found: Changes, when: int, cell: Cell, amounts: Amounts, sign: int) -> None:
    found.setdefault((when, cell), Amounts()).add(sign * amounts.area, sign * amounts.sets, sign * amounts.amount)


def _cell_of(row: Mapping[str, Any]) -> Cell:
    return Cell(
        str(row["project_id"]) if row["project_id"] else "",
        "",
        row["district_code"],
        row["plate"],
        row["ring"],
        row["property_type"],
        row["item"],
        row["level"],
        bool(row["completed"]),
        bool(row["earnest"]),
        row["size_band"],
        row["price_band"],
        row["listed_month"],
    )


def _day_rows(changes: Changes) -> Rows:
    found: Rows = {}
    for (when, cell), amounts in changes.items():
        assert isinstance(when, date)
        row = _row(cell, when.isoformat(), cell.building)
        row |= {"day": when, "building_id": UUID(cell.building) if cell.building else None}
        _take(found, row, amounts, "")
    return found


def _month_rows(published: Changes, restated: Changes) -> Rows:
    found: Rows = {}
    for changes, suffix in ((published, ""), (restated, "_now")):
        for (when, cell), amounts in changes.items():
            row = _row(cell, str(when), "") | {"month": when, "area_now": 0, "sets_now": 0, "amount_now": 0}
            _take(found, row, amounts, suffix)
    return found


def _row(cell: Cell, when: str, building: str) -> dict[str, Any]:
    """A row without sums; its id is made of what it is about."""
    told = (
        when,
        building,
        cell.project,
        cell.district,
        cell.plate,
        cell.ring,
        cell.type,
        cell.item,
        cell.level,
        cell.completed,
        cell.earnest,
        cell.size,
        cell.price,
        cell.listed,
    )
    return {
        "id": UUID(bytes=blake2b("|".join(map(str, told)).encode(), digest_size=16).digest()),
        "project_id": UUID(cell.project) if cell.project else None,
        "district_code": cell.district,
        "plate": cell.plate,
        "ring": cell.ring,
        "property_type": cell.type,
        "item": cell.item,
        "level": cell.level,
        "completed": cell.completed,
        "earnest": cell.earnest,
        "size_band": cell.size,
        "price_band": cell.price,
        "listed_month": cell.listed,
        "area": 0,
        "sets": 0,
        "amount": 0,
    }


def _take(found: Rows, row: dict[str, Any], amounts: Amounts, suffix: str) -> None:
    there = found.setdefault(row["id"], row)
    there[f"area{suffix}"] += _mm2(amounts.area)
    there[f"sets{suffix}"] += amounts.sets
    there[f"amount{suffix}"] += amounts.amount


def _mm2(area: Exact) -> int:
    return area * MM2 if isinstance(area, int) else rounded(area * MM2, 0)


# In the transaction of an event


def add_events(work: Work, project: UUID, homes: Collection[UUID], new: Collection[str], coarse: CoarseSums) -> None:
    """Add to the sums what sale events of some homes change; `new` are the ids of their homes' new events by number."""
    connection = work.session.connection()
    standing = connection.execute(locked(work.session, _STANDING), {"project": project}).first()
    stale, closed = standing or (hold(work, project).stale, None)
    if stale:
        return
    facts = facts_of_homes(work, project, homes)
    before = replace(facts, events=[event for event in facts.events if event.number not in new])
    # Until the first of the new events all stays; only a first listing changes the cells of all that was before.
    fresh = [event for event in facts.events if event.number in new]
    first_listed = any(event.what is Happening.LIST for event in fresh)
    begin = None if first_listed else min((event.known.on for event in fresh), default=None)
    now, past = (changes_of_homes(Ledger(one), begin) for one in (facts, before))
    days = _day_rows(added_up(now.days, past.days, -1))
    published, restated = added_up(now.published, past.published, -1), added_up(now.restated, past.restated, -1)
    if closed is not None:
        late, published = published, {}
        for (when, cell), amounts in late.items():
            _into(published, _opened(when, closed), cell, amounts, 1)
    months = _month_rows(published, restated)
    for table, rows, sums in ((_DAY, days, _OF_DAY), (_MONTH, months, _OF_MONTH)):
        if rows:
            add_up(work.session, table, list(rows.values()), sums)
    coarse.take(months.values())
