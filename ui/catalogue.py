"""Every module of every workspace, in the order the menus show them."""

import services.everything  # noqa: F401 - lists are made of the kinds that are registered
from ui.access.access_list import ACCESS_LIST, MATRIX
from ui.access.accounts import ACCOUNTS
from ui.access.delegation import DELEGATION
from ui.access.grants import GRANTS
from ui.access.units import UNITS
from ui.alarms import ALARMS, FLOWS
from ui.alerts.list_page import ALERT_LIST
from ui.audit.console import AUDIT
from ui.audit.locked_rows import LOCKED_ROWS
from ui.broker_pushes.pushes import BATCHES, PUSHES
from ui.broker_pushes.report import REPORT
from ui.check_ins.lists import DIFFERENCES, MOVE_OUTS, STAYS
from ui.check_ins.monitor import MONITOR
from ui.cockpit.cockpit_page import COCKPIT
from ui.companies import agreement_panel  # noqa: F401
from ui.companies.modules import COMPANY_MODULES
from ui.data_catalogue import DATA_CATALOGUE
from ui.demo_clock import DEMO_CLOCK
from ui.direct_pay.calls import CALLS
from ui.direct_pay.mandate import MANDATE
from ui.direct_pay.orphans import ORPHANS
from ui.direct_pay.pilots import PILOTS
from ui.direct_pay.progress_list import PROGRESS
from ui.enterprise.bills import FIRM_BILLS
from ui.enterprise.inbox import FIRM_INBOX
from ui.enterprise.mandates import FIRM_MANDATES
from ui.enterprise.terminations import FIRM_TERMINATIONS
from ui.imports.session_page import IMPORT_SESSION
from ui.imports.sessions_page import IMPORTS
from ui.inbox.inbox_page import INBOX
from ui.keys.key_list import KEYS
from ui.materials import MATERIALS
from ui.monitoring.changes_page import CHANGES
from ui.monitoring.graph_page import RELATIONS
from ui.operations.system_health import STANDING
from ui.parameters import PARAMETERS
from ui.parcels.modules import PARCEL_MODULES
from ui.partners.letters_page import LETTERS
from ui.partners.log_page import EXCHANGE_LOG
from ui.partners.partners_page import PARTNERS
from ui.practitioners.modules import PRACTITIONER_MODULES
from ui.privacy.exports import EXPORTS
from ui.privacy.who_looked import WHO_LOOKED
from ui.projects import beside_records  # noqa: F401
from ui.projects.handovers_page import HANDOVERS
from ui.records.list_page import list_modules
from ui.records.record_page import RECORD
from ui.records.review import record_review
from ui.records.steps_page import STEPS
from ui.shell.modules import Module
from ui.tenancy.filing_form import FILING
from ui.tenancy.intake import INTAKE
from ui.tenancy.staff_modules import STAFF_MODULES

#: The inbox is what people of the market come in to; then a queue, and a list for every kind that is registered.
MARKET_MODULES: tuple[Module, ...] = (
    INBOX,
    COCKPIT,
    record_review(),
    STEPS,
    *COMPANY_MODULES,
    *list_modules(),
    *PARCEL_MODULES,
    HANDOVERS,
    RECORD,
    ALERT_LIST,
    CHANGES,
    RELATIONS,
)
MODULES: tuple[Module, ...] = (
    *MARKET_MODULES,
    AUDIT,
    *STAFF_MODULES[:1],
    INTAKE,
    FILING,
    *STAFF_MODULES[1:],
    PROGRESS,
    ORPHANS,
    PILOTS,
    CALLS,
    *PRACTITIONER_MODULES,
    IMPORTS,
    IMPORT_SESSION,
    FIRM_INBOX,
    FIRM_MANDATES,
    FIRM_BILLS,
    FIRM_TERMINATIONS,
    MANDATE,
    EXCHANGE_LOG,
    LETTERS,
    PARTNERS,
    REPORT,
    MONITOR,
    PUSHES,
    STAYS,
    MOVE_OUTS,
    DIFFERENCES,
    BATCHES,
    MATERIALS,
    WHO_LOOKED,
    EXPORTS,
    UNITS,
    ACCOUNTS,
    GRANTS,
    DELEGATION,
    ACCESS_LIST,
    MATRIX,
    LOCKED_ROWS,
    STANDING,
    ALARMS,
    FLOWS,
    PARAMETERS,
    KEYS,
    DATA_CATALOGUE,
)


def modules_of(mode: str) -> tuple[Module, ...]:
    """The modules of a mode: the business date is moved in demo and test only (decision 30)."""
    return (*MODULES, DEMO_CLOCK) if mode in {"demo", "test"} else MODULES
