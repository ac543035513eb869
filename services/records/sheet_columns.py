"""Columns of a kind's workbooks, out of its fields: heads, hints, how a cell is read and how a value is written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.masking import mask
from models.normal import half_width
from services.engine.field_values import Unreadable, raw_of, read_value
from services.engine.shapes import Field, FieldKind
from services.engine.sheets import Cell as Written
from services.imports.kinds import Hint
from services.imports.row_kinds import Cell, ImportColumn, Reader, Says
from services.records.version_view import label_of

#: Heads of every workbook of records beside the fields.
KEY, PLACE = "业务编号", "序号"
_WIDTHS = {FieldKind.LONG: 40, FieldKind.TEXT: 22, FieldKind.REF: 34, FieldKind.MONEY: 18, FieldKind.FLAG: 8}
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
        head = label_of(field)
        if head in taken:
            head = f"{head}（{field.name}）"
        taken.add(head)
        columns.append(SheetColumn(field, head))
    return tuple(columns)


def import_column(column: SheetColumn) -> ImportColumn:
    """Return the column as the importer reads it; a draft may lack required values."""
    field = column.field
    aliases = (field.label,) if field.label != column.head else ()
    literal = field.kind in (FieldKind.TEXT, FieldKind.LONG)
    return ImportColumn(column.head, _reader(field), aliases=aliases, literal=literal)


def hint_of(column: SheetColumn) -> Hint:
    field = column.field
    width = _WIDTHS.get(field.kind, 14)
    told = "；".join(part for part in (field.help, _how(field)) if part)
    if field.kind is FieldKind.CODE and field.codes is not None:
        return Hint(column.head, told, "choice", tuple(field.codes.labels().values()), width)
    if field.kind is FieldKind.FLAG:
        return Hint(column.head, told, "choice", ("是", "否"), width)
    return Hint(column.head, told, "day" if field.kind is FieldKind.DAY else "text", (), width)


def _how(field: Field) -> str:
    if field.kind in (FieldKind.CODE, FieldKind.FLAG):
        return "从下拉列表选择"
    if field.kind is FieldKind.DAY:
        return "日期，例如2026-03-01"
    if field.kind is FieldKind.MOMENT:
        return "例如2026-03-01 09:30"
    if field.kind is FieldKind.REF:
        return "填写业务编号，或完整的名称"
    if field.kind is FieldKind.INTEGER:
        return f"整数，单位{field.unit}" if field.unit else "整数"
    if field.kind in (FieldKind.MONEY, FieldKind.AREA, FieldKind.PERCENT, FieldKind.NUMBER):
        return f"数值，单位{field.unit}" if field.unit else "数值"
    return f"文本，最多{field.most}字" if field.most else "文本"


# ------------------------------------------------------------------ reading


def _reader(field: Field) -> Reader:
    def read(cell: Cell, says: Says) -> str:
        text = cell.text
        if field.kind is FieldKind.REF:
            # What it points at is looked up for many rows at once.
            return text.strip()
        if field.kind is FieldKind.DAY:
            text = _day(cell, says)
            if not text:
                return ""
        if field.personal and "*" in text:
            # Compared with what is kept; by itself it is no value.
            return text.strip()
        try:
            value = read_value(field, text)
        except Unreadable as problem:
            says.error("FMT", problem.sentence)
            return ""
        return "" if value is None else stored(value)

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


def stored(value: Any) -> str:
    """A parsed value as the text a row of a session keeps."""
    raw = raw_of(value)
    return ("true" if raw else "false") if isinstance(raw, bool) else str(raw)


def number_in(text: str) -> str:
    """The business number a reference is written with, or the text itself where it looks like one; else nothing."""
    if found := _NUMBERED.search(text.strip()):
        return found[1]
    plain = half_width(text).strip().upper()
    return plain if re.fullmatch(r"[A-Z0-9-]{6,32}", plain) else ""


# ------------------------------------------------------------------ writing


def written(field: Field, value: Any, names: Mapping[UUID, str], *, full: bool = False) -> Written:
    """Return a parsed value as a cell that reads back unchanged."""
    if value is None or value == "":
        return None
    if field.personal:
        return str(value) if full else mask(field.mask, str(value))
    if field.kind is FieldKind.REF:
        return names.get(value, "") if isinstance(value, UUID) else str(value)
    if field.kind is FieldKind.FLAG:
        return "是" if value else "否"
    if field.kind is FieldKind.CODE:
        return str(getattr(value, "label", value))
    if isinstance(value, Decimal):
        return value
    return value if isinstance(value, str | int | date) else str(value)


def is_same(field: Field, text: str, before: Any, names: Mapping[UUID, str]) -> bool:
    """Return whether a cell equals the stored value, also when it is masked."""
    if not text:
        return before is None
    if before is None:
        return False
    if field.kind is FieldKind.REF:
        return text in (str(before), names.get(before, ""))
    if field.personal and text == mask(field.mask, str(before)):
        return True
    try:
        now, then = read_value(field, text), read_value(field, before)
    except Unreadable:
        return text == str(before)
    if isinstance(now, datetime) and isinstance(then, datetime):
        # A cell holds no parts of a second.
        return now.replace(microsecond=0) == then.replace(microsecond=0)
    return bool(now == then)
