"""Readiness of a process: database writable, keys at hand, room on the disk, a worker that gives signs of life."""

import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from models.sealing import CryptoError
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.door import Door
from services.engine.house import House
from services.operations.gauges import newest_beat

log = logging.getLogger("shenfang.readiness")

#: Bytes that must be free where the data lie: one upload of the largest size, thrice.
LEAST_FREE = 200_000_000
#: A worker beats every five minutes; two beats may be missed.
SILENT = 630.0


@dataclass(frozen=True)
class Readiness:
    """Checks of one process. A silent worker is reported and refuses nothing: web processes serve on without it."""

    door: Door
    #: Whether the process takes requests already; one that only answers monitoring is not ready.
    serving: Callable[[], bool] = lambda: True

    def answer(self) -> tuple[int, bytes]:
        """Return the HTTP status and a JSON object: `status`, and `ok`, `failed` or `silent` for each check."""
        if not self.serving():
            return 503, b'{"status": "starting"}'
        needed = {name: self._passes(check) for name, check in _NEEDED.items()}
        worker = needed["database"] and self._passes(_worker_beats)
        whole = all(needed.values())
        found = {
            "status": "ready" if whole and worker else "degraded" if whole else "unavailable",
            **{name: "ok" if passed else "failed" for name, passed in needed.items()},
            "worker": "ok" if worker else "silent",
        }
        return 200 if whole else 503, json.dumps(found).encode()

    def _passes(self, check: Callable[[Door], bool]) -> bool:
        try:
            return check(self.door)
        except (sa.exc.SQLAlchemyError, CryptoError, OSError) as problem:
            log.warning(
                "就绪检查 %s 未通过：%s", check.__name__.strip("_"), type(problem).__name__, extra={"cause": problem}
            )
            return False


#: Seconds that a commit may wait for a replica; longer means that none confirms, and no act ends.
CONFIRMED = 10.0
_UNCONFIRMED = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' "
    "AND extract(epoch FROM clock_timestamp() - state_change) > :seconds"
)


def database_takes_writes(house: House) -> bool:
    """Change nothing, with the lock of a change: a standby, a read-only disk and a full one refuse it.

    A primary whose commits wait for a replica that is gone takes none either.
    """
    with house.database.write() as session:
        connection = session.connection()
        connection.execute(sa.text("UPDATE alembic_version SET version_num = version_num"))
        waiting = 0
        if connection.dialect.name == "postgresql":
            waiting = connection.execute(_UNCONFIRMED, {"seconds": CONFIRMED}).scalar_one()
        session.rollback()
    return waiting == 0


def _database_takes_writes(door: Door) -> bool:
    return database_takes_writes(door.house)


def _keys_are_at_hand(door: Door) -> bool:
    return door.house.crypto.health().breaker == "closed"


def _disk_has_room(door: Door) -> bool:
    return shutil.disk_usage(door.house.place.data_dir).free >= LEAST_FREE


def _worker_beats(door: Door) -> bool:
    beat = door.look(SYSTEM, newest_beat)
    return beat is not None and (system_now() - beat).total_seconds() <= SILENT


_NEEDED: dict[str, Callable[[Door], bool]] = {
    "database": _database_takes_writes,
    "crypto": _keys_are_at_hand,
    "disk": _disk_has_room,
}
