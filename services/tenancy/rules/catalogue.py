"""The rules of each stage in the catalogue's order, and the version that decisions cite (leasing 4)."""

from typing import Any

from services.engine.findings import Rule
from services.engine.switches import switch_each
from services.tenancy.cancel_facts import CancelFacts
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.rules.cancellation import CANCELLATION_RULES
from services.tenancy.rules.filing import FILING_ONLY_RULES
from services.tenancy.rules.house import HOUSE_RULES
from services.tenancy.rules.occupancy import OCCUPANCY_RULES
from services.tenancy.rules.parties import PARTY_RULES
from services.tenancy.rules.terms import TERM_RULES

#: Changes with every change of what a rule decides; thresholds are dated by themselves.
RULE_SET = "SH-ZL-2026.1"

FILING_RULES: tuple[Rule[FilingFacts], ...] = (
    *PARTY_RULES,
    *HOUSE_RULES,
    *OCCUPANCY_RULES,
    *TERM_RULES,
    *FILING_ONLY_RULES,
)

#: The heart of a filing: without these rules it would be no check at all, so they have no switch.
ALWAYS_ON = frozenset({"P01", "H01", "H02", "F01", "F09", "F10"})

#: Rules that can be judged from a certificate and a person, before anything else is filled in (row 4).
_BEFORE_THE_FORM = frozenset(
    {"P01", "H01", "H02", "H03", "H04", "H05", "H06", "H07", "H08", "H09", "H14", "H17", "F01", "F02"}
)
PRECHECK_RULES: tuple[Rule[FilingFacts], ...] = tuple(rule for rule in FILING_RULES if rule.code in _BEFORE_THE_FORM)

CANCEL_RULES: tuple[Rule[CancelFacts], ...] = CANCELLATION_RULES

BY_CODE: dict[str, Rule[Any]] = {}
for _rules in (FILING_RULES, CANCEL_RULES):
    BY_CODE.update({rule.code: rule for rule in _rules})
switch_each(rule for rule in BY_CODE.values() if rule.code not in ALWAYS_ON)
