"""Switching a rule of the market off and on, as its two people do."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.engine.orders import Decide
from services.engine.parameters import ProposeParameter, confirm_parameter, propose_parameter
from services.engine.switches import RULE_SWITCH
from services.engine.thresholds import DECLARED
from tests.world import World


def set_parameter(world: World, key: str, value: str, district: str = "") -> None:
    """A new value from today on: proposed by one, confirmed by another, a while after what was confirmed before."""
    world.let_pass(seconds=1)
    order = ProposeParameter(key, value, world.door.clock.today(), "按新规定调整", district)
    row = world.door.perform(propose_parameter, world.caller("shi01"), order)
    world.door.perform(confirm_parameter, world.caller("shi02"), Decide(row, True))


def switch(world: World, code: str, on: bool, district: str = "") -> None:
    set_parameter(world, RULE_SWITCH.format(code), "true" if on else "false", district)


@contextmanager
def parameter(world: World, key: str, value: str, district: str = "") -> Iterator[None]:
    """The same for as long as something lasts; afterwards what was declared stands again, for others share the world."""
    set_parameter(world, key, value, district)
    try:
        yield
    finally:
        set_parameter(world, key, DECLARED[key].default, district)


@contextmanager
def switched_off(world: World, code: str) -> Iterator[None]:
    with parameter(world, RULE_SWITCH.format(code), "false"):
        yield
