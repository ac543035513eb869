"""Audit jobs of the worker: checkpoints, copies, the daily export, heartbeat and its watch (D10, D11)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from models.access import Role
from models.alarms import Alarm
from models.audit import AuditEvent, AuditHead
from models.dialect import clock_offset
from services.audit.checkpoints import checkpoint, copy_out
from services.audit.statement import event_line
from services.engine.alarms import raise_alarm
from services.engine.audit import CHAIN
from services.engine.callers import SYSTEM
from services.engine.clock import MOST_DRIFT, shanghai_text, system_now
from services.engine.door import Door
from services.engine.jobs import job, performed
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work

log = logging.getLogger("shenfang.audit")
BEAT = timedelta(minutes=5)
#: A heartbeat may be late by the job's own waiting; one that was left out is logged.
SILENCE = 2 * BEAT + timedelta(seconds=30)
#: The same trouble is logged again after so long.
AGAIN = timedelta(minutes=10)
_BATCH = 50_000
_PAGE = 5_000


@dataclass(frozen=True)
class Beat:
    """`stopping` is the last beat of a process that ends in order: the silence after it was wanted."""

    stopping: bool = False


def _last_beat(work: Work) -> AuditEvent | None:
    return work.first(
        AuditEvent, AuditEvent.event == "AUDIT.HEARTBEAT", AuditEvent.chain == CHAIN, by=col(AuditEvent.seq).desc()
    )


@action("audit.heartbeat", "审计心跳", roles={Role.SYSTEM}, event="")
def heartbeat(work: Work, order: Beat) -> None:
    """Log that the audit is alive; an unannounced silence before it raises an alarm."""
    before = _last_beat(work)
    if before is not None and before.act != "audit.stop" and work.at - before.at > SILENCE:
        _tell_silence(work, before.at)
    work.trail.tell("AUDIT.HEARTBEAT", "audit.stop" if order.stopping else "audit.heartbeat")


@action("audit.watch", "审计监视", roles={Role.SYSTEM}, event="")
def watch(work: Work, order: None) -> int:
    """Raise alarms about the audit since the last look: a silent heartbeat, a clock that jumped or is off."""
    raised, before = 0, _last_beat(work)
    if before is not None and before.act != "audit.stop" and work.at - before.at > SILENCE:
        raised += _tell_silence(work, before.at)
    if work.writes_stopped:
        sentence = "审计记录无法签名已超过规定时间，系统已暂停办理业务"
        raised += _alarm(work, "AUDIT.STOPPED", sentence, CHAIN, severity=1)
    told = select(func.max(col(AuditEvent.seq))).where(AuditEvent.event == "ALARM", AuditEvent.act == "TIME.JUMP")
    known = work.session.exec(told).one() or 0
    jumps = work.rows(AuditEvent, AuditEvent.event == "TIME.JUMP", AuditEvent.seq > known, by=AuditEvent.seq)
    for jump in jumps:
        where = f"审计第{jump.seq}条" if jump.chain == CHAIN else f"{jump.chain}第{jump.seq}条"
        raised += _alarm(work, "TIME.JUMP", f"系统时钟发生跳变（{where}），请检查时间同步", str(jump.seq))
    if (apart := clock_offset(work.session, system_now())) > MOST_DRIFT:
        sentence = (
            f"本机时钟与数据库主机相差{apart.total_seconds():.0f}秒，请检查时间同步；超过60秒时不接受对接方的请求"
        )
        raised += _alarm(work, "TIME.OFFSET", sentence, "database")
    return raised


def _tell_silence(work: Work, since: datetime) -> bool:
    sentence = f"审计心跳自 {shanghai_text(since)} 起中断，请检查后台任务进程"
    return _alarm(work, "AUDIT.SILENT", sentence, shanghai_text(since))


def _alarm(work: Work, code: str, sentence: str, key: str, *, severity: int = 2) -> bool:
    """Raise an alarm unless it was raised a moment ago, so that frequent looks do not fill the trail."""
    newest = work.session.exec(
        select(func.max(col(Alarm.last_at))).where(Alarm.alarm_code == code, Alarm.object_key == key)
    ).one()
    if newest is not None and work.at - newest < AGAIN:
        return False
    raise_alarm(work, code, sentence, kind="audit", key=key, severity=severity)
    return True


@dataclass(frozen=True)
class Trouble:
    code: str
    sentence: str
    key: str = CHAIN


@action("audit.trouble", "审计告警", roles={Role.SYSTEM}, event="")
def tell_trouble(work: Work, order: Trouble) -> None:
    """An alarm about the audit itself."""
    _alarm(work, order.code, order.sentence, order.key)


def sign_and_copy(door: Door, *, at_once: bool = False) -> int:
    """Checkpoints that are due, and their copies; what fails is an alarm and is tried again."""
    covered = 0
    try:
        covered = checkpoint(door, at_once=at_once)
    except Refusal:
        door.perform(tell_trouble, SYSTEM, Trouble("AUDIT.UNSIGNED", "审计检查点无法签名，请检查签名服务"))
    try:
        copy_out(door)
    except OSError as problem:
        log.error("the audit could not be copied: %s", type(problem).__name__)
        door.perform(tell_trouble, SYSTEM, Trouble("AUDIT.COPY", "审计检查点无法写入第二存储，请检查存储空间与权限"))
    return covered


def orderly_stop(door: Door) -> None:
    """The last word of a process that ends in order; nothing may keep it from ending."""
    try:
        door.perform(heartbeat, SYSTEM, Beat(stopping=True))
        sign_and_copy(door, at_once=True)
    except Exception:
        log.exception("the audit was not signed at the end")


@job("audit.checkpoint", "审计检查点", every=20)
def checkpoint_job(door: Door) -> None:
    sign_and_copy(door)


heartbeat_job = performed("audit.heartbeat", "审计心跳", heartbeat, Beat(), every=300)
watch_job = performed("audit.watch", "审计监视", watch, every=30)


@job("audit.daily", "审计日终签署与导出", at="00:10")
def daily_job(door: Door) -> None:
    """Make a checkpoint of all waiting events, and copy missing events to the second store."""
    sign_and_copy(door, at_once=True)
    export_events(door)


def export_events(door: Door) -> int:
    """Copy events to the second store in write-once files; returns how many were copied."""
    store = door.house.second_store
    if store is None:
        return 0
    copied = 0
    for chain, head in door.look(
        SYSTEM, lambda work: list(work.session.exec(select(AuditHead.chain, AuditHead.seq)).all())
    ):
        try:
            first = store.last_event(chain) + 1
            while first <= head:
                last = min(head, first + _BATCH - 1)
                store.keep_events(chain, first, last, event_lines(door, chain, first, last))
                copied, first = copied + last - first + 1, last + 1
        except OSError as problem:
            log.error("events could not be copied: %s", type(problem).__name__)
            door.perform(tell_trouble, SYSTEM, Trouble("AUDIT.COPY", "审计事件无法写入第二存储，请检查存储空间与权限"))
    return copied


def event_lines(door: Door, chain: str, first: int, last: int) -> Iterator[str]:
    """The lines of an export, read in pages with no long transaction."""
    for start in range(first, last + 1, _PAGE):
        rows = door.look(
            SYSTEM,
            lambda work, start=start: work.session.exec(  # type: ignore[misc]
                select(AuditEvent.seq, AuditEvent.hash, AuditEvent.body)
                .where(AuditEvent.chain == chain, col(AuditEvent.seq).between(start, min(last, start + _PAGE - 1)))
                .order_by(col(AuditEvent.seq))
            ).all(),
        )
        for seq, digest, body in rows:
            yield event_line(seq, digest, body)
