"""One world a module."""

from collections.abc import Iterator

import pytest

from tests.world import World, running_world


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    """Offices and accounts on both engines."""
    with running_world(database_url, houses=False) as running:
        yield running
