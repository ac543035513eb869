"""Every module of every workspace, in the order the menus show them."""

from ui.parameters import PARAMETERS
from ui.shell.modules import Module
from ui.tenancy.staff_modules import STAFF_MODULES

MODULES: tuple[Module, ...] = (*STAFF_MODULES, PARAMETERS)
