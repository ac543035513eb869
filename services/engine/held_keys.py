"""Keys no two records in force may share, such as a certificate's number: held on effect, freed when voided.

A table declares one with `models.columns.held_key`; its unique index settles a race between two approvals.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from models.normal import normal_number
from models.records import InForce, InForceState
from models.sealed import Sealed
from services.engine.field_types.field import Field
from services.engine.shapes import by_name, header_of
from services.engine.work import Work


@cache
def _keys_of(table: type[SQLModel]) -> Mapping[str, tuple[tuple[str, ...], int]]:
    """Return the held keys of a table: the columns each is made of, and its width."""
    columns = sa.inspect(table).columns
    return {one.name: (one.info["key_of"], one.type.length) for one in columns if "key_of" in one.info}


def key_of(table: type[InForce], key: str, values: Mapping[str, Any]) -> str | None:
    """Return a key in its normal form; None while a value it is made of is missing."""
    names, width = _keys_of(table)[key]
    given = [values.get(name) for name in names]
    if any(value is None or value == "" for value in given):
        return None
    fields = {**header_of(table), **by_name(table)}
    return ":".join(_normal(fields[name], value) for name, value in zip(names, given, strict=True))[:width]


def _normal(field: Field, value: Any) -> str:
    plain = value.plain if isinstance(value, Sealed) else value
    return normal_number(plain) if isinstance(plain, str) else str(field.raw(plain))


def hold_keys(work: Work, row: InForce) -> None:
    """Fill the held keys of a record that takes effect."""
    for key, (names, _) in _keys_of(type(row)).items():
        setattr(row, key, key_of(type(row), key, {name: getattr(row, name) for name in names}))
        work.add(row)


def keys_of(table: type[InForce], values: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the held keys of a record from its values."""
    return {key: key_of(table, key, values) for key in _keys_of(table)}


def free_keys(work: Work, row: InForce) -> None:
    """Empty the held keys of a voided record, so that another may have them."""
    for key in _keys_of(type(row)):
        setattr(row, key, None)
        work.add(row)


def holder_of(
    work: Work, table: type[InForce], key: str, values: Mapping[str, Any], *, other_than: UUID | None = None
) -> str:
    """Return the number of the record in force that holds the key these values make, or nothing."""
    wanted = key_of(table, key, values)
    if wanted is None:
        return ""
    found = select(table.record_no).where(
        getattr(table, key) == wanted, table.in_force == InForceState.EFFECTIVE, col(table.id) != other_than
    )
    return work.session.exec(found).first() or ""
