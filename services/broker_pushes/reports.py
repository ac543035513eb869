"""Reports of the association's pushes by member, district or month: passed, reasons, rent, lateness (row 13)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, select

from models.push_codes import PushState
from models.pushes import BrokerPush, PushReason
from services.broker_pushes.listings import NONE, PUSHES, READERS, UNKNOWN, district_names, member_names, stops
from services.engine.figure_reports import Figure, FigureLines, added, average, counted, share
from services.engine.listings import Filters, Line, narrowed
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.tenancy.rules.catalogue import BY_CODE

GROUPS = {"member": "会员机构", "district": "区", "month": "月份"}
FIGURES = (
    Figure("pushed", "报送", PUSHES.name),
    Figure("passed", "通过", PUSHES.name, {"state": "FILED"}),
    Figure("waiting", "核验中", PUSHES.name, {"state": "WAITING"}),
    Figure("intercepted", "系统拦截", PUSHES.name, {"state": "INTERCEPTED"}),
    Figure("refused", "未通过", PUSHES.name, {"state": "REFUSED"}),
    Figure("late", "逾期", PUSHES.name, {"late": "1"}),
    Figure("unusual", "租金异常", PUSHES.name, {"unusual": "1"}),
)
_COLUMNS: dict[str, Any] = {
    "member": BrokerPush.member_uscc,
    "district": BrokerPush.district_code,
    "month": BrokerPush.month,
}
_FILED = col(BrokerPush.state) == PushState.FILED
# Left without an else: a sum keeps its column's type, and nothing of what was not filed is in it.
_SUMS = {
    "rent": func.sum(case((_FILED, BrokerPush.month_rent))),
    "area": func.sum(case((_FILED, BrokerPush.leased_area))),
}
#: How many reasons stand beside a line; the list behind it has all.
TOP_REASONS = 3


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


@query("broker_pushes.report", "协会报送统计", roles=READERS)
def push_report(work: Work, order: ReportFilter) -> FigureLines:
    """Count the visible pushes of a filter by one of the three; every line's list has exactly its rows."""
    column = _COLUMNS.get(order.by)
    if column is None:
        raise Rejected("请选择按会员、按区或按月统计")
    figures = counted(work, PUSHES, order.pushes, column, FIGURES, **_SUMS)
    if not figures:
        return FigureLines()
    reasons = _reasons(work, column, narrowed(work, PUSHES, order.pushes).with_only_columns(BrokerPush.id))
    labels = _labels(work, order.by, [key for key in figures if key])
    lines = [
        _line(key or NONE, labels.get(key, key or UNKNOWN), of_key, reasons.get(key, Counter()))
        for key, of_key in figures.items()
    ]
    if order.by != "month":
        lines.sort(key=lambda line: (-line.pushed, line.label))
    total = _line("", "合计", added(figures.values()), sum(reasons.values(), Counter()))
    total.id = "total"
    return FigureLines(tuple(lines), total)


def _reasons(work: Work, column: Any, visible: Any) -> dict[str, Counter[str]]:
    """Return how many pushes each rule stopped, by line."""
    found: dict[str, Counter[str]] = {}
    for key, code, count in work.session.exec(
        select(column, PushReason.code, func.count(func.distinct(PushReason.push_id)))
        .join(PushReason, col(PushReason.push_id) == col(BrokerPush.id))
        .where(col(BrokerPush.id).in_(visible), stops())
        .group_by(column, col(PushReason.code))
    ).all():
        found.setdefault(key, Counter())[code] = count
    return found


def _labels(work: Work, by: str, keys: list[str]) -> dict[str, str]:
    if by == "district":
        return district_names()
    return member_names(work, set(keys)) if by == "member" else {}


def _line(key: str, label: str, figures: Mapping[str, Any], reasons: Counter[str]) -> Line:
    """A member, district or month, narrowed to by `key`; averages are over what was filed."""
    pushed, passed = figures["pushed"], figures["passed"]
    ranked = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    return Line(
        id=key,
        key=key,
        label=label,
        **figures,
        rate=share(passed, pushed),
        late_share=share(figures["late"], pushed),
        average_rent=average(figures["rent"], passed),
        average_area=average(figures["area"], passed),
        reasons=tuple(ReasonCount(code, reason_label(code), count) for code, count in ranked[:TOP_REASONS]),
    )


def reason_label(code: str) -> str:
    """Return the message of a rule up to its first comma."""
    message = BY_CODE[code].message if code in BY_CODE else _OWN.get(code, "报送内容有误")
    return message.split("，")[0].rstrip("：")


_OWN = {
    "J02": "同一编号重复报送",
    "J03": "同一合同已由其他机构报送",
    "FORM": "报送内容填写不正确",
}
