"""Raising an alarm: one row and one audit event in the transaction that found the trouble (security.md D16)."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import col

from models.access import Role
from models.alarms import Alarm, AlarmState
from services.engine.registry import action
from services.engine.work import Work


def raise_alarm(
    work: Work, alarm_code: str, subject: str, *, about: Any = None, kind: str = "", key: str = "", severity: int = 3
) -> Alarm:
    """Raise an alarm for staff on duty, or count up the open alarm with this code and object.

    `subject` is a Chinese sentence without personal data; `about` is a row, `key` names another object (a file, a system).
    """
    if about is not None:
        kind, key = about.__tablename__, str(about.id)
    alarm = work.first(
        Alarm,
        Alarm.alarm_code == alarm_code,
        Alarm.object_kind == kind[:40],
        Alarm.object_key == key[:100],
        col(Alarm.state) != AlarmState.CLOSED,
    )
    if alarm is None:
        alarm = Alarm(
            alarm_code=alarm_code,
            severity=severity,
            subject=subject[:200],
            object_kind=kind[:40],
            object_key=key[:100],
            raised_at=work.at,
            last_at=work.at,
        )
    else:
        alarm.times, alarm.last_at, alarm.subject = alarm.times + 1, work.at, subject[:200]
    work.add(alarm)
    work.trail.tell("ALARM", alarm_code, about=alarm, reason=f"{kind} {key}".strip()[:200], severity=severity)
    return alarm


@dataclass(frozen=True)
class Trouble:
    """A system outside that is silent, or why its answers are of no use."""

    source: str
    useless: str = ""


@action("systems.silent", "外部系统无应答告警", roles={Role.SYSTEM}, event="")
def tell_silent_system(work: Work, order: Trouble) -> None:
    """Raise the alarm of a system that is silent or whose answers are of no use, or count up the open one."""
    source, useless = order.source, f"{order.source}的应答连续多次不能使用（{order.useless}），请联系对方核对接口"
    if order.useless:
        raise_alarm(work, "UPSTREAM.USELESS", useless, kind="system", key=source)
    else:
        raise_alarm(work, "UPSTREAM.DOWN", f"外部系统连续无应答，已暂停访问：{source}", kind="system", key=source)
