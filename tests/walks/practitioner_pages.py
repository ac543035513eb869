"""The walk's part for what the desks of practitioners ask beside the area's own lists."""

from typing import Any

from models.practitioners import CardApply

ORACLE: dict[Any, Any] = {}

ORDERS: dict[str, Any] = {
    "practitioners.window_case": (CardApply, lambda city, row_id: row_id),
}

UNFOREIGN: dict[str, str] = {
    "practitioners.card_holder": "firms' only, tried as another firm in tests/services/practitioners/desks/test_desk_queries.py",
}


def furnish(city: Any) -> None:
    """Cards and applications are furnished with the area."""
