"""A market on a Monday in spring, with land."""

from collections.abc import Iterator

import pytest

from tests.land import Land
from tests.market import market, market_world
from tests.world import World


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    with market_world(database_url) as market:
        yield market.world


@pytest.fixture
def land(world: World) -> Land:
    world.stand_at(2027, 3, 1)
    return Land(market(world))
