"""Rows and answers of ours as messages carry them: fields by name, moments in Shanghai's time, money as text."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from models.sealed import Sealed
from services.engine.clock import SHANGHAI


def body_of(source: Any, *names: str, without: Collection[str] = ()) -> dict[str, Any]:
    """The named fields of a row, or every field of an answer but those left out, as JSON."""
    wanted = names or [name for name in vars(source) if name not in without]
    return {name: _plain(getattr(source, name), without) for name in wanted}


def with_given(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """The body without those of the named fields that have no value."""
    return {name: value for name, value in body.items() if value or name not in names}


def moment_text(moment: datetime) -> str:
    """A moment as messages carry it."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _plain(value: Any, without: Collection[str]) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return moment_text(value)
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:.2f}"
        case Sealed():
            return value.plain
        case list() | tuple():
            return [_plain(one, without) for one in value]
        case None | str() | int():
            return value
    return body_of(value, without=without)
