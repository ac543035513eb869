"""Declare a rule: a generator of faults becomes a `Rule` of the catalogue, with its sentence in one place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from services.engine.findings import Finding, Rule, Severity
from services.engine.switches import is_on
from services.engine.thresholds import Thresholds
from services.ports.answers import Answer

#: The source of a rule that judges only what was filled in.
FORM = "填报内容"
UNANSWERED = "数据来源暂时没有应答，系统将自动重新核验"


class Judged(Protocol):
    """Facts that carry the thresholds of the case."""

    @property
    def thresholds(self) -> Thresholds: ...


Facts = TypeVar("Facts", bound=Judged)


@dataclass(frozen=True)
class Fault:
    """A fault found by a rule: the field, a message when the rule's own sentence is too general, and the values compared.

    `found` is what the rule may reveal of the facts (decision 9); a severity replaces the declared one.
    """

    field: str = ""
    message: str = ""
    # By name only: a severity is a text too, and would pass for what was found.
    found: str = fresh(default="", kw_only=True)
    severity: Severity | None = fresh(default=None, kw_only=True)
    evidence: dict[str, Any] = fresh(default_factory=dict, kw_only=True)


def unanswered(answer: Answer[Any], field: str) -> Fault:
    """The fault of a source that did not answer: the case waits, it neither passes nor fails (4.2)."""
    return Fault(
        field, message=f"{answer.source}{UNANSWERED}", severity=Severity.PENDING, evidence={"source": answer.source}
    )


def rule(
    code: str,
    label: str,
    severity: Severity,
    message: str,
    *,
    source: str = FORM,
    basis: str = "",
    bring: str = "",
    where: str = "",
    forceable: bool = False,
) -> Callable[[Callable[[Facts], Iterator[Fault]]], Rule[Facts]]:
    """Make a rule out of a function named by the sentence that should hold; its catalogue may give it a switch."""

    def made(holds: Callable[[Facts], Iterator[Fault]]) -> Rule[Facts]:
        def check(facts: Facts) -> Iterator[Finding]:
            if not is_on(facts.thresholds, code):
                return
            for fault in holds(facts):
                grave = fault.severity or severity
                yield Finding(
                    code=code,
                    message=fault.message or message,
                    field=fault.field,
                    severity=grave,
                    found=fault.found,
                    evidence={name: _plain(value) for name, value in fault.evidence.items()},
                    forceable=forceable and grave in (Severity.REFUSE, Severity.INTERCEPT),
                )

        return Rule(
            code=code,
            label=label,
            severity=severity,
            check=check,
            source=source,
            message=message,
            basis=basis,
            bring=bring,
            where=where,
            forceable=forceable,
        )

    return made


def _plain(value: Any) -> Any:
    """Evidence is stored as JSON: amounts and days as text."""
    return str(value) if isinstance(value, Decimal | date) else value
