"""Alarms as those on duty see them: a list, a count for the status bar, seen and closed with what was done (D16)."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select

from models.alarms import ALARM, Alarm, AlarmState
from models.codes import Code
from services.catalogue.subjects import label_of
from services.engine.listings import Bulk, Column, Listing, listed, named
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.operations.duties import KEEPERS


class Level(Code):
    """Gravity of an alarm."""

    URGENT = "URGENT", "紧急", "bad"
    SEVERE = "SEVERE", "严重", "bad"
    MAJOR = "MAJOR", "重要", "warn"
    WARNING = "WARNING", "警告", "info"
    COMMON = "COMMON", "一般", "muted"


_LEVELS = {0: Level.URGENT, 1: Level.URGENT, 2: Level.SEVERE, 3: Level.MAJOR, 4: Level.WARNING}
_CLOSED = col(Alarm.state) == AlarmState.CLOSED


@query("alarms.count", "待处置告警数", roles=KEEPERS)
def count_alarms(work: Work, order: None) -> int:
    """Count the open alarms of the caller's duty."""
    unseen = work.visible(Alarm).where(Alarm.state == AlarmState.OPEN)
    return work.session.exec(select(func.count()).select_from(unseen.subquery())).one()


@action("alarms.see", "接手处置", roles=KEEPERS, step=Step(ALARM, "see"))
def see_alarm(work: Work, alarm_id: UUID) -> None:
    """Say that one looks into it; others see who does."""
    alarm = work.get(Alarm, alarm_id)
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
    note = enough_words(order.note, "处置结果", least=4, most=200)
    alarm = work.get(Alarm, order.id)
    take_step(work, alarm, ALARM, "close")
    alarm.closing_note = note
    if alarm.seen_at is None:
        alarm.seen_by, alarm.seen_at = work.caller.account_id, work.at


def _subject(row: Alarm) -> str:
    """Return the subject of an alarm, with table names replaced by their labels."""
    kind = row.object_kind
    return row.subject.replace(kind, label_of(kind)) if kind else row.subject


ALARMS = listed(
    Listing(
        name="alarms",
        label="告警",
        roles=KEEPERS,
        table=Alarm,
        columns=(
            Column("level", "级别", lambda row: _LEVELS.get(row.severity, Level.COMMON), width=60),
            Column("subject", "内容", _subject),
            Column("state", "状态", width=80),
            Column("times", "次数", number=True, width=60),
            Column("raised_at", "首次时间", shown=False),
            Column("last_at", "最近时间", width=130, sortable=True),
            Column("alarm_code", "代码", shown=False),
            Column("object_key", "对象", shown=False),
            Column("closing_note", "处置结果", shown=False),
        ),
        filters=(named("closed", "范围", {"": ("未关闭", ~_CLOSED), "closed": ("已关闭", _CLOSED)}, width=150),),
        # Open alarms by their gravity; a closed one has none any more.
        first=(sa.case((_CLOSED, 9), else_=col(Alarm.severity)),),
        sort="-last_at",
        exporters=set(),
        bulk=(
            Bulk(
                see_alarm,
                lambda line, words: line.id,
                label="接手所选",
                icon="playlist_add_check",
                done="已接手",
                named="subject",
            ),
            Bulk(
                close_alarm,
                lambda line, words: CloseAlarm(line.id, words),
                label="关闭所选",
                icon="done_all",
                done="已关闭",
                words="处置结果",
                named="subject",
            ),
        ),
        empty="没有需要您处置的告警",
    )
)
