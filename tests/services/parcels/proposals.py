"""Proposals for tests of pure rules: a form as its kind reads it, without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import services.everything  # noqa: F401
from services.engine.findings import Finding, judge
from services.engine.kinds import Owner, Proposal, kind_named
from services.engine.proposals import read_form
from services.engine.thresholds import Thresholds

TODAY = date(2027, 3, 1)


@dataclass(frozen=True)
class Read(Proposal):
    """A proposal with what reading the form already found."""

    unread: tuple[Finding, ...] = ()


def proposal(
    kind: str,
    values: Mapping[str, Any],
    children: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    *,
    found: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    district: str = "310115",
    files: Mapping[str, Sequence[UUID]] | None = None,
    thresholds: Mapping[str, str] | None = None,
) -> Read:
    form = read_form(kind_named(kind), values, children or {})
    return Read(
        unread=form.findings,
        kind=kind,
        record_id=uuid4(),
        version_no=1,
        values=form.values,
        children=form.children,
        files=files or {},
        owner=Owner(district),
        today=TODAY,
        thresholds=Thresholds(TODAY, dict(thresholds or {})),
        before=before,
        answers=answers or {},
        found=found or {},
    )


def judged(of: Read) -> list[Finding]:
    return [*of.unread, *judge(of, kind_named(of.kind).rules).findings]


def codes(of: Read) -> list[str]:
    """The codes found, with the severity: `PAR-03 WARN`."""
    return sorted({f"{one.code} {one.severity.value}" for one in judged(of)})
