"""Declaration of the rules of parcels and projects: a generator of faults becomes a rule of the catalogue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as fresh
from decimal import Decimal
from typing import Any

from models.identity import check_credit_code
from services.engine.findings import Finding, Rule, Severity
from services.engine.kinds import Proposal, Values

#: What is missing under a condition, and what is out of its range; told by the same codes as the engine's own.
MISSING, FORMAT = "REQ", "FMT"
FORM = "填报内容"
#: What no area column holds; each value is within, their sum may not be.
WIDEST = Decimal(10) ** 10


@dataclass(frozen=True)
class Fault:
    """A fault found by a rule: the field, a message where the rule's own is too general, and the compared values."""

    field: str = ""
    message: str = ""
    severity: Severity | None = None
    evidence: dict[str, Any] = fresh(default_factory=dict)


Check = Callable[[Proposal], Iterator[Fault]]


def rule(
    code: str, label: str, severity: Severity, message: str, *, basis: str = "", source: str = FORM
) -> Callable[[Check], Rule[Proposal]]:
    """Make a rule of a generator of faults; `message` is used for faults without one."""

    def make(check: Check) -> Rule[Proposal]:
        def found(proposal: Proposal) -> Iterator[Finding]:
            for fault in check(proposal):
                yield Finding(
                    code=code,
                    message=fault.message or message,
                    field=fault.field,
                    severity=fault.severity or severity,
                    evidence={name: str(value) for name, value in fault.evidence.items()},
                )

        return Rule(code, label, severity, found, source, message, basis)

    return make


def total(lines: Any, name: str) -> Decimal:
    """The sum of a number over lines; what is not filled counts as nothing."""
    return sum((line.get(name) or Decimal(0) for line in lines), Decimal(0))


def shown(number: Decimal) -> str:
    """A number as people read it, without needless places."""
    return f"{number.normalize():,f}" if number else "0"


def below(values: Values, names: dict[str, str], least: Decimal, *, or_equal: bool = False) -> Iterator[Fault]:
    """Fields whose value is less than `least` (or no more than it)."""
    for name, label in names.items():
        value = values.get(name)
        if value is not None and (value <= least if or_equal else value < least):
            yield Fault(name, f"{label}应{'大于' if or_equal else '不小于'}{shown(least)}")


def outside_percent(values: Values, names: dict[str, str]) -> Iterator[Fault]:
    """Percents that are no part of a whole."""
    for name, label in names.items():
        value = values.get(name)
        if value is not None and not 0 <= value <= 100:
            yield Fault(name, f"{label}应在0至100（%）之间")


def bad_code(values: Values, name: str, label: str) -> Iterator[Fault]:
    """A credit code that is none."""
    value = values.get(name)
    if value and (problem := check_credit_code(value).problem):
        yield Fault(name, f"{label}：{problem.sentence.rstrip('。')}")
