"""未纳管项目统计 (row 37): reported places of each district with their rooms, residents and hazards; counts, no people."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, func

from models.access import LEASING_AUTHORITY
from models.places_data import district
from models.records import InForceState
from models.unmanaged import Rectification, UnmanagedReport, UnmanagedState
from services.engine.figure_reports import Figure, FigureLines, added, counted
from services.engine.kind_listing import list_of
from services.engine.listings import Line
from services.engine.registry import query
from services.engine.work import Work
from services.unmanaged.report import UNMANAGED_REPORT

LIST = list_of(UNMANAGED_REPORT)
FIGURES = (
    Figure("listed", "在册", LIST.name, {"stage": UnmanagedState.LISTED}),
    Figure("proposed", "拟转入", LIST.name, {"stage": UnmanagedState.PROPOSED}),
    Figure("converted", "已转入", LIST.name, {"stage": UnmanagedState.CONVERTED}),
    Figure("closed", "停止出租", LIST.name, {"stage": UnmanagedState.CLOSED}),
    Figure("dangerous", "有隐患", LIST.name, {"open_hazards-from": "1"}),
    Figure("under_way", "整改中", LIST.name, {"rectification": Rectification.UNDER_WAY}),
)
_SUMS = {
    "rooms": func.sum(UnmanagedReport.room_count),
    "beds": func.sum(UnmanagedReport.bed_count),
    "residents": func.sum(UnmanagedReport.resident_count),
    "hazards": func.sum(UnmanagedReport.open_hazards),
}


@dataclass(frozen=True)
class Months:
    """Months as `2026-06`, both included, in which the places were last updated."""

    since: str = ""
    until: str = ""

    @property
    def filters(self) -> dict[str, str]:
        return {
            "in_force": InForceState.EFFECTIVE.value,
            "effective_from-from": f"{self.since}-01" if self.since else "",
            "effective_from-to": _last_day(self.until) if self.until else "",
        }


def _last_day(month: str) -> str:
    first = date.fromisoformat(f"{month}-01")
    return ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).isoformat()


@query("unmanaged.statistics", "未纳管项目统计", roles=set(LEASING_AUTHORITY))
def statistics(work: Work, order: Months) -> FigureLines:
    """Count the visible places by district, largest first."""
    found: dict[Any, dict[str, Any]] = counted(
        work, LIST, order.filters, col(UnmanagedReport.district_code), FIGURES, **_SUMS
    )
    lines = [
        Line(id=code, district=code, name=place.name if (place := district(code)) else code, **_whole(figures))
        for code, figures in found.items()
    ]
    lines.sort(key=lambda line: (-line.residents, line.district))
    total = Line(id="total", district="", name="合计", **_whole(added(found.values()))) if found else None
    return FigureLines(tuple(lines), total)


def _whole(figures: dict[str, Any]) -> dict[str, int]:
    return {name: int(value or 0) for name, value in figures.items()}
