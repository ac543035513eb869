"""Numbers of an installation for support: tables, alarms by code, jobs; no content, no person, no secret."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import SQLModel, col, func, select

from models.access import Account, Role
from models.alarms import Alarm, AlarmState
from models.dialect import newest_revision
from models.engine import JobLease
from services.engine.jobs import JOBS
from services.engine.registry import query
from services.engine.work import Work


@dataclass(frozen=True)
class AlarmCount:
    """Alarms of one code: how many, how many of them still open, and when the last was raised."""

    code: str
    count: int
    open: int
    last_at: datetime


@dataclass(frozen=True)
class JobTold:
    """A background job, when it last ran, and `ok`, `failed` or nothing where it never ran."""

    name: str
    label: str
    last_at: datetime | None
    result: str


@dataclass(frozen=True)
class Diagnosis:
    """Numbers of an installation that support needs. `tables` counts rows; on PostgreSQL as the planner estimates them.

    `logins` are masked in the log lines that go with it and are written nowhere.
    """

    engine: str
    revision: str
    newest_revision: str
    tables: dict[str, int]
    alarms: tuple[AlarmCount, ...]
    jobs: tuple[JobTold, ...]
    logins: frozenset[str]


@query("operations.diagnosis", "诊断", roles={Role.SYSTEM})
def diagnosis(work: Work, order: None) -> Diagnosis:
    """Return the numbers of this installation."""
    connection = work.session.connection()
    sqlite = work.house.database.sqlite
    version = connection.execute(sa.text("SELECT sqlite_version()" if sqlite else "SELECT version()")).scalar_one()
    return Diagnosis(
        engine=f"SQLite {version}" if sqlite else str(version).partition(",")[0],
        revision=str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()),
        newest_revision=newest_revision(),
        tables=dict(sorted(_counted(connection, sqlite=sqlite).items())),
        alarms=_alarms(work),
        jobs=tuple(_job(name, lease) for name, lease in _leases(work).items()),
        logins=frozenset(work.rows(Account.login)),
    )


def _counted(connection: sa.Connection, *, sqlite: bool) -> dict[str, int]:
    names = set(SQLModel.metadata.tables)
    if sqlite:
        counts = (sa.select(sa.literal(name), sa.func.count()).select_from(sa.table(name)) for name in sorted(names))
        return {line[0]: int(line[1]) for line in connection.execute(sa.union_all(*counts))}
    # Counting what has millions of rows takes minutes; a table that was never analysed is counted as -1.
    estimates = sa.text("SELECT relname, reltuples::bigint FROM pg_class WHERE relkind IN ('r', 'p')")
    return {name: rows for name, rows in connection.execute(estimates) if name in names}


def _alarms(work: Work) -> tuple[AlarmCount, ...]:
    still = func.sum(sa.case((col(Alarm.state) == AlarmState.CLOSED, 0), else_=1))
    by_code = select(Alarm.alarm_code, func.count(), still, func.max(Alarm.last_at)).group_by(Alarm.alarm_code)
    return tuple(AlarmCount(*line) for line in work.session.exec(by_code.order_by(Alarm.alarm_code)).all())


def _leases(work: Work) -> dict[str, JobLease | None]:
    leases = {lease.job: lease for lease in work.rows(JobLease)}
    return {name: leases.get(name) for name in sorted(JOBS)}


def _job(name: str, lease: JobLease | None) -> JobTold:
    result = lease.last_result.partition(" ")[0] if lease else ""
    return JobTold(name, JOBS[name].label, lease.last_run_at if lease else None, result)
