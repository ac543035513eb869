"""A world with an operator, an owner and bureaus, on both engines where asked for."""

from collections.abc import Iterator

import pytest

from services.ports.filing_library import FILING_LIBRARY
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
    open_desk.world.heal()
    open_desk.world.door.house.systems = open_desk.over_http.having(FILING_LIBRARY, open_desk.library)
    clean = Library()
    open_desk.library.answers, open_desk.library.is_silent = clean.answers, False


@pytest.fixture
def http_desk(desk: Desk) -> Desk:
    """The desk whose filing library answers over HTTP."""
    desk.world.door.house.systems = desk.over_http
    return desk
