"""Figures of an installation at this moment, for its monitoring and its self-check (M4): numbers only, no person, no record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role, SignInSession
from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from models.engine import ExchangeLog, JobLease, Outgoing, OutgoingState
from models.integrity import IntegrityFault
from models.keys import KeyRecord
from models.operations import Backup
from models.partners import KeyUse, PartnerKey, PartnerKeyState
from services.engine.jobs import JOBS
from services.engine.registry import query
from services.engine.replica_reads import OLDEST, age_of
from services.engine.work import Work
from services.ports.crypto import KeyState

READERS = {Role.SYSTEM, Role.SYS_ADMIN, Role.AUDITOR}
#: A session counts as in use when it was seen within this time.
_AT_WORK = timedelta(minutes=5)
_EXCHANGES = timedelta(minutes=5)


@dataclass(frozen=True)
class Gauge:
    """A figure with its unit in the name, as Prometheus asks, and labels of few values."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Reading:
    """A declared figure: an English sentence for monitoring, a Chinese label for the self-check, and how it is read."""

    name: str
    about: str
    label: str
    read: Callable[[Work], Iterable[Gauge]] = field(repr=False)


#: Every figure by its name, in the order of declaration.
READINGS: dict[str, Reading] = {}
_Values = Callable[[Work], float | Iterable[tuple[dict[str, str], float]] | None]


def _gauge(name: str, about: str, label: str) -> Callable[[_Values], _Values]:
    """Declare a figure; its function returns a number, None where there is none, or numbers with labels."""

    def declare(values: _Values) -> _Values:
        def read(work: Work) -> Iterable[Gauge]:
            found = values(work)
            if found is None:
                return ()
            if isinstance(found, int | float):
                return (Gauge(name, float(found)),)
            return tuple(Gauge(name, float(value), tuple(labels.items())) for labels, value in found)

        READINGS[name] = Reading(name, about, label, read)
        return values

    return declare


@query("operations.gauges", "运行指标", roles=READERS)
def gauges(work: Work, order: None) -> tuple[Gauge, ...]:
    """Return every declared figure."""
    return tuple(one for reading in READINGS.values() for one in reading.read(work))


@_gauge(
    "shenfang_outbox_messages", "Messages in the outbox by partner system and state, without those sent.", "待发消息"
)
def _outbox(work: Work) -> Iterable[tuple[dict[str, str], float]]:
    open_ones = (
        select(Outgoing.system, Outgoing.state, func.count())
        .where(col(Outgoing.state).in_([OutgoingState.WAITING, OutgoingState.DEAD]))
        .group_by(Outgoing.system, Outgoing.state)
    )
    for system, state, count in work.session.exec(open_ones).all():
        yield {"system": system, "state": str(state).lower()}, count


@_gauge("shenfang_outbox_oldest_seconds", "Age of the oldest message that waits to be sent.", "最久未发消息")
def _oldest(work: Work) -> float:
    oldest = work.session.exec(
        select(func.min(Outgoing.created_at)).where(Outgoing.state == OutgoingState.WAITING)
    ).one()
    return 0.0 if oldest is None else max(0.0, (work.at - oldest).total_seconds())


# Prometheus gives each sample a label `job` of its own: the task is named `task`.
@_gauge("shenfang_job_age_seconds", "Seconds since a background job was last started.", "任务距上次运行")
def _ages(work: Work) -> Iterable[tuple[dict[str, str], float]]:
    for lease in work.rows(JobLease, by=JobLease.job):
        if lease.job in JOBS and lease.last_run_at is not None:
            yield {"task": lease.job}, (work.at - lease.last_run_at).total_seconds()


@_gauge("shenfang_job_failed", "1 where the last run of a background job failed.", "上次运行失败的任务")
def _failed(work: Work) -> Iterable[tuple[dict[str, str], float]]:
    for lease in work.rows(JobLease, by=JobLease.job):
        if lease.job in JOBS and lease.last_result:
            yield {"task": lease.job}, float(lease.last_result.partition(" ")[0] != "ok")


def newest_beat(work: Work) -> datetime | None:
    """Return when the worker last gave its sign of life in the audit."""
    return work.first(AuditEvent.at, AuditEvent.event == "AUDIT.HEARTBEAT", by=col(AuditEvent.seq).desc())


@_gauge("shenfang_worker_beat_seconds", "Seconds since the worker's last sign of life in the audit.", "后台进程心跳")
def _beat(work: Work) -> float | None:
    newest = newest_beat(work)
    return None if newest is None else (work.at - newest).total_seconds()


@_gauge(
    "shenfang_partner_exchanges", "Exchanges with a partner system in the last five minutes by outcome.", "对接交换"
)
def _exchanges(work: Work) -> Iterable[tuple[dict[str, str], float]]:
    recent = (
        select(ExchangeLog.system, ExchangeLog.outcome, func.count())
        .where(ExchangeLog.at >= work.at - _EXCHANGES)
        .group_by(ExchangeLog.system, ExchangeLog.outcome)
    )
    for system, outcome, count in work.session.exec(recent).all():
        yield {"system": system, "outcome": outcome}, count


@_gauge("shenfang_sessions", "Sessions of people that were used within five minutes.", "在线人数")
def _sessions(work: Work) -> float:
    alive = select(func.count()).where(
        col(SignInSession.ended_at).is_(None), SignInSession.seen_at >= work.at - _AT_WORK
    )
    return work.session.exec(alive).one()


@_gauge(
    "shenfang_replica_behind_seconds",
    "Seconds by which the replica is behind, 121 where it is not asked.",
    "只读副本滞后",
)
def _replica(work: Work) -> float | None:
    if work.house.replica is None:
        return None
    behind = age_of(work.house.replica)
    return OLDEST + 1 if behind is None else behind


@_gauge("shenfang_integrity_faults", "Rows that differ from what the product wrote and are locked.", "完整性异常")
def _faults(work: Work) -> float:
    return work.session.exec(select(func.count()).where(col(IntegrityFault.closed_at).is_(None))).one()


@_gauge("shenfang_alarms", "Open alarms by severity, 1 the gravest.", "未处置告警")
def _alarms(work: Work) -> Iterable[tuple[dict[str, str], float]]:
    unseen = select(Alarm.severity, func.count()).where(Alarm.state == AlarmState.OPEN).group_by(col(Alarm.severity))
    for severity, count in work.session.exec(unseen).all():
        yield {"severity": str(severity)}, count


@_gauge("shenfang_backup_age_seconds", "Seconds since the newest verified backup.", "最近备份")
def _backup(work: Work) -> float | None:
    newest = work.session.exec(select(func.max(Backup.made_at))).one()
    return None if newest is None else (work.at - newest).total_seconds()


@_gauge("shenfang_key_days_left", "Days until the first active key of a family expires.", "密钥剩余天数")
def _keys(work: Work) -> Iterable[tuple[dict[str, str], float]]:
    active: KeyState = "active"
    ends = (
        select(KeyRecord.family, func.min(KeyRecord.expires_at))
        .where(KeyRecord.state == active, col(KeyRecord.expires_at).is_not(None))
        .group_by(KeyRecord.family)
    )
    for family, end in work.session.exec(ends).all():
        if end is not None:
            yield {"family": family}, (end - work.at).days


@_gauge(
    "shenfang_partner_key_days_left", "Days until the first key of any partner for a use expires.", "对接方密钥剩余天数"
)
def _partner_keys(work: Work) -> Iterable[tuple[dict[str, str], float]]:
    ends = (
        select(PartnerKey.use, func.min(PartnerKey.valid_to))
        .where(PartnerKey.state == PartnerKeyState.ACTIVE, PartnerKey.valid_to > work.at)
        .group_by(PartnerKey.use)
    )
    for use, end in work.session.exec(ends).all():
        assert isinstance(use, KeyUse)
        yield {"use": use.value.lower()}, (end - work.at).days


def days_left(work: Work) -> tuple[float | None, float | None]:
    """Return the days until the first key expires, of ours and of partners; None where none expires."""
    names = ("shenfang_key_days_left", "shenfang_partner_key_days_left")
    ours, theirs = (min((gauge.value for gauge in READINGS[name].read(work)), default=None) for name in names)
    return ours, theirs
