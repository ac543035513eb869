"""The checks of kept sums against the stages themselves, after every load and every night (STA-01, STA-02)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from services.engine.alarms import raise_alarm
from services.engine.work import Work
from services.supply.facts import PLACES
from services.supply.months import Series, month_of
from services.supply.rounding import Exact
from services.supply.stages import STOCK, Ledger, MonthEnd, Part, Stage

#: By how many m² sums may differ without an alarm.
TOLERANCE = "supply.tolerance"
_LICENSED = frozenset({*STOCK, Stage.RESTRICTED})
_STAGES = frozenset(stage.value for stage in Stage)
_MM2 = 100 * PLACES
Rows = Mapping[UUID, Mapping[str, Any]]


def breaches(project: str, ledger: Ledger, days: Rows, months: Rows, today: date, least: Decimal) -> Iterator[str]:
    """Yield what is wrong with the kept sums of a project, each by the code of its rule.

    Sums are added up change by change; the stages of today are worked out here in one go, and both must agree.
    """
    month = month_of(today)
    parts = [part for part in MonthEnd(ledger, month, Series.RESTATED, today).parts() if part.project == project]
    yield from _partition(parts, days, today, least)
    ends = {"": MonthEnd(ledger, month, Series.PUBLISHED), "_now": MonthEnd(ledger, month, Series.RESTATED)}
    for suffix, end in ends.items():
        kept = sum(
            row[f"area{suffix}"] for row in months.values() if row["month"] <= month and row["item"] in _LICENSED
        )
        there = sum(part.area for part in end.parts() if part.project == project and part.stage in _LICENSED)
        if _differs(kept, there, least):
            yield f"STA-02 库存恒等：逐月变动累计{_metres(kept)}㎡，月末库存{_metres(there * 100)}㎡"


def _partition(parts: list[Part], days: Rows, today: date, least: Decimal) -> Iterator[str]:
    """Yield the buildings that are not in stages wholly and once, and homes that are in two (STA-01)."""
    homes = [part.home.id for part in parts if part.home is not None]
    if len(set(homes)) != len(homes):
        yield f"STA-01 阶段划分：{len(homes) - len(set(homes))}户同时在两个阶段"
    most: Decimal = least * _MM2
    kept: dict[str, int] = defaultdict(int)
    stages: dict[tuple[str, str], int] = defaultdict(int)
    for row in days.values():
        if row["item"] in _STAGES and row["day"] <= today:
            place = str(row["building_id"] or "")
            kept[place] += row["area"]
            stages[place, row["item"]] += row["area"]
    there: dict[str, Exact] = defaultdict(int)
    for part in parts:
        there[part.place] += part.area
    wrong = [place for place in {*kept, *there} if _differs(kept[place], there[place], least)]
    if wrong:
        total = sum(kept[one] for one in wrong), sum(there[one] for one in wrong)
        yield f"STA-01 阶段划分：{len(wrong)}处各阶段合计{_metres(total[0])}㎡，应为{_metres(total[1] * 100)}㎡"
    if below := [one for one, area in stages.items() if area < -most]:
        yield f"STA-01 阶段划分：{len(below)}处的阶段面积小于零"


def _differs(mm2: int, area: Exact, least: Decimal) -> bool:
    return abs(Fraction(mm2) - area * 100) > Fraction(least) * _MM2


def _metres(mm2: Exact) -> str:
    return f"{float(mm2) / _MM2:,.2f}"


def check_stages(work: Work, project: UUID, found: Iterator[str]) -> None:
    """Raise an alarm for what is wrong with a project's sums."""
    if wrong := list(found):
        raise_alarm(work, "SUPPLY.STAGES", "；".join(wrong)[:500], kind="supply_project", key=str(project))
