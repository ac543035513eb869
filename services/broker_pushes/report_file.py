"""The association's report as a file, by the house's export rules (H23, row 13)."""

from collections.abc import Iterator

from services.broker_pushes.listings import PUSHES, READERS
from services.broker_pushes.reports import GROUPS, ReportFilter, push_report
from services.engine.figure_reports import FigureLines
from services.engine.findings import numbered
from services.engine.listings import Line
from services.engine.sheets import Cell
from services.engine.work import Work
from services.privacy.listings import Criteria, Listed, Listing, offer_listing


def _report(work: Work, criteria: Criteria) -> FigureLines:
    filters = {key: text for key, text in criteria.items() if key != "by"}
    return push_report(work, ReportFilter(criteria.get("by", "") or "member", filters))


def _report_lines(work: Work, criteria: Criteria, full: bool) -> Iterator[Listed]:
    report = _report(work, criteria)
    yield Listed(tuple(_cells(line) for line in (*report.lines, *([report.total] if report.total else []))))


#: Head and attribute of each figure, between what a line is called and its reasons.
_FIGURES = {
    "报送": "pushed",
    "通过": "passed",
    "核验中": "waiting",
    "系统拦截": "intercepted",
    "未通过": "refused",
    "通过率（%）": "rate",
    "平均月租金（元）": "average_rent",
    "平均面积（㎡）": "average_area",
    "逾期报送": "late",
    "逾期占比（%）": "late_share",
    "租金异常": "unusual",
}


def _cells(line: Line) -> tuple[Cell, ...]:
    reasons = "；".join(numbered(one.code, f"{one.label} {one.count}件") for one in line.reasons)
    return line.label, *(getattr(line, name) for name in _FIGURES.values()), reasons


def _report_count(work: Work, criteria: Criteria) -> int:
    lines = len(_report(work, criteria).lines)
    return lines + 1 if lines else 0


offer_listing(
    Listing(
        name="broker_report",
        label="协会报送统计",
        roles=frozenset(READERS),
        columns=("／".join(GROUPS.values()), *_FIGURES, "主要原因"),
        count=_report_count,
        parts=_report_lines,
        filters=frozenset({"by", *(one.key for one in PUSHES.filters)}),
    )
)
