"""A counter in a world of a few houses, one world a module, on both engines."""

from collections.abc import Iterator

import pytest

from tests.services.tenancy.counter import Counter
from tests.world import World, running_world


@pytest.fixture(scope="module")
def open_counter(database_url: str) -> Iterator[Counter]:
    """Offices, fixtures and a few houses, each of which is let once at most."""
    with running_world(database_url, few=True) as running:
        yield Counter(running)


@pytest.fixture
def counter(open_counter: Counter) -> Iterator[Counter]:
    """The counter on the morning of 1 March 2027, every outside system well."""
    open_counter.world.stand_at(2027, 3, 1)
    yield open_counter
    open_counter.world.heal()


@pytest.fixture
def world(counter: Counter) -> World:
    return counter.world
