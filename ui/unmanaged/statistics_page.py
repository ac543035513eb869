"""未纳管项目统计: reported places by district; every figure opens its list (row 37)."""

from collections.abc import Mapping
from typing import Any

from models.access import LEASING_AUTHORITY
from services.engine.figure_reports import FigureLines
from services.engine.registry import Query
from services.unmanaged.statistics import FIGURES, Months, statistics
from ui.shell.chart import Series
from ui.shell.figure_report import FigureReport
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Column


class StatisticsPage(FigureReport):
    """The districts with their sum; the chart shows rooms and residents of each."""

    label = "未纳管项目统计"
    empty = "所选期间没有更新过的未纳管项目"
    months = "更新月份自"
    named = "name"
    height = 180
    columns = (
        Column("name", "区", width=90),
        Column("listed", "在册", number=True, width=60),
        Column("proposed", "拟转入", number=True, width=64),
        Column("converted", "已转入", number=True, width=64),
        Column("closed", "停止出租", number=True, width=72),
        Column("rooms", "房间（间）", number=True, width=80),
        Column("beds", "床位（张）", number=True, width=80),
        Column("residents", "居住（人）", number=True, width=80),
        Column("dangerous", "有隐患", number=True, width=64),
        Column("hazards", "未整改隐患（项）", number=True, width=110),
        Column("under_way", "整改中", number=True, width=64),
    )
    figures = FIGURES

    def question(self, chosen: Mapping[str, str]) -> tuple[Query[Any, FigureLines], Any]:
        return statistics, Months(chosen["since"], chosen["until"])

    def told(self, total: Any) -> str:
        return (
            f"在册 {total.listed:,} 个，拟转入纳管 {total.proposed:,} 个；房间 {total.rooms:,} 间，居住 {total.residents:,} 人；"
            f"未整改隐患 {total.hazards:,} 项。按最近一次更新的月份统计；选中一行，可逐项打开明细。"
        )

    def drawn(self, found: FigureLines) -> tuple[list[str], tuple[Series, ...]]:
        return [line.name for line in found.lines], (
            Series("房间", [line.rooms for line in found.lines]),
            Series("居住", [line.residents for line in found.lines]),
        )

    def narrowed(self, line: Any, module: str) -> Mapping[str, str]:
        months = Months(self.chosen["since"], self.chosen["until"]).filters
        return {**months, **({"district_code": line.district} if line.district else {})}


async def build(place: Place) -> None:
    await StatisticsPage(place).load()


STATISTICS = Module("unmanaged_statistics", "未纳管项目统计", "pie_chart", "report", LEASING_AUTHORITY, build)
