"""The association's reports and the lines behind them as files, by the house's export rules (H23, row 13)."""

from dataclasses import replace
from typing import Any

from services.broker_pushes.listings import READERS, PushFilter, PushLine, list_pushes
from services.broker_pushes.reasons import with_code
from services.broker_pushes.reports import GROUPS, Report, ReportFilter, ReportLine, push_report
from services.engine.paging import Paging
from services.engine.sheets import Cell
from services.engine.work import Work
from services.privacy.listings import LONGEST, Criteria, Listed, Listing, offer_listing

_PAGE = 200
_FILTERS = frozenset({"since", "until", "member", "district", "state", "reason", "late", "unusual", "batch", "own_no"})


def filter_of(criteria: Criteria) -> PushFilter:
    """The filter a grid's criteria stand for."""
    kept: dict[str, Any] = {key: text for key, text in criteria.items() if key in _FILTERS}
    return replace(PushFilter(), **kept)


def _count(work: Work, criteria: Criteria) -> int:
    return list_pushes(work, replace(filter_of(criteria), paging=Paging(size=1))).total


def _pushes(work: Work, criteria: Criteria, full: bool) -> Listed:
    lines: list[PushLine] = []
    for page in range(1, LONGEST // _PAGE + 1):
        found = list_pushes(work, replace(filter_of(criteria), paging=Paging(page, _PAGE))).lines
        lines += found
        if len(found) < _PAGE:
            break
    return Listed(
        tuple(
            (
                line.received_at,
                line.batch_no,
                line.position,
                line.member,
                line.own_no,
                line.attempt,
                line.district,
                line.address,
                line.month_rent,
                line.leased_area,
                line.late_days,
                line.state,
                line.filing_no,
                line.reasons,
            )
            for line in lines
        )
    )


def _report(work: Work, criteria: Criteria) -> Report:
    return push_report(work, ReportFilter(criteria.get("by", "") or "member", filter_of(criteria)))


def _report_lines(work: Work, criteria: Criteria, full: bool) -> Listed:
    report = _report(work, criteria)
    return Listed(tuple(_cells(line) for line in (*report.lines, *([report.total] if report.total else []))))


def _cells(line: ReportLine) -> tuple[Cell, ...]:
    return (
        line.label,
        line.pushed,
        line.passed,
        line.waiting,
        line.intercepted,
        line.refused,
        line.rate,
        line.average_rent,
        line.average_area,
        line.late,
        line.late_share,
        line.unusual,
        "；".join(with_code(one.code, f"{one.label} {one.count}件") for one in line.reasons),
    )


def _report_count(work: Work, criteria: Criteria) -> int:
    lines = len(_report(work, criteria).lines)
    return lines + 1 if lines else 0


offer_listing(
    Listing(
        name="broker_pushes",
        label="协会报送件",
        roles=frozenset(READERS),
        columns=(
            "接收时间",
            "批次号",
            "批内序号",
            "会员机构",
            "自编号",
            "报送次数",
            "区",
            "房屋坐落",
            "月租金（元）",
            "租赁面积（㎡）",
            "逾期天数",
            "状态",
            "备案编号",
            "原因",
        ),
        count=_count,
        lines=_pushes,
        filters=_FILTERS,
    )
)
offer_listing(
    Listing(
        name="broker_report",
        label="协会报送统计",
        roles=frozenset(READERS),
        columns=(
            "／".join(GROUPS.values()),
            "报送",
            "通过",
            "核验中",
            "系统拦截",
            "未通过",
            "通过率（%）",
            "平均月租金（元）",
            "平均面积（㎡）",
            "逾期报送",
            "逾期占比（%）",
            "租金异常",
            "主要原因",
        ),
        count=_report_count,
        lines=_report_lines,
        filters=_FILTERS | {"by"},
    )
)
