"""A market that keeps estates."""

from collections.abc import Iterator

import pytest

from tests.conformance.apart import kinds_apart, make_tables
from tests.market import Market, market
from tests.services.records.desk import Desk
from tests.services.records.estate import ESTATE
from tests.world import running_world


@pytest.fixture(scope="module")
def standing(database_url: str) -> Iterator[Market]:
    with running_world(database_url, houses=False) as world, kinds_apart(ESTATE):
        make_tables(world, ESTATE)
        world.stand_at(2027, 3, 1)
        yield market(world)


@pytest.fixture
def desk(standing: Market) -> Desk:
    standing.world.stand_at(2027, 3, 1)
    return Desk(standing)
