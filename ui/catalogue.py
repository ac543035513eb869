"""Every module of every workspace, in the order the menus show them."""

from ui.demo_clock import DEMO_CLOCK
from ui.parameters import PARAMETERS
from ui.shell.modules import Module
from ui.tenancy.filing_form import FILING
from ui.tenancy.intake import INTAKE
from ui.tenancy.staff_modules import STAFF_MODULES

MODULES: tuple[Module, ...] = (*STAFF_MODULES[:1], INTAKE, FILING, *STAFF_MODULES[1:], PARAMETERS)


def modules_of(mode: str) -> tuple[Module, ...]:
    """The modules of a mode: the business date is moved in demo and test only (decision 30)."""
    return (*MODULES, DEMO_CLOCK) if mode in {"demo", "test"} else MODULES
