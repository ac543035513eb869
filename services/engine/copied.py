"""Dataclasses and rows filled from a row that names the same facts."""

from dataclasses import fields
from typing import Any, TypeVar

Made = TypeVar("Made")


def copy_of(kind: type[Made], row: Any, /, **given: Any) -> Made:
    """Make a dataclass of `given` and, for its other fields, of what the row has under their names."""
    names = (one.name for one in fields(kind) if one.name not in given)  # type: ignore[arg-type]
    return kind(**{name: getattr(row, name) for name in names if hasattr(row, name)}, **given)


def taken(row: Any, *names: str) -> dict[str, Any]:
    """Return what a row has under these names, for another row that has them too."""
    return {name: getattr(row, name) for name in names}
