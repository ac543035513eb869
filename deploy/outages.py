"""An outage of the database, or of its replica, in the log: one line a minute while it lasts and one when it is over, however much fails meanwhile."""

import logging
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator

import psycopg
import sqlalchemy as sa
from sqlalchemy import event

from models.dialect import Database

log = logging.getLogger("shenfang.database")
#: Where failures of the replica are logged.
REPLICA_LOG = "shenfang.replica"
#: Seconds between two lines about the same outage.
AGAIN = 60.0
#: Classes of SQLSTATE by which a server or a proxy refuses connections or ends them.
_AWAY = ("08", "57P", "53300")
#: SQLite's names for a file that cannot be reached.
_FILE_AWAY = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_NOTADB", "SQLITE_READONLY_DBMOVED")


class Outage:
    """Follows whether the database answers, by failures in the log and statements that succeed.

    It says “数据库没有应答” and “数据库已恢复应答”, or “只读副本没有应答” and “只读副本已恢复应答”: words that a diagnosis keeps.
    """

    def __init__(self, again: float = AGAIN, what: str = "数据库") -> None:
        self._again, self._what = again, what
        self._lock = threading.Lock()
        #: When the outage began and when a line was last written about it; how many failures had no line since.
        self._since: float | None = None
        self._told: float | None = None
        self._left_out = 0

    def failed(self, problem: BaseException) -> None:
        """Count a failure, and write a line about the first one of a minute."""
        now = time.monotonic()
        with self._lock:
            self._since = now if self._since is None else self._since
            self._left_out += 1
            if self._told is not None and now - self._told < self._again:
                return
            self._told, left_out, self._left_out = now, self._left_out, 0
        log.error(
            "%s没有应答（%s），恢复前每分钟只记一行；上次以来失败 %d 次",
            self._what,
            _first_line(problem),
            left_out,
            extra={"about_outage": True},
        )

    def answered(self, *_: object) -> None:
        """Write that an outage is over; called after every statement that succeeded."""
        if self._since is None:
            return
        now = time.monotonic()
        with self._lock:
            if self._since is None:
                return
            lasted, left_out = now - self._since, self._left_out
            self._since, self._left_out = None, 0
        log.warning(
            "%s已恢复应答，中断约 %.0f 秒；上次以来失败 %d 次",
            self._what,
            lasted,
            left_out,
            extra={"about_outage": True},
        )

    def watch(self, database: Database | None) -> None:
        """Look at the statements of a database, if there is one."""
        if database is not None:
            event.listen(database.engine, "after_cursor_execute", self.answered)


class OutageFilter(logging.Filter):
    """Keeps lines that only say that the database is away out of a log, and counts them for the outage's own line."""

    def __init__(self, outage: Outage, replica: Outage) -> None:
        super().__init__()
        self.outage, self.replica = outage, replica

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "about_outage", False) or record.levelno < logging.WARNING:
            return True
        # What is being handled at this moment is the cause of a line that names no exception.
        problem = record.exc_info[1] if record.exc_info else getattr(record, "cause", None) or sys.exc_info()[1]
        away = silent_database(problem)
        if away is not None:
            (self.replica if record.name == REPLICA_LOG else self.outage).failed(away)
        return away is None


#: The database of this process, and the replica that some reads ask.
OUTAGE, REPLICA_OUTAGE = Outage(), Outage(what="只读副本")


def quiet_handler(outage: Outage = OUTAGE, replica: Outage = REPLICA_OUTAGE) -> logging.Handler:
    """Return a handler to standard error that writes no lines about an outage but the outage's own."""
    handler = logging.StreamHandler()
    handler.addFilter(OutageFilter(outage, replica))
    return handler


def silent_database(problem: BaseException | None) -> BaseException | None:
    """The error behind an exception that says that the database does not answer, if that is its cause."""
    return next((one for one in _causes(problem) if _is_away(one)), None)


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [problem]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__context__, one.__cause__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _is_away(problem: BaseException) -> bool:
    if isinstance(problem, sa.exc.TimeoutError):
        # Every connection waits for a server that does not answer.
        return True
    if isinstance(problem, sa.exc.DBAPIError):
        return problem.connection_invalidated
    if isinstance(problem, psycopg.OperationalError):
        return problem.sqlstate is None or problem.sqlstate.startswith(_AWAY)
    if isinstance(problem, sqlite3.Error):
        return str(getattr(problem, "sqlite_errorname", "")).startswith(_FILE_AWAY)
    return False


def _first_line(problem: BaseException) -> str:
    told = getattr(problem, "orig", None) or problem
    return (str(told).strip().splitlines() or [type(told).__name__])[0][:200]
