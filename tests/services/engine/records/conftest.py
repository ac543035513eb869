"""A market with the kinds of these tests beside those of the product."""

from collections.abc import Iterator

import pytest

from tests.conformance.apart import kinds_apart, make_tables
from tests.conformance.thirteenth import SALES_OFFICE
from tests.market import Market, market_world
from tests.services.engine.records.desk import Desk
from tests.services.engine.records.kinds_made import MADE, OUTSIDE, Deal, Outside


@pytest.fixture(scope="module")
def standing(database_url: str) -> Iterator[Market]:
    with market_world(database_url) as market, kinds_apart(*MADE, SALES_OFFICE):
        make_tables(market.world, *MADE, SALES_OFFICE)
        Deal.metadata.create_all(market.world.door.database.engine)
        yield market


@pytest.fixture
def desk(standing: Market) -> Desk:
    """A quiet world: the source silent about nothing, a Monday morning."""
    OUTSIDE.__dict__.update(Outside().__dict__)
    standing.world.stand_at(2027, 3, 1)
    return Desk(standing)
