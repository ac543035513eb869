"""The values a row takes from the order it stores, by the names both have."""

from dataclasses import fields
from typing import Any

from sqlmodel import SQLModel

from models.sealed import Sealed, SealedType, sealed_columns


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
