"""入住备案监测: of each project what moved in, was filed, failed and moved out; every figure opens its list (row 14)."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui as web

from services.broker_pushes.listings import READERS
from services.check_ins.listings import TAKEN
from services.check_ins.monitor import Monitor, MonitorFilter, ProjectLine, monitor
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.chart import Chart, Series
from ui.shell.fields import choice_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.months import month_options
from ui.shell.parts import note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

#: Figure of a line, how its button is called, which list it opens and what that list is narrowed to.
FIGURES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("check_ins", "入住", "check_ins", {}),
    ("filed", "已备案", "check_ins", {"outcome": "FILED"}),
    ("waiting", "等待中", "check_ins", {"outcome": "WAITING"}),
    ("failed", "未通过", "check_ins", {"outcome": "FAILED"}),
    ("late", "补报", "check_ins", {"late": "1"}),
    ("move_outs", "退租", "move_outs", {"outcome": TAKEN}),
    ("differences", "差异", "stay_differences", {"state": "OPEN"}),
)


class MonitorPage:
    """The months, the chart, the projects with their sum, and the figures of the project in hand."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.found = Monitor()
        self.line: ProjectLine | None = None
        months = month_options(place.desk.door.clock.today())
        newest = list(months)
        with Form(columns=3) as self.form:
            self.form.add(
                self._choice("since", "月份自", months, place.params.get("since", newest[min(5, len(newest) - 1)])),
                self._choice("until", "至", months, place.params.get("until", newest[0])),
            )
        self.words = note("")
        self.chart = Chart("各月入住与退租", height=180)
        self.figures = (
            web.element("div").classes("sf-bar").props("role=group aria-label=所选项目的明细").style("flex-wrap: wrap")
        )
        with web.element("div").classes("sf-list"):
            self.rows = Rows(
                (
                    Column("name", "项目"),
                    Column("operator", "运营方", width=170),
                    Column("check_ins", "入住", number=True, width=56),
                    Column("filed", "已备案", number=True, width=64),
                    Column("rate", "备案率", number=True, width=72, show=_percent),
                    Column("waiting", "等待中", number=True, width=64),
                    Column("failed", "未通过", number=True, width=64),
                    Column("late", "补报", number=True, width=52),
                    Column("move_outs", "退租", number=True, width=52),
                    Column("active", "有效备案", number=True, width=72),
                    Column("occupied", "在住房间", number=True, width=72),
                    Column("listed_on", "清单日期", width=92),
                    Column("differences", "差异", number=True, width=52),
                ),
                label="入住备案监测",
                empty="所选期间没有入住信息",
                on_pick=self._pick,
                on_enter=self._open_all,
            )

    def _choice(self, key: str, label: str, options: dict[str, str], value: str) -> Any:
        known = value if value in options else next(iter(options))
        return choice_field(key, label, options, value=known, required=True, on_change=self.load)

    async def load(self) -> None:
        """Count again for the chosen months."""
        since, until = (str(self.form.fields[key].value or "") for key in ("since", "until"))
        self.place.keep(since=since, until=until)
        answer = await call(monitor, MonitorFilter(since, until))
        if not answer.ok:
            return
        self.found, self.line = answer.value, answer.value.total
        total = self.found.total
        self.words.text = (
            f"共入住 {total.check_ins:,} 件，备案 {total.filed:,} 件，退租 {total.move_outs:,} 件；"
            f"现有差异 {total.differences:,} 项。每晚核对在住清单与有效备案；选中一行，可逐项打开明细。"
            if total
            else ""
        )
        months = self.found.months
        self.chart.show(
            [line.month for line in months],
            (
                Series("入住", [line.check_ins for line in months]),
                Series("已备案", [line.filed for line in months]),
                Series("退租", [line.move_outs for line in months]),
            ),
        )
        self.rows.show([*self.found.lines, *([total] if total else [])])
        self._draw_figures()

    def _pick(self, line: ProjectLine) -> None:
        self.line = line
        self._draw_figures()

    async def _open_all(self, line: ProjectLine) -> None:
        await self._open(line, "check_ins", {})

    def _draw_figures(self) -> None:
        self.figures.clear()
        line = self.line
        self.figures.set_visibility(line is not None)
        if line is None:
            return
        with self.figures:
            web.label(f"{line.name}：")
            for name, label, module, narrow in FIGURES:
                if count := getattr(line, name):
                    plain_button(f"{label} {count:,}", self._opener(line, module, narrow)).mark(f"figure-{name}")

    def _opener(self, line: ProjectLine, module: str, narrow: dict[str, str]) -> Callable[[], Awaitable[None]]:
        async def open_list() -> None:
            await self._open(line, module, narrow)

        return open_list

    async def _open(self, line: ProjectLine, module: str, narrow: dict[str, str]) -> None:
        params = dict(narrow)
        if module != "stay_differences":
            params |= {key: str(self.form.fields[key].value or "") for key in ("since", "until")}
        if line.project_no:
            params["project"] = line.project_no
        await self.place.open(module, **params)


def _percent(value: Any) -> str:
    return "" if value is None else f"{value}%"


async def build(place: Place) -> None:
    page = MonitorPage(place)
    place.command("刷新", page.load, icon="refresh", key="f3")
    await page.load()


MONITOR = Module("check_in_monitor", "入住备案监测", "apartment", "report", frozenset(READERS), build)
