"""Stays and differences as files, by the house's export rules (H23, row 14)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.broker_pushes.listings import READERS
from services.check_ins.listings import (
    DifferenceFilter,
    DifferenceLine,
    StayFilter,
    StayLine,
    list_differences,
    list_stays,
)
from services.engine.paging import Paging
from services.engine.sheets import Cell
from services.engine.work import Work
from services.privacy.listings import LONGEST, Criteria, Listed, Listing, offer_listing

_PAGE = 200
_STAYS = frozenset({"since", "until", "project", "outcome", "late", "number"})
_DIFFERENCES = frozenset({"project", "kind", "state"})


def _order(empty: Any, criteria: Criteria, known: frozenset[str]) -> Any:
    return replace(empty, **{key: text for key, text in criteria.items() if key in known})


def _count(asked: Callable[[Work, Any], Any], empty: Any, known: frozenset[str]) -> Callable[[Work, Criteria], int]:
    def count(work: Work, criteria: Criteria) -> int:
        total: int = asked(work, replace(_order(empty, criteria, known), paging=Paging(size=1))).total
        return total

    return count


def _lines(
    asked: Callable[[Work, Any], Any], empty: Any, known: frozenset[str], cells: Callable[[Any], tuple[Cell, ...]]
) -> Callable[[Work, Criteria, bool], Listed]:
    def lines(work: Work, criteria: Criteria, full: bool) -> Listed:
        found: list[Any] = []
        for page in range(1, LONGEST // _PAGE + 1):
            order = replace(_order(empty, criteria, known), paging=Paging(page, _PAGE))
            some = asked(work, order).lines
            found += some
            if len(some) < _PAGE:
                break
        return Listed(tuple(cells(line) for line in found))

    return lines


def _stay(line: StayLine) -> tuple[Cell, ...]:
    return (
        line.checkin_no,
        line.attempt,
        line.project,
        line.room,
        line.checked_in_at,
        line.received_at,
        line.late_days,
        line.persons,
        line.month_rent,
        line.start,
        line.end,
        line.state,
        line.filing_no,
        line.reasons,
    )


def _difference(line: DifferenceLine) -> tuple[Cell, ...]:
    return (
        line.project,
        line.kind,
        line.room,
        line.checkin_no,
        line.detail,
        line.found_on,
        line.closed_on,
        line.days,
        line.state,
    )


offer_listing(
    Listing(
        name="check_ins",
        label="入住信息",
        roles=frozenset(READERS),
        columns=(
            "入住编号",
            "报送次数",
            "项目",
            "房间",
            "入住时间",
            "接收时间",
            "补报天数",
            "居住人数",
            "月租金（元）",
            "起租日期",
            "止租日期",
            "状态",
            "备案编号",
            "原因",
        ),
        count=_count(list_stays, StayFilter(), _STAYS),
        lines=_lines(list_stays, StayFilter(), _STAYS, _stay),
        filters=_STAYS,
    )
)
offer_listing(
    Listing(
        name="stay_differences",
        label="在住与备案差异",
        roles=frozenset(READERS),
        columns=("项目", "差异", "房间", "入住编号", "说明", "发现日期", "消除日期", "持续天数", "状态"),
        count=_count(list_differences, DifferenceFilter(), _DIFFERENCES),
        lines=_lines(list_differences, DifferenceFilter(), _DIFFERENCES, _difference),
        filters=_DIFFERENCES,
    )
)
