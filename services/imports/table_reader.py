"""Reads a table of a kind from a workbook or a CSV file and judges every row (decisions 34 and 35)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from models.normal import without_blanks
from services.files.file_refusals import FileRefused
from services.files.text_tables import csv_rows
from services.files.workbook_tables import first_sheet, named_sheets
from services.files.workbooks import Limits, SheetMarks
from services.imports.heads import Heads, find_heads, heads_at, spans
from services.imports.sheets import EMPTY, Cell, Checks, ImportedRow, Level, Says, Sheet, SheetColumn

# Codes of repeated rows: a number in two rows, of two people, a telephone of two people.
REPEATED, DIFFERS, TWICE = "DUP_IN_FILE", "DUP_ID_DIFF_NAME", "VALUE_TWICE"
#: Titles, heads and blank rows do not count, but must end somewhere.
_SPARE_ROWS = 1_000
_NOTHING_SAID = frozenset({"无", "暂无", "空", "-", "—", "--", "——", "/", "\\", "N/A", "NA", "n/a", "NULL", "null"})


@dataclass
class Table:
    """The data rows of a file, and notes on the file as a whole."""

    rows: list[ImportedRow]
    notes: list[str]


def read_table(sheet: Sheet, checks: Checks, content: bytes) -> Table:
    """The judged rows of the first visible sheet, or of a CSV file in UTF-8 or GB 18030; other files are refused."""
    table = find_rows(sheet, content)
    judge_rows(sheet, table.rows, checks)
    checks.rows(table.rows)
    return table


def judge_rows(sheet: Sheet, rows: Sequence[ImportedRow], checks: Checks) -> None:
    """Judge all rows of a table by themselves, and those that repeat another."""
    for row in rows:
        judge_row(sheet, row, checks)
    find_repeated(sheet, rows)


def find_rows(sheet: Sheet, content: bytes, chosen: tuple[int, Mapping[str, int]] | None = None) -> Table:
    """Return the rows of a file, not yet judged. `chosen` are the row of the heads and the columns as matched by the
    user; without it they are searched, and `HeadsDiffer` is raised when they are not found.
    """
    lines, marks = _lines(content, sheet.most_rows + _SPARE_ROWS)
    if _are_blank(lines):
        raise _empty()
    found = _rows_below(sheet, lines, marks, chosen)
    if not found.rows:
        raise _empty()
    return found


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
            found[name] = Table([], []) if _are_blank(lines) else _rows_below(wanted[name], lines, marks, None)
        except FileRefused as refused:
            # The heads of a further sheet are not matched by hand.
            raise FileRefused(refused.code, f"表页“{name}”：{refused.message}") from None
    return found


def _rows_below(
    sheet: Sheet,
    lines: Sequence[Sequence[Cell]],
    marks: SheetMarks | None,
    chosen: tuple[int, Mapping[str, int]] | None,
) -> Table:
    merged = spans(marks.merged) if marks else []
    heads = find_heads(lines, sheet.columns, merged) if chosen is None else heads_at(lines, sheet.columns, *chosen)
    if data := next((span for span in merged if span.max_row > heads.last_row), None):
        raise FileRefused("XLSX-MERGED", f"数据区有合并的单元格（{data.coord}），请取消合并后上传")
    rows: list[ImportedRow] = []
    places = heads.places.items()
    for number, line in enumerate(lines[heads.last_row :], heads.last_row + 1):
        width = len(line)
        cells = {label: line[place] if place < width else EMPTY for label, place in places}
        if all(cell is EMPTY or _is_blank(cell) for cell in cells.values()):
            continue
        if len(rows) == sheet.most_rows:
            raise FileRefused("IMPORT-ROWS", f"数据超过{sheet.most_rows}行，请拆分后上传")
        rows.append(ImportedRow(number, cells))
    return Table(rows, _notes(heads, marks, rows))


def judge_row(sheet: Sheet, row: ImportedRow, checks: Checks) -> ImportedRow:
    """Judge a row by its own cells anew, without other rows and outside systems."""
    row.values, row.findings = {}, []
    for column in sheet.columns:
        row.values[column.label] = _value(column, row.cells.get(column.label, EMPTY), Says(row, column.label))
    for place, code, message in row.beside.get("wrong", ()):
        row.find(place, Level.ERROR, code, message)
    checks.row(row)
    return row


def _empty() -> FileRefused:
    return FileRefused("IMPORT-EMPTY", "表格中没有数据，请填写后上传")


def _lines(content: bytes, rows: int) -> tuple[list[list[Cell]], SheetMarks | None]:
    # An old .xls goes the way of workbooks too: there the message says what to do.
    if not content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        texts = csv_rows(content, rows=rows)
        return [[Cell("t", text, typed=False) if text else EMPTY for text in line] for line in texts], None
    marks, cells = first_sheet(content, Limits(rows=rows))
    return _cells(cells, marks), marks


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
    elif cell.formula is False:
        says.error("FORMULA_NO_VALUE", "单元格是没有结果的公式，请改为数值")
    elif cell.kind == "b":
        says.error("CELL_ERROR", "单元格是逻辑值，请改为文字")
    elif cell.kind == "l":
        says.error("NUMERIC_PRECISION", "数字超过15位，原号码已丢失，请把单元格设为文本后重新填写")
    elif not (plain := without_blanks(cell.text)) or (plain in _NOTHING_SAID and not column.literal):
        if column.required:
            says.error("REQUIRED_MISSING", f"请填写{column.label}")
    else:
        if cell.formula:
            says.warn("FORMULA_VALUE", "单元格是公式，已按显示的结果读取")
        return column.read(cell, says)
    return ""


def _notes(heads: Heads, marks: SheetMarks | None, rows: Sequence[ImportedRow]) -> list[str]:
    notes = []
    for place, head in heads.foreign:
        hidden = marks is not None and place + 1 in marks.hidden_columns
        notes.append(f"{'隐藏的列' if hidden else '列'}“{head[:20]}”不在模板中，未读取")
    if marks is None:
        return notes
    for label, place in heads.places.items():
        if place + 1 in marks.hidden_columns:
            notes.append(f"“{label}”所在的列是隐藏的，已读取")
    if hidden_rows := sum(row.sheet_row in marks.hidden_rows for row in rows):
        notes.append(f"有{hidden_rows}行是隐藏的，已读取")
    return notes


# Repeated rows


def find_repeated(sheet: Sheet, rows: Sequence[ImportedRow]) -> None:
    """Tell every row of a whole table that repeats another."""
    groups: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in rows:
        if sheet.key and row.values[sheet.key]:
            groups[row.values[sheet.key]].append(row)
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
    differ = bool(sheet.same_within_key) and len({row.values[sheet.same_within_key] for row in group}) > 1
    for row in group:
        if row.sheet_row in settled or (row is first and not differ):
            continue
        says = Says(row, sheet.key)
        if differ:
            where = "、".join(str(other.sheet_row) for other in group if other is not row)
            says.error(DIFFERS, f"与第{where}行的{sheet.key}相同而{sheet.same_within_key}不同，请核对")
        else:
            says.error(REPEATED, f"与第{first.sheet_row}行的{sheet.key}重复，请删除一行")


def find_value_twice(sheet: Sheet, row: ImportedRow, other: int | None) -> None:
    """Tell that another row, if there is one, has the same in the column where that is odd but possible."""
    if other is not None:
        Says(row, sheet.warn_twice).warn(TWICE, f"与第{other}行的{sheet.warn_twice}相同，请核对")


def forget_repeated(row: ImportedRow) -> None:
    """Remove findings about a row's repeated key, to find them again."""
    row.findings[:] = [one for one in row.findings if one.code not in (REPEATED, DIFFERS)]
