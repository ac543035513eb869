"""Rules that can be switched off from a day on, by a dated parameter like any other (leasing 4.1, market 4.0)."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.engine.findings import Rule
from services.engine.thresholds import DECLARED, Threshold, Thresholds, declare

RULE_SWITCH = "rule.{}.on"
#: What ends an alert whose rule is switched off.
OFF = "该预警规则已停用"


def switchable(rules: Mapping[str, str], basis: str = "业务约定", *, local: bool = False) -> None:
    """Declare a switch, on from the start, for each rule of `rules`: its code and what people call it."""
    declare(
        *(
            Threshold(RULE_SWITCH.format(code), f"启用规则{code}：{label}", "true", "", basis, "flag", local=local)
            for code, label in rules.items()
        ),
        area="rules",
    )


def switch_each(rules: Iterable[Rule[Any]]) -> None:
    """Declare a switch for each rule of a catalogue, under the rule's own label and legal basis."""
    for rule in rules:
        switchable({rule.code: rule.label}, rule.basis or "业务约定")


def is_on(thresholds: Thresholds, code: str) -> bool:
    """Return whether a rule runs on the day and in the district of these thresholds; always without a switch."""
    key = RULE_SWITCH.format(code)
    return key not in DECLARED or thresholds.flag(key)
