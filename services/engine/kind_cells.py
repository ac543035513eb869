"""Cells of the lists of a kind: values of rows in force, of drafts and of past versions, as people read them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from services.engine.field_types.field import Field
from services.engine.field_types.refs import Ref
from services.engine.kinds import Kind
from services.engine.new_records import SeenDraft
from services.engine.references import names_before, names_of
from services.engine.shapes import by_name, following, header_of
from services.engine.work import Work


def shown_cells(
    kind: Kind,
    work: Work,
    rows: Sequence[Any],
    *,
    full: bool = False,
    numbered: bool = False,
    before: datetime | None = None,
) -> dict[str, Callable[[Any], Any]]:
    """Readers of the cells of some rows by field. `before` gives other records the names they had at that moment."""
    fields = header_of(kind.table) | by_name(kind.table)
    fields = {name: field for name, field in fields.items() if name != "in_force"}

    @cache
    def names_in(name: str) -> Mapping[UUID, str]:
        cells = [(fields[name], _value(row, fields[name])) for row in rows]
        names = names_of(work, cells, numbered=numbered)
        return names if before is None else names_before(work, names, before, numbered=numbered)

    def of_kept(field: Field) -> Callable[[Any], Any]:
        name, shown = field.name, field.shown
        if isinstance(field, Ref):
            return lambda row: shown(getattr(row, name), names_in(name), full=full)
        return lambda row: shown(getattr(row, name), {}, full=full)

    def reader(field: Field) -> Callable[[Any], Any]:
        def read(row: Any) -> Any:
            value = _value(row, field)
            if value is None and isinstance(row, SeenDraft) and field.name in of_others:
                other = fields[of_others[field.name]]
                return names_in(other.name).get(row.value(other))
            # What is personal in a draft was masked when it was opened.
            masked = field.personal and isinstance(row, SeenDraft)
            names = names_in(field.name) if isinstance(field, Ref) else {}
            return value if masked else field.shown(value, names, full=full)

        return read

    # Most pages have no draft, whose values are read in another way.
    drafts = any(isinstance(row, SeenDraft) for row in rows)
    of_others = {
        name: key
        for key in (fields if drafts else ())
        for name in following(kind.table, f"{key.removesuffix('_id')}.name")
    }
    cell = reader if drafts else of_kept
    return {name: cell(field) for name, field in fields.items()}


def _value(row: Any, field: Field) -> Any:
    return row.value(field) if isinstance(row, SeenDraft) else getattr(row, field.name)
