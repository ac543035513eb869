"""The market with land in the world of all pages."""

import pytest

from tests.land import Land
from tests.market import market
from tests.world import World


@pytest.fixture(scope="session")
def land(world: World) -> Land:
    return Land(market(world))
