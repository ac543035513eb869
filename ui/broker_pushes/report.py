"""协会报送统计: by member, district and month; a line's figures open the list that adds up to them (row 13)."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui as web

from services.broker_pushes.listings import READERS
from services.broker_pushes.reasons import with_code
from services.broker_pushes.reports import GROUPS, Report, ReportFilter, ReportLine, push_report
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.chart import Chart, Series
from ui.shell.export import offer_export
from ui.shell.fields import choice_field
from ui.shell.form import Form
from ui.shell.grid import View
from ui.shell.modules import Module
from ui.shell.months import month_options
from ui.shell.parts import note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown

#: Figure of a line, how its button is called, and what of the list it narrows to.
FIGURES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("pushed", "报送", {}),
    ("passed", "通过", {"state": "FILED"}),
    ("waiting", "核验中", {"state": "WAITING"}),
    ("intercepted", "系统拦截", {"state": "INTERCEPTED"}),
    ("refused", "未通过", {"state": "REFUSED"}),
    ("late", "逾期", {"late": "1"}),
    ("unusual", "租金异常", {"unusual": "1"}),
)


def _percent(value: Any) -> str:
    return "" if value is None else f"{value}%"


def _reasons(value: Any) -> str:
    return "；".join(with_code(one.code, f"{one.label} {one.count}件") for one in value)


class ReportPage:
    """The filter, the chart, the lines with their sum, and the figures of the line in hand."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.found = Report("member")
        self.line: ReportLine | None = None
        months = month_options(place.desk.door.clock.today())
        newest = list(months)
        by = place.params.get("by", "member")
        with Form(columns=3) as form:
            form.add(
                self._choice("by", "统计方式", {key: f"按{label}" for key, label in GROUPS.items()}, by),
                self._choice("since", "报送月份自", months, place.params.get("since", newest[min(5, len(newest) - 1)])),
                self._choice("until", "至", months, place.params.get("until", newest[0])),
            )
        self.form = form
        self.words = note("")
        self.chart = Chart("协会报送统计图", on_pick=self._picked_bar)
        self.figures = (
            web.element("div").classes("sf-bar").props("role=group aria-label=所选行的明细").style("flex-wrap: wrap")
        )
        with web.element("div").classes("sf-list"):
            self.rows = Rows(
                (
                    Column("label", "统计项"),
                    Column("pushed", "报送", number=True, width=60),
                    Column("passed", "通过", number=True, width=60),
                    Column("rate", "通过率", number=True, width=72, show=_percent),
                    Column("refused", "未通过", number=True, width=64),
                    Column("average_rent", "平均月租金（元）", number=True, width=116),
                    Column("average_area", "平均面积（㎡）", number=True, width=100),
                    Column("late", "逾期", number=True, width=52),
                    Column("late_share", "逾期占比", number=True, width=76, show=_percent),
                    Column("reasons", "主要原因", show=_reasons),
                ),
                label="协会报送统计",
                empty="所选期间没有报送",
                on_pick=self._pick,
                on_enter=self._open_all,
            )
            self.rows.table.classes("sf-wrap")

    def _choice(self, key: str, label: str, options: dict[str, str], value: str) -> Any:
        known = value if value in options else next(iter(options))
        return choice_field(key, label, options, value=known, required=True, on_change=self.load)

    @property
    def total(self) -> int:
        return len(self.rows.lines)

    @property
    def view(self) -> View:
        return View(filters={key: str(self.form.fields[key].value or "") for key in ("by", "since", "until")})

    async def load(self) -> None:
        """Count again for what is chosen."""
        asked = self.view.filters
        self.place.keep(**asked)
        order = ReportFilter(asked["by"], {"since": asked["since"], "until": asked["until"]})
        answer = await call(push_report, order)
        if not answer.ok:
            return
        self.found, self.line = answer.value, answer.value.total
        total = self.found.total
        self.words.text = (
            f"共报送 {total.pushed:,} 件，通过 {total.passed:,} 件，通过率 {total.rate}%，逾期 {total.late:,} 件。"
            f"平均租金和面积按已备案的计算；选中一行，可逐项打开明细。"
            if total
            else ""
        )
        lines = self.found.lines[:12]
        self.chart.show(
            [line.label for line in lines],
            (
                Series("报送", [line.pushed for line in lines]),
                Series("通过", [line.passed for line in lines]),
                Series("通过率", [float(line.rate) if line.rate is not None else None for line in lines], share=True),
            ),
        )
        self.rows.show([*self.found.lines, *([total] if total else [])])
        self._draw_figures()

    def _pick(self, line: ReportLine) -> None:
        self.line = line
        self._draw_figures()

    async def _picked_bar(self, label: str) -> None:
        line = next((one for one in self.found.lines if one.label == label), None)
        if line is not None:
            await self._open(line, {})

    async def _open_all(self, line: ReportLine) -> None:
        await self._open(line, {})

    def _draw_figures(self) -> None:
        self.figures.clear()
        line = self.line
        self.figures.set_visibility(line is not None)
        if line is None:
            return
        with self.figures:
            web.label(f"{line.label}：")
            for name, label, narrow in FIGURES:
                if count := getattr(line, name):
                    plain_button(f"{label} {shown(count)}", self._opener(line, narrow)).mark(f"figure-{name}")
            for reason in line.reasons:
                words = with_code(reason.code, f"{reason.label} {reason.count}")
                plain_button(words, self._opener(line, {"reason": reason.code})).mark(f"reason-{reason.code}")

    def _opener(self, line: ReportLine, narrow: dict[str, str]) -> Callable[[], Awaitable[None]]:
        async def open_list() -> None:
            await self._open(line, narrow)

        return open_list

    async def _open(self, line: ReportLine, narrow: dict[str, str]) -> None:
        asked = self.view.filters
        params = {"since": asked["since"], "until": asked["until"], **narrow}
        if line.key and asked["by"] == "month":
            params |= {"since": line.key, "until": line.key}
        elif line.key:
            params[asked["by"]] = line.key
        await self.place.open("broker_pushes", **params)


async def build(place: Place) -> None:
    page = ReportPage(place)
    place.command("刷新", page.load, icon="refresh", key="f3")
    offer_export(place, page, "broker_report")
    await page.load()


REPORT = Module("broker_report", "协会报送统计", "bar_chart", "report", frozenset(READERS), build)
