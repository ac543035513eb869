"""Public checks ask a real streaming replica, and the database itself wherever the replica is not certain (issue 21)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from models.documents import IssuedDocument
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.public_check.answers import Standing, verdict
from services.public_check.replica_first import ReplicaFirst, open_checks
from tests.databases import Databases
from tests.postgres import can_replicate, stop_postgres
from tests.replicas import Followed, followed_world
from tests.services.documents.papers import Filed, Issued, end_filing, file, issue

pytestmark = pytest.mark.skipif(not can_replicate(), reason="these programs cannot copy a running server")


@pytest.fixture(scope="module")
def followed(databases: Databases) -> Iterator[Followed]:
    with followed_world(databases) as found:
        yield found


@asynccontextmanager
async def checks(followed: Followed) -> AsyncIterator[ReplicaFirst]:
    reader = open_checks(followed.world.door.database, followed.replica, followed.world.door.lock_later)
    assert isinstance(reader, ReplicaFirst)
    await reader.start()
    try:
        yield reader
    finally:
        await reader.stop()


def issued(followed: Followed) -> tuple[LeaseFiling, IssuedDocument]:
    """A notice whose filing runs."""
    world = followed.world
    clerk, today = world.caller("huamu01"), world.door.clock.today()
    dates = {"valid_from": today - timedelta(1), "valid_to": today + timedelta(300)}
    filing = file(world, Filed(unit_id=clerk.unit_id, **dates))  # type: ignore[arg-type]
    return filing, issue(world, clerk, Issued(filing))


async def standing(followed: Followed, reader: ReplicaFirst, paper: IssuedDocument) -> Standing | None:
    found = await reader.find(paper.token_digest)
    return None if found is None else verdict(found, followed.world.door.clock.today()).standing


async def test_a_paper_that_stands_is_told_by_the_replica(followed: Followed) -> None:
    _, paper = issued(followed)
    followed.follow()
    async with checks(followed) as reader:
        # What the primary wrote last was heard of this moment.
        issued(followed)
        assert await standing(followed, reader, paper) is Standing.VALID
        assert (reader.by_replica, reader.by_primary) == (1, 0)


async def test_a_paper_the_replica_does_not_know_is_told_all_the_same(followed: Followed) -> None:
    followed.pause()
    _, paper = issued(followed)
    async with checks(followed) as reader:
        assert await standing(followed, reader, paper) is Standing.VALID
        assert reader.by_replica == 0
    followed.follow()


async def test_an_end_is_told_though_the_replica_stands_still(followed: Followed) -> None:
    """A second later at most the replica is too old to be asked."""
    filing, paper = issued(followed)
    followed.follow()
    followed.pause()
    end_filing(followed.world, filing, FilingState.CANCELLED, followed.world.door.clock.today())
    async with checks(followed) as reader, asyncio.timeout(10):
        while await standing(followed, reader, paper) is not Standing.CANCELLED:
            await asyncio.sleep(0.05)
        assert reader.by_primary >= 1
    followed.follow()


async def test_an_end_that_was_taken_back_is_asked_of_the_primary(followed: Followed) -> None:
    filing, paper = issued(followed)
    end_filing(followed.world, filing, FilingState.FROZEN, followed.world.door.clock.today())
    followed.follow()
    followed.pause()
    end_filing(followed.world, filing, FilingState.ACTIVE, followed.world.door.clock.today())
    async with checks(followed) as reader:
        assert await standing(followed, reader, paper) is Standing.VALID
        assert (reader.by_replica, reader.by_primary) == (0, 1)
    followed.follow()


async def test_nobody_waits_for_a_replica_that_is_gone(followed: Followed) -> None:
    _, paper = issued(followed)
    async with checks(followed) as reader:
        stop_postgres(followed.into)
        loop = asyncio.get_running_loop()
        assert await standing(followed, reader, paper) is Standing.VALID
        began = loop.time()
        for _ in range(5):
            assert await standing(followed, reader, paper) is Standing.VALID
        assert loop.time() - began < 2
        assert reader.by_primary == 6
