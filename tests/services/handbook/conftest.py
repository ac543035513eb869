"""A market with land, on a Monday in spring; its companies are older."""

from collections.abc import Iterator

import pytest

from tests.land import Land
from tests.market import Market, market
from tests.world import running_world


@pytest.fixture(scope="module")
def standing(database_url: str) -> Iterator[Market]:
    with running_world(database_url, houses=False) as world:
        # Before the days of the tests, so that no company took effect later than a test begins.
        world.stand_at(2027, 2, 26)
        yield market(world)


@pytest.fixture
def land(standing: Market) -> Iterator[Land]:
    """Parcels and projects of its own for each test; day and simulators as they were before it."""
    standing.world.stand_at(2027, 3, 1)
    yield Land(standing)
    standing.world.heal()
