"""Decisions about kept records judged again: each version that was decided, with its content and the parameters of that day."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.codes import Toned
from models.records import Revision, RevisionState
from services.engine.clock import SHANGHAI
from services.engine.cycle_judgement import judged_again
from services.engine.cycle_lock import owner_of
from services.engine.findings import Finding, Severity
from services.engine.kinds import KINDS
from services.engine.look_ups import rows_by
from services.engine.parameter_uses import rules_reading, uses_by_key
from services.engine.parameters import thresholds_on
from services.engine.proposals import form_of
from services.engine.refusals import Refusal
from services.engine.rule_replays import Change, Changed, Place, Replay, Retried, beyond, replayed
from services.engine.work import Work

_DECIDED = (
    RevisionState.EFFECTIVE,
    RevisionState.SUPERSEDED,
    RevisionState.VOIDED,
    RevisionState.REJECTED,
    RevisionState.RETURNED,
)


@cache
def kinds_by_key() -> Mapping[str, tuple[str, ...]]:
    """The kinds whose rules read each parameter."""
    of_rule = {rule.code: kind.name for kind in KINDS.values() for rule in kind.rules}
    return {
        key: tuple(sorted({of_rule[code] for code in rules_reading(key) if code in of_rule})) for key in uses_by_key()
    }


def _kinds(key: str) -> tuple[str, ...]:
    return kinds_by_key().get(key, ()) if key else tuple(sorted(kind.name for kind in KINDS.values() if kind.rules))


def _decided(work: Work, key: str, since: datetime) -> Any:
    return work.visible(Revision).where(
        col(Revision.kind).in_(_kinds(key)),
        col(Revision.state).in_(_DECIDED),
        col(Revision.reviewed_at) >= since,
    )


def _count(work: Work, key: str, since: datetime) -> int:
    counted = _decided(work, key, since).with_only_columns(func.count(), maintain_column_froms=True)
    found: int = work.session.connection().execute(counted).scalar_one()
    return found


def _places(work: Work, key: str, since: datetime, place: Place | None, most: int) -> Sequence[Place]:
    rows = _decided(work, key, since).where(*beyond(Revision.reviewed_at, Revision.id, place))
    wanted = rows.with_only_columns(col(Revision.reviewed_at), col(Revision.id))
    found = work.session.connection().execute(wanted.order_by(Revision.reviewed_at, Revision.id).limit(most)).all()
    return [(row[0], row[1]) for row in found]


def _judge(work: Work, ids: Sequence[UUID], key: str, changed: Changed) -> list[Retried | None]:
    rows = rows_by(work, Revision, ids)
    based = [(rows[one].record_id, rows[one].based_on) for one in ids if one in rows and rows[one].based_on]
    earlier = _versions(work, [record_id for record_id, _ in based])
    return [_retried(work, rows[one], earlier, changed) if one in rows else None for one in ids]


def _versions(work: Work, record_ids: Sequence[UUID]) -> Mapping[tuple[UUID, int], Revision]:
    if not record_ids:
        return {}
    found = work.session.exec(select(Revision).where(col(Revision.record_id).in_(set(record_ids)))).all()
    return {(row.record_id, row.version_no): row for row in found}


def _retried(
    work: Work, row: Revision, earlier: Mapping[tuple[UUID, int], Revision], changed: Changed
) -> Retried | None:
    kind = KINDS[row.kind]
    assert row.reviewed_at is not None
    day = row.reviewed_at.astimezone(SHANGHAI).date()
    owner, form = owner_of(row), form_of(kind, row.payload.json())
    before = earlier.get((row.record_id, row.based_on or 0))
    earlier_values = form_of(kind, before.payload.json()).values if before is not None else None
    then = thresholds_on(work.session, day, known_at=row.reviewed_at)
    try:
        was, would = (
            judged_again(
                work,
                kind,
                row,
                form,
                owner,
                thresholds=thresholds.over(owner.district_code),
                day=day,
                before=earlier_values,
            )
            for thresholds in (then, changed(then))
        )
    except Refusal:
        return None
    left, right = _words(was), _words(would)
    old, new = _codes(was), _codes(would)
    if old == new:
        return Retried(left, right)
    change = Change(
        number=row.record_no or "（未编号）",
        sort=kind.label,
        at=row.reviewed_at,
        before=left,
        after=right,
        came=tuple(sorted({code for code, _ in new - old})),
        went=tuple(sorted({code for code, _ in old - new})),
        module="record",
        opens={"kind": kind.name, "id": str(row.record_id), "revision": str(row.id)},
    )
    return Retried(left, right, change)


def _codes(findings: Sequence[Finding]) -> set[tuple[str, str]]:
    return {(one.code, str(one.severity)) for one in findings if one.severity is not Severity.PENDING}


def _words(findings: Sequence[Finding]) -> str:
    severities = {one.severity for one in findings}
    if severities - {Severity.WARN, Severity.PENDING}:
        return Toned("不能通过", "bad")
    return Toned("需说明原因", "warn") if Severity.WARN in severities else Toned("通过", "good")


def _labels() -> Mapping[str, str]:
    return {rule.code: rule.label for kind in KINDS.values() for rule in kind.rules}


def _concerns(work: Work, key: str) -> bool:
    return bool(_kinds(key))


KIND_REPLAY = replayed(Replay("records", _concerns, _labels, _count, _places, _judge))
