"""The audit's tables: the auditor alone sees them, and he sees nothing else."""

from typing import Any

from models.access import Role
from models.audit import AuditCheckpoint, AuditEvent
from services.audit.checkpoints import MakeCheckpoint, make_checkpoint
from services.engine.callers import SYSTEM


def _auditor(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(Role.AUDITOR))


ORACLE = {AuditEvent: _auditor, AuditCheckpoint: _auditor}
ORDERS: dict[str, Any] = {}
UNFOREIGN = {"audit.event": "the auditor's, who sees all events; nobody else may ask"}


def furnish(city: Any) -> None:
    """Some checkpoints over what the city has told so far."""
    while city.counter.world.door.perform(make_checkpoint, SYSTEM, MakeCheckpoint()) > 1:
        continue
    for _ in range(3):
        city.counter.world.door.perform(make_checkpoint, SYSTEM, MakeCheckpoint())
