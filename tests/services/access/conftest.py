"""One world of offices a module, on both engines."""

from collections.abc import Iterator

import pytest

from tests.world import World, running_world


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    """A door with offices and accounts."""
    with running_world(database_url, houses=False) as running:
        yield running


@pytest.fixture
def own(fresh_database_url: str) -> Iterator[World]:
    """A world for one test alone, which may be broken."""
    with running_world(fresh_database_url, houses=False) as running:
        yield running
