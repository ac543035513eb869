"""Dataclasses and rows filled from a row or an order that names the same facts."""

from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from sqlmodel import SQLModel

from models.sealed import Sealed, SealedType, sealed_columns

Made = TypeVar("Made")
_MISSING = object()


def copy_of(kind: type[Made], row: Any, /, **given: Any) -> Made:
    """Make a dataclass of `given` and, for its other fields, of what the row has under their names."""
    names = (name for name in _names(kind) if name not in given)  # type: ignore[arg-type]
    found = ((name, getattr(row, name, _MISSING)) for name in names)
    return kind(**{name: value for name, value in found if value is not _MISSING}, **given)


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def taken(row: Any, *names: str) -> dict[str, Any]:
    """Return what a row has under these names, for another row that has them too."""
    return {name: getattr(row, name) for name in names}


def values_for(table: type[SQLModel], order: Any) -> dict[str, Any]:
    """The values of an order that the table has columns for, sealed where the column is."""
    columns = table.__table__  # type: ignore[attr-defined]
    kinds = dict(sealed_columns(columns))
    given = {one.name: getattr(order, one.name) for one in fields(order) if one.name in columns.c}
    return {name: _sealed(kinds[name], value) if name in kinds else value for name, value in given.items()}


def _sealed(kind: SealedType, value: Any) -> Sealed | None:
    """Seal a text of a person, none where it is empty, or any value as JSON."""
    if not kind.mask_kind:
        return Sealed.of_json(value)
    return Sealed.of(value) if value else None
