"""A field of a kind as a control: label, unit, required mark and help come from its column, the value from the revision."""

from collections.abc import Callable, Mapping
from typing import Any

from services.engine.field_types.field import Field as Shape
from services.engine.field_types.refs import Ref
from services.engine.references import target_of
from ui.records.picker import Picker
from ui.shell.fields import Field, choice_field, date_field, number_field, text_field

_LONG_TEXT = 4000
#: Texts wider than this take the whole width.
_WIDE = 160


def field_for(
    shape: Shape, value: Any, *, names: Mapping[str, str], columns: int, changed: Callable[..., Any]
) -> Field:
    """The control of a field with its value; `changed` is called at every key."""
    draw: Callable[..., Field] = CONTROLS.get(shape.control, _line)
    made = draw(shape, shape.as_text(value), names, columns, required=shape.required, help=shape.help)
    made.control.mark(f"field-{shape.name}")
    made.control.on_value_change(changed)
    return made


def _line(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    longest = shape.most or 200
    span = columns if longest > _WIDE else 1
    return text_field(shape.name, shape.label, value=text, longest=longest, span=span, **told)


def _lines(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    return text_field(shape.name, shape.label, value=text, longest=_LONG_TEXT, lines=3, span=columns, **told)


def _choice(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    empty = "" if shape.required else "不填"
    return choice_field(shape.name, shape.label, shape.options(), value=text, empty=empty, **told)


def _day(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    return date_field(shape.name, shape.label, value=text, **told)


def _number(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    return number_field(shape.name, shape.label, value=text, unit=shape.unit, **told)


def _picker(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    assert isinstance(shape, Ref)
    picker = Picker(target_of(shape), value=text, label=names.get(text, ""), name=shape.label)
    return Field(shape.name, shape.label, picker, str, **told)


#: How a control that a type of fields names is drawn; the control of any other type is a line of text.
CONTROLS: dict[str, Callable[..., Field]] = {
    "text": _line,
    "lines": _lines,
    "choice": _choice,
    "day": _day,
    "number": _number,
    "picker": _picker,
}
