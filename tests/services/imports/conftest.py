"""Two firms in a world without houses, one world a module, on both engines."""

from collections.abc import Iterator

import pytest

from tests.services.imports.desk import Desk
from tests.world import running_world


@pytest.fixture(scope="module")
def open_desk(database_url: str) -> Iterator[Desk]:
    with running_world(database_url, houses=False) as world:
        world.stand_at(2026, 12, 1)
        yield Desk(world).found()


@pytest.fixture
def desk(open_desk: Desk) -> Iterator[Desk]:
    """The morning of 1 December 2026, every outside system well."""
    open_desk.world.stand_at(2026, 12, 1)
    yield open_desk
    open_desk.world.heal()
