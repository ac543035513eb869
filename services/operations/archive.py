"""The archive: every row of every table as a line of text that is equal on every engine (D21)."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from models import tables  # noqa: F401  (the metadata is whole)
from models.columns import CodeType, ScaledNumber, UtcMoment
from models.geometry import Geometry, GeometryType
from models.sealed import Sealed, SealedType

KIND, VERSION = "shenfang-backup", 1
#: What the f1 file of every backup is bound to.
FILE_ID = "shenfang-backup"
PAGE, FEW = 1000, 16

_KIDS = re.compile(r"\b(?:dek|idx|mac|sig|enc)\.[a-z]{2,12}\.[1-9][0-9]{0,5}\b")
Turn = Callable[[Any], Any]


def archived_tables() -> list[sa.Table]:
    """Every table, in the order of the archive."""
    return sorted(SQLModel.metadata.tables.values(), key=lambda table: table.name)


def table_as_it_was(connection: sa.Connection, name: str, columns: list[str]) -> sa.Table:
    """A table with the columns of a backup's time, which the database has too: those of today are of today's types."""
    today = SQLModel.metadata.tables.get(name)
    if today is not None and [column.name for column in today.columns] == columns:
        return today
    inspector = sa.inspect(connection)
    if not inspector.has_table(name):
        raise ValueError(f"no table {name}")
    types = {column["name"]: column["type"] for column in inspector.get_columns(name)}
    if set(types) != set(columns):
        raise ValueError(f"other columns of {name}")
    keys = set(inspector.get_pk_constraint(name)["constrained_columns"])
    known = {} if today is None else {column.name: column.type for column in today.columns}
    parts = (sa.Column(column, known.get(column, types[column]), primary_key=column in keys) for column in columns)
    return sa.Table(name, sa.MetaData(), *parts, info={} if today is None else today.info)


def page_of(table: sa.Table) -> int:
    """Return how many rows are read at a time: few of tables with files, to bound memory."""
    return FEW if any(isinstance(column.type, sa.LargeBinary) for column in table.columns) else PAGE


def lines_of(connection: sa.Connection, table: sa.Table) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row of a table by its key: as the archive's line, and as its columns' values."""
    turns = [(column.name, _out(column)) for column in table.columns]
    streaming = connection.execution_options(stream_results=True, yield_per=page_of(table))
    rows = streaming.execute(sa.select(table).order_by(*table.primary_key.columns))
    for row in rows.mappings():
        yield _text([None if row[name] is None else turn(row[name]) for name, turn in turns]), dict(row)


def row_of(table: sa.Table, names: list[str], line: str) -> dict[str, Any]:
    """The values of a line, for an insert."""
    turns = _ins(table)
    cells: list[Any] = json.loads(line)
    if len(cells) != len(names):
        raise ValueError("a line of another length")
    return {name: None if cell is None else turns[name](cell) for name, cell in zip(names, cells, strict=True)}


def keys_in(line: str, values: dict[str, Any]) -> set[str]:
    """The ids of the keys a row needs to be read and proven."""
    found = set(_KIDS.findall(line))
    for value in values.values():
        if isinstance(value, bytes) and value.startswith(b"SHF1"):
            found.update(_KIDS.findall(value[:256].decode("latin-1")))
    return found


def canonical(value: Any) -> bytes:
    """The bytes of a manifest that are signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _text(cells: list[Any]) -> str:
    return json.dumps(cells, separators=(",", ":"), ensure_ascii=False)


@cache
def _ins(table: sa.Table) -> dict[str, Turn]:
    return {column.name: _in(column) for column in table.columns}


def _same(value: Any) -> Any:
    return value


def _out(column: "sa.Column[Any]") -> Turn:
    kind = column.type
    if isinstance(kind, SealedType):
        return lambda value: value.token
    if isinstance(kind, UtcMoment | sa.Date):
        return lambda value: value.isoformat()
    if isinstance(kind, CodeType):
        return lambda value: value.value
    if isinstance(kind, GeometryType):
        return lambda value: base64.b64encode(value.wkb).decode()
    if isinstance(kind, sa.LargeBinary):
        return lambda value: base64.b64encode(value).decode()
    if isinstance(kind, ScaledNumber | sa.Numeric | sa.Uuid):
        return str
    return _same


def _in(column: "sa.Column[Any]") -> Turn:
    kind = column.type
    if isinstance(kind, SealedType):
        return lambda cell: Sealed(None, cell, kind.mask_kind)
    if isinstance(kind, UtcMoment):
        from datetime import datetime

        return datetime.fromisoformat
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    if isinstance(kind, CodeType):
        return kind.codes.of
    if isinstance(kind, GeometryType):
        return lambda cell: Geometry.from_wkb(base64.b64decode(cell))
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode
    if isinstance(kind, sa.Uuid):
        return UUID
    if isinstance(kind, ScaledNumber | sa.Numeric):
        return Decimal
    return _same
