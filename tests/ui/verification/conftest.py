"""Firms that have homes verified, in the world of pages."""

import pytest

from services.access.access_list_signature import sign_pending
from tests.services.tenancy.counter import Counter
from tests.services.verification.firm import Firms
from tests.ui.firms import found_firms
from tests.world import World


@pytest.fixture(scope="module")
def firms(world: World, counter: Counter) -> Firms:
    world.act(found_firms)
    made = Firms(counter)
    sign_pending(world.door)
    return made
