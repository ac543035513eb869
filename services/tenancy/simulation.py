"""Decisions on leases judged again: the kept facts of each run, with one parameter changed (row 5)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.codes import Toned
from models.tenancy import CheckItem, CheckRun, GovCase
from services.engine.adapters import adapter
from services.engine.findings import Outcome, Result, judge
from services.engine.look_ups import rows_by, values_by
from services.engine.parameter_uses import rules_reading
from services.engine.parameters import STAFF
from services.engine.rule_replays import Change, Changed, Place, Replay, Retried, beyond, replayed
from services.engine.work import Work
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.rules.catalogue import FILING_RULES

_CASES = "gov_case"
_SORT = "网签备案"
_CODES = {rule.code for rule in FILING_RULES}


def _concerns(work: Work, key: str) -> bool:
    """Return whether a rule of leases reads the parameter, for callers who see decisions on leases."""
    return work.caller.has(*STAFF) and (not key or not _CODES.isdisjoint(rules_reading(key)))


def _labels() -> Mapping[str, str]:
    return {rule.code: rule.label for rule in FILING_RULES}


def _count(work: Work, key: str, since: datetime) -> int:
    counted = select(func.count()).where(CheckRun.object_kind == _CASES, col(CheckRun.started_at) >= since)
    return work.session.exec(counted).one()


def _places(work: Work, key: str, since: datetime, place: Place | None, most: int) -> Sequence[Place]:
    rows = select(CheckRun.started_at, CheckRun.id).where(
        CheckRun.object_kind == _CASES,
        col(CheckRun.started_at) >= since,
        *beyond(CheckRun.started_at, CheckRun.id, place),
    )
    found = work.session.exec(rows.order_by(col(CheckRun.started_at), col(CheckRun.id)).limit(most)).all()
    return [(row[0], row[1]) for row in found]


def _judge(work: Work, ids: Sequence[UUID], key: str, changed: Changed) -> list[Retried | None]:
    runs = rows_by(work, CheckRun, ids)
    numbers = values_by(work, GovCase.id, GovCase.case_no, (run.object_id for run in runs.values()))
    named: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    said = select(CheckItem.run_id, CheckItem.code, CheckItem.result).where(
        col(CheckItem.run_id).in_(ids), col(CheckItem.result).in_((str(Result.FAIL), str(Result.WAIVED)))
    )
    for run_id, code, result in work.session.exec(said).all():
        named[run_id].add((code, result))
    return [_retried(runs[one], numbers, named[one], changed) if one in runs else None for one in ids]


def _retried(
    run: CheckRun, numbers: Mapping[UUID, str], named: set[tuple[str, str]], changed: Changed
) -> Retried | None:
    if run.object_id not in numbers:
        return None
    facts = adapter(FilingFacts).validate_json(run.facts.plain)
    waived = {code for code, result in named if result == str(Result.WAIVED)}
    again = judge(replace(facts, thresholds=changed(facts.thresholds)), FILING_RULES, waived=waived)
    earlier = Outcome.stored(run.outcome)
    before, after = _words(earlier), _words(again.outcome)
    if again.outcome is earlier:
        return Retried(before, after)
    old = {code for code, result in named if result == str(Result.FAIL)}
    new = {item.rule.code for item in again.items if item.result in (Result.FAIL, Result.UNKNOWN)}
    change = Change(
        number=numbers[run.object_id],
        sort=_SORT,
        at=run.started_at,
        before=before,
        after=after,
        came=tuple(sorted(new - old)),
        went=tuple(sorted(old - new)),
        module="checks",
        opens={"id": str(run.object_id)},
    )
    return Retried(before, after, change)


def _words(outcome: Outcome) -> str:
    return Toned(outcome.label, outcome.tone)


CASE_REPLAY = replayed(Replay("cases", _concerns, _labels, _count, _places, _judge))
