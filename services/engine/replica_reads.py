"""Reads that may be seconds old: from a replica with its age, or from the database itself where the replica cannot answer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, text

from models.dialect import Database
from services.engine.house import House

log = logging.getLogger("shenfang.replica")
#: A replica that is so many seconds behind is not asked.
OLDEST = 120.0
# Without a receiver everything received is replayed, however long ago that was.
_AGE = text(
    "SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0 "
    "WHEN EXISTS (SELECT 1 FROM pg_stat_wal_receiver) AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 "
    "ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END"
)


@contextmanager
def reading(house: House, *, may_lag: bool) -> Iterator[tuple[Session, float | None]]:
    """Open a session for reading, with the age in seconds of what a replica shows."""
    age = age_of(house.replica) if may_lag and house.replica is not None else None
    if age is not None and house.replica is not None:
        with house.replica.read() as session:
            yield session, age
    else:
        with house.database.read() as session:
            yield session, None


def age_of(replica: Database) -> float | None:
    """Return by how many seconds a replica is behind; None when it is too far behind or does not answer."""
    try:
        with replica.read() as session:
            found = session.connection().execute(_AGE).scalar()
    except DBAPIError:
        log.warning("只读副本没有应答，改读主库")
        return None
    age = float(found) if found is not None else OLDEST + 1
    if age > OLDEST:
        log.warning("只读副本滞后 %.0f 秒，改读主库", age)
        return None
    return max(age, 0.0)
