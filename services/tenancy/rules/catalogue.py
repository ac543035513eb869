"""The rules of each stage in the catalogue's order, and the version that decisions cite (leasing 4)."""

from typing import Any

from services.engine.findings import Rule
from services.engine.switches import switch_each
from services.tenancy.filing_facts import CancelFacts, FilingFacts
from services.tenancy.rules import cancellation, filing, house, occupancy, parties, terms
from services.tenancy.rules.words import CATALOGUE

#: Changes with every change of what a rule decides; thresholds are dated by themselves.
RULE_SET = "SH-ZL-2026.1"
#: Where the rules are made, by the stages of the catalogue.
STAGES = (parties, house, occupancy, terms, filing, cancellation)

FILING_RULES: tuple[Rule[FilingFacts], ...] = CATALOGUE.rules("P", "H", "O", "T", "F")
CANCEL_RULES: tuple[Rule[CancelFacts], ...] = CATALOGUE.rules("C")
BY_CODE: dict[str, Rule[Any]] = {rule.code: rule for rule in CATALOGUE.rules()}

#: The heart of a filing: without these rules it would be no check at all, so they have no switch.
ALWAYS_ON = frozenset({"P01", "H01", "H02", "F01", "F09", "F10"})
switch_each(rule for rule in BY_CODE.values() if rule.code not in ALWAYS_ON)

#: Rules that can be judged from a certificate and a person, before anything else is filled in (row 4).
_BEFORE_THE_FORM = frozenset(
    {"P01", "H01", "H02", "H03", "H04", "H05", "H06", "H07", "H08", "H09", "H14", "H17", "F01", "F02"}
)
PRECHECK_RULES: tuple[Rule[FilingFacts], ...] = tuple(rule for rule in FILING_RULES if rule.code in _BEFORE_THE_FORM)
