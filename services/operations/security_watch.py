"""The watch: every half minute the new part of the audit chain and a few tables are held against the rules (D16)."""

import json
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from models.dialect import locked
from models.engine import Outgoing
from models.operations import Backup, WatchMark
from models.sealing import CryptoError
from services.engine.alarms import raise_alarm
from services.engine.audit import CHAIN
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.work import Work
from services.operations.systems import label_of
from services.operations.watches import BURSTS, DEAD_LETTER, SINGLES, WATCHED, Burst, Single
from services.ports.crypto import KeyInfo

log = logging.getLogger("shenfang.operations")
WATCH = "alarms"
_AT_ONCE = 5000


@action("alarms.watch", "安全监测", roles={Role.SYSTEM}, event="")
def watch_audit(work: Work, limit: int) -> int:
    """Read the events since the last time and raise what they amount to; gives how many were read."""
    mark = work.session.exec(locked(work.session, select(WatchMark).where(WatchMark.watch == WATCH))).first()
    mark = mark or WatchMark(watch=WATCH)
    newest = work.session.exec(select(func.max(AuditEvent.seq)).where(AuditEvent.chain == CHAIN)).one() or 0
    until = min(newest, mark.seq + limit)
    fresh = work.rows(
        AuditEvent,
        AuditEvent.chain == CHAIN,
        AuditEvent.seq > mark.seq,
        AuditEvent.seq <= until,
        col(AuditEvent.event).in_(WATCHED),
        by=AuditEvent.seq,
    )
    for event in fresh:
        for single in SINGLES:
            if single.event == event.event:
                _raise_single(work, single, event)
        if (event.event, event.act) == DEAD_LETTER:
            _raise_dead_letter(work, event)
    for burst in BURSTS:
        _raise_bursts(work, burst, [event for event in fresh if event.event == burst.event])
    read = until - mark.seq
    mark.seq = until
    work.add(mark)
    return read


def _raise_single(work: Work, rule: Single, event: AuditEvent) -> None:
    if not rule.fits(event, json.loads(event.body)) or _told_already(work, rule.alarm_code, event):
        return
    subject = f"{rule.subject}（审计序号 {event.seq}）"
    raise_alarm(work, rule.alarm_code, subject, kind=event.object_kind, key=rule.key(event), severity=rule.severity)


def _told_already(work: Work, alarm_code: str, event: AuditEvent) -> bool:
    """Return whether the transaction that found the trouble has raised the alarm itself."""
    return work.has(
        AuditEvent, AuditEvent.request_id == event.request_id, AuditEvent.event == "ALARM", AuditEvent.act == alarm_code
    )


def _raise_dead_letter(work: Work, event: AuditEvent) -> None:
    message = work.first(Outgoing, Outgoing.id == UUID(event.object_id))
    system = message.system if message is not None else ""
    raise_alarm(work, "OUTBOX.DEAD", f"发往{label_of(system)}的消息多次发送失败，需人工处理", kind="system", key=system)


def _raise_bursts(work: Work, rule: Burst, fresh: list[AuditEvent]) -> None:
    if not fresh:
        return
    since = work.at - timedelta(minutes=work.thresholds.integer(rule.minutes))
    enough = work.thresholds.integer(rule.count)
    # What the system does on behalf of a person was logged under that person before.
    for key in sorted({event.account if rule.by else "" for event in fresh} - {SYSTEM.key}):
        counted = select(func.count()).where(AuditEvent.event == rule.event, AuditEvent.at > since)
        if rule.by:
            counted = counted.where(AuditEvent.account == key)
        times: int = work.session.exec(counted).one()
        if times >= enough:
            subject = f"{rule.subject}（{times}次）"
            raise_alarm(work, rule.alarm_code, subject, kind=rule.by, key=key, severity=rule.severity)


def _keys(gathering: Gathering, order: None) -> list[KeyInfo]:
    try:
        held = gathering.house.crypto.keys()
        return [key for key in held if key.state == "active" and key.expires_at is not None]
    except CryptoError as problem:
        # A service that is away raises its own alarm; the backup is watched all the same.
        log.warning("keys could not be listed: %s", problem.code)
        return []


@action("alarms.stand", "备份与密钥期限监测", roles={Role.SYSTEM}, gather=_keys, event="")
def watch_standing(work: Work, order: None, keys: list[KeyInfo]) -> int:
    """Raise lasting conditions once: no backup for more than a day, a key near its end."""
    raised = 0
    hours = work.thresholds.integer("backup.overdue_hours")
    newest = work.session.exec(select(func.max(Backup.made_at))).one() or _installed_at(work)
    if newest is not None and work.at - newest > timedelta(hours=hours):
        raised += _stand(work, "BACKUP.OVERDUE", f"最近{hours}小时没有成功的备份", kind="backup", key="database")
    days = work.thresholds.integer("watch.key_days")
    for key in keys:
        if key.expires_at is not None and key.expires_at - work.at <= timedelta(days=days):
            subject = f"密钥 {key.kid} 将于{key.expires_at:%Y-%m-%d}到期，请轮换"
            raised += _stand(work, "KEY.EXPIRY", subject, kind="key", key=key.kid)
    return raised


def _installed_at(work: Work) -> Any:
    return work.session.exec(select(func.min(AuditEvent.at)).where(AuditEvent.chain == CHAIN)).one()


def _stand(work: Work, alarm_code: str, subject: str, *, kind: str, key: str) -> int:
    standing = select(Alarm.id).where(
        Alarm.alarm_code == alarm_code,
        Alarm.object_kind == kind,
        Alarm.object_key == key,
        col(Alarm.state) != AlarmState.CLOSED,
    )
    if work.session.exec(standing.limit(1)).first() is not None:
        return 0
    raise_alarm(work, alarm_code, subject, kind=kind, key=key)
    return 1


@job("alarms.watch", "安全监测", every=30)
def watch(door: Door) -> None:
    """Read all new events in portions, then lasting conditions; an alarm comes within a minute of its event."""
    while door.perform(watch_audit, SYSTEM, _AT_ONCE) == _AT_ONCE:
        pass
    door.perform(watch_standing, SYSTEM, None)
