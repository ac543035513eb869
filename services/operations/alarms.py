"""Alarms as those on duty see them: a list, a count for the status bar, seen and closed with what was done (D16)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.alarms import ALARM, Alarm, AlarmState
from models.codes import Code
from services.catalogue.subjects import label_of
from services.engine.listings import Bulk, Column, Listing, listed, named
from services.engine.orders import Reasoned
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work, visible_rows

SYSTEMS, SECURITY, AUDIT, CITY = Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR, Role.CITY_CENTER
KEEPERS = {SYSTEMS, SECURITY, AUDIT, CITY}

#: The first word of an alarm's code, and whose duty it is. A kind that is not named is every administrator's but the city's.
DUTIES: dict[str, frozenset[Role]] = {
    "ACL": frozenset({SECURITY, AUDIT}),
    "API": frozenset({SECURITY}),
    "AUDIT": frozenset({AUDIT}),
    "AUTH": frozenset({SECURITY}),
    "AUTHZ": frozenset({SECURITY}),
    "BACKUP": frozenset({SYSTEMS}),
    "DEV": frozenset({SYSTEMS, AUDIT}),
    "DIRECTPAY": frozenset({CITY}),
    "ERASE": frozenset({SYSTEMS}),
    "FILE": frozenset({SECURITY}),
    "INTEGRITY": frozenset({SECURITY, AUDIT}),
    "JOB": frozenset({SYSTEMS}),
    "KEY": frozenset({SECURITY}),
    "OUTBOX": frozenset({CITY, SYSTEMS}),
    "PII": frozenset({SECURITY, AUDIT}),
    "RELEASE": frozenset({SYSTEMS, SECURITY}),
    "TIME": frozenset({SYSTEMS, AUDIT}),
    "UPSTREAM": frozenset({SYSTEMS, CITY}),
}
_ADMINISTRATORS = frozenset({SYSTEMS, SECURITY, AUDIT})


def duty_of(alarm_code: str) -> frozenset[Role]:
    """The roles that see and close alarms of a code."""
    return DUTIES.get(alarm_code.split(".", 1)[0], _ADMINISTRATORS)


@visible_rows(Alarm)
def alarms_of_the_own_duty(work: Work, table: type[Alarm]) -> Any:
    if work.caller.has(Role.SYSTEM):
        return sa.true()
    word = col(table.alarm_code)
    mine = [first for first, roles in DUTIES.items() if work.caller.has(*roles)]
    clauses = [_starts(word, mine)]
    if work.caller.has(*_ADMINISTRATORS):
        clauses.append(sa.not_(_starts(word, DUTIES)))
    return sa.or_(*clauses)


def _starts(word: Any, firsts: Iterable[str]) -> Any:
    return sa.or_(sa.false(), *(clause for first in firsts for clause in (word == first, word.startswith(first + "."))))


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
    """Take on an alarm; the others on duty see who did."""
    alarm = work.get(Alarm, alarm_id)
    take_step(work, alarm, ALARM, "see")
    alarm.seen_by, alarm.seen_at = work.caller.account_id, work.at


@action("alarms.close", "关闭告警", roles=KEEPERS, step=Step(ALARM, "close"))
def close_alarm(work: Work, order: Reasoned) -> None:
    """Close an alarm with a note; a repetition is a new alarm."""
    note = enough_words(order.reason, "处置结果", least=4, most=200)
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
            Column("about", "对象类别", lambda row: label_of(row.object_kind) if row.object_kind else "", shown=False),
            Column("object_key", "对象", shown=False),
            Column("closing_note", "处置结果", shown=False),
        ),
        filters=(named("closed", "范围", {"": ("未关闭", ~_CLOSED), "closed": ("已关闭", _CLOSED)}, width=150),),
        # Open alarms by their gravity; a closed one has none any more.
        first=(sa.case((_CLOSED, 9), else_=col(Alarm.severity)),),
        sort="-last_at",
        also=("object_kind",),
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
                lambda line, words: Reasoned(line.id, words),
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
