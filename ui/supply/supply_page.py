"""可供应量统计: a report as table and pictures side by side; every figure opens the rows behind it (row 83)."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from itertools import takewhile
from typing import Any
from urllib.parse import urlencode

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from models.codes import Tone, Toned
from models.land_codes import HousingKind, Ring
from models.normal import BadText, parse_day
from models.places_data import districts_by_code
from services.engine.listings import Line
from services.supply.definitions import DEFINITIONS
from services.supply.doubt_list import DOUBTS
from services.supply.drill import AskRows, RowBehind, rows_behind
from services.supply.exports import AT_ONCE
from services.supply.facts import Type
from services.supply.figures import SIZES, as_told, band_name
from services.supply.report_files import REPORT_FILE
from services.supply.report_forms import SERIES, TITLES, UNITS, AskReport, Report, ReportColumn
from services.supply.report_views import report
from services.supply.visibility import READERS
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.chart import Chart
from ui.shell.export import ask_for_file
from ui.shell.fields import Field, choice_field, date_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.months import month_options
from ui.shell.parts import facts, head, note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.supply.pictures import options_of

FILES = "/supply/"
_MONTHS = 61
#: Filters that are hidden until they are asked for, and the class that shows them.
_SELDOM, _OPEN = ("ring", "type", "housing", "size", "completed"), "sf-filters-open"
#: From so many months on a stock is said to last short, usual, long and too long.
_BANDS: tuple[tuple[int, Tone], ...] = ((6, "info"), (12, ""), (18, "warn"))
_KINDS = {"project": "项目", "building": "楼幢", "home": "房屋"}


class SupplyPage:
    """The filters, the table of a report with its pictures, and the rows behind the figure in hand."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.found: Report | None = None
        self.line: dict[str, Any] = {}
        months = month_options(place.desk.door.clock.today(), _MONTHS)
        newest = list(months)
        page = web.element("div").classes("sf-report")
        with page, web.element("section").classes("sf-tile").props("aria-label=条件"), Form(columns=4) as self.form:
            self.form.add(
                self._choice("report", "报表", {code: f"{code} {title}" for code, title in TITLES.items()}, "R1"),
                self._choice("month", "截至月末", months, newest[1]),
                self._day(),
                self._choice("district", "区", districts_by_code(), ""),
                self._choice("series", "版本", SERIES, "published"),
                self._choice("unit", "单位", UNITS, "area"),
                self._choice("ring", "环线", {one.value: one.label for one in Ring}, ""),
                self._choice("type", "物业类型", {one.value: one.value for one in Type}, ""),
                self._choice("housing", "住房类别", {one.value: one.label for one in HousingKind}, ""),
                self._choice(
                    "size",
                    "面积段",
                    {str(at): f"{as_told(band_name(at, SIZES))}㎡" for at in range(len(SIZES) + 1)},
                    "",
                ),
                self._choice("completed", "竣工", {"1": "已竣工（现房）", "0": "未竣工"}, ""),
            )
            plain_button("更多条件", self._turn_filters, icon="tune")
        self.form.box.classes("sf-supply-filters")
        if any(self.form.fields[key].value for key in _SELDOM):
            self._turn_filters()
        with page:
            with web.element("div").classes("sf-report-beside") as self.beside:
                with web.element("section").classes("sf-tile").props("aria-label=报表"):
                    with web.element("div").classes("sf-tile-head"):
                        self.title = TextElement(tag="h2", text="")
                        self.words = TextElement(tag="small", text="").mark("report-words")
                    self.table = web.element("div").classes("sf-report-table")
                    self.figures = web.element("div").classes("sf-bar").props("role=group aria-label=所选行的数字")
                    self.figures.style("flex-wrap: wrap")
                    self.behind = web.element("div")
                with web.element("div").classes("sf-report-charts"):
                    self.tiles, self.charts = [], []
                    for number in (1, 2):
                        with web.element("section").classes("sf-tile") as tile:
                            self.charts.append(Chart(f"图{number}", height=300))
                        self.tiles.append(tile)
            with web.element("section").classes("sf-tile").props("aria-label=指标说明"):
                head("指标说明")
                facts(dict(DEFINITIONS), columns=2)
        place.command("刷新", self.load, icon="refresh", key="f3")
        place.command("导出 Excel", partial(self._download, "xlsx"), icon="download", key="f7")
        place.command("导出 CSV", partial(self._download, "csv"), icon="table_view")
        place.command("月报", self._paper, icon="print", key="ctrl+p")
        place.command("存疑数据", self._doubts, icon="rule", key="f8")

    def _turn_filters(self) -> None:
        """Show the filters that the line has no room for, or hide them."""
        box = self.form.box
        box.classes(remove=_OPEN) if _OPEN in box.classes else box.classes(_OPEN)

    def _choice(self, key: str, label: str, options: Mapping[str, str], value: str) -> Field:
        kept = self.place.params.get(key, value)
        known = kept if kept in options else value
        # Without a value a filter lets everything through.
        empty = "" if value else "全部"
        return choice_field(key, label, options, value=known, empty=empty, required=bool(value), on_change=self.load)

    def _day(self) -> Field:
        kept = self.place.params.get("day", "")
        day = date_field("day", "或截至某日", value=kept, help="填写后回车，按当日统计")
        day.control.on("keydown.enter", self.load)
        return day

    @property
    def order(self) -> AskReport:
        """The report that is chosen; a day that is none is marked at its field."""
        chosen = {key: str(box.value or "") for key, box in self.form.fields.items()}
        kept = {key: self.place.params.get(key, "") for key in ("plate", "head", "project")}
        try:
            chosen["day"] = parse_day(chosen["day"]).isoformat() if chosen["day"].strip() else ""
            self.form.fields["day"].mark("")
        except BadText as fault:
            self.form.fields["day"].mark(str(fault))
            chosen["day"] = ""
        return AskReport(**{**chosen, **kept})

    async def load(self) -> None:
        """Ask for the report anew and draw it."""
        order = self.order
        self.place.keep(**asdict(order))
        self.found = found = (await call(report, order)).or_end()
        self.title.text = f"{found.code} {found.title}"
        self.words.text = " · ".join(
            one
            for one in (
                f"单位：{found.unit}",
                f"截至{found.as_of}",
                f"范围：{found.filters}",
                found.version,
                found.age_told,
                *found.notes,
            )
            if one
        )
        self.form.fields["unit"].set_visibility(found.code == "R1")
        wide = any(one.lasts for one in found.columns)
        self.beside.classes(add="sf-report-whole") if wide else self.beside.classes(remove="sf-report-whole")
        self._draw_table(found)
        for number, chart in enumerate(self.charts):
            drawn = found.pictures[number] if number < len(found.pictures) else None
            self.tiles[number].set_visibility(drawn is not None)
            chart.draw(options_of(drawn) if drawn is not None else None, drawn.categories if drawn is not None else ())
        self.behind.clear()
        self._take({})

    def _draw_table(self, found: Report) -> None:
        self.table.clear()
        with self.table:
            self.rows = Rows(
                [_column(one) for one in found.columns],
                label=f"{found.code} {found.title}",
                empty="所选范围没有数据",
                frozen=len(list(takewhile(lambda one: not one.number, found.columns))),
                on_pick=self._picked,
                on_enter=self._open_line,
            )
            lines = [Line(id=at, **line) for at, line in enumerate(found.lines)]
            if found.total is not None:
                lines.append(Line(id=len(lines), **{column.key: None for column in found.columns} | found.total))
            self.rows.show(lines)

    def _picked(self, line: Any) -> None:
        self._take(vars(line) if not isinstance(line, dict) else line)

    def _take(self, line: dict[str, Any]) -> None:
        """Show the figures of a line as buttons, each of which opens the rows behind it."""
        self.line = line
        self.figures.clear()
        self.figures.set_visibility(bool(line))
        found = self.found
        if found is None or not line or self._narrow(line).get("closed"):
            return
        with self.figures:
            web.label(f"{line.get(found.columns[0].key) or ''}：明细")
            for column in found.columns:
                if column.stages and line.get(column.key):
                    plain_button(f"{column.label} {line[column.key]:,}", partial(self._open_figure, line, column)).mark(
                        f"figure-{column.key}"
                    )

    def _narrow(self, line: Mapping[str, Any]) -> dict[str, str]:
        at = int(str(line["id"]))
        narrow = self.found.narrow if self.found is not None else ()
        return dict(narrow[at]) if at < len(narrow) else {}

    async def _open_line(self, line: Any) -> None:
        """Open the first figure of a line."""
        self._picked(line)
        found = self.found
        if found is not None:
            for column in found.columns:
                if column.stages and self.line.get(column.key):
                    await self._open_figure(self.line, column)
                    return

    async def _open_figure(self, line: Mapping[str, Any], column: ReportColumn) -> None:
        narrow = self._narrow(line)
        if narrow.get("closed"):
            return
        order = AskReport(**{**asdict(self.order), **narrow})
        title = f"{line.get(self.found.columns[0].key) if self.found else ''}·{column.label}"
        await self._open(AskRows(order, column.stages), title)

    async def _open(self, asked: AskRows, title: str) -> None:
        found = (await call(rows_behind, asked)).or_end()
        self.behind.clear()
        with self.behind:
            head(f"{title}：{_KINDS[found.kind]} {len(found.rows)} 行，{found.area:,.2f}㎡，{found.sets:,}套")
            rows = Rows(
                (
                    Column("name", _KINDS[found.kind], width=260),
                    Column("stage", "阶段", width=120),
                    Column("area", "面积 ㎡", number=True, width=120),
                    Column("sets", "套", number=True, width=60),
                    Column("level", "面积来源", width=130),
                    Column("marks", "标记"),
                ),
                label="明细",
                on_enter=partial(self._deeper, asked, title),
            )
            rows.show([Line(**asdict(row)) for row in found.rows])
            if any(row.opens for row in found.rows):
                note("选中一行按回车，看下一层明细。")
        self.place.reveal(self.behind)

    async def _deeper(self, asked: AskRows, title: str, row: RowBehind) -> None:
        if not row.opens:
            return
        if asked.report.project:
            await self._open(AskRows(asked.report, asked.stages, row.opens), f"{title}·{row.name}")
        else:
            order = AskReport(**{**asdict(asked.report), "project": row.opens})
            await self._open(AskRows(order, asked.stages), f"{title}·{row.name}")

    async def _download(self, form: str) -> None:
        """Hand the report out at once; a long one is made by the worker."""
        lines = len(self.found.lines) if self.found is not None else 0
        if lines > AT_ONCE:
            criteria = {key: value for key, value in asdict(self.order).items() if value}
            await ask_for_file(self.place, REPORT_FILE.name, criteria, lines)
            return
        web.navigate.to(f"{FILES}report.{form}?{self._query()}", new_tab=True)

    def _paper(self) -> None:
        web.navigate.to(f"{FILES}monthly.pdf?{self._query()}", new_tab=True)

    def _query(self) -> str:
        return urlencode({key: value for key, value in asdict(self.order).items() if value})

    async def _doubts(self) -> None:
        """Open the doubts as of the report's month."""
        day = self.order.day
        await self.place.open(DOUBTS.name, month=day[:7] or str(self.form.fields["month"].value))


def _column(one: ReportColumn) -> Column:
    return Column(one.key, one.label, number=one.number, width=0 if one.number else 90, show=_shown(one))


def _shown(one: ReportColumn) -> Any:
    def show(value: Any) -> str:
        if value is None:
            return "—" if one.number else ""
        if one.lasts:
            return Toned(f"{value:.1f}", next((tone for below, tone in _BANDS if value < below), "bad"))
        if one.number:
            return f"{value:,.{one.places}f}"
        return str(value)

    return show


async def build(place: Place) -> None:
    await SupplyPage(place).load()


SUPPLY = Module("supply", "可供应量统计", "stacked_line_chart", "report", READERS - {Role.SYSTEM}, build)
