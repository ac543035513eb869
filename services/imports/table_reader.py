"""Reads a table of a kind from a workbook or a CSV file and judges every row (decisions 34 and 35)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from models.names import DAMAGED, is_garbled
from models.normal import half_width, without_blanks
from services.files.file_refusals import FileRefused
from services.files.text_tables import csv_rows
from services.files.workbook_tables import cells_of, named_sheets, visible_sheets
from services.files.workbooks import Limits, SheetMarks
from services.imports.heads import Heads, HeadsDiffer, OwnHeads, find_heads, heads_at, spans
from services.imports.layout import layout_of
from services.imports.sheets import (
    EMPTY,
    EXPLANATION,
    Cell,
    Checks,
    FileFinding,
    ImportedRow,
    Level,
    Says,
    Sheet,
    SheetColumn,
    row_numbers,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange

# Codes of further repeated rows: a number of two people, with other contents, a telephone of two people.
DIFFERS, CONFLICT, TWICE = "DUP_ID_DIFF_NAME", "DUP_CONFLICT", "VALUE_TWICE"
#: Titles, heads and blank rows do not count, but must end somewhere.
_SPARE_ROWS = 1_000
_NOTHING_SAID = frozenset({"无", "暂无", "空", "-", "—", "--", "——", "/", "\\", "N/A", "NA", "n/a", "NULL", "null"})


#: The rows of the next sheet read into one table are numbered from the next such step on.
SHEET_STEP = 100_000
#: Of so many other sheets it is looked whether they can be read too.
_MOST_SHEETS = 20
#: Lines below and between the data that are none.
_TOTAL = re.compile(
    r"(?:本页|本表|以上)?(?:合计|总计|小计|共计|累计|总数|总人数|合计人数)"
    r"(?:[:：]?-?[0-9][0-9,.]*)?(?:人|名|条|行|笔|份|户|套|间|元|万元|平方米)?[:：]?"
)
_FOOT = re.compile(
    r"(?:制表|填表|填报|编制|审核|复核|报送|上报|统计|打印|经办|负责)(?:日期|时间|人员?|单位|部门)?[:：].*"
    r"|日期[:：].*|第[0-9]+页.*|共[0-9]+[人行条页笔].*"
)
_BARE_DAY = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,2})?[日月]?")


@dataclass(frozen=True)
class OtherSheet:
    """Another visible sheet with rows; it `fits` when its heads are understood like those of the first."""

    place: int
    name: str
    rows: int
    fits: bool


class SheetsLeft(FileRefused):
    """Raised until the user has chosen which other sheets are read too."""

    def __init__(self, sheets: Sequence[OtherSheet]) -> None:
        named = "、".join(f"“{one.name[:31]}”（{one.rows}行）" for one in sheets[:5])
        more = f"等{len(sheets)}张" if len(sheets) > 5 else ""
        told = f"另有表页{named}{more}没有读取，请并入一张表，或删除、隐藏不需要的表页后上传"
        super().__init__("XLSX-SHEETS", told)
        self.sheets = sheets


@dataclass(frozen=True)
class Reading:
    """Choices of the user about reading a file.

    `chosen` are the row of the heads and the columns as matched by hand; without it they are searched, and `HeadsDiffer`
    is raised when they are not found. `others` are the places of other sheets that are read too; while it is None and
    there are any with rows, `SheetsLeft` is raised. Sheets named in `beside` are read elsewhere.
    """

    chosen: tuple[int, Mapping[str, int]] | None = None
    own: OwnHeads = field(default_factory=OwnHeads)
    others: Collection[int] | None = None
    beside: Collection[str] = ()


@dataclass
class Table:
    """The data rows of a file, notes on the file and findings in it as a whole; `left` are sheets that were left out."""

    rows: list[ImportedRow]
    notes: list[str]
    left: Sequence[OtherSheet] = ()
    findings: Sequence[FileFinding] = ()


@dataclass(frozen=True)
class _Page:
    place: int
    name: str
    lines: list[list[Cell]]
    marks: SheetMarks | None


def read_table(sheet: Sheet, checks: Checks, content: bytes, how: Reading = Reading()) -> Table:
    """The judged rows of a workbook, or of a CSV file in UTF-8 or GB 18030; other files are refused."""
    table = find_rows(sheet, content, how)
    judge_rows(sheet, table.rows, checks)
    checks.rows(table.rows)
    table.findings = [*table.findings, *checks.whole(table.rows)]
    return table


def judge_rows(sheet: Sheet, rows: Sequence[ImportedRow], checks: Checks) -> None:
    """Judge all rows of a table by themselves, and those that repeat another."""
    for row in rows:
        judge_row(sheet, row, checks)
    find_repeated(sheet, rows)


def find_rows(sheet: Sheet, content: bytes, how: Reading = Reading()) -> Table:
    """Return the rows of a file, not yet judged: of its first visible sheet with our heads, and of `how.others`."""
    pages = _pages(content, sheet.most_rows + _SPARE_ROWS, how.beside)
    before: list[_Page] = []
    main, table = _first(sheet, pages, how, before)
    others = [*before, *pages]
    if how.chosen is not None:
        # Other sheets may have their columns in another order.
        row, places = how.chosen
        heads = main.lines[row - 1]
        matched = {heads[place].text.strip(): label for label, place in places.items()}
        how = replace(how, chosen=None, own=OwnHeads(matched, how.own.remembered))
    found = {page.place: _other(sheet, page, how, at < _MOST_SHEETS) for at, page in enumerate(others)}
    named = [one for one, _ in found.values() if one.rows]
    if named and how.others is None:
        raise SheetsLeft(named)
    table.left = [one for one in named if one.place not in (how.others or ())]
    table.notes += [f"表页“{one.name}”有{one.rows}行，没有读取" for one in table.left]
    for number, one in enumerate((one for one in named if one.place in (how.others or ())), 1):
        _add(table, one, found[one.place][1], number * SHEET_STEP)
    if len(table.rows) > sheet.most_rows:
        raise _too_many(sheet)
    return table


def _pages(content: bytes, rows: int, beside: Collection[str]) -> Iterator[_Page]:
    """The sheets that may hold rows, read one by one; a CSV file is one sheet."""
    # An old .xls goes the way of workbooks too: there the message says what to do.
    if not content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        texts = csv_rows(content, rows=rows)
        lines = [[Cell("t", text, typed=False) if text else EMPTY for text in line] for line in texts]
        yield _Page(0, "", lines, None)
        return
    for place, marks in visible_sheets(content, Limits(rows=rows)).items():
        if marks.rows and marks.name not in (EXPLANATION, *beside):
            yield _Page(place, marks.name, _cells(cells_of(content, place), marks), marks)


def _first(sheet: Sheet, pages: Iterator[_Page], how: Reading, before: list[_Page]) -> tuple[_Page, Table]:
    """The first sheet that has our heads and rows below; sheets with anything else go to `before`."""
    differ: HeadsDiffer | None = None
    headed = False
    for page in pages:
        if _are_blank(page.lines):
            continue
        try:
            table = _rows_below(sheet, page.lines, page.marks, how)
        except HeadsDiffer as found:
            differ = differ or found
        else:
            if table.rows:
                return page, table
            headed = True
        before.append(page)
    raise differ if differ is not None and not headed else FileRefused("IMPORT-EMPTY", "表格中没有数据，请填写后上传")


def _other(sheet: Sheet, page: _Page, how: Reading, looked_at: bool) -> tuple[OtherSheet, Table]:
    lines = sum(any(not _is_blank(cell) for cell in line) for line in page.lines)
    if looked_at and lines:
        try:
            table = _rows_below(sheet, page.lines, page.marks, how)
        except FileRefused:
            pass
        else:
            return OtherSheet(page.place, page.name, len(table.rows), fits=True), table
    return OtherSheet(page.place, page.name, lines, fits=False), Table([], [])


def _add(table: Table, one: OtherSheet, more: Table, step: int) -> None:
    for row in more.rows:
        row.sheet_row += step
    table.rows += more.rows
    table.notes.append(f"表页“{one.name}”已一并读取，行号加{step}，第2行显示为{step + 2}")
    table.notes += [f"表页“{one.name}”：{note}" for note in more.notes]


def find_named(content: bytes, sheets: Sequence[Sheet]) -> dict[str, Table]:
    """Return the rows of further sheets of a workbook by their labels; empty sheets too."""
    if not sheets or not content.startswith(b"PK\x03\x04"):
        return {}
    wanted = {sheet.label: sheet for sheet in sheets}
    limits = Limits(rows=max(sheet.most_rows for sheet in sheets) + _SPARE_ROWS)
    found = {}
    for name, (marks, cells) in named_sheets(content, limits, list(wanted)).items():
        lines = _cells(cells, marks)
        try:
            found[name] = Table([], []) if _are_blank(lines) else _rows_below(wanted[name], lines, marks, Reading())
        except FileRefused as refused:
            # The heads of a further sheet are not matched by hand.
            raise FileRefused(refused.code, f"表页“{name}”：{refused.message}") from None
    return found


def _rows_below(sheet: Sheet, lines: Sequence[Sequence[Cell]], marks: SheetMarks | None, how: Reading) -> Table:
    merged = spans(marks.merged) if marks else []
    if how.chosen is None:
        heads = find_heads(lines, sheet.columns, merged, how.own)
    else:
        heads = heads_at(lines, sheet.columns, *how.chosen)
    known = {place + 1 for place in heads.places.values()}
    below = [
        span
        for span in merged
        # Cells merged in columns that are not read hide nothing of the rows.
        if span.max_row > heads.last_row and known & set(range(span.min_col, span.max_col + 1))
    ]
    if below and not sheet.merged_rows:
        raise FileRefused("XLSX-MERGED", f"数据区有合并的单元格（{below[0].coord}），请取消合并后上传")
    rows: list[ImportedRow] = []
    skipped: list[int] = []
    places = heads.places.items()
    wanted = [one.label for one in sheet.columns if (one.required or one.wanted) and one.label in heads.places]
    for number, line in enumerate(lines[heads.last_row :], heads.last_row + 1):
        width = len(line)
        cells = {label: line[place] if place < width else EMPTY for label, place in places}
        if all(cell is EMPTY or _is_blank(cell) for cell in cells.values()):
            continue
        if _is_no_data(line, cells, wanted):
            skipped.append(number)
            continue
        if len(rows) == sheet.most_rows:
            raise _too_many(sheet)
        row = ImportedRow(number, _with_merged(sheet, lines, cells, heads.places, number, below))
        if marks is not None and number in marks.struck_rows:
            row.beside["struck"] = True
        rows.append(row)
    table = Table(rows, _notes(heads, marks, rows, skipped))
    if sheet.layout:
        table.findings = list(layout_of(lines, heads.last_row, marks, below, table.rows, skipped))
        title = " ".join(
            cell.text.strip() for line in lines[: heads.last_row - 1] for cell in line if cell.text.strip()
        )
        for row in rows:
            row.beside["title"] = title
    return table


def _with_merged(
    sheet: Sheet,
    lines: Sequence[Sequence[Cell]],
    cells: dict[str, Cell],
    places: Mapping[str, int],
    number: int,
    merged: Sequence[CellRange],
) -> dict[str, Cell]:
    """Mark the cells of a row that are part of merged ones: whose value they hold cannot be known, but of spanned columns."""
    spanned = {
        places[column.label] + 1: column.label for column in sheet.columns if column.spanned and column.label in places
    }
    for span in merged:
        if span.min_row <= number <= span.max_row:
            if span.min_col == span.max_col and span.min_col in spanned:
                cells[spanned[span.min_col]] = lines[span.min_row - 1][span.min_col - 1]
                continue
            inside = [label for label, place in places.items() if span.min_col <= place + 1 <= span.max_col]
            cells |= {label: replace(cells[label], kind="m") for label in inside}
    return cells


def _too_many(sheet: Sheet) -> FileRefused:
    return FileRefused("IMPORT-ROWS", f"数据超过{sheet.most_rows}行，请拆分后上传")


def _is_no_data(line: Sequence[Cell], cells: Mapping[str, Cell], wanted: Sequence[str]) -> bool:
    """Return whether a line is a total, a date or a signature: it says so first, and lacks what a row must have."""
    filled = [cell for cell in line if not _is_blank(cell)]
    first = without_blanks(half_width(filled[0].text))
    needed = wanted or list(cells)
    missing = sum(_is_blank(cells[label]) for label in needed)
    if _TOTAL.fullmatch(first):
        return missing > 0
    if _BARE_DAY.fullmatch(first):
        return len(filled) == 1 and len(needed) > 1
    return _FOOT.fullmatch(first) is not None and missing * 2 >= len(needed)


def judge_row(sheet: Sheet, row: ImportedRow, checks: Checks) -> ImportedRow:
    """Judge a row by its own cells anew, without other rows and outside systems."""
    row.values, row.findings = {}, []
    for column in sheet.columns:
        row.values[column.label] = _value(column, row.cells.get(column.label, EMPTY), Says(row, column.label))
    if row.beside.get("struck"):
        first = next((label for label, cell in row.cells.items() if not _is_blank(cell)), sheet.columns[0].label)
        row.find(first, Level.WARNING, "STRUCK", "这一行有删除线，已照常读取；作废的行请不要提交")
    for place, code, message in row.beside.get("wrong", ()):
        row.find(place, Level.ERROR, code, message)
    checks.row(row)
    return row


def _cells(cells: list[list[list[str]]], marks: SheetMarks) -> list[list[Cell]]:
    lines: list[list[Cell]] = []
    # Taken from the front, so that a large table does not stand in memory twice.
    cells.reverse()
    while cells:
        number = len(lines) + 1
        lines.append([_cell(value, marks, number, place) for place, value in enumerate(cells.pop(), 1)])
    return lines


def _cell(value: Sequence[str], marks: SheetMarks, row: int, column: int) -> Cell:
    kind, text = value
    formula = marks.formulas.get((row, column))
    if (row, column) in marks.errors:
        kind, text = "x", ""
    elif kind == "e" and formula is None:
        return EMPTY
    return Cell(kind, text, formula, from_1904=marks.from_1904)


def _are_blank(lines: Sequence[Sequence[Cell]]) -> bool:
    return all(_is_blank(cell) for line in lines for cell in line)


def _is_blank(cell: Cell) -> bool:
    return cell.kind != "x" and cell.formula is None and not without_blanks(cell.text)


def _value(column: SheetColumn, cell: Cell, says: Says) -> str:
    """The cell's value by the column's reader, after what is wrong with a cell of any column."""
    if cell.kind == "x":
        says.error("CELL_ERROR", "单元格是错误值，请改为正确的内容")
    elif cell.kind == "m":
        says.error("MERGED_CELL", "数据区的单元格是合并的，请取消合并后逐行填写")
    elif cell.formula is False:
        says.error("FORMULA_NO_VALUE", "单元格是没有结果的公式，请改为数值")
    elif cell.kind == "b":
        says.error("CELL_ERROR", "单元格是逻辑值，请改为文字")
    elif cell.kind == "l":
        says.error("NUMERIC_PRECISION", "数字超过15位，原号码已丢失，请把单元格设为文本后重新填写")
    elif not (plain := without_blanks(cell.text)) or (plain in _NOTHING_SAID and not column.literal):
        if column.required:
            says.error("REQUIRED_MISSING", f"请填写{column.label}")
    elif is_garbled(cell.text):
        says.error("TEXT_DAMAGED", DAMAGED)
    else:
        if cell.formula:
            says.warn("FORMULA_VALUE", "单元格是公式，已按显示的结果读取")
        return column.read(cell, says)
    return ""


def _notes(heads: Heads, marks: SheetMarks | None, rows: Sequence[ImportedRow], skipped: Sequence[int]) -> list[str]:
    notes = [f"“{head[:20]}”按本企业以前的对应读作“{label}”" for head, label in heads.remembered]
    if skipped:
        notes.append(f"第{row_numbers(skipped)}行是合计、日期、签字等行，不是数据，没有读取")
    for place, head in heads.foreign:
        hidden = marks is not None and place + 1 in marks.hidden_columns
        notes.append(f"{'隐藏的列' if hidden else '列'}“{head[:20]}”不在模板中，未读取")
    if marks is None:
        return notes
    for label, place in heads.places.items():
        if place + 1 in marks.hidden_columns:
            notes.append(f"“{label}”所在的列是隐藏的，已读取")
    if out_of_sight := [row.sheet_row for row in rows if row.sheet_row in marks.hidden_rows]:
        notes.append(f"第{row_numbers(out_of_sight)}行是隐藏的，已读取")
    if struck := [row.sheet_row for row in rows if row.beside.get("struck")]:
        notes.append(f"第{row_numbers(struck)}行有删除线，已读取")
    return notes


# Repeated rows


def find_repeated(sheet: Sheet, rows: Sequence[ImportedRow]) -> None:
    """Tell every row of a whole table that repeats another."""
    groups: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in rows:
        if sheet.key and (key := sheet.key_of(row.values)):
            groups[key].append(row)
    for group in groups.values():
        find_same_key(sheet, group)
    seen: dict[str, int] = {}
    for row in rows:
        if sheet.warn_twice and (value := row.values[sheet.warn_twice]):
            # A row that repeats another as a whole is reported once.
            if not row.failed(sheet.key):
                find_value_twice(sheet, row, seen.get(value))
            seen.setdefault(value, row.sheet_row)


def find_same_key(sheet: Sheet, group: Sequence[ImportedRow], settled: Collection[int] = ()) -> None:
    """Tell the rows of one key value: the first counts, or one whose `settled` number says that it is taken already."""
    first = next((row for row in group if row.sheet_row in settled), group[0])
    contents = [sheet.content_of(row.values) for row in group]
    differ = any(content != contents[0] for content in contents)
    for row in group:
        if row.sheet_row in settled or (row is first and not differ):
            continue
        says = Says(row, sheet.key)
        where = "、".join(str(other.sheet_row) for other in group if other is not row)
        if not differ:
            says.error(sheet.repeated, f"与第{first.sheet_row}行的{sheet.key}重复，请删除一行")
        elif sheet.same_within_key:
            says.error(DIFFERS, f"与第{where}行的{sheet.key}相同而{sheet.same_within_key}不同，请核对")
        else:
            says.error(CONFLICT, f"与第{where}行的{sheet.key}相同而其他内容不同，请核对后保留一行")


def find_value_twice(sheet: Sheet, row: ImportedRow, other: int | None) -> None:
    """Tell that another row, if there is one, has the same in the column where that is odd but possible."""
    if other is not None:
        Says(row, sheet.warn_twice).warn(TWICE, f"与第{other}行的{sheet.warn_twice}相同，请核对")


def forget_repeated(sheet: Sheet, row: ImportedRow) -> None:
    """Remove findings about a row's repeated key, to find them again."""
    row.findings[:] = [one for one in row.findings if one.code not in (sheet.repeated, DIFFERS, CONFLICT)]
