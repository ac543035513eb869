"""A version as people read it: its fields by section, its lists, names instead of references; for papers and the API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.records import Revision
from services.engine.field_types.field import Field, Shown
from services.engine.kinds import Kind
from services.engine.proposals import Form, form_of
from services.engine.references import names_of
from services.engine.shapes import fields_of
from services.engine.work import Work


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
        # What could not be read is shown as it was typed, which may be what the caller should not read either.
        return field.shown(typed if value is None and typed is not None else value, self.names)


def read_version(work: Work, kind: Kind, revision: Revision) -> ReadVersion:
    """A version the caller was found to see."""
    return read_form_of(work, kind, revision.payload.json())


def read_form_of(work: Work, kind: Kind, payload: Mapping[str, Any]) -> ReadVersion:
    """Parse values and lists from elsewhere, such as the row in force, without the lists the caller does not read."""
    form = form_of(kind, kind.told(work.caller, payload))
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
