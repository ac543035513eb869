"""A world of a few houses with firms, cards and the association among its partners, on both engines."""

from collections.abc import Iterator

import pytest

from deploy.demo.firms import load_firms
from services.engine.callers import SYSTEM
from tests.services.broker_pushes.association import Association
from tests.services.tenancy.counter import Counter
from tests.world import World, running_world


@pytest.fixture(scope="module")
def open_association(database_url: str) -> Iterator[Association]:
    with running_world(database_url, few=True) as running:
        running.stand_at(2027, 3, 1)
        running.door.perform(load_firms, SYSTEM, None)
        association = Association(Counter(running))
        association.register()
        yield association


@pytest.fixture
def association(open_association: Association) -> Iterator[Association]:
    """The association on the morning of 1 March 2027, every outside system well."""
    open_association.world.stand_at(2027, 3, 1)
    yield open_association
    open_association.world.heal()


@pytest.fixture
def world(association: Association) -> World:
    return association.world
