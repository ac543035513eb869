"""The market in the world of all pages, and land to keep records of."""

import pytest

from tests.land import Land
from tests.market import Market, market
from tests.world import World


@pytest.fixture(scope="session")
def companies(world: World) -> Market:
    return market(world)


@pytest.fixture(scope="session")
def land(companies: Market) -> Land:
    return Land(companies)
