"""MACs anew after a change of the schema: what stood before is checked as it stood, then covered as it is (m1)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.row_mac import cover, fits, is_protected, version_in

_BATCH = 500

#: The columns each table had.
Layout = dict[str, frozenset[str]]


def layout_of(connection: sa.Connection) -> Layout:
    """The columns of every table of ours that is there."""
    # Here, for every table stands above the one file that imports them all.
    import models.tables  # noqa: F401

    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    return {
        name: frozenset(column["name"] for column in inspector.get_columns(name))
        for name in SQLModel.metadata.tables
        if name in there
    }


def remac(connection: sa.Connection, before: Layout) -> list[str]:
    """Cover the rows of every table that got columns; names of the tables rewritten.

    A row that did not fit before keeps its old MAC, and so goes on failing.
    """
    rewritten = []
    for name, table in SQLModel.metadata.tables.items():
        known = before.get(name)
        if known is None or not is_protected(table) or known >= set(table.columns.keys()):
            continue
        covered = False
        for row in stored_rows(connection, table):
            if "mac" in known and not fits(table, row, known=known):
                continue
            macs = dict(cover(table, row, version=version_in(row)))
            connection.execute(table.update().where(table.c.id == row["id"]).values(**macs))
            covered = True
        if covered:
            rewritten.append(name)
    return rewritten


def stored_rows(connection: sa.Connection, table: sa.Table, *, only: UUID | None = None) -> Iterator[Mapping[str, Any]]:
    """Every row (or one) as it is stored, a batch at a time, without large contents."""
    columns = [column for column in table.columns if not isinstance(column.type, sa.LargeBinary)]
    last = None
    while True:
        wanted = sa.select(*columns).order_by(table.c.id).limit(_BATCH)
        if only is not None:
            wanted = wanted.where(table.c.id == only)
        found = connection.execute(wanted if last is None else wanted.where(table.c.id > last)).mappings().all()
        yield from cast(Sequence[Mapping[str, Any]], found)
        if len(found) < _BATCH:
            return
        last = found[-1]["id"]
