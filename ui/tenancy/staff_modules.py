"""Further modules of this area beside intake and the filing form, in menu order."""

from ui.shell.modules import Module
from ui.tenancy.cancel_applies import CANCEL_APPLIES
from ui.tenancy.cancel_page import CANCEL_LEASE
from ui.tenancy.check_list import CHECK_LIST
from ui.tenancy.contract_page import CONTRACT, CONTRACT_FIND
from ui.tenancy.filing_list import FILING_LIST
from ui.tenancy.filing_query import FILING_QUERY
from ui.tenancy.home import HOME
from ui.tenancy.licence_failures import LICENCE_FAILURES
from ui.tenancy.rule_hits import RULE_HITS
from ui.tenancy.simulation import SIMULATION

STAFF_MODULES: tuple[Module, ...] = (
    HOME,
    CANCEL_LEASE,
    CONTRACT_FIND,
    CONTRACT,
    FILING_QUERY,
    CHECK_LIST,
    CANCEL_APPLIES,
    FILING_LIST,
    RULE_HITS,
    LICENCE_FAILURES,
    SIMULATION,
)
