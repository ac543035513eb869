"""A counter where sublets are registered, on both engines where a test asks for it."""

from collections.abc import Iterator

import pytest

from tests.services.sublets.office import Office
from tests.services.tenancy.counter import Counter
from tests.world import running_world


@pytest.fixture(scope="module")
def office(database_url: str) -> Iterator[Office]:
    """A module's world; every test takes flats and persons that no other has."""
    with running_world(database_url, few=True) as world:
        world.stand_at(2027, 3, 1)
        yield Office(Counter(world))
