"""A market with land, on a Monday in spring."""

from collections.abc import Iterator

import pytest

from tests.land import Land
from tests.market import Market, market_world


@pytest.fixture(scope="module")
def standing(database_url: str) -> Iterator[Market]:
    with market_world(database_url) as market:
        yield market


@pytest.fixture
def land(standing: Market) -> Iterator[Land]:
    """Parcels and projects of its own for each test; day and simulators as they were before it."""
    standing.world.stand_at(2027, 3, 1)
    yield Land(standing)
    standing.world.heal()
