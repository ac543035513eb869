"""Files add two things the system does by itself; who sees an attachment is walked with the others."""

from typing import Any

ORACLE: dict[Any, Any] = {}
ORDERS: dict[str, Any] = {}
UNFOREIGN = {"attachments.scan": "the system's own, which scans every file"}


def furnish(city: Any) -> None:
    """Nothing to put anywhere: each office has handed something in."""
