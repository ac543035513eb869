"""A market that keeps estates."""

from collections.abc import Iterator

import pytest

from tests.conformance.apart import kinds_apart, make_tables
from tests.market import Market, market_world
from tests.services.records.desk import Desk
from tests.services.records.estate import ESTATE


@pytest.fixture(scope="module")
def standing(database_url: str) -> Iterator[Market]:
    with market_world(database_url) as market, kinds_apart(ESTATE):
        make_tables(market.world, ESTATE)
        yield market


@pytest.fixture
def desk(standing: Market) -> Desk:
    standing.world.stand_at(2027, 3, 1)
    return Desk(standing)
