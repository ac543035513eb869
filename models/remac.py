"""Renewal of row MACs after a change of schema: each row is checked over its old columns, then covered anew (m1)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.row_mac import cover, fits, is_protected, version_in
from models.sealed import derived_values
from models.sealing import Sealer

_BATCH = 500

#: The columns each table had.
Layout = dict[str, frozenset[str]]
#: Receives a row that got a new MAC: its table, the row as it was, and the MAC.
Moved = Callable[[sa.Table, Mapping[str, Any], str], object]


def layout_of(connection: sa.Connection) -> Layout:
    """The columns of every table of ours that is there."""
    # Here, because the one file that imports every table is above this one.
    import models.tables  # noqa: F401

    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    return {
        name: frozenset(column["name"] for column in inspector.get_columns(name))
        for name in SQLModel.metadata.tables
        if name in there
    }


def remac(
    connection: sa.Connection,
    before: Layout,
    sealer: Sealer | None,
    moved: Moved = lambda *_: None,
) -> list[str]:
    """Cover the rows of every table that got new columns, filling new index columns; return the names of these tables.

    A row that failed its check before keeps its old MAC and goes on failing.
    """
    rewritten = []
    for name, table in SQLModel.metadata.tables.items():
        known = before.get(name)
        if known is None or not is_protected(table) or known >= set(table.columns.keys()):
            continue
        covered = False
        for row in stored_rows(connection, table):
            if sealer is None:
                raise RuntimeError(f"the rows of {name} need new MACs, but the database was opened without a sealer")
            if "mac" in known and not fits(sealer, table, row, known=known):
                continue
            made = derived_values(sealer, table, row, set(table.columns.keys()) - known)
            macs = dict(cover(sealer, table, {**row, **made}, version=version_in(row)))
            connection.execute(table.update().where(table.c.id == row["id"]).values(**made, **macs))
            moved(table, row, macs["mac"])
            covered = True
        if covered:
            rewritten.append(name)
    return rewritten


def stored_rows(
    connection: sa.Connection,
    table: sa.Table,
    *,
    only: UUID | None = None,
    unreadable: Callable[[UUID], None] | None = None,
) -> Iterator[Mapping[str, Any]]:
    """Yield every stored row (or a single one) in batches, without large contents.

    The id of a row with an impossible value is passed to `unreadable`; without `unreadable` it raises.
    """
    columns = [column for column in table.columns if not isinstance(column.type, sa.LargeBinary)]
    last = None
    while True:
        wanted = sa.select(*columns).order_by(table.c.id).limit(_BATCH)
        if only is not None:
            wanted = wanted.where(table.c.id == only)
        if last is not None:
            wanted = wanted.where(table.c.id > last)
        try:
            found = cast(Sequence[Mapping[str, Any]], connection.execute(wanted).mappings().all())
            ids = [row["id"] for row in found]
        except (ValueError, ArithmeticError, LookupError, TypeError):
            if unreadable is None:
                raise
            ids = list(connection.scalars(wanted.with_only_columns(table.c.id)))
            found = _one_by_one(connection, sa.select(*columns), table, ids, unreadable)
        yield from found
        if len(ids) < _BATCH:
            return
        last = ids[-1]


def tables_with_rows(connection: sa.Connection, tables: Iterable[sa.Table]) -> set[str]:
    """Name those of some tables that have rows, in one statement: half of all tables are empty."""
    asked = (f"SELECT '{one.name}' WHERE EXISTS (SELECT 1 FROM \"{one.name}\")" for one in tables)  # nosec B608 # names of our own tables  # noqa: S608
    return set(connection.exec_driver_sql(" UNION ALL ".join(asked)).scalars())


def _one_by_one(
    connection: sa.Connection, wanted: Any, table: sa.Table, ids: Sequence[UUID], unreadable: Callable[[UUID], None]
) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for row_id in ids:
        try:
            found.extend(cast(Any, connection.execute(wanted.where(table.c.id == row_id)).mappings().all()))
        except (ValueError, ArithmeticError, LookupError, TypeError):
            unreadable(row_id)
    return found
