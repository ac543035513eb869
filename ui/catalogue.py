"""Every module of every workspace, in the order the menus show them."""

from ui.parameters import PARAMETERS
from ui.shell.modules import Module

MODULES: tuple[Module, ...] = (PARAMETERS,)
