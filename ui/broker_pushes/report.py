"""协会报送统计: by member, district and month; a line's figures open the list that adds up to them (row 13)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.broker_pushes.listings import PUSHES, READERS
from services.broker_pushes.reports import FIGURES, GROUPS, ReportFilter, push_report
from services.engine.figure_reports import Figure, FigureLines
from services.engine.findings import numbered
from services.engine.registry import Query
from ui.shell.chart import Series
from ui.shell.export import offer_export
from ui.shell.fields import Field
from ui.shell.figure_report import FigureReport, percent
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Column

_MOST_BARS = 12


def _reasons(value: Any) -> str:
    return "；".join(numbered(one.code, f"{one.label} {one.count}件") for one in value)


class ReportPage(FigureReport):
    """The lines of the chosen grouping with their sum."""

    label = "协会报送统计"
    empty = "所选期间没有报送"
    months = "报送月份自"
    columns = (
        Column("label", "统计项"),
        Column("pushed", "报送", number=True, width=60),
        Column("passed", "通过", number=True, width=60),
        Column("rate", "通过率", number=True, width=72, show=percent),
        Column("refused", "未通过", number=True, width=64),
        Column("average_rent", "平均月租金（元）", number=True, width=116),
        Column("average_area", "平均面积（㎡）", number=True, width=100),
        Column("late", "逾期", number=True, width=52),
        Column("late_share", "逾期占比", number=True, width=76, show=percent),
        Column("reasons", "主要原因", show=_reasons),
    )
    figures = FIGURES

    def choices(self) -> Sequence[Field]:
        return (self.choice("by", "统计方式", {key: f"按{label}" for key, label in GROUPS.items()}, "member"),)

    def question(self, chosen: Mapping[str, str]) -> tuple[Query[Any, FigureLines], Any]:
        return push_report, ReportFilter(chosen["by"], {"since": chosen["since"], "until": chosen["until"]})

    def told(self, total: Any) -> str:
        return (
            f"共报送 {total.pushed:,} 件，通过 {total.passed:,} 件，通过率 {total.rate}%，逾期 {total.late:,} 件。"
            f"平均租金和面积按已备案的计算；选中一行，可逐项打开明细。"
        )

    def drawn(self, found: FigureLines) -> tuple[list[str], tuple[Series, ...]]:
        lines = found.lines[:_MOST_BARS]
        return [line.label for line in lines], (
            Series("报送", [line.pushed for line in lines]),
            Series("通过", [line.passed for line in lines]),
            Series("通过率", [float(line.rate) if line.rate is not None else None for line in lines], share=True),
        )

    def narrowed(self, line: Any, module: str) -> Mapping[str, str]:
        chosen = self.chosen
        by = chosen.pop("by")
        if line.key and by == "month":
            return {"since": line.key, "until": line.key}
        return {**chosen, by: line.key} if line.key else chosen

    def further(self, line: Any) -> Iterator[tuple[str, Figure]]:
        for reason in line.reasons:
            figure = Figure(reason.code, reason.label, PUSHES.name, {"reason": reason.code})
            yield numbered(reason.code, f"{reason.label} {reason.count}"), figure


async def build(place: Place) -> None:
    page = ReportPage(place)
    offer_export(place, page, "broker_report")
    await page.load()


REPORT = Module("broker_report", "协会报送统计", "bar_chart", "report", frozenset(READERS), build)
