"""The one read behind the public check: a driver statement on a read-only connection, without a session (decision 32)."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from psycopg_pool import AsyncConnectionPool
from sqlmodel import col

from models.dialect import normal_url
from models.documents import IssuedDocument, PaperKind, PaperState
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.refusals import Unavailable
from services.public_check.answers import PublicAnswer

_KINDS = {str(kind.value): kind for kind in PaperKind}
_STATES = {str(state.value): state for state in PaperState}
_FILING_STATES = {str(state.value): state for state in FilingState}

BUSY = "核验服务暂时不可用，请稍后再试"

_STATEMENT = (
    sa.select(
        col(IssuedDocument.kind),
        col(IssuedDocument.title),
        col(IssuedDocument.number),
        col(IssuedDocument.issued_on),
        col(IssuedDocument.digest),
        col(IssuedDocument.state),
        col(IssuedDocument.public),
        col(LeaseFiling.state),
        col(LeaseFiling.valid_from),
        col(LeaseFiling.valid_to),
        col(LeaseFiling.ended_on),
    )
    .select_from(sa.outerjoin(IssuedDocument, LeaseFiling, col(LeaseFiling.id) == col(IssuedDocument.filing_id)))
    .where(col(IssuedDocument.token_digest) == sa.bindparam("digest"))
)


class PublicReader(Protocol):
    """Finds what the public may see of a paper, by the digest of its code."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def find(self, token_digest: str) -> PublicAnswer | None:
        """The paper, or None; one indexed read. `Unavailable` when the database does not answer."""
        ...


def open_reader(database_url: str) -> PublicReader:
    """A reader for this database; `start()` connects it."""
    url = normal_url(database_url)
    if url.startswith("sqlite"):
        return SqliteReader(sa.make_url(url).database or "")
    return PostgresReader(url.replace("postgresql+psycopg://", "postgresql://", 1))


class SqliteReader:
    """Reads in the loop: a look-up by a unique index takes less time than handing it to a thread."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._sql = _sql_for("sqlite://")
        self._connection: sqlite3.Connection | None = None

    async def start(self) -> None:
        address = f"{Path(self._path).resolve().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(
            address, uri=True, timeout=0.5, isolation_level=None, check_same_thread=False
        )

    async def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def find(self, token_digest: str) -> PublicAnswer | None:
        if self._connection is None:
            raise Unavailable(BUSY)
        try:
            row = self._connection.execute(self._sql, (token_digest,)).fetchone()
        except sqlite3.Error as problem:
            raise Unavailable(BUSY) from problem
        return None if row is None else _answer(row)


class PostgresReader:
    """Reads over a pool of its own, opened at start so that the first visitors do not each open one."""

    def __init__(self, url: str) -> None:
        self._sql = _sql_for("postgresql+psycopg://").encode()
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] = AsyncConnectionPool(
            url,
            min_size=2,
            max_size=8,
            timeout=2,
            open=False,
            kwargs={"autocommit": True, "options": "-c default_transaction_read_only=on"},
        )

    async def start(self) -> None:
        await self._pool.open()

    async def stop(self) -> None:
        await self._pool.close()

    async def find(self, token_digest: str) -> PublicAnswer | None:
        try:
            async with self._pool.connection() as connection:
                row = await (await connection.execute(self._sql, {"digest": token_digest})).fetchone()
        except psycopg.Error as problem:
            raise Unavailable(BUSY) from problem
        return None if row is None else _answer(row)


def _sql_for(url: str) -> str:
    return str(_STATEMENT.compile(dialect=sa.make_url(url).get_dialect()()))


def _answer(row: Sequence[Any]) -> PublicAnswer:
    kind, title, number, issued_on, digest, state, public, filing_state, *days = row
    return PublicAnswer(
        kind=_KINDS[kind],
        title=title,
        number=number,
        issued_on=_day(issued_on) or date.min,
        digest=digest,
        state=_STATES[state],
        public=json.loads(public) if isinstance(public, str) else public,
        filing_state=_FILING_STATES[filing_state] if filing_state else None,
        valid_from=_day(days[0]),
        valid_to=_day(days[1]),
        ended_on=_day(days[2]),
    )


def _day(value: Any) -> date | None:
    """SQLite's driver gives days as text, PostgreSQL's as days."""
    return date.fromisoformat(value) if isinstance(value, str) else value
