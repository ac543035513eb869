"""A dated parameter for the length of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.engine.orders import Decide
from services.engine.parameters import ProposeParameter, confirm_parameter, propose_parameter
from services.engine.thresholds import DECLARED
from tests.world import World


@contextmanager
def parameter(world: World, key: str, value: str) -> Iterator[None]:
    """The value as the city proposed and a second person confirmed it; afterwards the default again."""
    _set(world, key, value)
    try:
        yield
    finally:
        _set(world, key, DECLARED[key].default)


def _set(world: World, key: str, value: str) -> None:
    order = ProposeParameter(key, value, world.door.clock.today(), "按新规定调整")
    row_id = world.door.perform(propose_parameter, world.caller("shi01"), order)
    world.door.perform(confirm_parameter, world.caller("shi02"), Decide(row_id, True))
