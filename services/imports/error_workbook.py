"""The failed rows of a session as a workbook for correction: its columns, the reasons, and an unforgeable key."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from models.sealing import Sealer
from services.imports.kinds import Importable
from services.imports.row_kinds import Cell, ImportColumn, ImportedRow, ImportKind, Level, Says
from services.imports.template import Choices, dress_columns, head_cell, text_cell

ROW_KEY, REASON = "行标识（请勿修改）", "原因"
_WRONG = PatternFill("solid", fgColor="FBE3E1")
_SMALL = 9
#: Spreadsheets draw each comment; thousands of them make a file slow to open, and so alike that it looks like a bomb.
_MOST_COMMENTS = 500


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


def with_key(kind: ImportKind) -> ImportKind:
    """Return the kind with the key column of its error workbook; a file without keys is recognised by its heads."""

    def read(cell: Cell, says: Says) -> str:
        return cell.text

    return replace(kind, columns=(*kind.columns, ImportColumn(ROW_KEY, read, True), ImportColumn(REASON, read)))


def write_errors(
    sealer: Sealer, kind: Importable, session_id: UUID, rows: Iterable[tuple[ImportedRow, Mapping[str, Cell]]]
) -> bytes:
    """Write the workbook of these rows; reasons are at their cells and, together, in a column of their own.

    The first five hundred wrong cells carry comments, the others only their colour.
    """
    labels = [hint.label for hint in kind.hints]
    book: Any = Workbook(write_only=True)
    sheet = book.create_sheet(kind.label)
    choices = Choices()
    dress_columns(sheet, kind.hints, choices)
    last = len(labels) + 2
    sheet.column_dimensions[get_column_letter(last - 1)].width = 60
    sheet.column_dimensions[get_column_letter(last)].hidden = True
    sheet.freeze_panes = "A2"
    sheet.append([head_cell(sheet, text) for text in (*labels, REASON, ROW_KEY)])
    comments = iter(range(_MOST_COMMENTS))
    for row, cells in rows:
        sheet.append(_line(sealer, sheet, session_id, labels, row, cells, comments))
    choices.write(book)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def _line(
    sealer: Sealer,
    sheet: Any,
    session_id: UUID,
    labels: Sequence[str],
    row: ImportedRow,
    cells: Mapping[str, Cell],
    comments: Iterator[int],
) -> list[Any]:
    wrong = [one for one in row.findings if one.level is Level.ERROR]
    line = []
    for label in labels:
        cell = _value(sheet, cells.get(label, Cell()))
        if said := [one.message for one in wrong if one.column == label]:
            cell.fill = _WRONG
            if next(comments, None) is not None:
                cell.comment = Comment("\n".join(said), "申房")
                cell.comment.width, cell.comment.height = 260, 30 + 22 * len(said)
        line.append(cell)
    reasons = text_cell(sheet, "；".join(f"{one.column}：{one.message}（{one.code}）" for one in wrong))
    reasons.font = Font(size=_SMALL, color="9C2B22")
    return [*line, reasons, text_cell(sheet, key_of_row(sealer, session_id, row.sheet_row))]


def _value(sheet: Any, cell: Cell) -> Any:
    """Return the original cell: a day stays a day, all else is text."""
    if cell.kind == "d" and len(cell.text) == 10:
        day: Any = WriteOnlyCell(sheet, datetime.fromisoformat(cell.text))
        day.number_format = "yyyy-mm-dd"
        return day
    return text_cell(sheet, cell.text)
