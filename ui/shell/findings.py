"""Findings shown to a clerk: the gravest first, each with its severity in words and colour."""

from collections.abc import Callable, Mapping, Sequence

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.findings import Finding, Severity, rule_number
from ui.shell.parts import badge

_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


def draw_findings(
    findings: Sequence[Finding],
    *,
    go: Callable[[str], None] | None = None,
    words: Mapping[Severity, str] = {},
) -> None:
    """Draw findings as a list; `go(field)` is called when a finding about a field is chosen.

    `words` are the local names of severities.
    """
    with web.element("ul").classes("sf-finding-list").props("aria-label=核验结果"):
        for finding in sorted(findings, key=lambda finding: _GRAVITY[finding.severity]):
            with web.element("li"):
                said = words.get(finding.severity, finding.severity.label)
                badge(said, finding.severity.tone)
                if go is not None and finding.field:
                    link = TextElement(tag="button", text=finding.message).classes("sf-link").props("type=button")
                    link.on("click", lambda name=finding.field: go(name))
                else:
                    TextElement(tag="span", text=finding.message)
                if number := rule_number(finding.code):
                    TextElement(tag="code", text=number)
