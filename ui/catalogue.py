"""Every module of every workspace, in the order the menus show them."""

from ui.parameters import PARAMETERS
from ui.shell.modules import Module
from ui.tenancy.filing_form import FILING
from ui.tenancy.intake import INTAKE
from ui.tenancy.staff_modules import STAFF_MODULES

MODULES: tuple[Module, ...] = (*STAFF_MODULES[:1], INTAKE, FILING, *STAFF_MODULES[1:], PARAMETERS)
