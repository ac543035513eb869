"""A counter whose database somebody tampers with; each test has one of its own."""

from collections.abc import Iterator

import pytest

from tests.services.tenancy.counter import Counter
from tests.world import HANDFUL, running_world


@pytest.fixture
def counter(fresh_database_url: str) -> Iterator[Counter]:
    with running_world(fresh_database_url, few=HANDFUL) as world:
        world.stand_at(2027, 3, 1)
        yield Counter(world)
