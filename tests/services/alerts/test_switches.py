"""Every rule of the market can be switched off from a day on, but for those without which a record would be none (market 4.0)."""

import re
from datetime import date

import pytest

import services.everything  # noqa: F401
from services.alerts.catalogue import ALWAYS_ON, RULES, SWITCHED
from services.engine.kinds import KINDS
from services.engine.switches import RULE_SWITCH, is_on
from services.engine.thresholds import DECLARED, Thresholds
from services.monitoring.rules import OWN_RULES, REGISTRY_RULES

TODAY = date(2027, 3, 1)

_OF_THE_MARKET = re.compile(r"(SUB|PAR|PRJ)-[0-9]{2}")


def test_every_rule_has_its_switch_or_stands_among_those_that_have_none() -> None:
    of_forms = {rule.code for kind in KINDS.values() for rule in kind.rules if _OF_THE_MARKET.fullmatch(rule.code)}
    watched = {*OWN_RULES, *REGISTRY_RULES, *(code for code in RULES if _OF_THE_MARKET.fullmatch(code))}
    assert (of_forms | watched) - SWITCHED.keys() - ALWAYS_ON == set()
    assert {code for code in SWITCHED if DECLARED[RULE_SWITCH.format(code)].default != "true"} == set()
    assert {"SUB-01", "PAR-01", "PRJ-01", "PRJ-09", "PLN-01"} <= ALWAYS_ON


@pytest.mark.parametrize("code", ["PRJ-01", "SUB-03", "OFC-01"])
def test_what_has_no_switch_is_always_on(code: str) -> None:
    assert is_on(Thresholds(TODAY, {RULE_SWITCH.format(code): "false"}), code)


def test_a_switch_is_read_on_its_day() -> None:
    assert is_on(Thresholds(TODAY), "PRJ-03")
    assert not is_on(Thresholds(TODAY, {RULE_SWITCH.format("PRJ-03"): "false"}), "PRJ-03")
