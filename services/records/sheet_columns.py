"""Columns of a kind's workbooks, out of its fields: heads, hints, and how a cell is read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.normal import half_width
from services.engine.field_types.field import Field, Unreadable
from services.engine.field_types.refs import Ref
from services.imports.kinds import Hint
from services.imports.row_kinds import Cell, ImportColumn, Reader, Says

#: Heads of every workbook of records beside the fields.
KEY, PLACE = "业务编号", "序号"
_SERIAL = range(10_000, 80_000)
_NUMBERED = re.compile(r"[（(]([A-Z0-9-]{6,32})[）)]$")


@dataclass(frozen=True)
class SheetColumn:
    """A field under its head; two fields never share one."""

    field: Field
    head: str


def columns_of(fields: Sequence[Field]) -> tuple[SheetColumn, ...]:
    """The columns of these fields, in their order."""
    taken = {KEY, PLACE}
    columns = []
    for field in fields:
        head = field.head
        if head in taken:
            head = f"{head}（{field.name}）"
        taken.add(head)
        columns.append(SheetColumn(field, head))
    return tuple(columns)


def import_column(column: SheetColumn) -> ImportColumn:
    """Return the column as the importer reads it; a draft may lack required values."""
    field = column.field
    aliases = (field.label,) if field.label != column.head else ()
    return ImportColumn(column.head, _reader(field), aliases=aliases, literal=field.free)


def hint_of(column: SheetColumn) -> Hint:
    """Return the hint of the column for the template."""
    field = column.field
    told = "；".join(part for part in (field.help, field.hint()) if part)
    choices = tuple(field.options().values())
    return Hint(column.head, told, "choice" if choices else field.cell, choices, field.sheet_width)


# ------------------------------------------------------------------ reading


def _reader(field: Field) -> Reader:
    def read(cell: Cell, says: Says) -> str:
        text = cell.text
        if isinstance(field, Ref):
            # What it points at is looked up for many rows at once.
            return text.strip()
        if field.cell == "day":
            text = _day(cell, says)
            if not text:
                return ""
        if field.personal and "*" in text:
            # Compared with what is kept; by itself it is no value.
            return text.strip()
        try:
            value = field.read(text)
        except Unreadable as problem:
            says.error("FMT", problem.sentence)
            return ""
        return "" if value is None else field.as_text(field.raw(value))

    return read


def _day(cell: Cell, says: Says) -> str:
    text = half_width(cell.text).strip()
    if cell.kind == "d":
        return text[:10]
    if cell.kind == "n" and text.isdigit() and int(text) in _SERIAL:
        says.note("DATE_SERIAL", "日期是数值，已换算")
        return ((date(1904, 1, 1) if cell.from_1904 else date(1899, 12, 30)) + timedelta(int(text))).isoformat()
    if re.fullmatch(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1([0-9]{2}|[0-9]{4})", text):
        says.error("DATE_AMBIGUOUS", "看不出月和日的先后，请按2026-03-01的形式填写")
        return ""
    return re.sub(r"[ T]00:00(:00)?$", "", text)


def number_in(text: str) -> str:
    """The business number a reference is written with, or the text itself where it looks like one; else nothing."""
    if found := _NUMBERED.search(text.strip()):
        return found[1]
    plain = half_width(text).strip().upper()
    return plain if re.fullmatch(r"[A-Z0-9-]{6,32}", plain) else ""
