"""The walk's part for the association's integrity platform: its ledger is read by no list, its acts are tried with rows 45-47."""

from typing import Any

ORACLE: dict[Any, Any] = {}
ORDERS: dict[str, Any] = {}
UNFOREIGN: dict[str, str] = {"practitioners.assoc_work_off": "the system's own"}


def furnish(city: Any) -> None:
    """Nothing: no caller sees the ledger as rows."""
