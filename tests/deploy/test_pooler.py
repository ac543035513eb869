"""The product behind a real pgbouncer that gives connections for one transaction, as it is handed over.

Runs where pgbouncer is installed.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from models.dialect import Database
from models.tenancy import LeaseFiling
from services.engine.door import Door
from services.operations.archive import page_of
from services.public_check.reader import open_reader
from services.tenancy.filing import Decision, file_lease
from tests.databases import Databases
from tests.poolers import PGBOUNCER, Pooler, running_pooler
from tests.services.tenancy.counter import Counter, somebody
from tests.ui_public.test_check import notice_of
from tests.world import HANDFUL, World, at_once, running_world, sealer

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed here")

#: Connections to the server, fewer than those who work at once.
FEW_LINES, CLERKS = 2, 6


class Behind:
    """A world whose door and clerks reach its database through a pooler."""

    def __init__(self, world: World, pooler: Pooler) -> None:
        self.pooler = pooler
        database = Database(pooler.url(), sealer(), pooled=True)
        self.world = replace(world, door=Door(replace(world.door.house, database=database)))
        self.counter = Counter(self.world)


@pytest.fixture(scope="module")
def behind(databases: Databases) -> Iterator[Behind]:
    url = databases.new("postgresql")
    with (
        running_world(url, few=HANDFUL) as world,
        tempfile.TemporaryDirectory(dir=databases.home.parent) as folder,
    ):
        Path(folder).chmod(0o711)
        name = str(sa.make_url(url).database)
        lines = {"default_pool_size": str(FEW_LINES), "reserve_pool_size": "0"}
        with running_pooler(Path(folder) / "pooler", databases.home, name, lines) as pooler:
            found = Behind(world, pooler)
            yield found
            found.world.door.database.dispose()
    databases.drop(url)


def test_more_clerks_than_connections_file_at_once(behind: Behind) -> None:
    counter, door = behind.counter, behind.world.door
    leases = [counter.sign(counter.form(counter.free_flat(), somebody())) for _ in range(CLERKS)]
    clerk = counter.clerk()
    done = at_once([lambda lease=lease: door.perform(file_lease, clerk, lease) for lease in leases])  # type: ignore[misc]
    assert [isinstance(one, Decision) and one.filing_id is not None for one in done] == [True] * CLERKS, done
    with door.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LeaseFiling)) == CLERKS
    servers = behind.pooler.order("SHOW SERVERS")
    assert len([line for line in servers if "shenfang" in line]) <= FEW_LINES


def test_what_a_session_would_have_set_the_pooler_sets(behind: Behind) -> None:
    database = behind.world.door.database

    def helpers() -> str:
        with database.engine.connect() as connection:
            return str(connection.exec_driver_sql("SHOW max_parallel_workers_per_gather").scalar())

    assert at_once([helpers] * CLERKS) == ["0"] * CLERKS


def test_a_backup_sees_one_moment_and_reads_it_in_portions(behind: Behind) -> None:
    table: sa.Table = LeaseFiling.__table__  # type: ignore[attr-defined]
    with behind.world.door.database.snapshot() as connection:
        streaming = connection.execution_options(stream_results=True, yield_per=page_of(table))
        before = len(streaming.execute(sa.select(table.c.id)).all())
        counter = behind.counter
        lease = counter.sign(counter.form(counter.free_flat(), somebody()))
        assert behind.world.door.perform(file_lease, counter.clerk(), lease).filing_id is not None
        assert len(streaming.execute(sa.select(table.c.id)).all()) == before


async def test_a_scanned_paper_is_found_without_prepared_statements(behind: Behind) -> None:
    paper = notice_of(behind.world)
    reader = open_reader(behind.world.door.database, behind.world.door.lock_later)
    await reader.start()
    try:
        # Oftener than a driver by itself waits before it prepares a statement.
        found = [await reader.find(paper.token_digest) for _ in range(8)]
    finally:
        await reader.stop()
    assert {answer.digest if answer else None for answer in found} == {paper.digest}


def test_a_filing_waits_while_the_pooler_pauses(behind: Behind) -> None:
    counter, door = behind.counter, behind.world.door
    lease, clerk = counter.sign(counter.form(counter.free_flat(), somebody())), counter.clerk()
    done: list[Decision] = []
    behind.pooler.order("PAUSE shenfang")
    filing = Thread(target=lambda: done.append(door.perform(file_lease, clerk, lease)))
    filing.start()
    filing.join(0.3)
    assert filing.is_alive()
    behind.pooler.order("RESUME shenfang")
    filing.join(30)
    assert done[0].filing_id is not None


def test_a_cut_connection_is_told_and_the_same_request_filed_once(behind: Behind) -> None:
    counter, door = behind.counter, behind.world.door
    lease, clerk = counter.sign(counter.form(counter.free_flat(), somebody())), counter.clerk()
    # Every line of ours is open, and none of them leads anywhere any more.
    behind.pooler.order("KILL shenfang", "RESUME shenfang")
    for tried in range(20):
        try:
            decision = door.perform(file_lease, clerk, lease, request_id="one-and-the-same")
            break
        except OperationalError:
            assert tried < 19
    again = door.perform(file_lease, clerk, lease, request_id="one-and-the-same")
    assert again.filing_id == decision.filing_id is not None
