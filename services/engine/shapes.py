"""Shapes: the fields of a table as forms, grids, workbooks, papers and the API show them, read from its columns once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.codes import Code
from models.columns import CodeType, ScaledNumber, UtcMoment
from models.records import HEADER
from models.sealed import SealedType


class FieldKind(StrEnum):
    TEXT = "text"
    LONG = "long"
    CODE = "code"
    MONEY = "money"
    AREA = "area"
    PERCENT = "percent"
    NUMBER = "number"
    INTEGER = "integer"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"
    REF = "ref"


@dataclass(frozen=True)
class Field:
    """A field. `refers` is the table of a reference ("" when it may be one of several); `most` bounds a text's length.

    A `computed` field appears in lists and filters, never in a form: a hook of its kind fills it.
    """

    name: str
    label: str
    kind: FieldKind
    required: bool
    unit: str = ""
    help: str = ""
    most: int = 0
    codes: type[Code] | None = None
    refers: str = ""
    personal: bool = False
    mask: str = ""
    computed: bool = False


@dataclass(frozen=True)
class ChildShape:
    """A list under a record: its fields, and the fields that identify a line."""

    name: str
    label: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    most: int


@cache
def fields_of(table: type[SQLModel]) -> tuple[Field, ...]:
    """Return the form fields of a table: every column after the header that is not computed, in order."""
    return tuple(field for field in _shown(table) if not field.computed)


@cache
def header_of(table: type[SQLModel]) -> Mapping[str, Field]:
    """The columns before the form by which lists are shown, filtered and sorted."""
    columns = sa.inspect(table).columns
    return {name: _field(columns[name], False) for name in _LISTED if name in columns}


_LISTED = (
    "record_no",
    "version_no",
    "in_force",
    "effective_from",
    "district_code",
    "head_company_id",
    "project_company_id",
    "project_id",
)


def by_name(table: type[SQLModel]) -> Mapping[str, Field]:
    """Return the fields that a list of this table may show, by name: form fields and computed ones."""
    return {field.name: field for field in _shown(table)}


@cache
def following(table: type[SQLModel], source: str) -> tuple[str, ...]:
    """Return the columns of a table declared to follow a field of another record (`models.columns.follows`)."""
    return tuple(one.name for one in sa.inspect(table).columns if one.info.get("follows") == source)


@cache
def _shown(table: type[SQLModel]) -> tuple[Field, ...]:
    return tuple(
        _field(column, table.model_fields[column.name].is_required())
        for column in sa.inspect(table).columns
        if column.name not in HEADER and not column.info.get("index_of")
    )


def _field(column: "sa.Column[object]", required: bool) -> Field:
    info = column.info
    kind, refers = _kind(column)
    return Field(
        name=column.name,
        label=info.get("label", column.name),
        kind=kind,
        required=required,
        unit=info.get("unit", ""),
        help=info.get("help", ""),
        most=info.get("max", 0) or 0,
        codes=info.get("codes"),
        refers=refers,
        personal=bool(info.get("personal")),
        mask=info.get("mask", ""),
        computed=bool(info.get("computed")),
    )


_NUMBERS = {"元": FieldKind.MONEY, "%": FieldKind.PERCENT, "㎡": FieldKind.AREA}


def _kind(column: "sa.Column[object]") -> tuple[FieldKind, str]:
    kind = column.type
    if isinstance(kind, CodeType):
        return FieldKind.CODE, ""
    if isinstance(kind, ScaledNumber):
        unit = column.info.get("unit", "")
        return _NUMBERS.get(unit, FieldKind.NUMBER), ""
    if isinstance(kind, SealedType):
        return FieldKind.TEXT, ""
    if isinstance(kind, UtcMoment):
        return FieldKind.MOMENT, ""
    if isinstance(kind, sa.Boolean):
        return FieldKind.FLAG, ""
    if isinstance(kind, sa.Date):
        return FieldKind.DAY, ""
    if isinstance(kind, sa.Uuid):
        keys = [key.target_fullname.split(".")[0] for key in column.foreign_keys]
        return FieldKind.REF, keys[0] if keys else ""
    if isinstance(kind, sa.Text):
        return FieldKind.LONG, ""
    if isinstance(kind, sa.String):
        return FieldKind.TEXT, ""
    if isinstance(kind, sa.Integer):
        return FieldKind.INTEGER, ""
    raise TypeError(f"{column.table.name}.{column.name} is of a type no form shows")
