"""Declare a rule: a generator of faults becomes a `Rule` of the catalogue, with its sentence in one place."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import date
from decimal import Decimal
from pathlib import Path
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

        return Rule(code, label, severity, check, source, message, basis, bring, where, forceable)

    return made


class Catalogue:
    """Rules whose words are in a file, and which run in its order.

    A table of the file is a rule: label, source, message, basis, bring, where. A basis is a name in `[laws]`, or a name and
    an article; `[places]` names where people go. Names of another catalogue are `known` here too.
    """

    def __init__(self, words: Path, *, known: "Catalogue | None" = None) -> None:
        self._words = tomllib.loads(words.read_text(encoding="utf-8"))
        self.laws: Mapping[str, str] = (known.laws if known else {}) | self._words.pop("laws", {})
        self.places: Mapping[str, str] = (known.places if known else {}) | self._words.pop("places", {})
        self._made: dict[str, Rule[Any]] = {}

    def law(self, cited: str) -> str:
        """The text of a law and its article, such as `ordinance 十五`."""
        name, _, article = cited.partition(" ")
        text = self.laws[name]
        if not article:
            return text
        return text.format(article) if "{}" in text else f"{text}第{article}条"

    def rule(
        self, code: str, severity: Severity, *, forceable: bool = False
    ) -> Callable[[Callable[[Facts], Iterator[Fault]]], Rule[Facts]]:
        """Make a rule of this catalogue out of a function, with the words of its code."""
        words = dict(self._words[code])
        cited, where = words.pop("basis"), words.pop("where", "")

        def made(holds: Callable[[Facts], Iterator[Fault]]) -> Rule[Facts]:
            self._made[code] = done = rule(
                code,
                severity=severity,
                basis="；".join(map(self.law, [cited] if isinstance(cited, str) else cited)),
                where=self.places.get(where, where),
                forceable=forceable,
                **words,
            )(holds)
            return done

        return made

    def rules(self, *kinds: str) -> tuple[Rule[Any], ...]:
        """Every rule whose code begins with one of these letters, or all; each has been made."""
        return tuple(self._made[code] for code in self._words if code.startswith(kinds or ""))


def rules_in(module: Mapping[str, Any]) -> tuple[Rule[Any], ...]:
    """Return the rules of a module in the order they are written: a kind beside its rules has `rules=rules_in(vars())`."""
    return tuple(one for one in module.values() if isinstance(one, Rule))


def _plain(value: Any) -> Any:
    """Evidence is stored as JSON: amounts and days as text."""
    return str(value) if isinstance(value, Decimal | date) else value
