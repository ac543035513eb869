"""Sheets of a kind's records and of their lists, made of its fields: heads, hints, readers of cells (rows 51-62)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from models.normal import half_width
from services.engine.field_types.field import Field, Unreadable
from services.engine.field_types.refs import Ref
from services.engine.kinds import Child, Kind
from services.engine.shapes import fields_of
from services.files.file_refusals import FileRefused
from services.imports.sheets import (
    EMPTY,
    Cell,
    Checks,
    ImportedRow,
    Level,
    Reader,
    Says,
    Sheet,
    SheetColumn,
    as_it_stands,
    day_in,
)
from services.imports.table_reader import Table, find_named, judge_row

#: Heads of every workbook of records beside the fields.
KEY, PLACE = "业务编号", "序号"
_NUMBERED = re.compile(r"[（(]([A-Z0-9-]{6,32})[）)]$")
MOST_RECORDS = 5_000
_WHOSE = re.compile(r"导出人 .*申请号 DC[0-9]{19}")
Lists = Mapping[str, Sequence[dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class FieldColumn(SheetColumn):
    """The column of a field; two fields never share a head. A draft may lack what is wanted."""

    field: Field


def columns_of(fields: Sequence[Field], cells: Mapping[str, Reader] | None = None) -> tuple[FieldColumn, ...]:
    """The columns of these fields, in their order; `cells` are readers of their own by field."""
    taken = {KEY, PLACE}
    columns = []
    for field in fields:
        head = f"{field.head}（{field.name}）" if field.head in taken else field.head
        taken.add(head)
        columns.append(
            FieldColumn(
                label=head,
                read=(cells or {}).get(field.name) or _reader(field),
                hint="；".join(part for part in (field.help, field.hint()) if part),
                name=field.name,
                aliases=(field.label,) if field.label != head else (),
                wanted=field.required,
                literal=field.free,
                shape=field.cell,
                choices=tuple(field.options().values()),
                width=field.sheet_width,
                mask=field.mask if field.personal else "",
                field=field,
            )
        )
    return tuple(columns)


def child_columns(child: Child) -> tuple[FieldColumn, ...]:
    return columns_of(fields_of(child.table), child.cells)


def child_sheet(child: Child) -> Sheet:
    """The sheet of a list by itself."""
    columns = child_columns(child)
    key = next((one.label for one in columns if child.key == (one.name,)), "")
    return Sheet(child.label[:31], columns, child.most, key, merged_rows=True)


class RecordSheets:
    """The sheets of a kind: its records, and with their place in it the lines of their lists."""

    def __init__(self, kind: Kind) -> None:
        self.kind, self.columns = kind, columns_of(kind.fields)
        #: The head under which a row is known by name; the first where the system makes the name.
        self.title = next((one.label for one in self.columns if one.name == kind.look.title), self.columns[0].label)
        place = SheetColumn(PLACE, as_it_stands, "本表内的序号；附表的行以序号对应记录，没有附表的可不填", width=8)
        key = SheetColumn(
            KEY,
            lambda cell, says: cell.text.strip().upper(),
            "由系统导出；有编号的行更新该记录，没有变化的不更新，新增记录请留空",
            hidden=True,
            width=26,
        )
        self.main = Sheet(kind.label, (replace(place, literal=True), key, *self.columns), MOST_RECORDS, KEY)
        of = replace(place, hint="所属记录在首页中的序号", required=True)
        self.lists = {
            child.name: Sheet(child.label[:31], (of, *child_columns(child)), child.most) for child in kind.children
        }


def line_of(columns: Sequence[SheetColumn], values: Mapping[str, str]) -> dict[str, Any]:
    """A judged line by field, in raw."""
    return {
        one.name: one.field.from_text(text)
        for one in columns
        if isinstance(one, FieldColumn) and (text := values.get(one.label))
    }


def _reader(field: Field) -> Reader:
    def read(cell: Cell, says: Says) -> str:
        text = day_in(cell, says) if field.cell == "day" else cell.text
        if not text or isinstance(field, Ref) or field.only_shows(text):
            # References are looked up for many rows at once; a calculated value is compared with the stored one.
            return text.strip()
        try:
            value = field.read(text)
        except Unreadable as problem:
            says.error("FMT", problem.sentence)
            return ""
        return "" if value is None else field.as_text(field.raw(value))

    return read


def number_in(text: str) -> str:
    """The business number a reference is written with, or the text itself where it looks like one; else nothing."""
    if found := _NUMBERED.search(text.strip()):
        return found[1]
    plain = half_width(text).strip().upper()
    return plain if re.fullmatch(r"[A-Z0-9-]{6,32}", plain) else ""


# Lists


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
            table.notes += [f"表页“{sheet.label}”：{note}" for note in found[sheet.label].notes]
            _bring_list(name, sheet, found[sheet.label].rows, rows)
    places = [place for row in table.rows if (place := _place(row))]
    if len(rows) < len(places) and any(row.beside.get("lists") for row in rows.values()):
        twice = next(place for place in places if places.count(place) > 1)
        raise FileRefused("IMPORT-PLACE", f"序号“{twice[:20]}”出现了两次，附表的行不知属于哪一条记录，请改正后上传")
    return table


def _tells_whose(row: ImportedRow) -> bool:
    """Return whether a line is the last of an export, which names its maker and is no record."""
    filled = [head for head, cell in row.cells.items() if cell.text.strip()]
    return filled == [KEY] and _WHOSE.match(row.cells[KEY].text.strip()) is not None


def _place(row: ImportedRow) -> str:
    return row.cells.get(PLACE, EMPTY).text.strip()


def _bring_list(name: str, sheet: Sheet, lines: Sequence[ImportedRow], rows: Mapping[str, ImportedRow]) -> None:
    """Give lines to their rows. A record without a line in the sheet keeps its list."""
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
