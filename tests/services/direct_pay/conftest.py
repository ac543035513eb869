"""Direct payment in a world of a few houses, one world a module, on both engines."""

from collections.abc import Iterator

import pytest

from tests.services.direct_pay.rent_month import DirectPay
from tests.services.tenancy.counter import Counter
from tests.world import running_world


@pytest.fixture(scope="module")
def open_direct_pay(database_url: str) -> Iterator[DirectPay]:
    """Two firms in the pilot, the fund, and houses each of which is let once at most."""
    with running_world(database_url, few=True) as world:
        world.stand_at(2027, 3, 1)
        yield DirectPay(Counter(world)).found()


@pytest.fixture
def pay(open_direct_pay: DirectPay) -> Iterator[DirectPay]:
    """The morning of 1 March 2027, every outside system well."""
    open_direct_pay.world.stand_at(2027, 3, 1)
    yield open_direct_pay
    open_direct_pay.world.heal()
