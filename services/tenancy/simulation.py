"""Simulation of a changed parameter over last month's cases, before it takes effect (row 5)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pydantic import TypeAdapter
from sqlmodel import col, select

from models.access import Role
from models.tenancy import CheckRun, GovCase
from services.engine.findings import Outcome, judge
from services.engine.parameters import value_fits, why_unfit
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.thresholds import DECLARED
from services.engine.work import Work
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.rules.catalogue import FILING_RULES

_FACTS: TypeAdapter[FilingFacts] = TypeAdapter(FilingFacts)
MOST = 500


@dataclass(frozen=True)
class Simulate:
    key: str
    value: str
    days: int = 30


@dataclass(frozen=True)
class Change:
    """A case whose outcome would differ."""

    case_no: str
    before: Outcome
    after: Outcome
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Simulated:
    cases: int
    changes: tuple[Change, ...] = field(default_factory=tuple)
    before: Mapping[Outcome, int] = field(default_factory=dict)
    after: Mapping[Outcome, int] = field(default_factory=dict)

    def change_of(self, outcome: Outcome) -> str:
        """Return how many more or fewer cases would come to an outcome; empty when as many."""
        more = self.after.get(outcome, 0) - self.before.get(outcome, 0)
        return f"{more:+d}" if more else ""


@query("rules.simulate", "规则变更模拟", roles={Role.CITY_CENTER, Role.CITY_BUREAU})
def simulate(work: Work, order: Simulate) -> Simulated:
    """Judge the kept facts of recent runs with one parameter changed; nothing is written."""
    threshold = DECLARED.get(order.key)
    if threshold is None:
        raise Rejected("没有这个参数")
    if not value_fits(threshold, order.value.strip()):
        raise Rejected(why_unfit(threshold))
    since = work.now - timedelta(days=min(max(order.days, 1), 92))
    runs = work.session.exec(
        select(CheckRun, GovCase.case_no)
        .join(GovCase, col(GovCase.id) == col(CheckRun.object_id))
        .where(CheckRun.object_kind == "gov_case", col(CheckRun.started_at) >= since)
        .order_by(col(CheckRun.started_at).desc())
        .limit(MOST)
    ).all()
    changes: list[Change] = []
    before: Counter[Outcome] = Counter()
    after: Counter[Outcome] = Counter()
    for run, case_no in runs:
        facts = _FACTS.validate_json(run.facts.plain)
        values = {**facts.thresholds.values, order.key: order.value.strip()}
        changed = judge(replace(facts, thresholds=replace(facts.thresholds, values=values)), FILING_RULES)
        earlier = Outcome.stored(run.outcome)
        before[earlier] += 1
        after[changed.outcome] += 1
        if changed.outcome != earlier:
            codes = tuple(sorted({finding.code for finding in changed.stopping}))
            changes.append(Change(case_no, earlier, changed.outcome, codes))
    return Simulated(len(runs), tuple(changes), before, after)
