"""Records of every request: its nonce before any effect, its log line after the answer (4.3, 4.4).

Simultaneous requests share a transaction, so that commits do not set the pace.
"""

import queue
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from models.access import Role
from models.columns import new_id
from models.dialect import bulk_insert, is_sqlite, locked
from models.partners import PartnerExchange, PartnerNonce, PartnerRate
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.jobs import performed
from services.engine.registry import action
from services.engine.work import Work
from services.partners.partner_cache import MARK, registry_mark

#: How long a nonce is kept (security.md 4.3, step 7).
NONCE_KEPT = timedelta(seconds=900)
#: Requests of one app: so many a second, and so many at once.
PER_SECOND, BURST = 50, 100

FRESH, REPLAYED, TOO_MANY, STALE = "FRESH", "REPLAYED", "TOO_MANY", "STALE"
_MOST = 200
#: From so many requests at once a batch waits for others while within so many seconds more come, and at most so long.
_MANY, _MOMENT, _MOST_WAIT = 6, 0.004, 0.02


@dataclass(frozen=True)
class Arrival:
    """A request whose signature was verified; `mark` is the access list by which its sender was believed."""

    app_id: str
    nonce: str
    mark: int


@dataclass(frozen=True)
class Line:
    """An answered request: its audit event and, for a known sender, its log row."""

    caller: Caller
    request_id: str
    event: str
    act: str
    result: str
    reason: str
    detail: dict[str, Any]
    severity: int = 6
    row: dict[str, Any] | None = None
    sealed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    arrivals: tuple[Arrival, ...] = ()
    lines: tuple[Line, ...] = ()


@action("partners.keep", "登记对接请求", roles={Role.SYSTEM}, event="")
def keep_batch(work: Work, order: Batch) -> list[str]:
    """Take nonces and write lines; for each arrival whether it may go on."""
    admitted = _admit(work, order.arrivals) if order.arrivals else []
    rows = []
    for line in order.lines:
        about = ""
        if line.row is not None:
            row = {**line.row, "id": new_id(), "mac": None, "at": work.at}
            for name, value in line.sealed.items():
                row[name] = None if value is None else Sealed.of_json(value)
            rows.append(row)
            about = str(row["id"])
        work.trail.tell_of(
            line.caller,
            line.request_id,
            line.event,
            line.act[:60],
            result=line.result,
            reason=line.reason,
            kind="partner_exchange" if about else "",
            object_id=about,
            detail=line.detail,
            severity=line.severity,
        )
    if rows:
        table: sa.Table = PartnerExchange.__table__  # type: ignore[attr-defined]
        bulk_insert(work.session, table, seal_rows(work.sealer, table, rows))
    return admitted


def _admit(work: Work, arrivals: Sequence[Arrival]) -> list[str]:
    """Admit requests in order of arrival: a nonce counts once, and each app has so many a second (steps 7 and 8).

    A request judged by an outdated access list is answered STALE and takes nothing.
    """
    # Who holds an app's row may take its nonces: two processes cannot take the same one, nor wait for each other.
    left, mark = _left(work, sorted({one.app_id for one in arrivals}))
    first: dict[tuple[str, str], Arrival] = {}
    for one in arrivals:
        if one.mark == mark:
            first.setdefault((one.app_id, one.nonce), one)
    new, told = _taken(work, list(first)), []
    for one in arrivals:
        key = (one.app_id, one.nonce)
        if one.mark != mark:
            told.append(STALE)
        elif key not in new or first[key] is not one:
            told.append(REPLAYED)
        else:
            may = left[one.app_id] >= 1000
            left[one.app_id] -= 1000 if may else 0
            told.append(FRESH if may else TOO_MANY)
    connection, at = work.session.connection(), work.at
    if is_sqlite(work.session):
        connection.execute(_SPEND, [{"app": app, "left": tokens, "now": at} for app, tokens in left.items()])
    else:
        connection.execute(_SPEND_AT_ONCE, {"apps": list(left), "lefts": list(left.values()), "now": at})
    return told


def _left(work: Work, apps: Sequence[str]) -> tuple[dict[str, int], int]:
    """Return what each app may still send, in thousandths, its row held until the commit; and the access list's mark.

    Where the row is waited for, the mark is that of before: a change of the list in that moment counts from the next batch.
    """
    connection = work.session.connection()
    found = connection.execute(locked(work.session, _LEFT), {"apps": apps}).all()
    rows = {row.app_id: row for row in found}
    made = [{"id": new_id(), "app_id": app, "tokens": 0, "at": work.at} for app in apps if app not in rows]
    if made:
        connection.execute(_RATE.insert(), made)
    full, left = BURST * 1000, {}
    for app in apps:
        row = rows.get(app)
        passed = 0 if row is None else max(0, int((work.at - row.at) / timedelta(milliseconds=1)))
        left[app] = full if row is None else min(full, row.tokens + passed * PER_SECOND)
    return left, (found[0].mark or 0) if found else registry_mark(connection)


def _taken(work: Work, wanted: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these apps' nonces were not there before; they are there now."""
    if not wanted:
        return set()
    connection, until = work.session.connection(), work.at + NONCE_KEPT
    if not is_sqlite(work.session):
        apps, nonces = [app for app, _ in wanted], [nonce for _, nonce in wanted]
        given = {"ids": [new_id() for _ in wanted], "apps": apps, "nonces": nonces, "until": until}
        return {(row.app_id, row.nonce) for row in connection.execute(_TAKE_AT_ONCE, given)}
    known = {(row.app_id, row.nonce) for row in connection.execute(_SEEN, {"nonces": [nonce for _, nonce in wanted]})}
    new = [one for one in wanted if one not in known]
    if new:
        rows = [{"id": new_id(), "app_id": app, "nonce": nonce, "until": until} for app, nonce in new]
        bulk_insert(work.session, _NONCE, rows)
    return set(new)


_NONCE: Any = PartnerNonce.__table__  # type: ignore[attr-defined]
_RATE: Any = PartnerRate.__table__  # type: ignore[attr-defined]
_SEEN = sa.select(_NONCE.c.app_id, _NONCE.c.nonce).where(
    _NONCE.c.nonce.in_(sa.bindparam("nonces", expanding=True)),
)
#: The same, and takes what was not there, in one statement.
_COMING = (
    sa.func.unnest(
        sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)),
        sa.bindparam("apps", type_=sa.ARRAY(sa.Text)),
        sa.bindparam("nonces", type_=sa.ARRAY(sa.Text)),
    )
    .table_valued("id", "app_id", "nonce")
    .render_derived(name="coming")
)
_TAKE_AT_ONCE = (
    postgresql.insert(PartnerNonce)
    .from_select(
        ["id", "app_id", "nonce", "until"],
        sa.select(_COMING.c.id, _COMING.c.app_id, _COMING.c.nonce, sa.bindparam("until", type_=_NONCE.c.until.type)),
    )
    .on_conflict_do_nothing(index_elements=["app_id", "nonce"])
    .returning(_NONCE.c.app_id, _NONCE.c.nonce)
)
_LEFT = (
    sa.select(_RATE.c.app_id, _RATE.c.tokens, _RATE.c.at, MARK.label("mark"))
    .where(_RATE.c.app_id.in_(sa.bindparam("apps", expanding=True)))
    .order_by(_RATE.c.app_id)
)
#: Refilled up to now, but never from a moment that is still to come.
_REFILLED = sa.case((_RATE.c.at > sa.bindparam("now"), _RATE.c.at), else_=sa.bindparam("now"))
_SPEND = _RATE.update().where(_RATE.c.app_id == sa.bindparam("app")).values(tokens=sa.bindparam("left"), at=_REFILLED)
#: The same for all apps of a batch in one statement, where the database takes lists.
_SPENT = (
    sa.func.unnest(sa.bindparam("apps", type_=sa.ARRAY(sa.Text)), sa.bindparam("lefts", type_=sa.ARRAY(sa.Integer)))
    .table_valued("app", "left")
    .render_derived(name="spent")
)
_SPEND_AT_ONCE = _RATE.update().where(_RATE.c.app_id == _SPENT.c.app).values(tokens=_SPENT.c.left, at=_REFILLED)


@action("partners.forget_nonces", "清除过期随机数", roles={Role.SYSTEM}, event="")
def forget_nonces(work: Work, order: None) -> int:
    """Nonces whose time is over: a message that old is refused by its timestamp."""
    table: sa.Table = PartnerNonce.__table__  # type: ignore[attr-defined]
    return work.session.connection().execute(sa.delete(table).where(table.c.until < work.at)).rowcount


performed("partners.forget_nonces", "清除过期随机数", forget_nonces, every=300)


class Keeper:
    """The thread that writes for all requests of a process; later requests enter the next transaction."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._coming = 0
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[tuple[Arrival | Line, Future[str]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="partner-keeper", daemon=True)
        self._thread.start()

    def admit(self, arrival: Arrival) -> str:
        """Return FRESH, REPLAYED, TOO_MANY or STALE; raises `Unavailable` when the database does not answer."""
        return self._ask(arrival)

    def tell(self, line: Line) -> None:
        """Write a line; returns when it is committed, raises `Unavailable` when it cannot be."""
        self._ask(line)

    def close(self) -> None:
        """Write what waits and end the thread."""
        self._waiting.put(None)
        self._thread.join(timeout=10)

    def _ask(self, what: Arrival | Line) -> str:
        told: Future[str] = Future()
        self._waiting.put((what, told))
        return told.result(timeout=60)

    def _run(self) -> None:
        while True:
            taken = self._take()
            asked = [one for one in taken if one is not None]
            if asked:
                self._write(asked)
            if len(asked) < len(taken):
                return

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """A request that will come here: while there are many, a batch waits a moment for more of them."""
        with self._lock:
            self._coming += 1
        try:
            yield
        finally:
            with self._lock:
                self._coming -= 1

    def _take(self) -> list[tuple[Arrival | Line, "Future[str]"] | None]:
        taken = [self._waiting.get()]
        if self._coming >= _MANY:
            until, there = monotonic() + _MOST_WAIT, -1
            # As long as more keep coming: every transaction costs as much as ten requests in it.
            while there < self._waiting.qsize() < self._coming - 1 and monotonic() < until:
                there = self._waiting.qsize()
                sleep(_MOMENT)
        while taken[-1] is not None and len(taken) < _MOST:
            try:
                taken.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return taken

    def _write(self, asked: list[tuple[Arrival | Line, "Future[str]"]]) -> None:
        arrivals = [(what, told) for what, told in asked if isinstance(what, Arrival)]
        lines = [(what, told) for what, told in asked if isinstance(what, Line)]
        batch = Batch(tuple(what for what, _ in arrivals), tuple(what for what, _ in lines))
        try:
            admitted = self._door.perform(keep_batch, SYSTEM, batch)
        except Exception as problem:
            for _, told in asked:
                told.set_exception(problem)
            return
        for (_, told), answer in zip(arrivals, admitted, strict=True):
            told.set_result(answer)
        for _, told in lines:
            told.set_result("")


_EMPTY: dict[str, Any] = {"direction": "IN"} | {
    name: one.default for name, one in PartnerExchange.model_fields.items() if name != "id" and not one.is_required()
}
_WIDTHS: dict[str, int] = {
    column.name: column.type.length
    for column in PartnerExchange.__table__.columns  # type: ignore[attr-defined]
    if isinstance(column.type, sa.String) and column.type.length
}


def exchange_row(**values: Any) -> dict[str, Any]:
    """A row of the log with its defaults, every text cut to its column."""
    row = {**_EMPTY, **values}
    for name, width in _WIDTHS.items():
        if len(text := row.get(name) or "") > width:
            row[name] = text[:width]
    return row


def clock_ms(at: datetime) -> int:
    """A moment as partners write it: milliseconds of the Unix epoch."""
    return int(at.timestamp() * 1000)
