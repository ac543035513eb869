"""运行状况: backups, hosts, the program, background tasks and erasures at a glance (M3, M4, D21, D22)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from models.codes import Toned
from models.engine import JobLease
from models.operations import Backup, DeviceManifest, Erasure
from services.catalogue.subjects import label_of
from services.engine.jobs import JOBS
from services.engine.registry import query
from services.engine.work import Work, visible_rows

READERS = {Role.SYS_ADMIN, Role.AUDITOR}
_BACKUPS, _ERASURES, _MANIFESTS = 40, 60, 200


def _keepers(work: Work, table: Any) -> Any:
    return sa.true() if work.caller.has(Role.SYSTEM, *READERS) else sa.false()


visible_rows(Backup)(_keepers)
visible_rows(DeviceManifest)(_keepers)
visible_rows(Erasure)(_keepers)


@dataclass(frozen=True)
class BackupLine:
    id: UUID
    file_name: str
    made_at: datetime
    megabytes: float
    rows: int
    audit_seq: int
    seconds: int
    digest: str
    removed_at: datetime | None

    @property
    def state(self) -> str:
        return Toned("已到期清除") if self.removed_at is not None else Toned("可用", "good")


@dataclass(frozen=True)
class HostLine:
    """A host as its newest signed list has it."""

    id: UUID
    host: str
    made_at: datetime
    lists: int
    logs: int
    lines: int
    key: str
    differs: bool

    @property
    def state(self) -> str:
        return Toned("有变动待处置", "bad") if self.differs else Toned("一致", "good")


@dataclass(frozen=True)
class JobLine:
    """A task; `last_at` is None while it has never run."""

    id: str
    label: str
    when: str
    last_at: datetime | None
    result: str
    ok: bool


@dataclass(frozen=True)
class ErasureLine:
    id: UUID
    at: datetime
    table: str
    purpose: str
    rule: str
    rows: int


@dataclass(frozen=True)
class Program:
    """Result of the last check of the installed program; empty before the first."""

    at: datetime | None = None
    version: str = ""
    result: str = ""


@dataclass(frozen=True)
class Standing:
    """State of the installation. `overdue` is about backups, `copied` whether they have a second place."""

    program: Program
    backups: tuple[BackupLine, ...]
    overdue: bool
    keep_days: int
    copied: bool
    hosts: tuple[HostLine, ...]
    jobs: tuple[JobLine, ...]
    erasures: tuple[ErasureLine, ...]


@query("operations.standing", "运行状况", roles=READERS)
def standing(work: Work, order: None) -> Standing:
    """Return the state of the installation, without content, persons or secrets."""
    backups = work.session.exec(work.visible(Backup).order_by(col(Backup.made_at).desc()).limit(_BACKUPS)).all()
    erasures = work.session.exec(work.visible(Erasure).order_by(col(Erasure.at).desc()).limit(_ERASURES)).all()
    newest = backups[0].made_at if backups else None
    return Standing(
        program=_program(work),
        backups=tuple(_backup(row) for row in backups),
        overdue=newest is None or newest < work.at - timedelta(hours=work.thresholds.integer("backup.overdue_hours")),
        keep_days=work.house.place.backup_keep_days,
        copied=work.house.place.backup_copy_dir is not None,
        hosts=_hosts(work),
        jobs=_jobs(work),
        erasures=tuple(
            ErasureLine(row.id, row.at, _table(row.erased_from), row.purpose, row.rule, row.row_count)
            for row in erasures
        ),
    )


def _backup(row: Backup) -> BackupLine:
    return BackupLine(
        row.id,
        row.file_name,
        row.made_at,
        round(row.size / (1 << 20), 1),
        row.row_count,
        row.audit_seq,
        row.seconds,
        row.file_sm3,
        row.removed_at,
    )


def _program(work: Work) -> Program:
    # The system administrator sees no audit; that the program was checked, and how it went, is his business.
    last = work.session.exec(
        select(AuditEvent.at, AuditEvent.object_id, AuditEvent.result)
        .where(AuditEvent.event == "RELEASE.VERIFY")
        .order_by(col(AuditEvent.seq).desc())
        .limit(1)
    ).first()
    if last is None:
        return Program()
    at, version, result = last
    signed = version != "unsigned"
    found = Toned("一致", "good") if result == "ok" else Toned("不一致", "bad")
    return Program(at, version if signed else "", found if signed else Toned("未签名", "warn"))


def _hosts(work: Work) -> tuple[HostLine, ...]:
    wanted = work.visible(DeviceManifest).order_by(col(DeviceManifest.made_at).desc()).limit(_MANIFESTS)
    newest: dict[str, DeviceManifest] = {}
    counted: dict[str, int] = {}
    for row in work.session.exec(wanted).all():
        newest.setdefault(row.host, row)
        counted[row.host] = counted.get(row.host, 0) + 1
    tampered = work.visible(Alarm).where(Alarm.alarm_code == "DEV.TAMPER", Alarm.state != AlarmState.CLOSED)
    differing = {alarm.object_key for alarm in work.session.exec(tampered).all()}
    return tuple(
        HostLine(row.id, host, row.made_at, counted[host], row.files, row.lines, row.kid, host in differing)
        for host, row in sorted(newest.items())
    )


def _jobs(work: Work) -> tuple[JobLine, ...]:
    leases = {row.job: row for row in work.session.exec(select(JobLease)).all()}
    return tuple(_job(name, leases.get(name)) for name in sorted(JOBS, key=lambda name: (JOBS[name].at, name)))


def _job(name: str, lease: JobLease | None) -> JobLine:
    one = JOBS[name]
    when = f"每日 {one.at}" if one.at else _every(one.every)
    said = lease.last_result if lease is not None else ""
    ok, _, number = said.partition(" ")
    words = "" if not said else "失败" if said == "failed" else said if ok != "ok" else _done(number)
    return JobLine(name, one.label, when, lease.last_run_at if lease else None, words, ok in {"ok", ""})


def _every(seconds: int) -> str:
    """Return how often, in the largest unit that divides it."""
    for length, unit in ((3600, "小时"), (60, "分钟")):
        if seconds % length == 0:
            return f"每{seconds // length}{unit}"
    return f"每{seconds}秒"


def _done(number: str) -> str:
    return f"完成，{number}项" if number not in {"", "0"} else "完成"


def _table(name: str) -> str:
    return label_of(name)
