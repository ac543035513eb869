"""Catalogue of the market's rules: the words and recipients of their alerts, and which have a switch (market 4.0 to 4.2)."""

from dataclasses import dataclass
from pathlib import Path

from models.alerts import AlertGrade
from models.own_data import read_rows
from services.engine.switches import switchable

#: Default recipients of a grade, and those added when it goes up unanswered.
TOLD_BY_GRADE = {AlertGrade.BLUE: "P", AlertGrade.YELLOW: "PHD", AlertGrade.RED: "PHDC"}
#: Every recipient, in the order they are written.
RECIPIENTS = {"P": "项目公司", "H": "总公司", "D": "区房屋管理局", "C": "市房屋管理局", "S": "系统管理人员"}


@dataclass(frozen=True)
class AlertRule:
    """A rule of the market; only one that raises alerts has a label. `told` is a string of recipients' letters; empty means
    by grade. `switch` is what people call the rule in the switch for its form, review and watch; without one it always runs:
    a record would be no record without it, who it is, that it exists once, whose land it is, who may go.
    """

    code: str
    label: str
    told: str = ""
    basis: str = ""
    todo: str = "请核实情况并说明"
    switch: str = ""


_MARKET = {row["code"]: AlertRule(**row) for row in read_rows(Path(__file__).with_name("rules.csv"))}
RULES = {code: rule for code, rule in _MARKET.items() if rule.label}
SWITCHED = {code: rule.switch for code, rule in _MARKET.items() if rule.switch}
ALWAYS_ON = _MARKET.keys() - SWITCHED.keys()
#: The registry is one for all districts; what the other rules find lies in one.
_OF_THE_CITY = "SUB-17"
switchable({code: label for code, label in SWITCHED.items() if code != _OF_THE_CITY}, local=True)
switchable({_OF_THE_CITY: SWITCHED[_OF_THE_CITY]})


def rule_of(code: str) -> AlertRule:
    """Return the rule of a code; an undescribed rule notifies by grade."""
    return RULES.get(code) or AlertRule(code, code)


def told_of(code: str, grade: AlertGrade) -> str:
    """Return the first recipients of an alert of this rule and grade."""
    return rule_of(code).told or TOLD_BY_GRADE[grade]


def together(*letters: str) -> str:
    """All recipients of several strings, each once, in their order."""
    wanted = set("".join(letters))
    return "".join(letter for letter in RECIPIENTS if letter in wanted)


def told_words(told: str) -> str:
    return "、".join(RECIPIENTS[letter] for letter in told)
