"""A field of a kind as a control: label, unit, required mark and help come from its column, the value from the revision."""

from collections.abc import Callable, Mapping
from typing import Any

from models.places_data import districts
from services.engine.references import target_of
from services.engine.shapes import Field as Shape
from services.engine.shapes import FieldKind
from ui.records.picker import Picker
from ui.records.raw import FLAGS, NUMBERS, cell_text
from ui.shell.fields import Field, choice_field, date_field, number_field, text_field

_LONG_TEXT = 4000
#: Texts wider than this take the whole width.
_WIDE = 160
#: So wide is a code of GB/T 2260.
_DISTRICT = 6


def field_for(
    shape: Shape, value: Any, *, names: Mapping[str, str], columns: int, changed: Callable[..., Any]
) -> Field:
    """The control of a field with its value; `changed` is called at every key."""
    made = _made(shape, cell_text(shape, value), names, columns, changed)
    made.control.mark(f"field-{shape.name}")
    if not isinstance(made.control, Picker):
        made.control.on_value_change(changed)
    return made


def _made(shape: Shape, text: str, names: Mapping[str, str], columns: int, changed: Callable[..., Any]) -> Field:
    told: dict[str, Any] = {"required": shape.required, "help": shape.help}
    if shape.most == _DISTRICT and shape.name.endswith(("district", "district_code")):
        return choice_field(shape.name, shape.label, districts_by_code(), value=text, **told)
    if shape.kind is FieldKind.CODE and shape.codes is not None:
        empty = "" if shape.required else "不填"
        return choice_field(shape.name, shape.label, shape.codes.labels(), value=text, empty=empty, **told)
    if shape.kind is FieldKind.FLAG:
        return choice_field(shape.name, shape.label, FLAGS, value=text, empty="" if shape.required else "不填", **told)
    if shape.kind is FieldKind.REF:
        picker = Picker(target_of(shape), value=text, label=names.get(text, ""), name=shape.label, on_change=changed)
        return Field(shape.name, shape.label, picker, str, **told)
    if shape.kind is FieldKind.DAY:
        return date_field(shape.name, shape.label, value=text, **told)
    if shape.kind in NUMBERS:
        return number_field(shape.name, shape.label, value=text, unit=shape.unit, **told)
    if shape.kind is FieldKind.LONG:
        return text_field(shape.name, shape.label, value=text, longest=_LONG_TEXT, lines=3, span=columns, **told)
    longest = shape.most or 200
    span = columns if longest > _WIDE else 1
    return text_field(shape.name, shape.label, value=text, longest=longest, span=span, **told)


def districts_by_code() -> dict[str, str]:
    """The districts of the city by their codes."""
    return {one.code: one.name for one in districts()}
