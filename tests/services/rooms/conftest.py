"""A world with an operator, an owner and bureaus, on both engines where asked for."""

from collections.abc import Iterator

import pytest

from tests.services.rooms.desk import Desk, Library
from tests.world import running_world


@pytest.fixture(scope="module")
def open_desk(database_url: str) -> Iterator[Desk]:
    with running_world(database_url, few=True) as running:
        running.stand_at(2027, 3, 1)
        yield Desk(running).found()


@pytest.fixture
def desk(open_desk: Desk) -> Iterator[Desk]:
    """The desk on the morning of 1 March 2027; the filing library knows of no filing."""
    open_desk.world.stand_at(2027, 3, 1)
    yield open_desk
    clean = Library()
    open_desk.library.answers, open_desk.library.is_silent = clean.answers, False
