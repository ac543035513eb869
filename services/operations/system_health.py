"""运行状况: backups, hosts, the program, background tasks and erasures at a glance (M3, M4, D21, D22)."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from models.codes import Toned
from models.engine import JobLease
from models.operations import Backup, DeviceManifest, Erasure
from services.engine.jobs import JOBS
from services.engine.listings import Line
from services.engine.registry import query
from services.engine.work import Work, shown_whole

READERS = {Role.SYS_ADMIN, Role.AUDITOR}
_BACKUPS, _ERASURES, _MANIFESTS = 40, 60, 200


shown_whole(Backup, DeviceManifest, Erasure, roles=READERS | {Role.SYSTEM})


@dataclass(frozen=True)
class Host:
    """A host as its newest signed list has it, and how many lists of it there are."""

    newest: DeviceManifest
    lists: int
    differs: bool

    @property
    def id(self) -> UUID:
        return self.newest.id

    @property
    def state(self) -> str:
        return Toned("有变动待处置", "bad") if self.differs else Toned("一致", "good")


@dataclass(frozen=True)
class Standing:
    """State of the installation. `overdue` is about backups, `copied` whether they have a second place.

    `program` is the last check of the installed program; of a job `last_at` is None while it has never run.
    """

    program: Line
    backups: tuple[Backup, ...]
    overdue: bool
    keep_days: int
    copied: bool
    hosts: tuple[Host, ...]
    jobs: tuple[Line, ...]
    erasures: tuple[Erasure, ...]


@query("operations.standing", "运行状况", roles=READERS)
def standing(work: Work, order: None) -> Standing:
    """Return the state of the installation, without content, persons or secrets."""
    backups = work.rows(work.visible(Backup), by=col(Backup.made_at).desc(), most=_BACKUPS)
    erasures = work.rows(work.visible(Erasure), by=col(Erasure.at).desc(), most=_ERASURES)
    newest = backups[0].made_at if backups else None
    return Standing(
        program=program_of(work),
        backups=tuple(backups),
        overdue=newest is None or newest < work.at - timedelta(hours=work.thresholds.integer("backup.overdue_hours")),
        keep_days=work.house.place.backup_keep_days,
        copied=work.house.place.backup_copy_dir is not None,
        hosts=_hosts(work),
        jobs=_jobs(work),
        erasures=tuple(erasures),
    )


def program_of(work: Work) -> Line:
    """Return when the program was last verified, its version, and the result."""
    # The system administrator sees no audit; that the program was checked, and how it went, is his business.
    last = work.session.exec(
        select(AuditEvent.at, AuditEvent.object_id, AuditEvent.result)
        .where(AuditEvent.event == "RELEASE.VERIFY")
        .order_by(col(AuditEvent.seq).desc())
        .limit(1)
    ).first()
    if last is None:
        return Line(at=None, version="", result=Toned("尚未核查"))
    at, version, result = last
    signed = version != "unsigned"
    found = Toned("一致", "good") if result == "ok" else Toned("不一致", "bad")
    return Line(at=at, version=version if signed else "", result=found if signed else Toned("未签名", "warn"))


def _hosts(work: Work) -> tuple[Host, ...]:
    rows = work.rows(work.visible(DeviceManifest), by=col(DeviceManifest.made_at).desc(), most=_MANIFESTS)
    # The newest of each host is written last.
    newest = {row.host: row for row in reversed(rows)}
    counted = Counter(row.host for row in rows)
    tampered = work.visible(Alarm).where(Alarm.alarm_code == "DEV.TAMPER", Alarm.state != AlarmState.CLOSED)
    differing = {alarm.object_key for alarm in work.session.exec(tampered).all()}
    return tuple(Host(row, counted[host], host in differing) for host, row in sorted(newest.items()))


def _jobs(work: Work) -> tuple[Line, ...]:
    leases = {row.job: row for row in work.rows(JobLease)}
    return tuple(_job(name, leases.get(name)) for name in sorted(JOBS, key=lambda name: (JOBS[name].at, name)))


def _job(name: str, lease: JobLease | None) -> Line:
    one = JOBS[name]
    when = f"每日 {one.at}" if one.at else _every(one.every)
    said = lease.last_result if lease is not None else ""
    ok, _, number = said.partition(" ")
    words = "" if not said else "失败" if said == "failed" else said if ok != "ok" else _done(number)
    last = lease.last_run_at if lease else None
    return Line(id=name, label=one.label, when=when, last_at=last, result=words, ok=ok in {"ok", ""})


def _every(seconds: int) -> str:
    """Return how often, in the largest unit that divides it."""
    for length, unit in ((3600, "小时"), (60, "分钟")):
        if seconds % length == 0:
            return f"每{seconds // length}{unit}"
    return f"每{seconds}秒"


def _done(number: str) -> str:
    return f"完成，{number}项" if number not in {"", "0"} else "完成"
