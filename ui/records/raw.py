"""A form's values between its controls, which hold text, and the raw JSON of the cycle."""

from typing import Any

from models.normal import BadText, parse_day
from services.engine.shapes import Field, FieldKind

NUMBERS = frozenset({FieldKind.MONEY, FieldKind.AREA, FieldKind.PERCENT, FieldKind.NUMBER, FieldKind.INTEGER})
FLAGS = {"true": "是", "false": "否"}


def cell_text(field: Field, value: Any) -> str:
    """A raw value as a control holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def raw_of(field: Field, text: str) -> Any:
    """Return the content of a control as raw value; None for nothing, unreadable text as typed."""
    if not text.strip():
        return None
    if field.kind is FieldKind.FLAG:
        return {"true": True, "false": False}.get(text, text)
    if field.kind is FieldKind.DAY:
        try:
            return parse_day(text).isoformat()
        except BadText:
            return text
    return text if field.kind in {FieldKind.TEXT, FieldKind.LONG} else text.strip()
