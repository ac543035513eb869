"""The walk's part for unmanaged places beside their kind: the way into the managed library (row 37)."""

from typing import Any

from models.unmanaged import UnmanagedReport
from services.unmanaged.conversion import Convert, GiveUp

_WHY = "核查情况已经清楚"
ORACLE: dict[Any, Any] = {}
ORDERS: dict[str, Any] = {
    "unmanaged.propose": (UnmanagedReport, lambda city, row_id: row_id),
    "unmanaged.give_up": (UnmanagedReport, lambda city, row_id: GiveUp(row_id, _WHY)),
    "unmanaged.convert": (UnmanagedReport, lambda city, row_id: Convert(row_id, "JZ-1")),
    "unmanaged.standing": (UnmanagedReport, lambda city, row_id: row_id),
}
UNFOREIGN: dict[str, str] = {
    "unmanaged.statistics": "counts what the caller's list shows",
    "unmanaged.remind": "the nightly job, about every place",
}


def furnish(city: Any) -> None:
    """Every kind has its rows from the walk of kinds."""
