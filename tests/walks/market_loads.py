"""The walk's part for loads of the market and its watch: the system's own, tried as every role elsewhere (rows 70-75, 83)."""

from typing import Any

ORACLE: dict[Any, Any] = {}
ORDERS: dict[str, Any] = {}
UNFOREIGN: dict[str, str] = dict.fromkeys(
    ("market.known_companies", "market.load_portion", "market.load_standing", "market.undo_load", "progress.watch"),
    "the system's own, which sees all",
)


def furnish(city: Any) -> None:
    """The tables have their rows from the walk of kinds."""
