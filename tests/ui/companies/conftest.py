"""The market in the world of all pages."""

import pytest

from tests.market import Market, market
from tests.world import World


@pytest.fixture(scope="session")
def companies(world: World) -> Market:
    return market(world)
