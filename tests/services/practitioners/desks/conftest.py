"""A world with firms and their users, a district, its window and the association's list, on both engines."""

from collections.abc import Iterator

import pytest

from deploy.demo.firms import load_firms
from models.enterprise import RecordState, ServiceState
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM
from tests.services.practitioners.desks.people import Desks
from tests.world import running_world


@pytest.fixture(scope="module")
def open_desks(database_url: str) -> Iterator[Desks]:
    with running_world(database_url, houses=False) as running:
        running.stand_at(2027, 3, 1)
        running.door.perform(load_firms, SYSTEM, None)
        sign_pending(running.door)
        yield Desks(running)


@pytest.fixture
def desks(open_desks: Desks) -> Iterator[Desks]:
    """Everybody at work on the morning of 1 March 2027, every outside system well, the firm's record in order."""
    open_desks.world.stand_at(2027, 3, 1)
    yield open_desks
    open_desks.world.heal()
    open_desks.move_firm(record_state=RecordState.RECORDED, service_state=ServiceState.NORMAL, district_code="310115")
