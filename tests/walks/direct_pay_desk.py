"""The walk's part for the firm's desk and for the progress of direct payment; the tables themselves are walked beside it."""

from typing import Any

from models.direct_pay import Entrustment

ORACLE: dict[Any, Any] = {}

ORDERS: dict[str, Any] = {
    "direct_pay.timeline": (Entrustment, lambda city, row_id: row_id),
    "direct_pay.print": (Entrustment, lambda city, row_id: row_id),
}

UNFOREIGN: dict[str, str] = {
    "direct_pay.bill_hint": "firms' only, tried as another firm in tests/services/direct_pay/test_firm_desk.py",
}


def furnish(city: Any) -> None:
    """Mandates are furnished with the tables."""
