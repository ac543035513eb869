"""Details of an object: counted at the end of each transaction, compared when the object is opened (decision 72)."""

from collections.abc import Mapping, Sequence, Set
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from models.details import PENDING, Sum, always_has_details, details_of, note, owner_column, sums_in, text_of, weight
from models.dialect import bulk_insert, locked
from models.integrity import DetailTally
from models.row_mac import NOTED, RowTampered, fits, mac_of
from models.sealed_rows import seal_rows
from models.sealing import sealer_of

TALLIES: sa.Table = DetailTally.__table__  # type: ignore[attr-defined]
_PART = 500
#: In the order of their ids, after everything else but the audit's head, so that two writers never wait crosswise.
_HELD = sa.select(TALLIES).where(TALLIES.c.id.in_(sa.bindparam("of", expanding=True))).order_by(TALLIES.c.id)
_MOVE = (
    sa.update(TALLIES)
    .where(TALLIES.c.id == sa.bindparam("its_id"))
    .values({name: sa.bindparam(f"its_{name}") for name in ("version", "tallies", "mac")})
)

#: Of rows that are no details: by table and day, what a transaction added to their sum.
Days = dict[str, dict[str, str]]


def count_details(session: Session, born: Set[UUID]) -> Days:
    """Write down what the transaction did to details, and return what it did to other rows, for the audit.

    Objects that are `born` in it have no tally yet, and none is looked for.
    """
    days: Days = {}
    owned: dict[UUID, dict[str, Sum]] = {}
    for (name, place), change in session.info.pop(PENDING, {}).items():
        if change == Sum():
            continue
        if isinstance(place, UUID):
            owned.setdefault(place, {})[name] = change
        else:
            days.setdefault(name, {})[place] = str(change)
    ids = sorted(owned)
    for start in range(0, len(ids), _PART):
        _count(session, {one: owned[one] for one in ids[start : start + _PART]}, born)
    return days


def _count(session: Session, owned: Mapping[UUID, Mapping[str, Sum]], born: Set[UUID]) -> None:
    connection, sealer = session.connection(), sealer_of(session)
    asked = [one for one in owned if one not in born]
    held = connection.execute(locked(session, _HELD), {"of": asked}).mappings() if asked else ()
    known = {row["id"]: dict(row) for row in held}
    moved: list[dict[str, Any]] = []
    for owner, row in known.items():
        # One that was changed past the product stays as it is and goes on failing, whatever else is written.
        if not fits(sealer, TALLIES, row):
            continue
        sums = sums_in(row["tallies"])
        for name, change in owned[owner].items():
            sums[name] = sums.get(name, Sum()).plus(change)
        if not (text := text_of(sums)):
            connection.execute(TALLIES.delete().where(TALLIES.c.id == owner))
            session.info.setdefault(NOTED, []).append((TALLIES.name, str(owner), None, ""))
            continue
        row |= {"tallies": text, "version": row["version"] + 1}
        row["mac"] = mac_of(sealer, TALLIES, row)
        note(session, TALLIES, row)
        moved.append({f"its_{name}": value for name, value in row.items()})
    if moved:
        connection.execute(_MOVE, moved)
    new = [{"id": owner, "version": 1, "tallies": text_of(sums)} for owner, sums in owned.items() if owner not in known]
    if new:
        bulk_insert(session, TALLIES, seal_rows(sealer, TALLIES, new))


# ------------------------------------------------------------------ reading


def check_details(session: Session, owner: str, owner_id: UUID) -> None:
    """Raise `RowTampered` for an object of a table whose details are not those the product wrote."""
    if details_of(owner) and not details_fit(session, owner, owner_id):
        raise RowTampered(owner, owner_id, "DETAILS")


def details_fit(session: Session, owner: str, owner_id: UUID) -> bool:
    """Return whether an object has the details its tally counts; what this transaction wrote is counted already."""
    tally: dict[str, Any] | None = None
    found: dict[str, Sum] = {}
    for name, mac, text, version in session.connection().execute(_union(details_of(owner)), {"of": owner_id}):
        if name:
            found[name] = found.get(name, Sum()).plus(Sum(1, weight(mac)))
        else:
            tally = {"id": owner_id, "version": version, "tallies": text, "mac": mac}
    if tally is not None and not fits(sealer_of(session), TALLIES, tally):
        return False
    counted = {} if tally is None else sums_in(tally["tallies"])
    for (name, place), change in session.info.get(PENDING, {}).items():
        if place == owner_id:
            counted[name] = counted.get(name, Sum()).plus(change)
    # Taken away together with their tally, the details of such an object would otherwise be missed by the night only.
    if text_of(counted) == "" and always_has_details(owner):
        return False
    return text_of(found) == text_of(counted)


@cache
def _union(details: Sequence[sa.Table]) -> Any:
    """The tally and the MACs of all details at one moment; no name is that of the tally."""
    of = sa.bindparam("of", type_=sa.Uuid())
    tally = sa.select(_said("''"), TALLIES.c.mac, TALLIES.c.tallies, TALLIES.c.version)
    parts = [tally.where(TALLIES.c.id == of)]
    for table in details:
        name, empty = _said(f"'{table.name}'"), (_said("''"), _said("0"))
        parts.append(sa.select(name, table.c.mac, *empty).where(table.c[owner_column(table)] == of))
    return sa.union_all(*parts)


def _said(text: str) -> Any:
    return sa.literal_column(text)
