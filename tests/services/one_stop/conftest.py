"""A portal over a module's own world, on both engines where a test asks for it."""

from collections.abc import Iterator

import pytest

from tests.services.one_stop.portal import Portal
from tests.services.tenancy.counter import Counter
from tests.world import running_world


@pytest.fixture(scope="module")
def portal_of_module(database_url: str) -> Iterator[Portal]:
    with running_world(database_url, few=True) as world:
        yield Portal(Counter(world))


@pytest.fixture
def portal(portal_of_module: Portal) -> Iterator[Portal]:
    """Every test begins on the same working day, and leaves the simulators well."""
    portal_of_module.world.stand_at(2027, 3, 1)
    yield portal_of_module
    portal_of_module.world.heal()
