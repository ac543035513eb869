"""Writing millions of rows past the ORM: COPY or executemany, with the secondary indexes made afterwards."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator

from models.codes import Code
from models.sealed import Sealed

Rows = list[list[Any]]
Writer = Callable[[sa.Table, Rows], None]


def columns(table: sa.Table) -> list[str]:
    return [column.name for column in table.columns]


@contextmanager
def postgres_writer(url: str, tables: Sequence[sa.Table]) -> Iterator[Writer]:
    """Rows go in by COPY while triggers, foreign keys and secondary indexes rest."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        dropped: list[str] = []
        for table in tables:
            found = connection.execute(
                "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
                "WHERE i.indrelid = %s::regclass AND NOT i.indisunique",
                (table.name,),
            ).fetchall()
            for name, definition in found:
                connection.execute(f'DROP INDEX "{name}"'.encode())
                dropped.append(definition)

        def write(table: sa.Table, rows: Rows) -> None:
            names = ",".join(f'"{name}"' for name in columns(table))
            with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row([_for_postgres(value) for value in row])

        yield write
        for definition in dropped:
            connection.execute(definition.encode())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _for_postgres(value: Any) -> Any:
    if isinstance(value, Code):
        return value.value
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value.token if isinstance(value, Sealed) else value


@contextmanager
def sqlite_writer(path: str, tables: Sequence[sa.Table]) -> Iterator[Writer]:
    """Rows go in by executemany without a journal; a broken load is thrown away anyhow."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        marks = ",".join("?" * len(tables))
        kept = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "
            f"AND tbl_name IN ({marks})",
            [table.name for table in tables],
        ).fetchall()
        for kind, name, _ in kept:
            connection.execute(f'DROP {kind} "{name}"')
        connection.execute("BEGIN")
        binders = {table.name: [_binder(column) for column in table.columns] for table in tables}

        def write(table: sa.Table, rows: Rows) -> None:
            bind = binders[table.name]
            marks = ",".join("?" * len(bind))
            names = ",".join(f'"{name}"' for name in columns(table))
            connection.executemany(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})",
                ([to(value) for to, value in zip(bind, row, strict=True)] for row in rows),
            )

        yield write
        connection.execute("COMMIT")
        for _, _, statement in sorted(kept):
            connection.execute(statement)
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


_DIALECT = sqlite.dialect()


def _binder(column: sa.Column[Any]) -> Callable[[Any], Any]:
    kind = column.type
    if isinstance(kind, sa.Uuid):
        return lambda value: value.hex if isinstance(value, UUID) else value
    plain = kind if isinstance(kind, TypeDecorator) else kind.dialect_impl(_DIALECT)
    return plain.bind_processor(_DIALECT) or (lambda value: value)
