"""Counts of forced reviews by rule and by reviewer (row 11)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col

from models.forced_review import OPEN_REVIEWS, ForcedReview, ReviewState
from models.working_days import calendar
from services.access.visibility import STAFF
from services.engine.actor_names import person
from services.engine.clock import shanghai_day
from services.engine.registry import query
from services.engine.search_terms import day_begins
from services.engine.work import Work
from services.tenancy.rules.catalogue import BY_CODE

#: States of a decided review.
DECIDED = (ReviewState.DONE, ReviewState.REFUSED)
#: The key of reviews whose rules are all fulfilled by now.
NO_RULE = "—"


@dataclass(frozen=True)
class ReviewCount:
    """Reviews of a rule or by a reviewer: how many, what came of them, and how long they took."""

    key: str
    label: str
    total: int
    waiting: int
    passed: int
    refused: int
    waived: int
    overdue: int
    days: float


@dataclass(frozen=True)
class ReviewCounts:
    """The counts of a period."""

    by_rule: tuple[ReviewCount, ...]
    by_reviewer: tuple[ReviewCount, ...]
    #: The first day counted, by which the list of reviews shows the same ones.
    since: date


@query("forced_review.statistics", "强制核验统计", roles=STAFF)
def review_counts(work: Work, days: int) -> ReviewCounts:
    """Count the visible reviews of the last days; a review counts for each of its rules, and for who decided it."""
    since = work.today - timedelta(days=min(max(days, 1), 366))
    rows = work.rows(work.visible(ForcedReview), col(ForcedReview.submitted_at) >= day_begins(since))
    by_rule: dict[str, list[ForcedReview]] = defaultdict(list)
    by_person: dict[UUID, list[ForcedReview]] = defaultdict(list)
    for row in rows:
        for code in row.codes.split(","):
            by_rule[code or NO_RULE].append(row)
        decider = row.second_reviewer_id or row.reviewer_id
        if decider is not None and row.state in DECIDED:
            by_person[decider].append(row)
    rules = (
        _count(code, BY_CODE[code].label if code in BY_CODE else "原因已消失", found, code)
        for code, found in by_rule.items()
    )
    people = (_count(str(key), person(work, key), found, "") for key, found in by_person.items())
    return ReviewCounts(_sorted(rules), _sorted(people), since)


def _sorted(counts: Iterable[ReviewCount]) -> tuple[ReviewCount, ...]:
    return tuple(sorted(counts, key=lambda one: (-one.total, one.key)))


def _was_waived(row: ForcedReview, code: str) -> bool:
    """Return whether a review let this rule go, or any without a code."""
    waived = set(row.waived_codes.split(",")) - {""}
    return row.state is ReviewState.DONE and (code in waived if code else bool(waived))


def _count(key: str, label: str, rows: list[ForcedReview], code: str) -> ReviewCount:
    states = Counter(row.state for row in rows)
    taken = [
        calendar().working_days_between(shanghai_day(row.accepted_at), shanghai_day(row.decided_at))
        for row in rows
        if row.accepted_at is not None and row.decided_at is not None
    ]
    return ReviewCount(
        key,
        label,
        total=len(rows),
        waiting=sum(states[state] for state in OPEN_REVIEWS),
        passed=states[ReviewState.DONE],
        refused=states[ReviewState.REFUSED],
        waived=sum(_was_waived(row, code) for row in rows),
        overdue=sum(row.overdue for row in rows),
        days=round(sum(taken) / len(taken), 1) if taken else 0.0,
    )
