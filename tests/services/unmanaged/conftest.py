"""A world whose districts report unmanaged places, at the end of June."""

from collections.abc import Iterator

import pytest

from tests.market import market
from tests.services.unmanaged.places import Places
from tests.world import World, running_world


@pytest.fixture(scope="module")
def standing(database_url: str) -> Iterator[World]:
    with running_world(database_url, houses=False) as world:
        market(world)
        yield world


@pytest.fixture
def places(standing: World) -> Places:
    """A street number of its own for each test; the clock stands at the first of June."""
    standing.stand_at(2026, 6, 1)
    return Places(standing)
