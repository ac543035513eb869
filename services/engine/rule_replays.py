"""Rules tried on the past: decisions of recent weeks judged again with one parameter changed, or by the rules of this version.

Nothing is written. Decisions are judged in parts, so that a page can show how far it is; an area registers the sorts of its
decisions (OpenFisca's dated parameters and reforms are the model: same facts, other parameters).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import AUTHORITY
from models.companies import District
from services.engine.parameters import STAFF, sets, value_fits, why_unfit
from services.engine.refusals import NotAllowed, Rejected
from services.engine.registry import query
from services.engine.thresholds import DECLARED, Thresholds, key_in
from services.engine.work import Work

SPAN_DAYS = 92
_PART = 250


@dataclass(frozen=True)
class Simulate:
    """A parameter's other value, for the city or one district, over the decisions of some days; `after` is where to go on.

    Without a key the decisions are judged by the rules of this version as they are.
    """

    key: str = ""
    value: str = ""
    days: int = 30
    district: str = ""
    after: str = ""


@dataclass(frozen=True)
class Change:
    """A decision that would have gone otherwise. `came` and `went` are rules that only the new or only the old judgement names.

    `module` and `opens` name the page of its case.
    """

    number: str
    sort: str
    at: datetime
    before: str
    after: str
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    module: str = ""
    opens: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every rule by which the two judgements differ."""
        return tuple(sorted({*self.came, *self.went}))


@dataclass(frozen=True)
class Retried:
    """A decision judged again: its words before and after, and the change where they differ."""

    before: str
    after: str
    change: Change | None = None


@dataclass(frozen=True)
class Simulated:
    """A part of a trial. `total` is known in the first part; `next` is empty when all were judged."""

    total: int = 0
    cases: int = 0
    changes: tuple[Change, ...] = ()
    before: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, int] = field(default_factory=dict)
    #: Decisions that could not be judged again, because what their rules look up is gone.
    left_out: int = 0
    next: str = ""


Place = tuple[datetime, UUID]
Changed = Callable[[Thresholds], Thresholds]


@dataclass(frozen=True)
class Replay:
    """A sort of decisions. `labels` are its rules by code; `places` the decisions after one, oldest first.

    `judge` judges decisions again with thresholds that `changed` gives; None for one that cannot be judged.
    """

    name: str
    concerns: Callable[[Work, str], bool]
    labels: Callable[[], Mapping[str, str]]
    count: Callable[[Work, str, datetime], int]
    places: Callable[[Work, str, datetime, Place | None, int], Sequence[Place]]
    judge: Callable[[Work, Sequence[UUID], str, Changed], Sequence[Retried | None]]


REPLAYS: dict[str, Replay] = {}


def replayed(replay: Replay) -> Replay:
    """Register a sort of decisions."""
    REPLAYS[replay.name] = replay
    return replay


def rule_labels() -> dict[str, str]:
    """The labels of all rules that can be tried, by code."""
    return {code: label for one in REPLAYS.values() for code, label in one.labels().items()}


@query("rules.simulate", "规则变更模拟", roles=set(STAFF | AUTHORITY))
def simulate(work: Work, order: Simulate) -> Simulated:
    """Judge the next part of the decisions again; nothing is written."""
    changed = _change_of(work, order)
    since = work.now - timedelta(days=min(max(order.days, 1), SPAN_DAYS))
    concerned = [one for one in REPLAYS.values() if one.concerns(work, order.key)]
    if not concerned:
        raise Rejected("没有您可查看的办理结果用到该参数，不用试算")
    total = 0 if order.after else sum(one.count(work, order.key, since) for one in concerned)
    at, place = _cursor(order.after)
    places: Sequence[Place] = ()
    while at < len(concerned):
        places = concerned[at].places(work, order.key, since, place, _PART)
        if places:
            break
        at, place = at + 1, None
    if not places:
        return Simulated(total=total)
    found = concerned[at].judge(work, [one[1] for one in places], order.key, changed)
    told = [one for one in found if one is not None]
    moment, row_id = places[-1]
    return Simulated(
        total=total,
        cases=len(found),
        changes=tuple(one.change for one in told if one.change is not None),
        before=Counter(one.before for one in told),
        after=Counter(one.after for one in told),
        left_out=len(found) - len(told),
        next=f"{at}|{moment.isoformat()}|{row_id}",
    )


def _change_of(work: Work, order: Simulate) -> Changed:
    if not order.key:
        return lambda thresholds: thresholds
    threshold = DECLARED.get(order.key)
    if threshold is None:
        raise Rejected("没有这个参数")
    if not value_fits(threshold, order.value.strip()):
        raise Rejected(why_unfit(threshold))
    if order.district and not threshold.local:
        raise Rejected(f"“{threshold.label}”全市统一，不能按区设定")
    if order.district and order.district not in District.labels():
        raise Rejected("请从列表中选择适用的区")
    key, value = key_in(order.key, order.district), order.value.strip()
    if not sets(work.caller, key):
        raise NotAllowed("只能试算由您设定的参数和区")
    return lambda thresholds: replace(thresholds, values={**thresholds.values, key: value})


def _cursor(text: str) -> tuple[int, Place | None]:
    if not text:
        return 0, None
    try:
        at, moment, row_id = text.split("|")
        return int(at), (datetime.fromisoformat(moment), UUID(row_id))
    except ValueError as problem:
        raise Rejected("试算位置不正确，请重新试算") from problem


def beyond(moment: Any, row_id: Any, place: Place | None) -> list[Any]:
    """The clauses of rows after a place, by moment and id."""
    if place is None:
        return []
    return [(col(moment) > place[0]) | ((col(moment) == place[0]) & (col(row_id) > place[1]))]
