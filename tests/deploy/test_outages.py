"""An outage of the database is a line a minute in the log and one when it is over, whatever fails meanwhile (operations O-F6)."""

import io
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from deploy.outages import Outage, quiet_handler, silent_database
from deploy.processes import Schedule
from models.dialect import Database
from services.audit.jobs import Beat, heartbeat
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import JOBS, run_job
from services.engine.refusals import Refusal
from services.engine.replica_reads import age_of
from services.operations import readiness
from tests.browser import ROOT
from tests.databases import Databases, migrate
from tests.deploy.nginx_site import eventually
from tests.postgres import server_url, start_again, start_postgres, stop_postgres, wait_until_gone
from tests.world import house_on
from ui.health import health


class Log:
    """What a process would have written to standard error."""

    def __init__(self, outage: Outage) -> None:
        self.text = io.StringIO()
        self.handler = quiet_handler(outage, Outage(what="只读副本"))
        assert isinstance(self.handler, logging.StreamHandler)
        self.handler.setStream(self.text)

    @property
    def lines(self) -> list[str]:
        return self.text.getvalue().splitlines()


@pytest.fixture
def outage() -> Outage:
    return Outage()


@pytest.fixture
def written(outage: Outage) -> Iterator[Log]:
    log, root = Log(outage), logging.getLogger()
    root.addHandler(log.handler)
    yield log
    root.removeHandler(log.handler)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a PostgreSQL of this test alone, which it may stop."""
    folder = Path(tempfile.mkdtemp(prefix="shenfang-outage-"))
    folder.chmod(0o711)
    start_postgres(folder, owner=os.getpid())
    yield folder
    stop_postgres(folder)
    shutil.rmtree(folder, ignore_errors=True)


def fail_everywhere(door: Door) -> None:
    """Run every job as the schedule does, and requests beside them; all fail."""
    schedule = Schedule()
    for name in JOBS:
        schedule.scheduler.add_job(run_job, args=(door, name))
    schedule.start()

    def request() -> None:
        assert health(door)().status_code == 503
        with pytest.raises((Refusal, SQLAlchemyError)):
            door.perform(heartbeat, SYSTEM, Beat())

    requests = [Thread(target=request) for _ in range(5)]
    for one in requests:
        one.start()
    for one in requests:
        one.join()
    schedule.scheduler.shutdown(wait=True)


def test_a_stopped_postgresql_is_one_line_and_its_return_another(home: Path, written: Log, outage: Outage) -> None:
    url = server_url(home, "postgres")
    migrate(url)
    door = Door(house_on(url))
    outage.watch(door.database)
    assert health(door)().status_code == 200
    stop_postgres(home)
    wait_until_gone(home)
    fail_everywhere(door)
    assert len(written.lines) == 1, written.text.getvalue()[:4000]
    assert "数据库没有应答" in written.lines[0]
    start_again(home, owner=os.getpid())
    assert health(door)().status_code == 200
    assert health(door)().status_code == 200
    assert len(written.lines) == 2
    assert "数据库已恢复应答" in written.lines[1]
    assert int(written.lines[1].rpartition("失败")[2].split()[0]) > len(JOBS) / 2
    door.database.dispose()


def test_a_replica_that_is_away_is_told_as_the_replica(written: Log) -> None:
    away = Database("postgresql://x@127.0.0.1:1/x")
    assert age_of(away) is age_of(away) is None
    assert [line.partition("（")[0] for line in written.lines] == ["只读副本没有应答"]


@pytest.mark.night
def test_a_primary_whose_commits_wait_for_a_replica_takes_no_writes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server_url(home, "postgres")
    migrate(url)
    house = house_on(url)
    monkeypatch.setattr(readiness, "CONFIRMED", 0.1)

    def order(*statements: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    order("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
    seen = Event()

    def commit() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET synchronous_commit = on")
            # The server takes up its settings a moment later: what is committed before that waits for nobody.
            while not seen.is_set():
                connection.execute("DROP TABLE IF EXISTS unconfirmed; CREATE TABLE unconfirmed (n int)")

    waits = Thread(target=commit, daemon=True)
    waits.start()
    assert eventually(lambda: not readiness.database_takes_writes(house))
    seen.set()
    order("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")
    waits.join()
    assert readiness.database_takes_writes(house)
    house.database.dispose()


def test_a_file_that_cannot_be_opened_is_told_once_a_minute(tmp_path: Path, written: Log, databases: Databases) -> None:
    outage = Outage(again=0)
    written.handler.filters[0].outage = outage  # type: ignore[union-attr]
    (tmp_path / "there").mkdir()
    shutil.copyfile(databases.sqlite_template(), tmp_path / "there" / "house.db")
    door = Door(house_on(f"sqlite:///{tmp_path / 'there' / 'house.db'}"))
    outage.watch(door.database)
    (tmp_path / "there").rename(tmp_path / "away")
    assert health(door)().status_code == 503
    assert health(door)().status_code == 503
    (tmp_path / "away").rename(tmp_path / "there")
    assert health(door)().status_code == 200
    assert health(door)().status_code == 200
    # With no time between two lines each failure is told.
    assert [line.partition("（")[0].partition("，")[0] for line in written.lines] == [
        "数据库没有应答",
        "数据库没有应答",
        "数据库已恢复应答",
    ]


@pytest.mark.night
def test_a_worker_started_while_the_database_is_away_waits_for_it(tmp_path: Path) -> None:
    away = {"MODE": "test", "DATA_DIR": str(tmp_path), "DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}
    command = [sys.executable, str(ROOT / "main.py"), "worker"]
    with subprocess.Popen(
        command, env={"PATH": os.environ["PATH"], **away}, stderr=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stderr is not None
        while "数据库没有应答" not in (line := worker.stderr.readline()):
            assert line, "the worker ended"
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(2)
        worker.kill()
        assert "Traceback" not in worker.stderr.read()


def test_other_faults_of_a_database_stay_in_the_log_as_they_are(written: Log, empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with pytest.raises(SQLAlchemyError) as wrong, database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    assert silent_database(wrong.value) is None
    logging.getLogger("shenfang.test").error("wrong statement", exc_info=wrong.value)
    assert "Traceback" in written.text.getvalue()
    assert "wrong statement" in written.lines[0]
    database.dispose()


def away_of(name: str) -> Exception:
    problem = sqlite3.OperationalError("disk I/O error")
    problem.sqlite_errorname = name
    return problem


@pytest.mark.parametrize(
    ("problem", "away"),
    [
        (psycopg.errors.AdminShutdown("terminating connection"), True),
        (psycopg.errors.CannotConnectNow("the database system is starting up"), True),
        (psycopg.errors.TooManyConnections("sorry, too many clients already"), True),
        (psycopg.OperationalError("connection refused"), True),
        (sa.exc.TimeoutError("QueuePool limit"), True),
        (away_of("SQLITE_IOERR_READ"), True),
        (away_of("SQLITE_BUSY"), False),
        (psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"), False),
        (psycopg.errors.DiskFull("could not extend file"), False),
        (ValueError("other"), False),
    ],
)
def test_what_counts_as_an_outage(problem: Exception, away: bool) -> None:
    assert (silent_database(problem) is not None) is away
    later = RuntimeError("wrapped")
    later.__cause__ = problem
    assert (silent_database(ExceptionGroup("several", [later])) is not None) is away
