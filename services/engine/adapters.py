"""Readers and writers of our types as JSON, each built when it is first used: building one takes up to ten milliseconds."""

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

Value = TypeVar("Value")


def adapter(kind: type[Value]) -> TypeAdapter[Value]:
    """Return pydantic's reader and writer of a type, built once in a process."""
    return _adapter(cast(Any, kind))


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
