"""Locked rows: those who guard see them all, nobody else any."""

from typing import Any
from uuid import uuid4

from models.access import Role
from models.integrity import FaultKind, IntegrityFault
from services.engine.locked_rows import lock_row


def _guards(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(Role.SYSTEM, Role.SEC_ADMIN, Role.AUDITOR))


ORACLE = {IntegrityFault: _guards}
ORDERS: dict[str, Any] = {}
UNFOREIGN = {"integrity.release": "the security administrator's, who sees all"}


def furnish(city: Any) -> None:
    """Four rows that are in no table, found wrong."""
    for _ in range(4):
        city.counter.world.act(lambda work: lock_row(work, "house", uuid4(), FaultKind.MISSING))
