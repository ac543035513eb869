"""A world of offices a module, on both engines where a test asks for it."""

from collections.abc import Iterator

import pytest

from tests.world import World, running_world


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    """A door with offices and accounts, standing at the day of the shared sets."""
    with running_world(database_url, houses=False) as running:
        running.stand_at(2026, 6, 30)
        yield running
