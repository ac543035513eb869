"""A world with projects whose rooms are in the library, and a district's platform among the partners, on both engines."""

from collections.abc import Iterator

import pytest

from deploy.demo.central_rooms import load_central_rooms
from deploy.demo.firms import load_firms
from services.engine.callers import SYSTEM
from tests.services.check_ins.platform import Platform
from tests.world import running_world


@pytest.fixture(scope="module")
def open_platform(database_url: str) -> Iterator[Platform]:
    with running_world(database_url, few=True) as running:
        running.stand_at(2027, 3, 1)
        running.door.perform(load_firms, SYSTEM, None)
        running.door.perform(load_central_rooms, SYSTEM, None)
        platform = Platform(running)
        platform.register()
        yield platform


@pytest.fixture
def platform(open_platform: Platform) -> Iterator[Platform]:
    """The platform on the morning of 1 March 2027, every outside system well."""
    open_platform.world.stand_at(2027, 3, 1)
    yield open_platform
    open_platform.world.heal()
