"""The property market with everybody in it, on both engines."""

from collections.abc import Iterator

import pytest

from tests.market import Market, market_world


@pytest.fixture(scope="module")
def open_market(database_url: str) -> Iterator[Market]:
    with market_world(database_url) as market:
        yield market


@pytest.fixture
def town(open_market: Market) -> Iterator[Market]:
    """Everybody at work on the morning of 1 March 2027, every outside system well."""
    open_market.world.stand_at(2027, 3, 1)
    yield open_market
    open_market.world.heal()
