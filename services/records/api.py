"""Kept records for programs: the schema of a kind, its lists and single records as JSON, out of its declaration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.engine.cycle_drafts import copied_lines
from services.engine.field_types.field import Field, Shown
from services.engine.kind_listing import READERS, list_of
from services.engine.kinds import KINDS, Kind
from services.engine.proposals import raw_row
from services.engine.record_files import file_lines
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.shapes import fields_of, header_of
from services.engine.work import Work
from services.records.version_view import ReadVersion, read_form_of

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class ReadRecord:
    kind: str
    record_id: UUID


def known_kind(name: str) -> Kind:
    """A registered kind; what is not one is not found, as what is out of scope."""
    kind = KINDS.get(name)
    if kind is None:
        raise NotFound
    return kind


@query("records.schema", "查看记录结构", roles=set(READERS))
def schema_of(work: Work, kind_name: str) -> dict[str, Any]:
    """The JSON schema of what `records.read` answers for a kind: names, labels, units, widths, codes."""
    kind = known_kind(kind_name)
    values = _object(kind.fields)
    children = {
        child.name: {
            "type": "array",
            "title": child.label,
            "maxItems": child.most,
            "x-key": list(child.key),
            "items": _object(fields_of(child.table)),
        }
        for child in kind.children
    }
    slots = {slot.name: {"type": "array", "title": slot.label, "minItems": slot.least} for slot in kind.slots}
    return {
        "$schema": _SCHEMA,
        "$id": f"/records/{kind.name}/schema",
        "title": kind.label,
        "description": kind.look.purpose,
        "type": "object",
        "properties": {
            **{name: _property(field) for name, field in header_of(kind.table).items()},
            "values": values,
            "children": {"type": "object", "properties": children},
            "files": {"type": "object", "properties": slots},
        },
        "required": ["record_no", "version_no", "values"],
    }


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    required = [field.name for field in fields if field.required]
    return {
        "type": "object",
        "properties": {field.name: _property(field) for field in fields},
        **({"required": required} if required else {}),
    }


def _property(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"title": field.label, **field.schema()}
    if field.help:
        told["description"] = field.help
    if field.unit:
        told["x-unit"] = field.unit
    if field.most:
        told["maxLength"] = field.most
    if field.personal:
        told["x-masked"] = True
    return told


def filters_of(kind: Kind, criteria: Mapping[str, str]) -> dict[str, str]:
    """The filters of a kind's list that an address asks for by field; a range is `from..to`."""
    filters = dict(criteria)
    for name in [one for one in filters if f"{one}-from" in list_of(kind).filter_keys]:
        low, between, high = filters.pop(name).partition("..")
        filters |= {f"{name}-from": low, f"{name}-to": high if between else low}
    return filters


@query("records.read", "读取管理记录", roles=set(READERS))
def read_record(work: Work, order: ReadRecord) -> dict[str, Any]:
    """The version of a visible record that is in force, codes by value, references by id and name; personal values masked."""
    kind = known_kind(order.kind)
    row: Any = work.get(kind.table, order.record_id)
    version = read_form_of(work, kind, {"values": raw_row(row), "children": copied_lines(work, kind, row.id)})
    header = {name: plain(getattr(row, name)) for name in header_of(kind.table)}
    return {
        "id": str(row.id),
        "revision_id": str(row.revision_id),
        **header,
        "values": _values(version),
        "shown": {field.name: plain(version.value(field)) for field in kind.fields},
        "children": {child.name: _lines(version, child.name) for child in kind.children},
        "files": [
            {"id": str(one.id), "slot": one.slot, "name": one.name, "size": one.size, "sm3": one.digest}
            for one in file_lines(work, row.revision_id)
        ],
    }


def _values(version: ReadVersion) -> dict[str, Any]:
    return {field.name: field.json(version.form.values.get(field.name)) for field in version.kind.fields}


def _lines(version: ReadVersion, name: str) -> list[dict[str, Any]]:
    fields = fields_of(version.kind.child(name).table)
    return [{field.name: field.json(line.get(field.name)) for field in fields} for line in version.form.children[name]]


def plain(value: Shown | UUID) -> Any:
    """A value as JSON has it."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
