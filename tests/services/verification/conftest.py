"""Firms before a running world, one for each file."""

from collections.abc import Iterator

import pytest

from tests.services.tenancy.counter import Counter
from tests.services.verification.firm import Firms
from tests.world import World, running_world


@pytest.fixture(scope="module")
def whole(database_url: str) -> Iterator[Firms]:
    with running_world(database_url, few=True) as world:
        world.stand_at(2027, 3, 1)
        yield Firms(Counter(world))


@pytest.fixture
def firms(whole: Firms) -> Iterator[Firms]:
    world: World = whole.world
    world.stand_at(2027, 3, 1)
    yield whole
    world.heal()
