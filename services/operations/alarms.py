"""Alarms as those on duty see them: a list, a count for the status bar, seen and closed with what was done (D16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.alarms import ALARM, Alarm, AlarmState
from services.catalogue.subjects import label_of
from services.engine.refusals import Rejected
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.work import Work
from services.operations.duties import KEEPERS

MOST = 200
_LEAST_NOTE = 4


@dataclass(frozen=True)
class AlarmFilter:
    """`state` empty is everything that is not closed; `closed` shows what was."""

    closed: bool = False
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class AlarmLine:
    """An alarm as a line of the list."""

    id: UUID
    alarm_code: str
    level: str
    subject: str
    object_key: str
    state: AlarmState
    times: int
    raised_at: datetime
    last_at: datetime
    note: str


@dataclass(frozen=True)
class AlarmPage:
    total: int
    lines: tuple[AlarmLine, ...]
    open: int


@query("alarms.list", "告警", roles=KEEPERS)
def list_alarms(work: Work, order: AlarmFilter) -> AlarmPage:
    """Alarms of the caller's duty, the gravest first among those that are open."""
    if not 1 <= order.size <= MOST or not 1 <= order.page <= MOST:
        raise Rejected("只能查看前40000条，请缩小范围")
    closed = col(Alarm.state) == AlarmState.CLOSED
    base = work.visible(Alarm).where(closed if order.closed else ~closed)
    total = work.session.exec(select(func.count()).select_from(base.subquery())).one()
    first: tuple[Any, ...] = (col(Alarm.last_at).desc(),) if order.closed else (col(Alarm.severity),)
    rows = work.session.exec(
        base.order_by(*first, col(Alarm.last_at).desc(), col(Alarm.id))
        .offset((order.page - 1) * order.size)
        .limit(order.size)
    ).all()
    return AlarmPage(total, tuple(_line(row) for row in rows), _open(work))


@query("alarms.count", "待处置告警数", roles=KEEPERS)
def count_alarms(work: Work, order: None) -> int:
    """Count the open alarms of the caller's duty."""
    return _open(work)


def _open(work: Work) -> int:
    unseen = work.visible(Alarm).where(Alarm.state == AlarmState.OPEN)
    return work.session.exec(select(func.count()).select_from(unseen.subquery())).one()


@dataclass(frozen=True)
class SeeAlarm:
    id: UUID


@action("alarms.see", "接手处置", roles=KEEPERS, step=Step(ALARM, "see"))
def see_alarm(work: Work, order: SeeAlarm) -> None:
    """Say that one looks into it; others see who does."""
    alarm = work.get(Alarm, order.id)
    take_step(work, alarm, ALARM, "see")
    alarm.seen_by, alarm.seen_at = work.caller.account_id, work.at


@dataclass(frozen=True)
class CloseAlarm:
    """`note` says what was found and done; it names no person."""

    id: UUID
    note: str


@action("alarms.close", "关闭告警", roles=KEEPERS, step=Step(ALARM, "close"))
def close_alarm(work: Work, order: CloseAlarm) -> None:
    """Close an alarm with a note; a repetition is a new alarm."""
    note = order.note.strip()
    if len(note) < _LEAST_NOTE:
        raise Rejected("请填写处置结果（不少于4个字）")
    alarm = work.get(Alarm, order.id)
    take_step(work, alarm, ALARM, "close")
    alarm.closing_note = note[:200]
    if alarm.seen_at is None:
        alarm.seen_by, alarm.seen_at = work.caller.account_id, work.at


def _line(row: Alarm) -> AlarmLine:
    return AlarmLine(
        id=row.id,
        alarm_code=row.alarm_code,
        level=_LEVELS.get(row.severity, "一般"),
        subject=_subject(row),
        object_key=row.object_key,
        state=row.state,
        times=row.times,
        raised_at=row.raised_at,
        last_at=row.last_at,
        note=row.closing_note,
    )


def _subject(row: Alarm) -> str:
    """Return the subject of an alarm, with table names replaced by their labels."""
    kind = row.object_kind
    return row.subject.replace(kind, label_of(kind)) if kind else row.subject


_LEVELS = {0: "紧急", 1: "紧急", 2: "严重", 3: "重要", 4: "警告"}
