"""Reports of the association's pushes by member, district or month: passed, reasons, rent, lateness (row 13)."""

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, select

from models.push_codes import PushState
from models.pushes import BrokerPush, PushReason
from services.broker_pushes.listings import NONE, PUSHES, READERS, UNKNOWN, district_names, member_names, stops
from services.engine.listings import Filters, narrowed
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.tenancy.rules.catalogue import BY_CODE

GROUPS = {"member": "会员机构", "district": "区", "month": "月份"}
_COLUMNS: dict[str, Any] = {
    "member": BrokerPush.member_uscc,
    "district": BrokerPush.district_code,
    "month": BrokerPush.month,
}
#: How many reasons stand beside a line; the list behind it has all.
TOP_REASONS = 3
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class ReportFilter:
    by: str = "member"
    pushes: Filters = field(default_factory=dict)


@dataclass(frozen=True)
class ReasonCount:
    """Number of pushes of a line that a rule stopped; a push may have several reasons."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class ReportLine:
    """A member, district or month. `key` is what its list is filtered by; averages are over what was filed.

    `rate` and `late_share` are hundredths; an average without a lease is nothing.
    """

    id: str
    key: str
    label: str
    pushed: int
    passed: int
    waiting: int
    intercepted: int
    refused: int
    late: int
    unusual: int
    rate: Decimal | None
    late_share: Decimal | None
    average_rent: Decimal | None
    average_area: Decimal | None
    reasons: tuple[ReasonCount, ...] = ()


@dataclass(frozen=True)
class Report:
    """The lines and their sum, counted from the same rows; empty when nothing was pushed."""

    by: str
    lines: tuple[ReportLine, ...] = field(default_factory=tuple)
    total: ReportLine | None = None


@query("broker_pushes.report", "协会报送统计", roles=READERS)
def push_report(work: Work, order: ReportFilter) -> Report:
    """Count the visible pushes of a filter by one of the three; every line's list has exactly its rows."""
    column = _COLUMNS.get(order.by)
    if column is None:
        raise Rejected("请选择按会员、按区或按月统计")
    visible = narrowed(work, PUSHES, order.pushes).with_only_columns(BrokerPush.id)
    rows = work.session.exec(
        select(column, *_figures()).where(col(BrokerPush.id).in_(visible)).group_by(column).order_by(column)
    ).all()
    reasons = _reasons(work, column, visible)
    labels = _labels(work, order.by, [row[0] for row in rows])
    lines = tuple(
        _line(row[0], labels.get(row[0], row[0] or UNKNOWN), row[1:], reasons.get(row[0], [])) for row in rows
    )
    if not lines:
        return Report(order.by)
    if order.by != "month":
        lines = tuple(sorted(lines, key=lambda line: (-line.pushed, line.label)))
    return Report(order.by, lines, _sum(rows, reasons))


def _figures() -> tuple[Any, ...]:
    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    filed = col(BrokerPush.state) == PushState.FILED
    # Left without an else: a sum keeps its column's type, and nothing of what was not filed is in it.
    return (
        func.count(),
        count(filed),
        count(BrokerPush.state == PushState.WAITING),
        count(BrokerPush.state == PushState.INTERCEPTED),
        count(BrokerPush.state == PushState.REFUSED),
        count(col(BrokerPush.late_days) > 0),
        count(col(BrokerPush.rent_unusual).is_(True)),
        func.sum(case((filed, BrokerPush.month_rent))),
        func.sum(case((filed, BrokerPush.leased_area))),
    )


def _reasons(work: Work, column: Any, visible: Any) -> dict[str, list[tuple[str, int]]]:
    """Return how many pushes each rule stopped, by line, most first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for key, code, count in work.session.exec(
        select(column, PushReason.code, func.count(func.distinct(PushReason.push_id)))
        .join(PushReason, col(PushReason.push_id) == col(BrokerPush.id))
        .where(col(BrokerPush.id).in_(visible), stops())
        .group_by(column, col(PushReason.code))
    ).all():
        found.setdefault(key, []).append((code, count))
    return {key: sorted(counts, key=lambda one: (-one[1], one[0])) for key, counts in found.items()}


def _labels(work: Work, by: str, keys: list[str]) -> dict[str, str]:
    if by == "district":
        return district_names()
    if by == "member":
        return member_names(work, {key for key in keys if key})
    return {}


def _line(key: str, label: str, figures: Any, reasons: list[tuple[str, int]]) -> ReportLine:
    pushed, passed, waiting, intercepted, refused, late, unusual, rent, area = figures
    return ReportLine(
        id=key or NONE,
        key=key or NONE,
        label=label,
        pushed=pushed,
        passed=passed,
        waiting=waiting,
        intercepted=intercepted,
        refused=refused,
        late=late,
        unusual=unusual,
        rate=_hundredths(passed, pushed),
        late_share=_hundredths(late, pushed),
        average_rent=_average(rent, passed),
        average_area=_average(area, passed),
        reasons=tuple(ReasonCount(code, reason_label(code), count) for code, count in reasons[:TOP_REASONS]),
    )


def _sum(rows: Any, reasons: dict[str, list[tuple[str, int]]]) -> ReportLine:
    added = [sum((row[place] or 0 for row in rows), type(rows[0][place] or 0)()) for place in range(1, 10)]
    counts: dict[str, int] = {}
    for found in reasons.values():
        for code, count in found:
            counts[code] = counts.get(code, 0) + count
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return replace(_line("", "合计", added, ranked), id="total", key="")


def reason_label(code: str) -> str:
    """Return the message of a rule up to its first comma."""
    message = BY_CODE[code].message if code in BY_CODE else _OWN.get(code, "报送内容有误")
    return message.split("，")[0].rstrip("：")


_OWN = {
    "J02": "同一编号重复报送",
    "J03": "同一合同已由其他机构报送",
    "FORM": "报送内容填写不正确",
}


def _hundredths(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_CENT, ROUND_HALF_UP) if whole else None


def _average(total: Any, count: int) -> Decimal | None:
    return (Decimal(total) / count).quantize(_CENT, ROUND_HALF_UP) if count and total is not None else None
