"""Reports as workbooks with native charts, and as CSV: one sheet a report and a sheet that explains it (5.7)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from models.sealing import sm3_hex
from services.engine.clock import SHANGHAI, shanghai_text
from services.engine.door import Gathering
from services.engine.late import openpyxl
from services.engine.refusals import Rejected
from services.engine.registry import action
from services.engine.sheets import csv_parts, plain
from services.engine.work import Work
from services.supply.definitions import DEFINITIONS
from services.supply.report_forms import AskReport, Drawn, Report
from services.supply.report_pictures import BANDS, colour_of
from services.supply.report_views import report
from services.supply.visibility import READERS

_FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
#: A report with more lines is made by the worker and found under 导出记录 (`services/supply/report_files.py`).
AT_ONCE = 50_000
#: The worker hears of progress after so many lines.
_TOLD = 2_000
_FIRST = 4


@dataclass(frozen=True)
class ExportReport:
    """A report as a file: `xlsx` or `csv`."""

    report: AskReport
    form: str


@dataclass(frozen=True)
class ReportFile:
    """A file on its way out."""

    file_name: str
    media_type: str
    content: bytes | Iterator[bytes]
    showable: bool = False


def _asked(gathering: Gathering, order: ExportReport) -> Report:
    """Ask for the report with no transaction open, from the replica where there is one."""
    if order.form not in _FORMS:
        raise Rejected("只能导出 xlsx 或 csv")
    return gathering.door.ask(report, gathering.caller, order.report)


@action("supply.export", "导出可供应量统计", roles=set(READERS), event="", gather=_asked)
def export_report(work: Work, order: ExportReport, found: Report) -> ReportFile:
    """Export a report of what the caller sees; filters and number of rows are logged."""
    if len(found.lines) > AT_ONCE:
        raise Rejected(f"超过{AT_ONCE}行，请在可供应量统计页面导出，由系统在后台生成")
    content = csv_of(found) if order.form == "csv" else as_workbook(found, explained(work, found))
    told = f"{found.code} {found.as_of} {found.filters} {found.version}"
    work.trail.tell("EXPORT.FILE", "supply.export", reason=told[:200], detail={"rows": len(found.lines)})
    asked = order.report.asked(work.today)
    month = asked.month
    stamp = work.now.astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S")
    name = f"可供应量_{found.code}_{month // 12:04d}{month % 12 + 1:02d}_{stamp}.{order.form}"
    return ReportFile(name, _FORMS[order.form], content)


def explained(work: Work, found: Report) -> Iterator[tuple[str, str]]:
    """Yield what a file says about itself: its report, scope, version, who asked, and a digest of its lines."""
    digest = ""
    for row in found.rows():
        digest = sm3_hex(f"{digest}{row!r}".encode())
    yield from (
        ("报表", f"{found.code} {found.title}"),
        ("单位", found.unit),
        ("截至", found.as_of),
        ("范围", found.filters),
        ("数据版本", f"{found.version}{found.age_told}"),
        ("导出时间", shanghai_text(work.now)),
        ("导出人", work.caller.name),
        ("数据摘要（SM3）", digest),
        *(("说明", note) for note in found.notes),
    )
    yield from DEFINITIONS


def csv_of(found: Report) -> Iterator[bytes]:
    """A report as CSV in UTF-8 with its mark, part by part; what looks like a formula is guarded."""
    return csv_parts([column.label for column in found.columns], found.rows())


def as_csv(found: Report) -> bytes:
    """Return the same in one."""
    return b"".join(csv_of(found))


def as_workbook(
    found: Report,
    about: Iterator[tuple[str, str]] | Sequence[tuple[str, str]],
    done: Callable[[int], None] = lambda count: None,
) -> bytes:
    """A workbook: the report with its pictures as native charts, their figures, and what explains it.

    Rows are written as they come, so that a long report takes no more memory than a short one.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet(f"{found.code} {found.title}"[:31])
    sheet.freeze_panes = f"B{_FIRST + 1}"
    for at, column in enumerate(found.columns, 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(at)].width = 13 if column.number else 20
    title = _cell(sheet, f"{found.code} {found.title}（{found.unit}）")
    title.font = openpyxl.styles.Font(bold=True, size=14)
    sheet.append([title])
    _append(sheet, [f"截至{found.as_of}；范围：{found.filters}；{found.version}"])
    sheet.append([])
    heads = [_cell(sheet, column.label) for column in found.columns]
    for cell in heads:
        cell.font, cell.fill = openpyxl.styles.Font(bold=True), openpyxl.styles.PatternFill("solid", fgColor="E8EEF4")
        cell.alignment = openpyxl.styles.Alignment(wrap_text=True, vertical="center")
    sheet.append(heads)
    formats = [None if not one.number else "#,##0.00" if one.places else "#,##0" for one in found.columns]
    for count, row in enumerate(found.rows(), 1):
        _append(sheet, row, formats)
        if count % _TOLD == 0:
            done(count)
    below = _FIRST + len(found.lines) + 4
    for number, drawn in enumerate(found.pictures, 1):
        below = _picture(book, sheet, drawn, number, below)
    told: Any = book.create_sheet("说明")
    told.column_dimensions["A"].width, told.column_dimensions["B"].width = 22, 90
    for line in about:
        _append(told, line)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def _append(sheet: Any, row: Sequence[Any], formats: Sequence[str | None] = ()) -> None:
    cells = [_cell(sheet, value) for value in row]
    for cell, form in zip(cells, formats, strict=False):
        if form is not None:
            cell.number_format = form
    sheet.append(cells)


def _cell(sheet: Any, value: Any) -> Any:
    kept: Any = value if isinstance(value, float) else plain(value)
    if not isinstance(kept, str):
        return openpyxl.cell.WriteOnlyCell(sheet, float(kept) if isinstance(kept, Decimal) else kept)
    cell = openpyxl.cell.WriteOnlyCell(sheet, kept)
    # Set as text: the library takes `=…` for a formula by itself.
    cell.data_type = "s"
    if kept[:1] in "=+-@":
        cell.quotePrefix = True
    return cell


def _picture(book: Any, sheet: Any, drawn: Drawn, number: int, below: int) -> int:
    """Put the figures of a picture on a sheet of their own, and a native chart of them under the report."""
    figures = book.create_sheet(f"图{number}数据")
    if drawn.kind == "flow":
        _append(figures, ["从", "到", drawn.unit])
        for link in drawn.links:
            _append(figures, link)
        return below
    _append(figures, ["", *(name for name, _ in drawn.series)])
    for at, category in enumerate(drawn.categories):
        _append(figures, [category, *(values[at] for _, values in drawn.series)])
    if not drawn.series or not drawn.categories:
        return below
    if drawn.kind == "heat":
        _heat(figures, drawn)
        return below
    sheet.add_chart(_chart(figures, drawn), f"A{below}")
    return below + 20


def _heat(figures: Any, drawn: Drawn) -> None:
    """Colour the cells of a depletion by its bands; a sheet has no chart for it."""
    last = f"{openpyxl.utils.get_column_letter(len(drawn.series) + 1)}{len(drawn.categories) + 1}"
    lower = 0
    for upper, colour, _ in BANDS:
        fill = openpyxl.styles.PatternFill("solid", bgColor=colour[1:])
        bounds = [str(lower), str(upper - 0.000001 if upper is not None else 1_000_000)]
        rule = openpyxl.formatting.rule.CellIsRule(operator="between", formula=bounds, fill=fill)
        figures.conditional_formatting.add(f"B2:{last}", rule)
        lower = upper if upper is not None else lower


def _chart(figures: Any, drawn: Drawn) -> Any:
    chart: Any = openpyxl.chart.AreaChart(grouping="stacked") if drawn.kind == "stacked" else openpyxl.chart.BarChart()
    if drawn.kind == "bars_stacked":
        chart.grouping, chart.overlap = "stacked", 100
    rows = len(drawn.categories) + 1
    lines = [at for at, (name, _) in enumerate(drawn.series) if name in drawn.lines]
    for at, (name, _) in enumerate(drawn.series):
        if at not in lines:
            _series(chart, figures, at, rows, colour_of(name, at))
    chart.set_categories(openpyxl.chart.Reference(figures, min_col=1, min_row=2, max_row=rows))
    chart.title, chart.height, chart.width = f"{drawn.title}（{drawn.unit}）", 9, 24
    chart.x_axis.delete = chart.y_axis.delete = False
    for at in lines:
        line: Any = openpyxl.chart.LineChart()
        _series(line, figures, at, rows, colour_of(drawn.series[at][0], at))
        line.y_axis.axId, line.y_axis.crosses, line.y_axis.delete = 200, "max", False
        chart += line
    return chart


def _series(chart: Any, figures: Any, at: int, rows: int, colour: str) -> None:
    chart.add_data(openpyxl.chart.Reference(figures, min_col=at + 2, min_row=1, max_row=rows), titles_from_data=True)
    if isinstance(chart, openpyxl.chart.LineChart):
        chart.series[-1].graphicalProperties.line.solidFill = colour[1:]
    else:
        chart.series[-1].graphicalProperties.solidFill = colour[1:]
