"""Rows without versions, counted: number and sum of their MACs, so that what is gone is noticed (decision 72).

A detail is counted with the object it belongs to (`owner=` at its column), every other row with the day it was made.
Sums need no order, and a change of one row needs no look at the others.
"""

import binascii
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, Self
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.row_mac import NOTED, digest_of, is_protected, keeps_ledger, version_in

#: Where a session keeps what it changed, until the door writes it down.
PENDING = "details_changed"

#: An object's id, or a day.
Place = UUID | str
_WHOLE = 1 << 256
_DAY_MS = 86_400_000
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_OWNERS: dict[str, tuple[str, ...]] = {}


class Sum(NamedTuple):
    """A number of rows, and the sum of their MACs modulo 2^256."""

    number: int = 0
    total: int = 0

    def plus(self, other: "Sum") -> "Sum":
        return Sum(self.number + other.number, (self.total + other.total) % _WHOLE)

    @classmethod
    def read(cls, text: str) -> Self:
        number, _, total = text.partition(":")
        return cls(int(number), int(total, 16))

    def __str__(self) -> str:
        return f"{self.number}:{self.total:x}"


@cache
def is_counted(table: sa.Table) -> bool:
    """Return whether the rows of a table are counted: those with a MAC whose versions the audit does not log."""
    return is_protected(table) and not keeps_ledger(table) and not table.info.get("no_ledger")


@cache
def owner_column(table: sa.Table) -> str:
    """The column that names the object a row is a detail of; empty for rows that are counted by their day."""
    return next((column.name for column in table.columns if "owner" in column.info), "") if is_counted(table) else ""


def place_of(table: sa.Table, row: Mapping[str, Any]) -> Place:
    """The place a row is counted at: its owner, or the day in its id."""
    owner = owner_column(table)
    return row[owner] if owner else day_of(row["id"])


def day_of(row_id: UUID) -> str:
    """The day an id was made, as its number since 1970; ids that tell no time are of day 0."""
    number = row_id.int
    # As `row_id.version == 7` says it, at a third of its cost: every new row is asked.
    return str((number >> 80) // _DAY_MS) if number >> 76 & 15 == 7 and number >> 62 & 3 == 2 else "0"


def weight(mac: Any) -> int:
    """The part of a row in its sum: the tag of its MAC. A MAC that is none adds nothing; its row is no fit anyway."""
    if mac is None:
        return 0
    try:
        tag = mac[mac.rindex(":") + 1 :].encode().translate(_URL_SAFE)
        return int.from_bytes(binascii.a2b_base64(tag + b"=" * (-len(tag) % 4)))
    except (AttributeError, ValueError, TypeError):
        return 0


def count(session: Any, table: sa.Table, row: Mapping[str, Any], *, before: Any = None, after: Any = None) -> None:
    """Remember that a row's MAC was `before` and is `after`; none for a row that is new or gone."""
    if before == after or not is_counted(table):
        return
    change = Sum((after is not None) - (before is not None), (weight(after) - weight(before)) % _WHOLE)
    _remember(session, table, place_of(table, row), change)


def _remember(session: Any, table: sa.Table, place: Place, change: Sum) -> None:
    pending = session.info.setdefault(PENDING, {})
    known = pending.get((table.name, place))
    pending[table.name, place] = change if known is None else known.plus(change)


def note(session: Any, table: sa.Table, row: Mapping[str, Any], *, before: Any = None) -> None:
    """Remember a row written past the ORM; `before` is the MAC it had, if it was there. The door writes it down."""
    if keeps_ledger(table):
        written = (table.name, str(row["id"]), version_in(row), digest_of(table, row))
        session.info.setdefault(NOTED, []).append(written)
    elif is_counted(table):
        count(session, table, row, before=before, after=row["mac"])


def note_new(session: Any, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Remember many new rows written past the ORM, those without versions by the sum of each place."""
    if not is_counted(table):
        for row in rows:
            note(session, table, row)
        return
    weights: dict[Place, list[int]] = defaultdict(list)
    for row in rows:
        weights[place_of(table, row)].append(weight(row["mac"]))
    for place, found in weights.items():
        _remember(session, table, place, Sum(len(found), sum(found) % _WHOLE))


# ------------------------------------------------------------------ which objects have details


def own(detail: str, owner: str) -> None:
    """Say which table the lines of a kind's list belong to."""
    _OWNERS[detail] = (owner,)
    details_of.cache_clear()


def owners_of(table: sa.Table) -> tuple[str, ...]:
    """The tables a detail's owner may be in."""
    column = table.columns[owner_column(table)]
    named: tuple[str, ...] = column.info["owner"]
    return named or _OWNERS.get(table.name, ()) or tuple(key.column.table.name for key in column.foreign_keys)


@cache
def details_of(owner: str) -> tuple[sa.Table, ...]:
    """The detail tables of an object's table."""
    return tuple(
        table for table in SQLModel.metadata.sorted_tables if owner_column(table) and owner in owners_of(table)
    )


@cache
def always_has_details(owner: str) -> bool:
    """Return whether no object of a table is ever stored without a detail."""
    return any(table.columns[owner_column(table)].info.get("always") for table in details_of(owner))


def sums_in(text: str) -> dict[str, Sum]:
    """The sums of an object's details by table, as its tally has them."""
    return {name: Sum.read(rest) for name, _, rest in (part.partition("=") for part in text.split(";") if part)}


def text_of(sums: Mapping[str, Sum]) -> str:
    return ";".join(f"{name}={one}" for name, one in sorted(sums.items()) if one != Sum())
