"""A market with land, on a Monday in spring; its companies are older."""

from collections.abc import Iterator
from datetime import date

import pytest

from services.handbook.chapters import TEXTS
from tests.land import Land
from tests.market import Market, market_world
from tests.services.handbook.hands import PERMIT
from tests.services.projects.desk import Desk


@pytest.fixture(scope="module")
def standing(database_url: str) -> Iterator[Market]:
    # Before the days of the tests, so that no company took effect later than a test begins.
    with market_world(database_url, since=date(2027, 2, 26)) as market:
        yield market


@pytest.fixture
def land(standing: Market) -> Iterator[Land]:
    """Parcels and projects of its own for each test; day and simulators as they were before it."""
    standing.world.stand_at(2027, 3, 1)
    yield Land(standing)
    standing.world.heal()


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, PERMIT)


@pytest.fixture
def texts(land: Land) -> Desk:
    return Desk(land, TEXTS)
