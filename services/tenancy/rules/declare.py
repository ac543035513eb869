"""Declaration of rules: a generator of faults becomes a `Rule`, with its switch and texts in one place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as fresh
from typing import Any, Protocol, TypeVar

from services.engine.facts import Answer
from services.engine.findings import Finding, Rule, Severity
from services.engine.switches import is_on, switchable
from services.engine.thresholds import Thresholds

#: The heart of a filing: without these it would be no check at all.
ALWAYS_ON = frozenset({"P01", "H01", "H02", "F01", "F09", "F10"})

UNANSWERED = "数据来源暂时没有应答，系统将自动重新核验"


class Judged(Protocol):
    """Facts that carry the thresholds of the case."""

    @property
    def thresholds(self) -> Thresholds: ...


Facts = TypeVar("Facts", bound=Judged)


@dataclass(frozen=True)
class Fault:
    """A fault found by a rule; omitted parts are as the rule was declared."""

    field: str = ""
    found: str = ""
    message: str = ""
    severity: Severity | None = None
    evidence: dict[str, Any] = fresh(default_factory=dict)


def unanswered(answer: Answer[Any], field: str) -> Fault:
    """A source was silent: the case waits, it neither passes nor fails (4.2)."""
    return Fault(
        field, message=f"{answer.source}{UNANSWERED}", severity=Severity.PENDING, evidence={"source": answer.source}
    )


def rule(
    code: str,
    label: str,
    severity: Severity,
    *,
    source: str,
    message: str,
    basis: str = "",
    bring: str = "",
    where: str = "",
    forceable: bool = False,
) -> Callable[[Callable[[Facts], Iterator[Fault]]], Rule[Facts]]:
    """Make a rule of the catalogue out of the sentence that should hold."""
    if code not in ALWAYS_ON:
        switchable({code: label}, basis or "业务约定")

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
                    evidence=fault.evidence,
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
