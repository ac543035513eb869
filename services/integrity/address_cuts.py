"""The cuts of the houses' addresses, made anew and compared: a house without its cuts is found by no search."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from models.dialect import bulk_insert, cuts
from models.house import AddressCut, House

CUTS: sa.Table = AddressCut.__table__  # type: ignore[attr-defined]
_HOUSES: sa.Table = House.__table__  # type: ignore[attr-defined]
_PART = 5_000


def wrong_cuts(session: Session) -> set[UUID]:
    """Return the houses that have other cuts than their address, in one walk over each table."""
    left: dict[UUID, int] = {}
    for house_id, address in _walk(session, _HOUSES.c.id, _HOUSES.c.address):
        left[house_id] = _fingerprint(cuts(address))
    for gram, house_id in _walk(session, CUTS.c.gram, CUTS.c.house_id):
        left[house_id] = left.get(house_id, 0) - _fingerprint([gram])
    return {house_id for house_id, rest in left.items() if rest}


def _fingerprint(grams: Iterable[str]) -> int:
    """A sum that no other cuts have: Python's hashes differ in every process, so it cannot be aimed at."""
    return sum(map(hash, grams))


def _walk(session: Session, first: sa.Column[Any], second: sa.Column[Any]) -> Iterator[Any]:
    """Yield two columns of every row, in the order of the table's key, which they begin with."""
    keys = list(first.table.primary_key.columns)
    wanted = sa.select(first, second).order_by(*keys).limit(_PART)
    page = session.connection().execute(wanted).all()
    while page:
        yield from page
        last = [sa.literal(value, key.type) for value, key in zip(page[-1], keys, strict=False)]
        page = session.connection().execute(wanted.where(sa.tuple_(*keys) > sa.tuple_(*last))).all()


def cut_anew(session: Session, house_id: UUID) -> None:
    """Give a house the cuts of its address, or none if there is no such house."""
    connection = session.connection()
    connection.execute(CUTS.delete().where(CUTS.c.house_id == house_id))
    address = connection.scalar(sa.select(_HOUSES.c.address).where(_HOUSES.c.id == house_id))
    bulk_insert(session, CUTS, [{"gram": gram, "house_id": house_id} for gram in cuts(address or "")])


def has_its_cuts(session: Session, house_id: UUID) -> bool:
    connection = session.connection()
    address = connection.scalar(sa.select(_HOUSES.c.address).where(_HOUSES.c.id == house_id))
    return set(connection.scalars(sa.select(CUTS.c.gram).where(CUTS.c.house_id == house_id))) == set(
        cuts(address or "")
    )
