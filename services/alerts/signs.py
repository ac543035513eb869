"""Signs and subjects: the input of an alert, pure (market 2.16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from models.alerts import AlertGrade
from services.engine.kinds import Owner
from services.engine.thresholds import Thresholds


class Line(NamedTuple):
    """A value before and now, as people read it; one side may be empty."""

    label: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class Sign:
    """A finding of a rule: an alert to raise. The title names no person; `key` separates the findings about a subject."""

    grade: AlertGrade
    title: str
    detail: str
    lines: Sequence[Line] = ()
    threshold: str = ""
    key: str = ""
    due_on: date | None = None
    #: The plan that the finding is judged by: with another plan the alert ends, and a new one begins.
    basis: str = ""


@dataclass(frozen=True)
class Subject:
    """Subject of an alert: the table and the id of its row, who looks after it, and its name; by default the record's."""

    type: str
    id: UUID
    owner: Owner = field(default_factory=Owner)
    label: str = ""


def grade_of(days: int, thresholds: Thresholds, steps: Mapping[AlertGrade, str]) -> AlertGrade | None:
    """Return the first grade whose threshold that many days reach, beginning with the gravest."""
    return next((grade for grade, key in steps.items() if days >= thresholds.integer(key)), None)
