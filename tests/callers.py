"""The callers of a world, read once until somebody writes a table from which a caller is read.

Tests name an account at every step, and reading it with its roles, its office and its streets took a tenth of their time.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

import models.dialect
from models.access import Account, AccountRole, OrgUnit
from models.streets import StreetChange, StreetChoice, StreetLink
from services.engine.callers import Caller

#: What `services.access.sessions.caller_of` reads.
TABLES = frozenset(
    str(table.__tablename__) for table in (Account, AccountRole, OrgUnit, StreetChange, StreetChoice, StreetLink)
)
#: Statements that write no table, and the table that others write.
_READS = re.compile(r"\s*(?:SELECT|PRAGMA|SAVEPOINT|RELEASE|BEGIN|ROLLBACK|SHOW)\b", re.IGNORECASE)
_WRITES = re.compile(r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
_WRITTEN = "tests.callers"

#: Goes up with every write, and again when it is committed: meanwhile others read the rows as they were.
_writes = 0


class Callers:
    """The callers of one world by login and business day."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, date], Caller] = {}
        self._as_of = -1

    def of(self, login: str, today: date, read: Callable[[], Caller]) -> Caller:
        """Return who calls by a login, read anew when something was written since."""
        before = _writes
        if self._as_of != before:
            self._known.clear()
            self._as_of = before
        found = self._known.get((login, today))
        if found is None:
            found = read()
            if before == _writes:
                self._known[login, today] = found
        return found


def _note(connection: sa.Connection, table: str) -> None:
    global _writes
    if table in TABLES:
        _writes += 1
        connection.info[_WRITTEN] = True


@event.listens_for(sa.Engine, "before_cursor_execute")
def _note_statement(connection: sa.Connection, _: Any, statement: str, *more: Any) -> None:
    if _READS.match(statement):
        return
    written = _WRITES.match(statement)
    # What is no plain statement may write any table.
    _note(connection, written[1] if written else Account.__tablename__)


@event.listens_for(sa.Engine, "commit")
def _note_commit(connection: sa.Connection) -> None:
    global _writes
    if connection.info.pop(_WRITTEN, False):
        _writes += 1


def _noting(write: Callable[..., None]) -> Callable[..., None]:
    """What the driver takes at once passes by as no statement of SQLAlchemy's."""

    @wraps(write)
    def writing(connection: sa.Connection, table: sa.Table, rows: Any) -> None:
        _note(connection, table.name)
        write(connection, table, rows)

    return writing


for _name in ("_insert", "_copy"):
    setattr(models.dialect, _name, _noting(getattr(models.dialect, _name)))
