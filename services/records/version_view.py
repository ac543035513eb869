"""A version as people read it: its fields by section, its lists, names instead of references; for papers and the API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.records import Revision
from services.engine.clock import SHANGHAI
from services.engine.display import Shown, names_of, shown
from services.engine.kinds import Kind
from services.engine.proposals import Form, form_of
from services.engine.shapes import Field, FieldKind, fields_of
from services.engine.work import Work

#: How many places are shown at least, and at most.
_PLACES = {FieldKind.MONEY: (2, 2), FieldKind.AREA: (2, 4), FieldKind.PERCENT: (0, 4), FieldKind.NUMBER: (0, 4)}


@dataclass(frozen=True)
class ReadVersion:
    """The parsed form of a version, and the names of its references."""

    kind: Kind
    form: Form
    names: Mapping[UUID, str]

    def value(self, field: Field) -> Shown:
        return self._shown(field, self.form.values.get(field.name), self.form.raw.get(field.name))

    def line(self, child: str, number: int, field: Field) -> Shown:
        parsed, raw = self.form.children[child][number], self.form.raw_children[child][number]
        return self._shown(field, parsed.get(field.name), raw.get(field.name))

    def _shown(self, field: Field, value: Any, typed: Any) -> Shown:
        # What could not be read is shown as it was typed, which may be what somebody should not read either.
        return shown(field, typed if value is None and typed is not None else value, self.names)


def read_version(work: Work, kind: Kind, revision: Revision) -> ReadVersion:
    """A version the caller was found to see."""
    return read_form_of(work, kind, revision.payload.json())


def read_form_of(work: Work, kind: Kind, payload: Mapping[str, Any]) -> ReadVersion:
    """Parse values and lists from elsewhere, such as the row in force."""
    form = form_of(kind, payload)
    return ReadVersion(kind, form, names_of(work, _cells(kind, form)))


def _cells(kind: Kind, form: Form) -> Iterator[tuple[Field, Any]]:
    for field in kind.fields:
        yield field, form.values.get(field.name)
    for child in kind.children:
        fields = fields_of(child.table)
        for line in form.children[child.name]:
            for field in fields:
                yield field, line.get(field.name)


def sections_of(kind: Kind) -> list[tuple[str, list[Field]]]:
    """The fields of a form under their heads."""
    found: list[tuple[str, list[Field]]] = []
    for field in kind.fields:
        head = kind.look.sections.get(field.name)
        if head is not None or not found:
            found.append((head or "", []))
        found[-1][1].append(field)
    return found


def words_of(field: Field, value: Shown) -> str:
    """A shown value as text with its unit."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return _number(field, value) + (f" {field.unit}" if field.unit else "")
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and field.kind is FieldKind.INTEGER:
        return f"{value:,}" + (f" {field.unit}" if field.unit else "")
    return str(value)


def _number(field: Field, value: Decimal) -> str:
    least, most = _PLACES.get(field.kind, (0, 4))
    plain = f"{value:,.{most}f}"
    whole, _, places = plain.partition(".")
    places = places.rstrip("0").ljust(least, "0")
    return f"{whole}.{places}" if places else whole


def label_of(field: Field) -> str:
    return f"{field.label}（{field.unit}）" if field.unit else field.label


def number_places(fields: Sequence[Field]) -> tuple[int, ...]:
    """Return which columns hold numbers."""
    return tuple(
        place for place, field in enumerate(fields) if field.kind in _PLACES or field.kind is FieldKind.INTEGER
    )
