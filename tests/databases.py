"""Throw-away databases for the tests: one per module and engine, copied from a template that was migrated once."""

import fcntl
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache, wraps
from pathlib import Path
from threading import RLock
from typing import Any, cast

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

import models.dialect
from models.dialect import Database
from tests import ready
from tests.engines import ENGINES as ENGINES
from tests.engines import engines_needed
from tests.outcomes import OTHERS
from tests.postgres import seconds_of_server, server_url, start_postgres, stop_postgres
from tests.scan import MINE, Copied, all_sought, pages_of, scan_database, tell_found

HOME = "SHENFANG_TEST_HOME"
OWNER = "SHENFANG_TEST_OWNER"
#: Databases as they were copied from a template of the newest schema, which nobody has used yet.
UNTOUCHED: set[str] = set()
#: The version of PostgreSQL that lets one choose how a template is copied; the ones before it copy files.
_STRATEGIES = 150_000
SHARED_MEMORY, ROOM = "/dev/shm", 4 << 30
#: Where pytest makes the folders of tests; whoever sets it finds them there afterwards.
FOLDERS = "PYTEST_DEBUG_TEMPROOT"
#: Where runs of one tree keep the newest schema of SQLite, if they share it (`tests/mutants`).
TEMPLATE = "SHENFANG_TEST_TEMPLATE"


class Databases:
    """Where this run's databases are made; processes of one run share the folder, the server and the templates."""

    def __init__(self, home: Path) -> None:
        self.home = home
        #: What was secret before a database was made does not lie in it.
        self._before: dict[str, int] = {}
        #: What was copied into a database from a template of this process.
        self._copied: dict[str, Copied] = {}
        self._pages: dict[str, frozenset[bytes]] = {}
        self._templates: dict[tuple[str, str], str] = {}
        #: Databases of PostgreSQL that are copied when somebody connects to them: most are filled before, which copies them too.
        self._due: set[str] = set()
        self._making = RLock()
        #: What was secret while a template was loaded: it may be written in clear into what is copied from it.
        self._loaded: dict[str, dict[bytes, str]] = {}
        self._carried: dict[str, dict[bytes, str]] = {}

    def new(self, engine: str, *, migrated: bool = True) -> str:
        """The URL of a database nobody else uses, with the newest schema or with none."""
        name = f"t_{uuid.uuid4().hex}"
        before = MINE.told
        if engine == "sqlite":
            path = self.home / f"{name}.db"
            if migrated:
                shutil.copyfile(self.sqlite_template(), path)
            return self._made(f"sqlite:///{path}", before, migrated=migrated)
        self._server()
        if migrated:
            self._due.add(name)
        else:
            self._copy(name, "template0")
        return self._made(server_url(self.home, name), before, migrated=migrated)

    def _made(self, url: str, before: int, *, migrated: bool) -> str:
        self._before[url] = before
        if migrated:
            UNTOUCHED.add(url)
        return url

    def fill(self, url: str, what: str, load: Callable[[str], None]) -> None:
        """Give an untouched database the content that `load` gives to a database: loaded once, then copied."""
        UNTOUCHED.discard(url)
        engine = "sqlite" if url.startswith("sqlite") else "postgresql"
        template = self._templates.get((engine, what))
        if template is None:
            template = self.new(engine)
            load(template)
            self._scan(template)
            self._templates[engine, what] = template
            self._loaded[template] = MINE.since(self._before[template])
        self._carried[url] = self._loaded[template]
        if engine == "sqlite":
            shutil.copyfile(_file_of(template), _file_of(url))
            if template not in self._pages:
                self._pages[template] = frozenset(pages_of(_file_of(template)))
            self._copied[url] = Copied(pages=self._pages[template])
        else:
            if not self._taken(_name_of(url)):
                self._order(f"DROP DATABASE {_name_of(url)}")
            self._copy(_name_of(url), _name_of(template))
            self._copied[url] = Copied(transaction=self._transaction())

    def came_with(self, url: str, copied: Copied) -> None:
        """Note what a database has from elsewhere, which was looked through there."""
        self._copied[url] = copied

    def make_due(self, name: str) -> None:
        """Copy a database that somebody is about to connect to, if it was not yet."""
        with self._making:
            if self._taken(name):
                self._postgres_template()
                self._copy(name, "template_newest")

    def _taken(self, name: str) -> bool:
        """Return whether a database was due, and from now on is not."""
        due = name in self._due
        self._due.discard(name)
        return due

    def _copy(self, name: str, template: str) -> None:
        """Copy the files of a template: writing its 2,600 relations into the log takes the server twice as long."""
        with psycopg.connect(server_url(self.home, "postgres"), autocommit=True) as connection:
            how = " STRATEGY FILE_COPY" if connection.info.server_version >= _STRATEGIES else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}{how}".encode())

    def _transaction(self) -> int:
        with psycopg.connect(server_url(self.home, "postgres"), autocommit=True) as connection:
            row = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
        assert row is not None
        return int(row[0])

    def drop(self, url: str, *, scanned: bool = True) -> None:
        """Remove a database and whoever is still connected to it, after it was looked through (H76)."""
        UNTOUCHED.discard(url)
        never_made = not url.startswith("sqlite") and self._taken(_name_of(url))
        if scanned and not never_made:
            self._scan(url)
        self._before.pop(url, None)
        self._copied.pop(url, None)
        self._carried.pop(url, None)
        if url.startswith("sqlite"):
            for end in ("", "-wal", "-shm"):
                Path(f"{_file_of(url)}{end}").unlink(missing_ok=True)
        elif not never_made:
            self._order(f"DROP DATABASE IF EXISTS {_name_of(url)} WITH (FORCE)")

    def _scan(self, url: str) -> None:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").split(" ")[0].split("::")[0]
        sought = all_sought(self._before.get(url))
        sought.secrets |= self._carried.get(url, {})
        found = scan_database(url, sought, self._copied.get(url))
        tell_found(test or "a database", found)

    def sqlite_template(self) -> Path:
        template = self.home / "template.db"
        with self._once("sqlite-template") as first:
            if first:
                # What a migration that broke off has left behind would hide its reason from the next test.
                template.unlink(missing_ok=True)
                shared = Path(os.environ.get(TEMPLATE, template))
                if not shared.exists():
                    migrate(f"sqlite:///{shared}")
                if shared != template:
                    shutil.copyfile(shared, template)
        return template

    def _postgres_template(self) -> None:
        with self._once("postgresql-template") as first:
            if first:
                self._order("DROP DATABASE IF EXISTS template_newest WITH (FORCE)")
                self._order("CREATE DATABASE template_newest TEMPLATE template0")
                migrate(server_url(self.home, "template_newest"))

    def _server(self) -> None:
        with self._once("postgresql-server") as first:
            if first:
                start_postgres(self.home, owner=int(os.environ[OWNER]))

    def _order(self, statement: str) -> None:
        with psycopg.connect(server_url(self.home, "postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def _once(self, what: str) -> Iterator[bool]:
        """True for the first process that comes here; the others wait until it is through."""
        done = self.home / f"{what}.done"
        with (self.home / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield not done.exists()
            done.touch()


def _file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _name_of(url: str) -> str:
    return url.split("@/", 1)[1].split("?", 1)[0]


def share_compiled(kind: str, made: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
    """Have all engines of a kind that `made` makes share one dialect, and with it the statements that were compiled.

    Each world has an engine of its own, which would compile the same thousand statements anew.
    """

    @wraps(made)
    def making(*arguments: Any, **options: Any) -> sa.Engine:
        engine = made(*arguments, **options)
        first = _FIRST.setdefault(kind, engine)
        cast(Any, first._compiled_cache).capacity = _STATEMENTS
        # What a dialect knows of its server it learns from the first connection.
        if first is not engine and getattr(first.dialect, "server_version_info", None):
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = first._compiled_cache
        return engine

    return making


def make_due_first(connect: Callable[..., Any]) -> Callable[..., Any]:
    """Have a connection to a database that is due begin with its copy."""

    @wraps(connect)
    def connecting(conninfo: str = "", **options: Any) -> Any:
        if HOME in os.environ:
            name = options.get("dbname") or conninfo_to_dict(conninfo).get("dbname")
            databases_of_run().make_due(str(name))
        return connect(conninfo, **options)

    return connecting


def copy_schema(template: Path, database: Database) -> None:
    """Give an empty database of SQLite the newest schema as the template has it, which went through every revision."""
    if not database.sqlite:
        return
    reached = database.engine.raw_connection()
    if reached.cursor().execute("SELECT 1 FROM sqlite_master").fetchone() is None:
        with closing(sqlite3.connect(template)) as source:
            source.backup(cast(sqlite3.Connection, reached.driver_connection))
    reached.close()


_FIRST: dict[str, sa.Engine] = {}
#: As many as all areas together have.
_STATEMENTS = 10_000


@cache
def databases_of_run() -> Databases:
    """The databases of this process: what it loaded once is copied for the worlds of all modules."""
    return Databases(Path(os.environ[HOME]))


def migrate(url: str) -> None:
    database = Database(url)
    database.upgrade()
    database.dispose()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=[*ENGINES, "both", "needed"],
        default="needed",
        help="engines the tests run on; needed: PostgreSQL beside SQLite only where they may differ",
    )


def pytest_configure(config: pytest.Config) -> None:
    for kind in ("_sqlite_engine", "_postgres_engine"):
        setattr(models.dialect, kind, share_compiled(kind, getattr(models.dialect, kind)))
    setattr(psycopg, "connect", make_due_first(psycopg.connect))  # noqa: B010  (mypy knows it as a method)
    if not hasattr(config, "workerinput"):
        sweep()
        home = Path(tempfile.mkdtemp(prefix=f"shenfang-test-{os.getpid()}-", dir=in_memory()))
        # The server runs as another user when the tests are root's.
        home.chmod(0o711)
        os.environ[HOME], os.environ[OWNER] = str(home), str(os.getpid())
        if str(home).startswith(SHARED_MEMORY) and not os.statvfs(home).f_flag & os.ST_NOEXEC:
            # The folders of tests too: the commits of a product that keeps its data there would wait for a disk.
            os.environ.setdefault(FOLDERS, str(home))


def sweep() -> None:
    """Memory is given back by nobody: what a run that was killed has left there goes with the next one."""
    for folder in Path(SHARED_MEMORY).glob("shenfang-test-*-*"):
        owner = folder.name.split("-")[2]
        if owner.isdecimal() and not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def in_memory() -> str | None:
    """A folder in memory, if there is room for a run's databases: they end with the run, and no disk need wait for them."""
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii")
        shared = os.statvfs(SHARED_MEMORY)
    except OSError:
        return None
    free = int(told.split("MemAvailable:")[1].split()[0]) * 1024
    fits = min(free, shared.f_bavail * shared.f_frsize) >= ROOM
    return SHARED_MEMORY if fits and os.access(SHARED_MEMORY, os.W_OK) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and HOME in os.environ:
        home = Path(os.environ.pop(HOME))
        if os.environ.get(FOLDERS) == str(home):
            del os.environ[FOLDERS]
        config.stash[OTHERS] = seconds_of_server(home) + ready.stop(home)
        stop_postgres(home)
        shutil.rmtree(home, ignore_errors=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        engines = _engines_needed(metafunc) if chosen == "needed" else ENGINES if chosen == "both" else (chosen,)
        metafunc.parametrize("database_engine", engines, indirect=True, scope="module")


def _engines_needed(metafunc: pytest.Metafunc) -> tuple[str, ...]:
    return engines_needed(metafunc.function, frozenset(mark.name for mark in metafunc.definition.iter_markers()))


@pytest.fixture(scope="module")
def database_engine(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql` where `--database` asks for it (`tests/engines.py`)."""
    return str(request.param)


@pytest.fixture(scope="session")
def databases() -> Databases:
    return databases_of_run()


@pytest.fixture(scope="module")
def database_url(databases: Databases, database_engine: str) -> Iterator[str]:
    """A migrated database shared by the tests of one module."""
    url = databases.new(database_engine)
    yield url
    databases.drop(url)


@pytest.fixture
def fresh_database_url(databases: Databases, database_engine: str) -> Iterator[str]:
    """A migrated database for one test alone."""
    url = databases.new(database_engine)
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases, database_engine: str) -> Iterator[str]:
    """A database without a schema, for tests of the migrations."""
    url = databases.new(database_engine, migrated=False)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def sqlite_url(databases: Databases) -> Iterator[str]:
    """A migrated SQLite database for what cannot differ by engine, such as the browser tests' server."""
    url = databases.new("sqlite")
    yield url
    databases.drop(url)
