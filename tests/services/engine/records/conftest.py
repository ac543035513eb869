"""A market with the kinds of these tests beside those of the product."""

from collections.abc import Iterator

import pytest

from tests.conformance.apart import kinds_apart, make_tables
from tests.conformance.thirteenth import SALES_OFFICE
from tests.market import Market, market
from tests.services.engine.records.desk import Desk
from tests.services.engine.records.kinds_made import MADE, OUTSIDE, Deal, Outside
from tests.world import running_world


@pytest.fixture(scope="module")
def standing(database_url: str) -> Iterator[Market]:
    with running_world(database_url, houses=False) as world, kinds_apart(*MADE, SALES_OFFICE):
        make_tables(world, *MADE, SALES_OFFICE)
        Deal.metadata.create_all(world.door.database.engine)
        world.stand_at(2027, 3, 1)
        yield market(world)


@pytest.fixture
def desk(standing: Market) -> Desk:
    """A quiet world: the source silent about nothing, a Monday morning."""
    OUTSIDE.__dict__.update(Outside().__dict__)
    standing.world.stand_at(2027, 3, 1)
    return Desk(standing)
