"""The walk's part for pages of one-stop applications: papers are asked for by the id of a case."""

from typing import Any

from models.one_stop import StopCase

ORACLE: dict[Any, Any] = {}
ORDERS: dict[str, Any] = {"one_stop.papers": (StopCase, lambda city, row_id: row_id)}
UNFOREIGN: dict[str, str] = {}


def furnish(city: Any) -> None:
    """Cases come with the walk of one-stop applications."""
