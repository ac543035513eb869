"""Logs kept in parts by month: made ahead, detached when all their rows are over, and missed by nobody (decision 85)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models.audit import AuditEvent
from models.engine import ExchangeLog
from models.months import AHEAD, first_id, make_month, month_of, monthly_tables, months_of, next_month
from models.operations import Erasure
from services.engine.jobs import run_job
from services.engine.work import Work
from services.integrity.nightly_scan import scan
from tests.world import World

pytestmark = pytest.mark.both_engines


def months(world: World) -> list[date]:
    found: list[date] = world.read(lambda work: months_of(work.session.connection(), "exchange_log"))
    return found


def line(month: date, number: int, *, younger: bool = False) -> ExchangeLog:
    """A line of the log whose id is of a month; `younger` dates it three days ago."""
    at = datetime(month.year, month.month, 1 + number, 12, tzinfo=UTC)
    if younger:
        at = datetime.now(UTC) - timedelta(days=3)
    return ExchangeLog(
        id=UUID(int=first_id(month).int + (number << 80) | 7 << 76 | 2 << 62),
        at=at,
        system="演练",
        direction="OUT",
        operation="x",
        request_id=f"{month}-{number}",
        outcome="ok",
    )


def put(world: World, *rows: ExchangeLog) -> None:
    world.act(lambda work: [work.add(row) for row in rows])


def left(world: World) -> set[str]:
    wanted = select(ExchangeLog.request_id).where(col(ExchangeLog.system) == "演练")
    return set(world.read(lambda work: work.session.exec(wanted).all()))


def long_ago(back: int) -> date:
    """The first day of the month so many months and three years ago."""
    month = month_of(datetime.now(UTC).date() - timedelta(days=3 * 365))
    for _ in range(back):
        month = month_of(month - timedelta(days=1))
    return month


def test_a_table_in_parts_has_this_month_and_those_ahead(world: World) -> None:
    assert {table.name for table in monthly_tables()} == {"audit_event", "exchange_log", "partner_exchange"}
    assert run_job(world.door, "months.make")
    there = months(world)
    if world.door.database.sqlite:
        assert there == []
        return
    month = month_of(datetime.now(UTC).date())
    for _ in range(AHEAD + 1):
        assert month in there
        month = next_month(month)
    before = len(there)
    assert run_job(world.door, "months.make")
    assert len(months(world)) == before


def test_a_month_goes_when_the_last_of_its_rows_is_over(world: World) -> None:
    first, second = long_ago(2), long_ago(1)
    if not world.door.database.sqlite:
        with world.door.database.engine.begin() as connection:
            for month in (first, second):
                make_month(connection, "exchange_log", month)
    put(world, *(line(first, number) for number in range(3)), line(second, 1), line(second, 2, younger=True))
    assert run_job(world.door, "retention.erase")
    gone = {f"{first}-{number}" for number in range(3)}
    assert not left(world) & gone
    assert f"{second}-2" in left(world)
    assert first not in months(world)
    faults = world.read(lambda work: scan(work.session).faults)
    assert not [fault for fault in faults if fault.table == "exchange_log"], "the sums of the days were left behind"
    rows = world.read(
        lambda work: work.session.exec(select(Erasure).where(Erasure.erased_from == "exchange_log")).all()
    )
    assert sum(row.row_count for row in rows) >= 3
    if not world.door.database.sqlite:
        assert second in months(world), "a month with a row that is not over was detached"
        assert f"{second}-1" in left(world)
        told = select(AuditEvent.body).where(AuditEvent.act == "retention.detach")
        assert any(
            f'"month":"{first:%Y-%m}"' in body for body in world.read(lambda work: work.session.exec(told).all())
        )


def test_rows_are_found_wherever_they_lie(world: World) -> None:
    """A row of no month, and one of this month, are read, changed and counted like any."""
    ahead = date(datetime.now(UTC).year + 5, 1, 1)
    far = line(ahead, 0)
    put(world, far)

    def look(work: Work) -> int:
        return work.session.exec(select(sa.func.count()).where(col(ExchangeLog.id) == far.id)).one()

    assert world.read(look) == 1
