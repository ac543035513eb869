"""The one read behind the public check: a driver statement on a read-only connection, without a session (decision 32)."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg_pool import AsyncConnectionPool
from sqlmodel import col

from models.dialect import Database
from models.documents import IssuedDocument, PaperKind, PaperState
from models.enterprise import Enterprise, RecordState, ServiceState
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.row_mac import public_fits
from models.sealed import Sealed, open_token
from models.sealing import Sealer
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from models.verification import VerificationCode
from models.verification_codes import CodeEnd, CodeState, ShelfState
from services.engine.refusals import Unavailable
from services.practitioners.public_entries import stands_now, told_now
from services.public_check.answers import CardAnswer, PublicAnswer
from services.public_check.code_answers import CodeAnswer

#: Statements under way at once, look-ups in one of them, seconds until the database is said to be away.
_AT_ONCE, _TOGETHER, _PATIENCE = 2, 50, 4.0

BUSY = "核验服务暂时不可用，请稍后再试"

Row = Sequence[Any]
LookUp = Callable[[str], Awaitable[Row | None]]
#: Receives a row that failed its MAC: its table and id. It must return at once.
Broken = Callable[[str, UUID], None]
#: How old the rows of a replica are, as a column, and what raises when that is too old.
Age = tuple[sa.ColumnElement[Any], Callable[[Any], None]]
_PAPER: sa.Table = IssuedDocument.__table__  # type: ignore[attr-defined]
_FILING: sa.Table = LeaseFiling.__table__  # type: ignore[attr-defined]
_CARD: sa.Table = InfoCard.__table__  # type: ignore[attr-defined]
_FIRM: sa.Table = Enterprise.__table__  # type: ignore[attr-defined]
_CODE: sa.Table = VerificationCode.__table__  # type: ignore[attr-defined]


def _as_text(column: Any) -> Any:
    """Read here and not by the driver, which gives up the whole answer for one value that is none of its column's."""
    return sa.cast(column, sa.Text)


_COLUMNS = sa.select(
    col(IssuedDocument.kind),
    col(IssuedDocument.title),
    col(IssuedDocument.number),
    _as_text(IssuedDocument.issued_on),
    col(IssuedDocument.digest),
    col(IssuedDocument.state),
    _as_text(IssuedDocument.public),
    col(LeaseFiling.state),
    _as_text(LeaseFiling.valid_from),
    _as_text(LeaseFiling.valid_to),
    _as_text(LeaseFiling.ended_on),
    col(IssuedDocument.id),
    col(IssuedDocument.filing_id),
    col(IssuedDocument.public_mac),
    col(LeaseFiling.public_mac),
).select_from(sa.outerjoin(IssuedDocument, LeaseFiling, col(LeaseFiling.id) == col(IssuedDocument.filing_id)))
_CARD_COLUMNS = sa.select(
    col(InfoCard.id),
    col(InfoCard.card_no),
    col(InfoCard.state),
    col(InfoCard.public),
    col(InfoCard.public_mac),
    col(InfoCard.portrait_id),
    col(Enterprise.id),
    col(Enterprise.record_state),
    col(Enterprise.service_state),
    col(Enterprise.public_mac),
).select_from(sa.join(InfoCard, Enterprise, col(Enterprise.id) == col(InfoCard.enterprise_id)))


_CODE_COLUMNS = sa.select(
    col(VerificationCode.id),
    col(VerificationCode.code_no),
    col(VerificationCode.state),
    col(VerificationCode.shelf),
    col(VerificationCode.end_reason),
    _as_text(VerificationCode.valid_from),
    _as_text(VerificationCode.valid_to),
    _as_text(VerificationCode.ended_on),
    _as_text(VerificationCode.public),
    col(VerificationCode.public_mac),
)

_PAPERS = (_COLUMNS, col(IssuedDocument.token_digest))
_CARDS = (_CARD_COLUMNS, col(InfoCard.token_digest))
_CODES = (_CODE_COLUMNS, col(VerificationCode.token_digest))


class PublicReader:
    """Finds what the public may see of a paper, a card or a verification code, by the digest of its token."""

    def __init__(self, sealer: Sealer, broken: Broken, papers: LookUp, cards: LookUp, codes: LookUp) -> None:
        self._sealer, self._broken = sealer, broken
        self._papers, self._cards, self._codes = papers, cards, codes

    async def start(self) -> None:
        raise NotImplementedError

    async def stop(self) -> None:
        raise NotImplementedError

    async def find(self, token_digest: str) -> PublicAnswer | None:
        """The paper, or None; one indexed read. `Unavailable` when the database does not answer."""
        row = await self._papers(token_digest)
        return None if row is None else _answer(self._sealer, row, token_digest, self._broken)

    async def find_card(self, token_digest: str) -> CardAnswer | None:
        """Return the practitioner's card of a token."""
        row = await self._cards(token_digest)
        return None if row is None else _card_answer(self._sealer, row, token_digest, self._broken)

    async def find_code(self, token_digest: str) -> CodeAnswer | None:
        """Return the verification code of a token."""
        row = await self._codes(token_digest)
        return None if row is None else _code_answer(self._sealer, row, token_digest, self._broken)


def open_reader(database: Database, broken: Broken) -> PublicReader:
    """Return a reader for this database. `broken` is called for rows changed past the product."""
    assert database.sealer is not None, "the public check opens sealed answers"
    if database.sqlite:
        return SqliteReader(sa.make_url(database.url).database or "", database.sealer, broken)
    url = database.url.replace("postgresql+psycopg://", "postgresql://", 1)
    return PostgresReader(url, database.sealer, broken, pooled=database.pooled)


class SqliteReader(PublicReader):
    """Reads in the loop: a look-up by a unique index takes less time than handing it to a thread."""

    def __init__(self, path: str, sealer: Sealer, broken: Broken) -> None:
        super().__init__(
            sealer, broken, *(partial(self._row, self._sql(*asked)) for asked in (_PAPERS, _CARDS, _CODES))
        )
        self._path = path
        self._connection: sqlite3.Connection | None = None

    @staticmethod
    def _sql(columns: Any, token_digest: Any) -> str:
        return _sql_for(columns.where(token_digest == sa.bindparam("digest")), "sqlite://")

    async def start(self) -> None:
        address = f"{Path(self._path).resolve().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(
            address, uri=True, timeout=0.5, isolation_level=None, check_same_thread=False
        )

    async def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _row(self, sql: str, token_digest: str) -> Row | None:
        connection = self._connection
        if connection is None:
            raise Unavailable(BUSY)
        try:
            return connection.execute(sql, (token_digest,)).fetchone()  # type: ignore[no-any-return]
        except sqlite3.Error as problem:
            if "decode" not in str(problem):
                raise Unavailable(BUSY) from problem
        # Its text columns hold other bytes; what replaces them fails its MAC.
        connection.text_factory = lambda stored: stored.decode(errors="replace")
        try:
            return connection.execute(sql, (token_digest,)).fetchone()  # type: ignore[no-any-return]
        except sqlite3.Error as problem:
            raise Unavailable(BUSY) from problem
        finally:
            connection.text_factory = str


_OPTIONS = "-c default_transaction_read_only=on -c statement_timeout=2000 -c DateStyle=ISO"


class PostgresReader(PublicReader):
    """Reads over a pool of its own, opened at start so that the first visitors do not each open one.

    A pooler of transactions takes no options of a session and keeps no prepared statement for the next one. With `age`,
    a column and what raises for a value of it, the rows of a replica are read.
    """

    def __init__(
        self, url: str, sealer: Sealer, broken: Broken, *, pooled: bool = False, age: Age | None = None
    ) -> None:
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] = AsyncConnectionPool(
            url,
            min_size=2,
            max_size=8,
            timeout=2 if age is None else 0.5,
            open=False,
            kwargs={"autocommit": True} | ({} if pooled else {"options": _OPTIONS}),
        )
        together = (_Together(self._pool, *asked, prepared=not pooled, age=age) for asked in (_PAPERS, _CARDS, _CODES))
        super().__init__(sealer, broken, *(one.row for one in together))

    async def start(self) -> None:
        await self._pool.open()

    async def stop(self) -> None:
        await self._pool.close()


class _Together:
    """Look-ups of one kind that arrive while others are under way are asked together in the next statement.

    At a rush the driver's part is paid once for many; each row begins with what it was asked by.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]],
        columns: Any,
        token_digest: Any,
        *,
        prepared: bool,
        age: Age | None,
    ) -> None:
        self._pool, self._prepared = pool, prepared
        how_old, self._judge = age or (sa.literal_column("0"), lambda _: None)
        asked = sa.any_(sa.bindparam("digests", type_=sa.ARRAY(sa.String)))
        keyed = columns.with_only_columns(token_digest, how_old, *columns.selected_columns).where(token_digest == asked)
        self._sql = _sql_for(keyed, "postgresql+psycopg://").encode()
        self._waiting: dict[str, asyncio.Future[Row | None]] = {}
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def row(self, token_digest: str) -> Row | None:
        """The row with this digest, or None."""
        waiting = self._waiting.get(token_digest)
        if waiting is None:
            waiting = self._waiting[token_digest] = asyncio.get_running_loop().create_future()
            if self._under_way < _AT_ONCE:
                self._under_way += 1
                task = asyncio.create_task(self._ask())
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        # Shielded: of two who ask for the same paper one may go away.
        return await asyncio.shield(waiting)

    async def _ask(self) -> None:
        """Ask for everything that waits, until nothing does."""
        try:
            while self._waiting:
                asked = {digest: self._waiting.pop(digest) for digest in list(islice(self._waiting, _TOGETHER))}
                try:
                    rows = await self._read(list(asked))
                except BaseException as problem:
                    for future in asked.values():
                        future.set_exception(problem if isinstance(problem, Exception) else Unavailable(BUSY))
                        # The caller may be gone; then the answer is dropped without a message.
                        future.exception()
                    if not isinstance(problem, Exception):
                        raise
                else:
                    for digest, future in asked.items():
                        future.set_result(rows.get(digest))
        finally:
            # Here and not once the task is seen to be done: a caller in between would wait for no task.
            self._under_way -= 1

    async def _read(self, digests: list[str]) -> dict[str, Row]:
        try:
            async with asyncio.timeout(_PATIENCE), self._pool.connection() as connection:
                cursor = await connection.execute(self._sql, {"digests": digests}, prepare=self._prepared)
                found = await cursor.fetchall()
        except (psycopg.Error, TimeoutError) as problem:
            raise Unavailable(BUSY) from problem
        for _, age, *_ in found[:1]:
            self._judge(age)
        return {digest: row for digest, _, *row in found}


def _sql_for(statement: sa.ClauseElement, url: str) -> str:
    return str(statement.compile(dialect=sa.make_url(url).get_dialect()()))


def _answer(sealer: Sealer, row: Row, token_digest: str, broken: Broken) -> PublicAnswer:
    """Return what a row says, `sound` where it is as the product wrote it: nothing else of an unsound one is shown."""
    kind, title, number, issued_on, digest, state, public, filing_state, *rest = row
    days, (paper_id, filing_id, paper_mac, filing_mac) = rest[:3], rest[3:]
    paper = {
        "id": _read(UUID, paper_id),
        "kind": _read(PaperKind.of, kind),
        "title": title,
        "number": number,
        "issued_on": _read(date.fromisoformat, issued_on),
        "digest": digest,
        "state": _read(PaperState.of, state),
        "public": _read(json.loads, public),
        "filing_id": _read(UUID, filing_id),
        "token_digest": token_digest,
    }
    if not public_fits(sealer, _PAPER, paper, paper_mac):
        _tell(broken, _PAPER, paper["id"])
        return _UNSOUND
    filing = {
        "id": paper["filing_id"],
        "state": _read(FilingState.of, filing_state),
        **dict(zip(_DAYS, (_read(date.fromisoformat, day) for day in days), strict=True)),
    }
    if filing_id is not None and not public_fits(sealer, _FILING, filing, filing_mac):
        _tell(broken, _FILING, filing["id"])
        return _UNSOUND
    return PublicAnswer(
        kind=paper["kind"],
        title=title,
        number=number,
        issued_on=paper["issued_on"],
        digest=digest,
        state=paper["state"],
        public=paper["public"],
        filing_state=filing["state"],
        **{day: filing[day] for day in _DAYS},
    )


_DAYS = ("valid_from", "valid_to", "ended_on")
_UNSOUND = PublicAnswer(PaperKind.CONTRACT, "", "", date.min, "", PaperState.REPLACED, sound=False)


def _card_answer(sealer: Sealer, row: Row, token_digest: str, broken: Broken) -> CardAnswer:
    card_id, card_no, state, public, mac, portrait, firm_id, record_state, service_state, firm_mac = row
    answer = CardAnswer(_read(UUID, card_id), card_no, CardState.CANCELLED, portrait=portrait is not None, sound=False)
    read = {
        "id": answer.id,
        "card_no": card_no,
        "state": _read(CardState.of, state),
        "public": Sealed(None, public) if public is not None else None,
        "token_digest": token_digest,
    }
    if not public_fits(sealer, _CARD, read, mac):
        _tell(broken, _CARD, answer.id)
        return answer
    record, service = _read(RecordState.of, record_state), _read(ServiceState.of, service_state)
    firm = {"id": _read(UUID, firm_id), "record_state": record, "service_state": service}
    if not public_fits(sealer, _FIRM, firm, firm_mac):
        _tell(broken, _FIRM, firm["id"])
        return answer
    now = stands_now(read["state"], record, service)
    told = json.loads(open_token(sealer, _CARD.name, "public", answer.id, public)) if public is not None else {}
    return replace(answer, state=now, public=told_now(told, now, record) if told else {}, sound=True)


def _code_answer(sealer: Sealer, row: Row, token_digest: str, broken: Broken) -> CodeAnswer:
    """Return what a row says of a verification code, `sound` where it is as the product wrote it."""
    code_id, code_no, state, shelf, end_reason, valid_from, valid_to, ended_on, public, mac = row
    read: dict[str, Any] = {
        "id": _read(UUID, code_id),
        "code_no": code_no,
        "state": _read(CodeState.of, state),
        "end_reason": _read(CodeEnd.of, end_reason),
        "valid_from": _read(date.fromisoformat, valid_from),
        "valid_to": _read(date.fromisoformat, valid_to),
        "ended_on": _read(date.fromisoformat, ended_on),
        "shelf": _read(ShelfState.of, shelf),
        "public": _read(json.loads, public),
    }
    if not public_fits(sealer, _CODE, {**read, "token_digest": token_digest}, mac):
        _tell(broken, _CODE, read["id"])
        return CodeAnswer(read["id"], "", CodeState.VOID, ShelfState.NONE, sound=False)
    return CodeAnswer(**{**read, "code_no": code_no or ""})


def _read(as_what: Callable[[str], Any], value: Any) -> Any:
    """Parse a text column; unparsable text is returned as it is, and fails the MAC of its row.

    SQLite's driver gives ids as 32 hex digits, PostgreSQL's as they are.
    """
    try:
        return as_what(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


def _tell(broken: Broken, table: sa.Table, row_id: Any) -> None:
    # A row whose very id is none cannot be locked by it; the night misses the one that was there.
    if isinstance(row_id, UUID):
        broken(table.name, row_id)
