"""A counter with its intercepted cases, one world for each file."""

from collections.abc import Iterator

import pytest
from sqlmodel import col

from models.streets import LinkDuty, StreetLink
from tests.services.forced_review.reviews import OTHER_STREET, STREET, STREET_TWO, Reviews
from tests.services.tenancy.counter import Counter
from tests.world import running_world


@pytest.fixture(scope="module")
def whole(database_url: str) -> Iterator[Reviews]:
    with running_world(database_url, few=True) as world:
        for login in (STREET, STREET_TWO, OTHER_STREET):
            account = world.caller(login).account_id
            world.rewrite(StreetLink, col(StreetLink.account_id) == account, duty=LinkDuty.REVIEW)
        yield Reviews(Counter(world))


@pytest.fixture
def reviews(whole: Reviews) -> Iterator[Reviews]:
    """On the morning of 1 March 2027, a Monday."""
    whole.world.stand_at(2027, 3, 1)
    yield whole
    whole.world.heal()
