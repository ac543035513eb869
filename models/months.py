"""Tables kept in parts by month on PostgreSQL: logs that only grow, and whose months are detached when their time is over.

The months are those of the rows' ids, which are made in the order of time (`new_id`). So a table keeps its primary key,
and a month ends with a day by which its rows are counted (models/details.py). SQLite keeps each table in one piece.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

#: Where the parts lie, apart from the tables that are listed.
SCHEMA = "months"
#: What no month is made for: rows of old installations whose ids tell no time, and a clock that ran far ahead.
REST = "rest"
#: Months made ahead of today.
AHEAD = 3

_PARTS = sa.text(
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE i.inhparent = to_regclass(:name) AND n.nspname = :schema ORDER BY c.relname"
)

#: Before it no installation of ours made ids.
_BEGINNING = date(2020, 1, 1)
_UNIQUE = sa.text("SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(:name) AND contype = 'u'")
_INDEXES = sa.text(
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :name"
)


def monthly_tables() -> list[sa.Table]:
    """Every table whose declaration says `info={"by_month": True}`.

    `"unique_by_month"` in it names columns that are unique together: PostgreSQL keeps such a rule in each part alone.
    """
    return [table for table in SQLModel.metadata.sorted_tables if table.info.get("by_month")]


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    return month_of(month + timedelta(days=31))


def first_id(month: date) -> UUID:
    """Return the least id that can be made in a month, which begins at midnight UTC."""
    milliseconds = int(datetime(month.year, month.month, 1, tzinfo=UTC).timestamp() * 1000)
    return UUID(int=milliseconds << 80)


def part_of(table: str, month: date) -> str:
    """Return the name of a month's part: `exchange_log_202611`."""
    return f"{table}_{month:%Y%m}"


def months_of(connection: sa.Connection, table: str) -> list[date]:
    """Return the months a table has parts for, in order; none where it is kept in one piece."""
    if connection.dialect.name == "sqlite":
        return []
    names = connection.execute(_PARTS, {"name": table, "schema": SCHEMA}).scalars()
    ends = (name.removeprefix(f"{table}_") for name in names)
    return [date(int(end[:4]), int(end[4:]), 1) for end in ends if end != REST]


def make_month(connection: sa.Connection, table: str, month: date) -> None:
    """Make the part of a month, empty."""
    low, high = first_id(month), first_id(next_month(month))
    _make_part(connection, table, part_of(table, month), f"FOR VALUES FROM ('{low}') TO ('{high}')")


def make_rest(connection: sa.Connection, table: str) -> None:
    """Make the part for the rows of no month."""
    _make_part(connection, table, f"{table}_{REST}", "DEFAULT")


def _make_part(connection: sa.Connection, table: str, part: str, bounds: str) -> None:
    connection.exec_driver_sql(f"CREATE TABLE {SCHEMA}.{part} PARTITION OF {table} {bounds}")
    if unique := SQLModel.metadata.tables[table].info.get("unique_by_month"):
        connection.exec_driver_sql(f"CREATE UNIQUE INDEX ON {SCHEMA}.{part} ({', '.join(unique)})")


def detach_month(connection: sa.Connection, table: str, month: date) -> None:
    """Take a month out of its table, whole; waits at most five seconds for those that read it."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    connection.exec_driver_sql(f"ALTER TABLE {table} DETACH PARTITION {SCHEMA}.{part_of(table, month)}")


def drop_month(connection: sa.Connection, table: str, month: date) -> None:
    """Detach a month with everything in it and give its room back."""
    detach_month(connection, table, month)
    connection.exec_driver_sql(f"DROP TABLE {SCHEMA}.{part_of(table, month)}")


def put_in_parts(connection: sa.Connection, table: str) -> None:
    """Give a table in one piece its parts: with its rows, key, indexes and comments, from the oldest month to the next.

    What is unique beside the key is then so in each part alone; triggers are to be made anew.
    """
    whole = f"{table}_whole"
    unique = connection.execute(_UNIQUE, {"name": table}).scalars().all()
    indexes = connection.execute(_INDEXES, {"name": table}).all()
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {whole}")
    for name in (f"{table}_pkey", *unique):
        connection.exec_driver_sql(f"ALTER TABLE {whole} DROP CONSTRAINT {name}")
    connection.exec_driver_sql(
        f"CREATE TABLE {table} (LIKE {whole} INCLUDING DEFAULTS INCLUDING COMMENTS, PRIMARY KEY (id)) PARTITION BY RANGE (id)"
    )
    for name, definition in indexes:
        if name == f"{table}_pkey":
            continue
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
        connection.exec_driver_sql(definition.replace("CREATE UNIQUE INDEX", "CREATE INDEX"))
    make_rest(connection, table)
    today = datetime.now(UTC).date()
    month = month_of(min(today, _oldest_day(connection, whole) or today))
    while month <= next_month(today):
        make_month(connection, table, month)
        month = next_month(month)
    connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM {whole}")  # nosec B608 # names of our own tables  # noqa: S608
    connection.exec_driver_sql(f"DROP TABLE {whole}")


def of_month(table: sa.Table, month: date) -> sa.ColumnElement[bool]:
    """The condition that a row is one of a month."""
    return sa.and_(table.c.id >= first_id(month), table.c.id < first_id(next_month(month)))


def make_ahead(connection: sa.Connection, today: date) -> list[str]:
    """Make the months from today's on that are missing; gives the names of the new parts.

    A month of which rows lie in the rest already is left there: they were made by a clock that ran ahead.
    """
    made = []
    for table in monthly_tables():
        there = months_of(connection, table.name)
        for month in _ahead(today) if there else ():
            if month in there or connection.scalar(sa.select(sa.exists().where(of_month(table, month)))):
                continue
            make_month(connection, table.name, month)
            made.append(part_of(table.name, month))
    return made


def _oldest_day(connection: sa.Connection, table: str) -> date | None:
    """Return the day of the least id that has a time in it."""
    ids = sa.table(table, sa.column("id", sa.Uuid())).c.id
    wanted = sa.select(sa.func.min(sa.cast(ids, sa.Text))).where(
        sa.func.substr(sa.cast(ids, sa.Text), 15, 1) == "7", ids >= first_id(_BEGINNING)
    )
    least = connection.scalar(wanted)
    return None if least is None else datetime.fromtimestamp((UUID(least).int >> 80) / 1000, UTC).date()


def _ahead(today: date) -> Iterator[date]:
    month = month_of(today)
    for _ in range(AHEAD + 1):
        yield month
        month = next_month(month)
