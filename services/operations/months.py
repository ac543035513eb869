"""Months of the tables that PostgreSQL keeps in parts: made ahead, and detached when all their rows are over (decision 85)."""

from collections.abc import Iterator
from datetime import UTC, date

import sqlalchemy as sa

from models.access import Role
from models.details import count, is_counted
from models.integrity import IntegrityFault
from models.months import drop_month, make_ahead, months_of, next_month, of_month
from models.operations import Erasure
from services.catalogue.retention import REGISTER
from services.engine.clock import system_now
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.locked_rows import end_faults
from services.engine.registry import action
from services.engine.work import Work

_AT_ONCE = 5_000


@action("retention.detach", "到期月份清除", roles={Role.SYSTEM}, event="")
def detach_month(work: Work, place_in_register: int) -> int:
    """Detach the oldest month of a table in parts whose rows are all over; gives how many rows went, -1 for no month."""
    rule = REGISTER[place_in_register]
    table: sa.Table = rule.table.__table__
    connection = work.session.connection()
    month = _oldest(work, table)
    if month is None:
        return -1
    kept = sa.and_(
        of_month(table, month), sa.or_(sa.not_(rule.over(work)), sa.cast(table.c.id, sa.Text).not_like(_OF_TIME))
    )
    if connection.scalar(sa.select(sa.exists().where(kept))):
        return -1
    rows = _count_out(work, table, month)
    faulty = work.rows(IntegrityFault.row_id, IntegrityFault.table_name == table.name)
    gone = connection.scalars(sa.select(table.c.id).where(table.c.id.in_(faulty), of_month(table, month))).all()
    end_faults(work, table.name, gone, "记录到期清除，锁定随之结束")
    drop_month(connection, table.name, month)
    work.add(Erasure(at=work.at, erased_from=table.name, purpose=rule.purpose, rule=rule.kept, row_count=rows))
    detail = {"purpose": rule.purpose, "rows": rows, "month": f"{month:%Y-%m}"}
    work.trail.tell("DATA.DELETE", "retention.detach", kind=table.name, detail=detail)
    return rows


def awaited(work: Work, table: sa.Table) -> Iterator[sa.ColumnElement[bool]]:
    """Leave the oldest month of a table in parts to its detachment: row by row it would go while it waits."""
    month = _oldest(work, table)
    if month is not None:
        yield sa.not_(of_month(table, month))


def _oldest(work: Work, table: sa.Table) -> date | None:
    """Return the oldest month of a table in parts that has ended."""
    if not table.info.get("by_month"):
        return None
    today = work.at.astimezone(UTC).date()
    months = months_of(work.session.connection(), table.name)
    return next((one for one in months if next_month(one) <= today), None)


#: The text of an id of version 7, by which its month is known.
_OF_TIME = "______________7%"


def _count_out(work: Work, table: sa.Table, month: date) -> int:
    """Take a month's rows out of the sums of their days; gives how many there are."""
    wanted = sa.select(table.c.id, table.c.mac).where(of_month(table, month))
    streaming = {"stream_results": True, "yield_per": _AT_ONCE}
    rows = 0
    for row in work.session.connection().execute(wanted, execution_options=streaming).mappings():
        rows += 1
        if is_counted(table):
            count(work.session, table, dict(row), before=row["mac"])
    return rows


@job("months.make", "按月分区维护", at="00:40")
def make_months(door: Door) -> int:
    """Make the months ahead; with SQLite, where tables lie in one piece, there is nothing to do."""
    with door.database.engine.begin() as connection:
        return len(make_ahead(connection, system_now().astimezone(UTC).date()))
