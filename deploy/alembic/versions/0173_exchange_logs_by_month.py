"""Keep the exchange logs by month on PostgreSQL, so that a month past its time is detached and not deleted row by row."""

from alembic import op

from models.months import SCHEMA, put_in_parts

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
        put_in_parts(connection, table)
