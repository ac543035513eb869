"""The only engine-specific SQL: connecting, locking, bulk load, and searching by two-character cuts."""

import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import sqlite as sqlite_types
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.details import count, note_new
from models.postgres import DRIVER, PREPARED
from models.remac import layout_of, remac
from models.row_mac import STRANGE
from models.sealing import Sealer

ROOT = Path(__file__).resolve().parent.parent
#: Where the revisions of the schema are.
VERSIONS = (ROOT / "deploy" / "alembic" / "versions",)
_REVISION, _BEFORE = (re.compile(rf"^{name} = [\"'](\w+)", re.MULTILINE) for name in ("revision", "down_revision"))


#: Ends an upgrade in its transaction: its session, and the tables whose rows have new MACs.
Finish = Callable[[Session, list[str]], object]


class UnknownSchema(Exception):
    """Raised for a database whose schema is of no revision that is known here."""


class Database:
    """A database. `read()` and `write()` open sessions, `upgrade()` brings the schema up to date.

    Only the door commits; `write()` begins a transaction and rolls back what was not committed.
    """

    def __init__(self, url: str, sealer: Sealer | None = None, *, pool_size: int = 16, pooled: bool = False) -> None:
        #: Seals what its sessions write and opens what they read; without it only what is not sealed can be used.
        self.sealer = sealer
        self.url = normal_url(url)
        self.sqlite = self.url.startswith("sqlite")
        #: Its connections lead to a pooler that gives a server's connection for one transaction and no longer, so that
        #: what one statement sets or prepares may be missing for the next one.
        self.pooled = pooled and not self.sqlite
        if self.sqlite:
            self.engine = _sqlite_engine(self.url, pool_size)
        else:
            self.engine = _postgres_engine(self.url, pool_size, pooled=pooled)
        # Statements of READ COMMITTED see each its own moment anyway: without a transaction around them they need two
        # journeys to the server less, on connections of the same pool.
        self._reading = self.engine if self.sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        if not self.sqlite:
            event.listen(self._reading, "before_cursor_execute", _reads_only)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose transaction holds the write lock from its start (SQLite) or locks row by row."""
        with (
            self.engine.connect() as connection,
            self._writing(connection),
            Session(connection, expire_on_commit=False, autoflush=False, info={"sealer": self.sealer}) as session,
        ):
            yield session

    @contextmanager
    def _writing(self, connection: sa.Connection) -> Iterator[None]:
        """Have the transactions of a connection take SQLite's write lock at their start."""
        connection.info["writer"] = True
        try:
            yield
        finally:
            connection.info.pop("writer", None)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; what it changes is thrown away."""
        with Session(self._reading, expire_on_commit=False, autoflush=False, info={"sealer": self.sealer}) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """Open a connection that sees the whole database at one moment while writers continue."""
        with self.engine.connect() as connection:
            if not self.sqlite:
                # SQLite's reader keeps the state of its first read by itself.
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    def fold(self) -> None:
        """Have what was deleted leave the disk: SQLite's log is written back and cut; elsewhere nothing is to do."""
        if self.sqlite:
            raw = self.engine.raw_connection()
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.close()

    def upgrade(self, finish: Finish = lambda *_: None) -> None:
        """Bring the schema to the newest revision and cover the rows of changed tables anew, in one transaction.

        `finish` is given its session and the names of those tables. A process killed before the commit has changed nothing.
        """
        with self.engine.connect() as connection:
            # Most starts do without Alembic, which takes 15 MB.
            if stored_revision(connection) == newest_revision():
                return
        with self.write() as session:
            connection = session.connection()
            before = layout_of(connection)
            _upgrade(connection, "head")
            finish(session, remac(connection, before, self.sealer, partial(_count_moved, session)))
            session.commit()

    def make_schema(self, revision: str) -> None:
        """Give an empty database the schema of a revision, for the rows of that time."""
        with self.engine.begin() as connection:
            _upgrade(connection, revision)

    def survey(self) -> None:
        """Have SQLite's planner know what fills the tables; PostgreSQL's autovacuum sees to it by itself.

        Without it, an index of a state that nearly all rows have is as good to the planner as one of a person. Tables of
        grids are read whole, of the others a part of each index.
        """
        if not self.sqlite:
            return
        with self.engine.connect() as connection, self._writing(connection), connection.begin():
            # Made anew, not overwritten: only a changed schema has other connections read them.
            connection.exec_driver_sql("DROP TABLE IF EXISTS sqlite_stat1")
            whole = set(connection.exec_driver_sql(_WITH_GRIDS).scalars())
            for table in connection.exec_driver_sql(_TABLES).scalars().all():
                connection.exec_driver_sql(f"PRAGMA analysis_limit={0 if table in whole else _READ_OF_INDEX}")
                connection.exec_driver_sql(f'ANALYZE "{table}"')
            connection.exec_driver_sql("PRAGMA analysis_limit=0")

    def dispose(self) -> None:
        self.engine.dispose()


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
#: Entries of an index that `survey` reads, of a table without a grid.
_READ_OF_INDEX = 2_000
_WITH_GRIDS = "SELECT tbl_name FROM sqlite_master WHERE type = 'index' AND name GLOB 'ix_*_grid' ORDER BY tbl_name"


def _count_moved(session: Session, table: sa.Table, row: Mapping[str, Any], mac: str) -> None:
    count(session, table, row, before=row["mac"], after=mac)


def _upgrade(connection: sa.Connection, revision: str) -> None:
    from alembic import command
    from alembic.util import CommandError

    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as problem:
        raise UnknownSchema(str(problem)) from problem


def stored_revision(connection: sa.Connection) -> str | None:
    """Return the revision of a database's schema; None of one that is empty."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def newest_revision() -> str:
    """Return the revision that no other one follows."""
    texts = [path.read_text(encoding="utf-8") for folder in VERSIONS for path in sorted(folder.glob("*.py"))]
    known = {found[1] for text in texts if (found := _REVISION.search(text))}
    [newest] = known - {found[1] for text in texts if (found := _BEFORE.search(text))}
    return newest


def revisions() -> list[str]:
    """Every revision of the schema, the baseline first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(alembic_config())
    return [one.revision for one in script.walk_revisions()][::-1]


def alembic_config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "deploy" / "alembic"))
    return config


def normal_url(url: str) -> str:
    """Return the SQLAlchemy URL: `postgresql://…` uses psycopg 3, `sqlite:///…` is unchanged."""
    if url.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    return url


def _reads_only(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
    """Refuse a statement that writes: a session without a transaction could not roll it back."""
    if not statement.lstrip("( \n").startswith(("SELECT", "WITH", "VALUES")) or " FOR UPDATE" in statement:
        raise RuntimeError("a session for reading was asked to write")


class _AsItStands:
    """Reads an impossible value as the text it is. SQLite stores any text in any column.

    A row changed past the product can thus be read, fails its MAC and is locked; no list or page ends by it.
    """

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        read = super().result_processor(dialect, coltype)  # type: ignore[misc]
        if read is None:
            return None

        def process(value: Any) -> Any:
            try:
                return read(value)
            except STRANGE:
                return value

        return process


class _Day(_AsItStands, sqlite_types.DATE):
    """A day, or the stored text if it is none."""


class _Moment(_AsItStands, sqlite_types.DATETIME):
    """A moment, or the stored text if it is none."""


class _Json(_AsItStands, sqlite_types.JSON):
    """Parsed JSON, or the stored text if it is none."""


class _Id(_AsItStands, sa.Uuid[Any]):
    """An id, or the stored text if it is none."""


def _sqlite_engine(url: str, pool_size: int) -> sa.Engine:
    # An error is written into the log, where the values it happened on have no place; on PostgreSQL likewise.
    engine = sa.create_engine(
        url, pool_size=pool_size, max_overflow=16, connect_args={"timeout": 30}, hide_parameters=True
    )
    forgiving = {sa.Date: _Day, sa.DateTime: _Moment, sa.JSON: _Json, sa.Uuid: _Id}
    engine.dialect.colspecs = {**engine.dialect.colspecs, **forgiving}

    @event.listens_for(engine, "connect")
    def _tune(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "busy_timeout=30000",
            "foreign_keys=ON",
            "synchronous=FULL",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A plain BEGIN that later writes fails at once with "database is locked"; writers take the lock first.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get("writer") else "BEGIN")

    return engine


def _postgres_engine(url: str, pool_size: int, *, pooled: bool) -> sa.Engine:
    # A prepared statement may get a generic plan that walks the whole index of a rare two-character cut, so that only those
    # are prepared which ask for it; none where a connection to the server is ours for one transaction only.
    address = sa.make_url(url).set(drivername=DRIVER)
    how = {"prepare_threshold": None if pooled else sys.maxsize}
    engine = sa.create_engine(address, pool_size=pool_size, max_overflow=16, connect_args=how, hide_parameters=True)
    if pooled:
        # The pooler sets what is set here: its connections to the server belong to no session of ours.
        return engine

    @event.listens_for(engine, "connect")
    def _tune(connection: psycopg.Connection[Any], _: Any) -> None:
        # Helpers for one statement would take the cores of others who wait: a page came in 43 to 85 ms with them, in 35
        # without. Asked for after connecting, for a server that lacks the setting refuses a connection that names it.
        connection.autocommit = True
        connection.execute(_WITHOUT_HELPERS)
        connection.autocommit = False

    return engine


_WITHOUT_HELPERS = "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'max_parallel_workers_per_gather'"


def base_engine(engine: sa.Engine) -> sa.Engine:
    """Return the engine of a database under one that only adds options, as reading sessions on PostgreSQL have."""
    base: sa.Engine = getattr(engine, "_proxied", engine)
    return base


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def clock_offset(session: Session, now: datetime) -> timedelta:
    """Return how far `now` is from the clock of the database's host; on SQLite it is this host's own."""
    if is_sqlite(session):
        return timedelta()
    told: datetime = session.connection().execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    return abs(now - told)


def locked(session: Session, statement: Any) -> Any:
    """`statement` holding its rows until the end; SQLite's writer holds everything already."""
    return statement if is_sqlite(session) else statement.with_for_update()


def locked_skipping(session: Session, statement: Any) -> Any:
    """Lock the selected rows, leaving out rows that another worker has locked."""
    return statement if is_sqlite(session) else statement.with_for_update(skip_locked=True)


def rights_of(session: Session) -> dict[str, list[str]]:
    """Return the rights of the database server as comparable lines; empty on SQLite, which has only file modes."""
    if is_sqlite(session):
        return {}
    lines = {}
    for name, statement in _RIGHTS.items():
        rows = session.connection().exec_driver_sql(statement)
        lines[name] = [" ".join("-" if cell is None else str(cell) for cell in row) for row in rows]
    may_read = "SELECT has_function_privilege('pg_hba_file_rules()', 'execute')"
    if session.connection().exec_driver_sql(may_read).scalar():
        rows = session.connection().exec_driver_sql(_HBA)
        lines["database:pg_hba"] = [" ".join("-" if cell is None else str(cell) for cell in row) for row in rows]
    return lines


_RIGHTS = {
    "database:roles": "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication FROM pg_roles "
    "ORDER BY rolname",
    "database:members": "SELECT r.rolname, m.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid "
    "JOIN pg_roles m ON m.oid = a.member ORDER BY 1, 2",
    "database:grants": "SELECT c.relname, c.relacl::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE (n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'S')) OR (n.nspname = 'months' AND c.relacl IS NOT NULL) "
    "ORDER BY c.relname",
}
_HBA = "SELECT line_number, type, database::text, user_name::text, address, netmask, auth_method FROM pg_hba_file_rules"


def bulk_insert(session: Session, table: sa.Table, rows: Sequence[dict[str, Any]], *, batch: int = 1000) -> None:
    """Insert many rows at once. Tables with sealed columns or a MAC need `seal_rows` first."""
    note_new(session, table, rows)
    connection = session.connection()
    given = len(rows) >= _WORTH_COPYING and all(one.name in rows[0] or one.default is None for one in table.columns)
    for start in range(0, len(rows), batch):
        part = list(rows[start : start + batch])
        if not given:
            connection.execute(table.insert(), part)
        elif is_sqlite(session):
            _insert(connection, table, part)
        else:
            _copy(connection, table, part)


#: From so many rows PostgreSQL's COPY and SQLite's own driver cost less than SQLAlchemy with each row's parameters.
_WORTH_COPYING = 4


def storage_is_full(problem: BaseException) -> bool:
    """Tell if the database had no room left for what it was to store."""
    told = getattr(problem, "orig", None) or problem
    return getattr(told, "sqlstate", None) == "53100" or "is full" in str(told) or "No space left" in str(told)


def broken_key(problem: IntegrityError) -> str:
    """Name the key that refused a row, without the row: the constraint of PostgreSQL, the columns of SQLite."""
    diagnosis = getattr(problem.orig, "diag", None)
    return str(getattr(diagnosis, "constraint_name", None) or str(problem.orig).partition("failed: ")[2])


def add_up(session: Session, table: sa.Table, rows: Sequence[dict[str, Any]], sums: Sequence[str]) -> None:
    """Insert rows, or add their `sums` to those of the rows with their ids; the rows carry no MAC and have one shape."""
    statement = _adding(table, tuple(rows[0]), tuple(sums), is_sqlite(session))
    # In one order, so that two who add at once wait for each other and not both.
    rows = sorted(rows, key=lambda row: str(row["id"]))
    told = rows if is_sqlite(session) else {"rows": json.dumps(rows, default=str)}
    session.connection().execute(statement, told)


@cache
def _adding(table: sa.Table, names: tuple[str, ...], sums: tuple[str, ...], sqlite: bool) -> Any:
    """Build the statement once: what a conflict names is a copy of the whole table. PostgreSQL takes all rows as JSON."""
    insert: Any = sqlite_insert(table) if sqlite else postgresql_insert(table)
    if not sqlite:
        told = sa.func.json_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text), sa.JSON))
        columns = (sa.column(name, table.c[name].type) for name in names)
        insert = insert.from_select(names, sa.select(told.table_valued(*columns).render_derived(with_types=True)))
    added = {name: table.c[name] + insert.excluded[name] for name in sums}
    if not added:
        return insert.on_conflict_do_nothing(index_elements=["id"])
    return insert.on_conflict_do_update(index_elements=["id"], set_=added).execution_options(**PREPARED)


def _copy(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows by COPY at a fifth of the cost; errors are raised as SQLAlchemy raises them."""
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        raise RuntimeError("a session for reading was asked to write")
    dialect = connection.dialect
    named, lines = _driven(dialect, table, rows)
    statement = f"COPY {named} FROM STDIN"
    raw: Any = connection.connection.dbapi_connection
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for line in lines:
                copy.write_row(line)
    except psycopg.Error as problem:
        raise sa.exc.DBAPIError.instance(statement, None, problem, psycopg.Error, dialect=dialect) from problem


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows by one statement of the driver, at a third of what SQLAlchemy takes for the parameters of each."""
    named, lines = _driven(connection.dialect, table, rows)
    marks = ", ".join("?" * len(lines[0]))
    statement = f"INSERT INTO {named} VALUES ({marks})"  # nosec B608 # names of our own tables, values are bound  # noqa: S608
    connection.exec_driver_sql(statement, [tuple(line) for line in lines])


def _driven(dialect: sa.Dialect, table: sa.Table, rows: list[dict[str, Any]]) -> tuple[str, list[list[Any]]]:
    """The table with the columns that the rows have, and the rows as its driver takes them.

    What a value has against it is our fault and is raised as it is, before anything is sent.
    """
    names = [name for name in rows[0] if name in table.c]
    kinds = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    order = dialect.identifier_preparer
    lines = [
        [row[name] if kind is None else kind(row[name]) for name, kind in zip(names, kinds, strict=True)]
        for row in rows
    ]
    return f"{order.format_table(table)} ({', '.join(order.quote(name) for name in names)})", lines


def cuts(value: str) -> list[str]:
    """Return the distinct two-character cuts of a text; a single character is its own cut."""
    plain = "".join(value.split()).casefold()
    if len(plain) < 2:
        return [plain] if plain else []
    return sorted({plain[i : i + 2] for i in range(len(plain) - 1)})


def contains(column: Any, part: str) -> Any:
    """Build a clause: the text contains this part, ignoring case; `%` and `_` are literal (H26).

    Case folding costs PostgreSQL most. It is left out for a part without letters, and done only for rows that contain
    the longest stretch without letters.
    """
    stretches = "".join(char if char.lower() == char.upper() else "\n" for char in part).split("\n")
    plain = max(stretches, key=len)
    clauses = [column.contains(plain, autoescape=True)] if plain else []
    if len(stretches) > 1:
        clauses.append(column.icontains(part, autoescape=True))
    return sa.and_(*clauses)
