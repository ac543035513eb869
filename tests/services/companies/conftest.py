"""The property market with everybody in it, on both engines."""

from collections.abc import Iterator

import pytest

from tests.market import Market, market
from tests.world import running_world


@pytest.fixture(scope="module")
def open_market(database_url: str) -> Iterator[Market]:
    with running_world(database_url, houses=False) as running:
        running.stand_at(2027, 3, 1)
        yield market(running)


@pytest.fixture
def town(open_market: Market) -> Iterator[Market]:
    """Everybody at work on the morning of 1 March 2027, every outside system well."""
    open_market.world.stand_at(2027, 3, 1)
    yield open_market
    open_market.world.heal()
