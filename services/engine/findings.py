"""Findings and rules: what may be wrong, how grave it is, and one outcome for all of it (architecture 4, decision 24)."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as fresh
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from models.codes import Code

Facts = TypeVar("Facts")


class Severity(Code):
    """Severity of a finding, gravest first; WARN never stops a case."""

    REFUSE = "REFUSE", "不予办理", "bad"
    CORRECT = "CORRECT", "需补正", "bad"
    ROUTE = "ROUTE", "转其他渠道", "warn"
    INTERCEPT = "INTERCEPT", "系统拦截", "warn"
    PENDING = "PENDING", "待核验", "info"
    WARN = "WARN", "提示", "muted"


class Outcome(Code):
    REFUSE = "REFUSE", "退件", "bad"
    CORRECT = "CORRECT", "需补正", "bad"
    ROUTE = "ROUTE", "转其他渠道", "warn"
    INTERCEPT = "INTERCEPT", "系统拦截", "warn"
    PENDING = "PENDING", "核验中", "info"
    PASS = "PASS", "通过", "good"


class Result(Code):
    """Result of a rule in a run; UNKNOWN while its source is silent, WAIVED where a person let it go."""

    PASS = "PASS", "通过", "good"
    FAIL = "FAIL", "不通过", "bad"
    UNKNOWN = "UNKNOWN", "待核验", "info"
    WARN = "WARN", "提示", "warn"
    WAIVED = "WAIVED", "已豁免", "warn"


@dataclass(frozen=True)
class Finding:
    """A thing found. `message` is what a citizen reads; `found` only what the rule may reveal (decision 9)."""

    code: str
    message: str
    field: str = ""
    severity: Severity = Severity.REFUSE
    found: str = ""
    evidence: dict[str, Any] = fresh(default_factory=dict)
    forceable: bool = False


@dataclass(frozen=True)
class Rule(Generic[Facts]):
    """A rule of the catalogue: pure, facts in, findings out."""

    code: str
    label: str
    severity: Severity
    check: Callable[[Facts], Iterator[Finding]]
    source: str
    message: str
    basis: str = ""
    bring: str = ""
    where: str = ""
    forceable: bool = False


@dataclass(frozen=True)
class Item:
    """A rule in a run, with its result and what it found."""

    rule: Rule[Any]
    result: Result
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Judgement:
    """All items of a run and the one outcome they come to; what was waived is kept and stops nothing."""

    items: tuple[Item, ...]
    outcome: Outcome

    @property
    def findings(self) -> list[Finding]:
        return [finding for item in self.items if item.result is not Result.WAIVED for finding in item.findings]

    @property
    def waived(self) -> tuple[str, ...]:
        """The rules that failed and were waived."""
        return tuple(item.rule.code for item in self.items if item.result is Result.WAIVED)

    @property
    def stopping(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is not Severity.WARN]


#: A number such as T16, PRJ-03 or E1001, unlike DATE_TEXT.
_NUMBER = re.compile(r"[A-Z]{1,3}-?[0-9]{1,4}[a-z]?")


def rule_number(code: str) -> str:
    """Return the number by which a person looks a rule up; empty for a code of English words, which only machines read."""
    return code if _NUMBER.fullmatch(code) else ""


@cache
def _names() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("rule_names.toml").read_text(encoding="utf-8"))


def rule_name(code: str) -> str:
    """Return how a list names a rule: by its number, or by the Chinese name of a code of words."""
    return rule_number(code) or _names().get(code, "")


def rule_names(codes: Iterable[str]) -> str:
    """Return the names of some rules, each once, in their order."""
    return "、".join(dict.fromkeys(filter(None, map(rule_name, codes))))


def numbered(code: str, words: str) -> str:
    """Return a sentence behind the number of its rule, if the rule has one."""
    return f"{rule_number(code)} {words}".lstrip()


_BROKEN = Finding("", "该项暂时无法核验，系统将自动重试", severity=Severity.PENDING)
_ORDER = (Severity.REFUSE, Severity.CORRECT, Severity.ROUTE, Severity.INTERCEPT, Severity.PENDING)


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """The gravest stop, or PASS."""
    found = {finding.severity for finding in findings}
    for severity in _ORDER:
        if severity in found:
            return Outcome[severity.name]
    return Outcome.PASS


def judge(
    facts: Facts,
    rules: Sequence[Rule[Facts]],
    *,
    broken: Finding | None = None,
    waived: Collection[str] = (),
) -> Judgement:
    """Run every rule and return all findings.

    A rule that fails with an exception must not let a case pass: its finding is PENDING and names the rule. Where
    PENDING does not stop a case, `broken` is the finding used instead. Of a rule in `waived` a failure that may be forced
    stops nothing; what may not be forced, and a silent source, stop as ever.
    """
    fault = broken or _BROKEN
    items = []
    for rule in rules:
        try:
            found = tuple(rule.check(facts))
        except Exception as problem:
            found = (replace(fault, code=rule.code, evidence={"error": type(problem).__name__}),)
        result = Result.WAIVED if rule.code in waived and _may_be_waived(found) else _result(found)
        items.append(Item(rule=rule, result=result, findings=found))
    judged = tuple(items)
    stopping = (finding for item in judged if item.result is not Result.WAIVED for finding in item.findings)
    return Judgement(judged, outcome_of(stopping))


def _may_be_waived(found: Sequence[Finding]) -> bool:
    stops = [finding for finding in found if finding.severity is not Severity.WARN]
    return bool(stops) and all(finding.forceable for finding in stops)


def _result(found: Sequence[Finding]) -> Result:
    if not found:
        return Result.PASS
    severities = {finding.severity for finding in found}
    if severities == {Severity.WARN}:
        return Result.WARN
    return Result.UNKNOWN if severities <= {Severity.PENDING, Severity.WARN} else Result.FAIL
