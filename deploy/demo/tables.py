"""Loads tables of the demo: a line of `data/NAME.csv` becomes a row of every table its header names.

A column is `table.column`, or `table#alias.column` where a line has several rows of one table; columns without a dot
serve other cells. A cell is text with places in braces, read by the type of its column:

- `{day[-30d]}` is a day counted from today, `{day[-3m+9d]:%Y%m}` one counted from the first of a month, `{at[-5h]}` a
  moment, never one to come; the column `base` has a line count from another day than today
- `{E-1.enterprise.id}` is a value of a row by the `key` of its line; where a column without a dot holds a key, its name
  means that line: `{firm.enterprise.id}`; `{lease_contract.id}` is a row the same line made before
- `{sm3}` is a digest of the line, for contents that were never sent

The line with the key `*` holds what other lines leave empty; `-` leaves a cell empty all the same. A table whose first
column a line leaves empty has no row of it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from models.base import Row
from models.columns import CodeType, ScaledNumber, UtcMoment
from models.own_data import read_rows
from models.sealed import Sealed, SealedType
from models.sealing import sm3_hex
from services.engine.work import Work

DATA = Path(__file__).resolve().parent / "data"
Known = dict[str, Any]
AnyRow = TypeVar("AnyRow", bound=Row)

_SPAN = re.compile(r"([+-]?\d+)(min|m|d|h)")
_READERS: Mapping[type, Any] = {
    sa.Boolean: lambda text: text in {"1", "True"},
    sa.Integer: int,
    sa.Date: date.fromisoformat,
    UtcMoment: datetime.fromisoformat,
    ScaledNumber: Decimal,
    sa.Uuid: UUID,
    sa.JSON: json.loads,
    SealedType: Sealed.of,
}


def load(
    work: Work, name: str, known: Mapping[str, Any] | None = None, *, only: Callable[[Any], bool] = lambda line: True
) -> Known:
    """Add the rows of a file; returns its lines by key, each with its rows by table or alias."""
    made: Known = {}
    for line, cells, places in lines_of(work, name, known or {}):
        if not only(line):
            continue
        made[cells["key"]] = line
        for target, columns in _columns_by_table(tuple(cells)).items():
            table, _, alias = target.partition("#")
            filled = {column: cells[cell] for column, cell in columns.items() if cells[cell]}
            if next(iter(columns)) in filled:
                row = row_of(_tables()[table], filled, places)
                places[alias or table] = work.add(row)
                setattr(line, alias or table, row)
    return made


def lines_of(
    work: Work, name: str, known: Mapping[str, Any]
) -> Iterator[tuple[SimpleNamespace, dict[str, str], Known]]:
    """The lines of a file with their cells, and what the places of these may name."""
    seen = dict(known)
    for cells in cells_of(name):
        spoken = {column: seen.get(cell, cell) for column, cell in cells.items() if "." not in column}
        line = SimpleNamespace(**spoken)
        today = Counted(work.today)[cells.get("base") or "0d"]
        digest = sm3_hex(f"demo {name} {cells['key']}".encode())
        yield line, cells, {**seen, **spoken, "day": Counted(today), "at": Counted(today, work), "sm3": digest}
        seen[cells["key"]] = line


def cells_of(name: str) -> Iterator[dict[str, str]]:
    """The lines of a file with what they share."""
    found = read_rows(DATA / f"{name}.csv")
    shared = found.pop(0) if found[0].get("key") == "*" else {}
    for line in found:
        filled = {column: cell or shared.get(column, "") for column, cell in line.items()}
        yield {column: "" if cell == "-" else cell for column, cell in filled.items()}


def row_of(table: type[AnyRow], cells: Mapping[str, str], places: Mapping[str, Any]) -> AnyRow:
    """A row from its cells; columns that are not filled have their defaults."""
    return table(**values_of(table, cells, places))


def values_of(table: type[Row], cells: Mapping[str, str], places: Mapping[str, Any]) -> dict[str, Any]:
    """The values of columns from their cells."""
    columns = table.__table__.columns  # type: ignore[attr-defined]
    return {name: read(columns[name].type, cell.format_map(places)) for name, cell in cells.items()}


def under(prefix: str, cells: Mapping[str, str]) -> dict[str, str]:
    """The filled cells of the columns `prefix.name`, by name."""
    return {column.removeprefix(prefix): cell for column, cell in cells.items() if cell and column.startswith(prefix)}


def read(kind: Any, text: str) -> Any:
    """The value of a text in a column of a type."""
    if isinstance(kind, CodeType):
        return kind.codes.of(text)
    return next((reader(text) for type_, reader in _READERS.items() if isinstance(kind, type_)), text)


class Counted:
    """Days counted from a day, or moments that are never to come: `counted["-3m+9d"]`, `counted["-140min"]`."""

    def __init__(self, base: date, work: Work | None = None) -> None:
        self.base, self.work = base, work

    def __getitem__(self, span: str) -> Any:
        day, rest = self.base, timedelta()
        for number, unit in _SPAN.findall(span):
            if unit == "m":
                months = day.year * 12 + day.month - 1 + int(number)
                day = date(months // 12, months % 12 + 1, 1)
            elif unit == "d":
                day += timedelta(days=int(number))
            else:
                rest += timedelta(**{"hours" if unit == "h" else "minutes": int(number)})
        if self.work is None:
            return day
        return min(self.work.now, self.work.now - (self.work.today - day) + rest)


@cache
def _columns_by_table(header: tuple[str, ...]) -> Mapping[str, Mapping[str, str]]:
    """`table#alias` to column to its place in the header."""
    found: dict[str, dict[str, str]] = {}
    for cell in header:
        target, dot, column = cell.partition(".")
        if dot:
            found.setdefault(target, {})[column] = cell
    return found


@cache
def _tables() -> Mapping[str, type[Row]]:
    mappers = Row._sa_registry.mappers
    return {str(mapper.class_.__tablename__): mapper.class_ for mapper in mappers}
