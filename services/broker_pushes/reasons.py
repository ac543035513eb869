"""Findings sent to a sender, stored line by line so that they can be counted and repeated (rows 13, 14)."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col

from models.pushes import PushReason
from services.broker_pushes.orders import Reason
from services.engine.findings import Finding, numbered
from services.engine.work import Work


def keep_reasons(work: Work, push_id: UUID, findings: Iterable[Finding], *, fresh: bool = False) -> tuple[Reason, ...]:
    """Replace the stored findings; equal findings of a rule are stored once.

    With `fresh` there are no earlier ones.
    """
    if not fresh:
        for row in work.rows(PushReason, PushReason.push_id == push_id):
            work.session.delete(row)
    told: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        told.setdefault((finding.code, finding.field, finding.message), finding)
    for position, finding in enumerate(told.values(), 1):
        work.add(
            PushReason(
                push_id=push_id,
                position=position,
                code=finding.code,
                severity=finding.severity.value,
                field=finding.field[:60],
                message=finding.message[:300],
            )
        )
    return tuple(Reason(one.code, one.severity.value, one.field[:60], one.message[:300]) for one in told.values())


def reasons_of(work: Work, push_ids: Sequence[UUID]) -> dict[UUID, tuple[Reason, ...]]:
    """The reasons of each push, in the order they were found."""
    found: dict[UUID, list[Reason]] = {}
    for start in range(0, len(push_ids), 500):
        rows = work.rows(
            PushReason,
            col(PushReason.push_id).in_(push_ids[start : start + 500]),
            by=(PushReason.push_id, PushReason.position),
        )
        for row in rows:
            found.setdefault(row.push_id, []).append(Reason(row.code, row.severity, row.field, row.message))
    return {push_id: tuple(reasons) for push_id, reasons in found.items()}


def told_words(reasons: Sequence[Reason]) -> str:
    """Return what stopped a push, in one cell of a list; hints have columns of their own."""
    return "；".join(numbered(one.code, one.message) for one in reasons if one.severity != "WARN")
