"""Switching a rule of the market off and on, as its two people do."""

from services.engine.parameters import ConfirmParameter, ProposeParameter, confirm_parameter, propose_parameter
from services.engine.switches import RULE_SWITCH
from tests.world import World


def set_parameter(world: World, key: str, value: str, district: str = "") -> None:
    """A new value from today on: proposed by one, confirmed by another, a while after what was confirmed before."""
    world.let_pass(seconds=1)
    order = ProposeParameter(key, value, world.door.clock.today(), "按新规定调整", district)
    row = world.door.perform(propose_parameter, world.caller("shi01"), order)
    world.door.perform(confirm_parameter, world.caller("shi02"), ConfirmParameter(row, True))


def switch(world: World, code: str, on: bool, district: str = "") -> None:
    set_parameter(world, RULE_SWITCH.format(code), "true" if on else "false", district)
