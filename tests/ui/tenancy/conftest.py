"""A counter in the pages' own world."""

import pytest

from tests.services.tenancy.counter import Counter
from tests.world import World


@pytest.fixture(scope="session")
def counter(world: World) -> Counter:
    """Leases that are there before somebody looks at them."""
    return Counter(world)
