"""Keep the exchange logs by month on PostgreSQL, so that a month past its time is detached and not deleted row by row."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from models.months import REST, SCHEMA, first_id, make_month, month_of, next_month

revision = "0173"
down_revision = "0146"
branch_labels = None
depends_on = None

_TABLES = ("exchange_log", "partner_exchange")
#: The first release with indexes and keys over all parts; its relatives keep the tables in one piece.
_LEAST = (12,)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite" or (connection.dialect.server_version_info or ()) < _LEAST:
        return
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    for table in _TABLES:
        _split(connection, table)


def _split(connection: sa.Connection, table: str) -> None:
    """Put a table in parts in the place of one in one piece, with its rows, key, indexes and comments."""
    whole = f"{table}_whole"
    indexes = connection.execute(
        sa.text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :name"),
        {"name": table},
    ).all()
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {whole}")
    connection.exec_driver_sql(f"ALTER TABLE {whole} DROP CONSTRAINT {table}_pkey")
    connection.exec_driver_sql(
        f"CREATE TABLE {table} (LIKE {whole} INCLUDING DEFAULTS INCLUDING COMMENTS, PRIMARY KEY (id)) PARTITION BY RANGE (id)"
    )
    for name, definition in indexes:
        if name != f"{table}_pkey":
            connection.exec_driver_sql(f"DROP INDEX {name}")
            connection.exec_driver_sql(definition)
    connection.exec_driver_sql(f"CREATE TABLE {SCHEMA}.{table}_{REST} PARTITION OF {table} DEFAULT")
    today = datetime.now(UTC).date()
    month = min(today, _oldest(connection, whole) or today)
    month = month_of(month)
    while month <= today:
        make_month(connection, table, month)
        month = next_month(month)
    make_month(connection, table, month)
    connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM {whole}")
    connection.exec_driver_sql(f"DROP TABLE {whole}")


def _oldest(connection: sa.Connection, table: str) -> date | None:
    """Return the day of the least id that tells a time."""
    least = connection.scalar(
        sa.text(f"SELECT min(id::text)::uuid FROM {table} WHERE substr(id::text, 15, 1) = '7' AND id >= :first"),
        {"first": first_id(date(2020, 1, 1))},
    )
    return None if least is None else datetime.fromtimestamp((least.int >> 80) / 1000, UTC).date()
