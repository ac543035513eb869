"""The fields of a table, read from its columns once: what forms, lists, workbooks, papers and the API show of it."""

from functools import cache

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.records import HEADER
from services.engine.field_types.field import Field, field_of


@cache
def fields_of(table: type[SQLModel]) -> tuple[Field, ...]:
    """Return the form fields of a table: every column after the header that is not computed, in order."""
    return tuple(field for field in _shown(table) if not field.computed)


@cache
def header_of(table: type[SQLModel]) -> dict[str, Field]:
    """The columns before the form by which lists are shown, filtered and sorted."""
    columns = sa.inspect(table).columns
    return {name: field_of(columns[name]) for name in _LISTED if name in columns}


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


@cache
def by_name(table: type[SQLModel]) -> dict[str, Field]:
    """Return the fields that a list of this table may show, by name: form fields and computed ones."""
    return {field.name: field for field in _shown(table)}


@cache
def following(table: type[SQLModel], source: str) -> tuple[str, ...]:
    """Return the columns of a table declared to follow a field of another record (`models.columns.follows`)."""
    return tuple(one.name for one in sa.inspect(table).columns if one.info.get("follows") == source)


@cache
def _shown(table: type[SQLModel]) -> tuple[Field, ...]:
    return tuple(
        field_of(column, required=table.model_fields[column.name].is_required())
        for column in sa.inspect(table).columns
        if column.name not in HEADER and not column.info.get("index_of")
    )
