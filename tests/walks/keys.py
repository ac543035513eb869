"""Keys in the walk: those who keep them see them, and the system that carries rotations out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from models.access import Role
from models.keys import KeyRecord, KeyRotation, RotationStage
from services.engine.work import Work

FAMILIES = ("dek.pii", "dek.auth", "idx.pii", "sig.doc")


def _keeper(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(Role.SEC_ADMIN, Role.SYSTEM))


ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {KeyRotation: _keeper, KeyRecord: _keeper}
ORDERS: dict[str, tuple[Any, Callable[[Any, Any], Any]]] = {}
UNFOREIGN = {"keys.activate": "the system's own", "keys.rewrite": "the system's own"}


def furnish(city: Any) -> None:
    """A finished rotation and a key of four families."""

    def put(work: Work) -> None:
        for family in FAMILIES:
            work.add(
                KeyRotation(
                    family=family,
                    old_kid=f"{family}.1",
                    new_kid=f"{family}.2",
                    reason="年度例行轮换",
                    stage=RotationStage.DONE,
                    prepared_at=work.at,
                )
            )
            work.add(
                KeyRecord(
                    kid=f"{family}.2",
                    family=family,
                    state="active",
                    made_at=work.at,
                    expires_at=work.at + timedelta(days=365),
                )
            )

    city.counter.world.act(put)
