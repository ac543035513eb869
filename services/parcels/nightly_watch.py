"""Watching by night: what a rule finds is raised, what it finds no more is settled (market 2.16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.alerts import Alert, AlertGrade
from services.alerts.alert_states import raise_alert, settle_alert
from services.engine.kinds import Owner
from services.engine.switches import OFF, is_on
from services.engine.thresholds import Thresholds
from services.engine.work import Work


@dataclass(frozen=True)
class Due:
    """A finding of a watch: subject, grade, and the compared values."""

    subject_type: str
    subject_id: UUID
    grade: AlertGrade
    title: str
    detail: str
    owner: Owner
    key: str = ""
    label: str = ""
    lines: Sequence[Mapping[str, str]] = ()
    threshold: str = ""
    due_on: date | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


def grade_of(days: int, thresholds: Thresholds, steps: Mapping[AlertGrade, str]) -> AlertGrade | None:
    """Return the first grade whose threshold that many days reach, beginning with the gravest."""
    return next((grade for grade, key in steps.items() if days >= thresholds.integer(key)), None)


def sweep(work: Work, rule_code: str, found: Sequence[Due], because: str) -> int:
    """Raise what is found; settle open alerts of the rule about these kinds of subjects that are found no more.

    A rule that is switched off finds nothing.
    """
    found = [one for one in found if is_on(work.thresholds.over(one.owner.district_code), rule_code)]
    for one in found:
        raise_alert(
            work,
            rule_code,
            one.subject_type,
            one.subject_id,
            one.key,
            one.grade,
            one.title,
            one.detail,
            {"lines": list(one.lines), "threshold": one.threshold, **one.more},
            one.due_on,
            one.owner,
            subject_label=one.label,
        )
    there = {(one.subject_id, one.key) for one in found}
    standing = work.session.exec(
        select(Alert)
        .where(
            Alert.rule_code == rule_code,
            col(Alert.open_key).is_not(None) | col(Alert.quiet_key).is_not(None),
        )
        .order_by(col(Alert.id))
    ).all()
    for alert in standing:
        if (alert.subject_id, alert.key) not in there:
            off = not is_on(work.thresholds.over(alert.district_code), rule_code)
            settle_alert(work, rule_code, alert.subject_id, alert.key, OFF if off else because)
    return len(found)
