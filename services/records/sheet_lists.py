"""Lists of records from the further sheets of a workbook: the lines of each row by its place in the first sheet."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from services.files.file_refusals import FileRefused
from services.imports.sheets import EMPTY, Checks, ImportedRow, Level, Sheet
from services.imports.table_reader import Table, find_named, judge_row
from services.records.sheet_columns import KEY, PLACE, RecordSheets, line_of

_WHOSE = re.compile(r"导出人 .*申请号 DC[0-9]{19}")
Lists = Mapping[str, Sequence[dict[str, Any]]]


def lists_of(row: ImportedRow) -> Lists:
    """The lines a row brings of each list, by field as text; their references as ids once these were found."""
    found: Lists = row.beside.get("found") or row.beside.get("lists", {})
    return found


def bring_lists(sheets: RecordSheets, content: bytes, table: Table) -> Table:
    """The rows of records with the lines of their lists and what is wrong with these."""
    table.rows = [row for row in table.rows if not _tells_whose(row)]
    found = find_named(content, list(sheets.lists.values()))
    rows = {place: row for row in table.rows if (place := _place(row))}
    for name, sheet in sheets.lists.items():
        if sheet.label in found:
            _bring_list(name, sheet, found[sheet.label].rows, rows)
    places = [place for row in table.rows if (place := _place(row))]
    if len(rows) < len(places) and any(row.beside for row in rows.values()):
        twice = next(place for place in places if places.count(place) > 1)
        raise FileRefused("IMPORT-PLACE", f"序号“{twice[:20]}”出现了两次，附表的行不知属于哪一条记录，请改正后上传")
    return table


def _tells_whose(row: ImportedRow) -> bool:
    """The last line of an export says who made it; it is no record."""
    filled = [head for head, cell in row.cells.items() if cell.text.strip()]
    return filled == [KEY] and _WHOSE.match(row.cells[KEY].text.strip()) is not None


def _place(row: ImportedRow) -> str:
    return row.cells.get(PLACE, EMPTY).text.strip()


def _bring_list(name: str, sheet: Sheet, lines: Sequence[ImportedRow], rows: Mapping[str, ImportedRow]) -> None:
    """Give lines to their rows. A record the sheet says nothing of keeps its list: an update of one would empty the others."""
    for line in lines:
        place = _place(line)
        if not place:
            raise FileRefused("IMPORT-PLACE", f"表页“{sheet.label}”第{line.sheet_row}行没有填写序号，请改正后上传")
        if place not in rows:
            told = f"表页“{sheet.label}”中的序号“{place[:20]}”在首页中没有，请改正后上传"
            raise FileRefused("IMPORT-PLACE", told)
        judge_row(sheet, line, Checks())
        beside = rows[place].beside
        beside.setdefault("lists", {}).setdefault(name, []).append(line_of(sheet.columns, line.values))
        beside.setdefault("wrong", []).extend(
            [f"{sheet.label}第{line.sheet_row}行{one.column}", one.code, one.message]
            for one in line.findings
            if one.level is Level.ERROR
        )
