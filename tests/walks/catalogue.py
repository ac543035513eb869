"""The data catalogue adds a query and no table: what it tells is the same for everybody who may ask."""

from typing import Any

ORACLE: dict[Any, Any] = {}
ORDERS: dict[str, Any] = {}
UNFOREIGN: dict[str, str] = {}


def furnish(city: Any) -> None:
    """Nothing to put anywhere."""
