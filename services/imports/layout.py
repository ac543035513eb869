"""Findings about the rows of a table as a whole: its title, merged and hidden rows, totals, notes, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from services.files.workbooks import SheetMarks
from services.imports.sheets import Cell, FileFinding, ImportedRow

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange


def layout_of(
    lines: Sequence[Sequence[Cell]],
    heads_row: int,
    marks: SheetMarks | None,
    merged: Sequence[CellRange],
    rows: Sequence[ImportedRow],
    skipped: Sequence[int],
) -> Iterator[FileFinding]:
    """Yield what a reader of the table should know before its rows."""
    for number, line in enumerate(lines[: heads_row - 1], 1):
        if any(cell.text.strip() for cell in line):
            yield FileFinding("TITLE_ROW", f"row {number}", "标题行，不是数据")
    for span in merged:
        yield FileFinding("MERGED_DATA", span.coord, "数据区有合并的单元格")
    hidden = marks.hidden_rows if marks is not None else ()
    for row in rows:
        if row.sheet_row in hidden:
            yield FileFinding("HIDDEN_ROW", f"row {row.sheet_row}", "隐藏的行，已照常读取")
    read = {row.sheet_row for row in rows}
    for number, line in enumerate(lines[heads_row:], heads_row + 1):
        filled = [cell for cell in line if cell.text.strip() or cell.formula is not None]
        if filled and number not in read:
            total = number in skipped and len(filled) > 1
            code, told = ("TOTAL_ROW", "合计行") if total else ("NOTE_ROW", "附注行")
            yield FileFinding(code, f"row {number}", f"{told}，不是数据，没有读取")
    if rows:
        where = f"rows {rows[0].sheet_row}-{rows[-1].sheet_row}"
        yield FileFinding("ROW_COUNT", where, f"数据共{len(rows)}行")
