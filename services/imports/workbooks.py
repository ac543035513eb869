"""Workbooks of sheets: templates with drop-downs, hints and an explanation of each column, and failed rows to correct."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from io import BytesIO
from itertools import zip_longest
from typing import Any
from uuid import UUID

from models.sealing import Sealer
from services.engine.findings import rule_name
from services.engine.late import openpyxl
from services.engine.sheets import Cell as Value
from services.engine.sheets import plain, printable
from services.imports.sheets import EMPTY, EXPLANATION, Cell, ImportedRow, Level, Sheet, SheetColumn, as_it_stands

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD_FILL, _WRONG_FILL = "E8EEF4", "FBE3E1"
_RED = "9C2B22"
_ROWS = 20_001
#: Spreadsheets take no longer list in a rule.
_LONGEST_RULE = 250
_CHOICES = "可选内容"
_ADVICE = (
    "",
    "请不要合并单元格，不要修改第1行的栏目名；栏目的先后可以调整，多出的栏目不读取，缺少的栏目保持原值。",
    "编号、证件号码、手机号和代码请用文本格式，数值格式会丢失末位或开头的0；日期请填写为2026-03-01。",
)
ROW_KEY, REASON = "行标识（请勿修改）", "原因"
#: Spreadsheets draw each comment; thousands of them make a file slow to open, and so alike that it looks like a bomb.
_MOST_COMMENTS = 500


@dataclass(frozen=True)
class Page:
    """A sheet to write; `lines` makes the cells below its heads."""

    sheet: Sheet
    lines: Callable[[Any], Iterable[Sequence[Any]]] = lambda page: ()


def write_book(pages: Sequence[Page], advice: Sequence[str] = ()) -> bytes:
    """A workbook of these sheets, with one that explains every column."""
    book: Any = openpyxl.Workbook(write_only=True)
    choices = _Choices()
    for one in pages:
        page = book.create_sheet(one.sheet.label[:31])
        _dress(page, one.sheet.columns, choices)
        page.append([_head(page, column.label, _is_red(column)) for column in one.sheet.columns])
        for line in one.lines(page):
            page.append(line)
    _explain(book.create_sheet(EXPLANATION), [one.sheet for one in pages], advice)
    choices.write(book)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


class _Choices:
    """Lists of choices too long for a cell's rule: a hidden sheet, a column for each list."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, ...], str] = {}
        self._heads: list[str] = []

    def formula(self, column: SheetColumn) -> str:
        """Return the formula of a drop-down: the choices, or their place in the hidden sheet."""
        inline = ",".join(column.choices)
        if len(inline) <= _LONGEST_RULE and not any("," in one or '"' in one for one in column.choices):
            return f'"{inline}"'
        choices = tuple(column.choices)
        if choices not in self._lists:
            letter = openpyxl.utils.get_column_letter(len(self._lists) + 1)
            self._lists[choices] = f"'{_CHOICES}'!${letter}$2:${letter}${len(choices) + 1}"
            self._heads.append(column.label)
        return self._lists[choices]

    def write(self, book: Any) -> None:
        """The hidden sheet, where anything needs it; the last of its book."""
        if not self._lists:
            return
        page = book.create_sheet(_CHOICES)
        page.sheet_state = "hidden"
        for line in (self._heads, *zip_longest(*self._lists)):
            page.append([one and text_cell(page, one) for one in line])


def _is_red(column: SheetColumn) -> bool:
    return column.required or column.wanted


def _dress(page: Any, columns: Sequence[SheetColumn], choices: _Choices) -> None:
    """Widths, formats of the empty cells, drop-downs and what is said when a cell is entered."""
    page.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        letter = openpyxl.utils.get_column_letter(place)
        whole = page.column_dimensions[letter]
        whole.width, whole.hidden = column.width, column.hidden
        whole.number_format = "yyyy-mm-dd" if column.shape == "day" else "@"
        rule = _rule(column, choices)
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.label[:32], column.hint[:255], True
        rule.add(f"{letter}2:{letter}{_ROWS}")
        page.data_validations.append(rule)


@cache
def _filled(colour: str) -> Any:
    return openpyxl.styles.PatternFill("solid", fgColor=colour)


def _rule(column: SheetColumn, choices: _Choices) -> Any:
    if column.choices:
        rule = openpyxl.worksheet.datavalidation.DataValidation(
            "list", choices.formula(column), error="请从下拉列表选择", allow_blank=True
        )
    elif column.shape == "day":
        # A warning only: a day written as text is read too.
        rule = openpyxl.worksheet.datavalidation.DataValidation(
            "date", "18264", operator="greaterThan", errorStyle="warning", allow_blank=True
        )
        rule.error = "请按2026-03-01的形式填写日期"
    else:
        return openpyxl.worksheet.datavalidation.DataValidation(allow_blank=True)
    rule.errorTitle, rule.showErrorMessage = column.label, True
    return rule


def _head(page: Any, text: str, red: bool = False) -> Any:
    """A head; what must be filled in is red."""
    head = text_cell(page, text)
    head.font = openpyxl.styles.Font(bold=True, color=_RED if red else "1F2933")
    head.fill, head.alignment = _filled(_HEAD_FILL), openpyxl.styles.Alignment(vertical="center")
    return head


def text_cell(page: Any, text: str) -> Any:
    """Text that no spreadsheet takes for a formula or a number."""
    cell = openpyxl.cell.WriteOnlyCell(page, printable(text)[:32_767])
    cell.data_type, cell.number_format = "s", "@"
    return cell


def value_cell(page: Any, value: Value) -> Any:
    """Write a value as a cell that reads back unchanged: a number only where a spreadsheet keeps all its digits."""
    kept: Any = plain(value)
    if kept is None:
        return None
    if isinstance(kept, str | datetime):
        return text_cell(page, str(kept))
    cell = openpyxl.cell.WriteOnlyCell(page, kept)
    if isinstance(kept, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _explain(page: Any, sheets: Sequence[Sheet], advice: Sequence[str]) -> None:
    for place, width in enumerate((16, 24, 8, 60, 60), 1):
        page.column_dimensions[openpyxl.utils.get_column_letter(place)].width = width
    page.append([_head(page, text) for text in ("表页", "栏目", "必填", "填写要求", _CHOICES)])
    for sheet in sheets:
        for one in sheet.columns:
            told = (sheet.label[:31], one.label, "是" if _is_red(one) else "否", one.hint, "、".join(one.choices))
            page.append([text_cell(page, text) for text in told])
    for line in (*_ADVICE, *advice):
        page.append([text_cell(page, line)])


# The rows that failed


def key_of_row(sealer: Sealer, session_id: UUID, sheet_row: int) -> str:
    """Return what a row is known by when it comes back: its number under our MAC, bound to its session."""
    return f"{sheet_row}.{sealer.mac(_message(session_id, sheet_row))}"


def row_of_key(sealer: Sealer, session_id: UUID, key: str) -> int | None:
    """The row's number, or None for a key that is not of this session."""
    number, _, mac = key.strip().partition(".")
    if not number.isascii() or not number.isdigit() or len(number) > 7:
        return None
    return int(number) if sealer.check_mac(_message(session_id, int(number)), mac) else None


def _message(session_id: UUID, sheet_row: int) -> bytes:
    return f"import-row|{session_id}|{sheet_row}".encode()


def with_key(sheet: Sheet) -> Sheet:
    """Return the sheet of an error workbook, with reasons and the keys by which its rows are known."""
    own = (replace(column, hidden=False) for column in sheet.columns)
    reason = SheetColumn(REASON, as_it_stands, "这一行未通过核验的原因", width=60)
    key = SheetColumn(ROW_KEY, as_it_stands, "请保留原样", required=True, hidden=True)
    return replace(sheet, columns=(*own, reason, key))


def write_errors(sealer: Sealer, sheet: Sheet, session_id: UUID, rows: Sequence[ImportedRow]) -> bytes:
    """Write the workbook of these rows; reasons are at their cells and, together, in a column of their own.

    The first five hundred wrong cells carry comments, the others only their colour.
    """
    comments = iter(range(_MOST_COMMENTS))

    def lines(page: Any) -> Iterator[list[Any]]:
        for row in rows:
            key = text_cell(page, key_of_row(sealer, session_id, row.sheet_row))
            yield [*_cells(page, sheet, row, comments), key]

    return write_book([Page(with_key(sheet), lines)])


def _cells(page: Any, sheet: Sheet, row: ImportedRow, comments: Iterator[int]) -> Iterator[Any]:
    wrong = [one for one in row.findings if one.level is Level.ERROR]
    for column in sheet.columns:
        cell = _as_found(page, row.cells.get(column.label, EMPTY))
        if said := [one.message for one in wrong if one.column == column.label]:
            cell.fill = _filled(_WRONG_FILL)
            if next(comments, None) is not None:
                cell.comment = openpyxl.comments.Comment("\n".join(said), "申房", height=30 + 22 * len(said), width=260)
        yield cell
    reasons = text_cell(page, "；".join(f"{one.column}：{one.message}（{rule_name(one.code)}）" for one in wrong))
    reasons.font = openpyxl.styles.Font(size=9, color=_RED)
    yield reasons


def _as_found(page: Any, cell: Cell) -> Any:
    """Return the original cell: a day stays a day, all else is text."""
    if cell.kind == "d" and len(cell.text) == 10:
        return value_cell(page, date.fromisoformat(cell.text))
    return text_cell(page, cell.text)
