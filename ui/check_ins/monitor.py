"""入住备案监测: of each project what moved in, was filed, failed and moved out; every figure opens its list (row 14)."""

from collections.abc import Mapping
from typing import Any

from services.broker_pushes.listings import READERS
from services.check_ins.monitor import FIGURES, MonitorFilter, monitor
from services.engine.figure_reports import FigureLines
from services.engine.registry import Query
from ui.shell.chart import Series
from ui.shell.figure_report import FigureReport, percent
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Column


class MonitorPage(FigureReport):
    """The projects with their sum, and the months in the chart."""

    label = "入住备案监测"
    empty = "所选期间没有入住信息"
    named = "name"
    height = 180
    columns = (
        Column("name", "项目"),
        Column("operator", "运营方", width=170),
        Column("check_ins", "入住", number=True, width=56),
        Column("filed", "已备案", number=True, width=64),
        Column("rate", "备案率", number=True, width=72, show=percent),
        Column("waiting", "等待中", number=True, width=64),
        Column("failed", "未通过", number=True, width=64),
        Column("late", "补报", number=True, width=52),
        Column("move_outs", "退租", number=True, width=52),
        Column("active", "有效备案", number=True, width=72),
        Column("occupied", "在住房间", number=True, width=72),
        Column("listed_on", "清单日期", width=92),
        Column("differences", "差异", number=True, width=52),
    )
    figures = FIGURES

    def question(self, chosen: Mapping[str, str]) -> tuple[Query[Any, FigureLines], Any]:
        return monitor, MonitorFilter(chosen["since"], chosen["until"])

    def told(self, total: Any) -> str:
        return (
            f"共入住 {total.check_ins:,} 件，备案 {total.filed:,} 件，退租 {total.move_outs:,} 件；"
            f"现有差异 {total.differences:,} 项。每晚核对在住清单与有效备案；选中一行，可逐项打开明细。"
        )

    def drawn(self, found: FigureLines) -> tuple[list[str], tuple[Series, ...]]:
        months = found.months
        return [line.month for line in months], (
            Series("入住", [line.check_ins for line in months]),
            Series("已备案", [line.filed for line in months]),
            Series("退租", [line.move_outs for line in months]),
        )

    def narrowed(self, line: Any, module: str) -> Mapping[str, str]:
        project = {"project": line.project_no} if line.project_no else {}
        return project if module == "stay_differences" else {**self.chosen, **project}


async def build(place: Place) -> None:
    await MonitorPage(place).load()


MONITOR = Module("check_in_monitor", "入住备案监测", "night_shelter", "report", frozenset(READERS), build)
