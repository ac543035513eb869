"""Months of the audit that leave the database of PostgreSQL: signed, exported and carried over first (decision 86)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select

from models.access import Role
from models.audit import AuditCheckpoint, AuditEvent
from models.columns import new_id
from models.details import Sum, count
from models.dialect import bulk_insert
from models.months import detach_month, months_of, next_month, of_month
from models.remac import stored_rows
from models.sealed_rows import seal_rows
from models.sealing import sealer_of
from services.audit.sources import DETACHED, FolderSource
from services.catalogue.retention import LOG_DAYS
from services.engine.audit import CHAIN
from services.engine.door import Gathering
from services.engine.refusals import Conflict, Unavailable
from services.engine.registry import action
from services.engine.work import Work
from services.integrity.nightly_scan import CARRIED, Sums, last_told

EVENTS: sa.Table = AuditEvent.__table__  # type: ignore[attr-defined]
_AT_ONCE = 5_000


@dataclass(frozen=True)
class DetachAudit:
    """The oldest month of the audit, named so that no other one is taken; `kept_days` is how long events stay at least."""

    month: date
    kept_days: int = LOG_DAYS


@dataclass(frozen=True)
class Detached:
    """Result of a detachment: the numbers of the first and the last event, and how many states were carried over."""

    first: int
    last: int
    states: int


def _exported(gathering: Gathering, order: DetachAudit) -> int:
    """Compare every event of the month with its copy in the second store; return the number of the last."""
    gathering.look(lambda work: _refuse_too_early(work, order))
    first, last = gathering.look(lambda work: _span(work, order.month))
    store = gathering.house.second_store
    if store is None or min(store.last_event(CHAIN), store.last_checkpoint(CHAIN)) < last:
        raise Conflict("该月的审计事件和检查点还没有全部导出到第二存储，请先执行 main.py audit export")
    copies = FolderSource(store.folder).links(first, last)
    for seq, digest in gathering.look(lambda work: list(_digests(work, order.month))):
        copy = next(copies, None)
        if copy is None or (copy.seq, copy.hash) != (seq, digest):
            raise Conflict(f"第{seq}条审计事件与第二存储中的副本不一致，不能移出；请先核验审计链")
    return last


@action("audit.detach", "移出审计月份", roles={Role.SYSTEM}, gather=_exported, event="")
def detach_audit(work: Work, order: DetachAudit, exported: int) -> Detached:
    """Carry over what the month's events logged last, and take its part out of the table, where it stays for a backup.

    Refused with a sentence for any month but the oldest, one that is not old enough, not signed or not exported.
    """
    _refuse_too_early(work, order)
    first, last = _span(work, order.month)
    if last != exported:
        raise Unavailable("审计事件在核对期间有变化，请重试")
    signed = work.session.exec(select(func.max(col(AuditCheckpoint.last))).where(AuditCheckpoint.chain == CHAIN)).one()
    if (signed or 0) < last:
        raise Conflict("该月的审计事件还没有全部签署检查点，请先执行 main.py audit checkpoint")
    digest = work.session.exec(select(AuditEvent.hash).where(AuditEvent.chain == CHAIN, AuditEvent.seq == last)).one()
    states = _carry_over(work, last)
    detach_month(work.session.connection(), EVENTS.name, order.month)
    detail = {"first": first, "last": last, "hash": digest, "month": f"{order.month:%Y-%m}", "states": states}
    work.trail.tell(DETACHED, "audit.detach", kind=EVENTS.name, detail=detail, severity=4)
    return Detached(first, last, states)


def _refuse_too_early(work: Work, order: DetachAudit) -> None:
    months = months_of(work.session.connection(), EVENTS.name)
    if not months:
        raise Conflict("当前数据库的审计没有按月分区，不能移出")
    if order.month != months[0]:
        raise Conflict(f"只能从最早的月份起逐月移出，现在最早的是{months[0]:%Y-%m}")
    over = datetime.combine(next_month(order.month), datetime.min.time(), UTC) + timedelta(days=order.kept_days)
    if work.at < over:
        raise Conflict(f"{order.month:%Y-%m}的审计事件保存不足{order.kept_days}天，不能移出")


def _span(work: Work, month: date) -> tuple[int, int]:
    """The numbers of a month's first and last event; refused unless nothing older is left elsewhere."""
    numbers = sa.select(func.min(EVENTS.c.seq), func.max(EVENTS.c.seq), func.count())
    connection = work.session.connection()
    first, last, events = connection.execute(numbers.where(of_month(EVENTS, month), EVENTS.c.chain == CHAIN)).one()
    if not events or connection.scalar(sa.select(sa.exists().where(of_month(EVENTS, month), EVENTS.c.chain != CHAIN))):
        raise Conflict(f"{month:%Y-%m}没有可以移出的审计事件")
    older = sa.exists().where(EVENTS.c.chain == CHAIN, EVENTS.c.seq < last, sa.not_(of_month(EVENTS, month)))
    if events != last - first + 1 or connection.scalar(sa.select(older)):
        raise Conflict(f"{month:%Y-%m}的审计事件与其他月份交错（服务器时钟曾经倒退），请与以后的月份一起保留")
    return first, last


def _digests(work: Work, month: date) -> Iterator[tuple[int, str]]:
    wanted = sa.select(EVENTS.c.seq, EVENTS.c.hash).where(of_month(EVENTS, month)).order_by(EVENTS.c.seq)
    for row in work.session.connection().execute(wanted):
        yield row.seq, row.hash


def _carry_over(work: Work, last: int) -> int:
    """Write down the last state of every object and day up to an event, in the place of what was carried over before."""
    session, connection = work.session, work.session.connection()
    days: Sums = {}
    told = last_told(session, days=days, until=last)
    for row in stored_rows(connection, CARRIED):
        count(session, CARRIED, row, before=row["mac"])
    connection.execute(CARRIED.delete())
    rows: list[dict[str, Any]] = [
        {"id": new_id(), "table_name": table, "place": place, "of_day": False, "state": f"{version}:{digest}"}
        for (table, place), (version, digest) in told.items()
        if version is not None
    ]
    rows += [
        {"id": new_id(), "table_name": table, "place": str(day), "of_day": True, "state": str(one)}
        for (table, day), one in days.items()
        if one != Sum()
    ]
    for start in range(0, len(rows), _AT_ONCE):
        bulk_insert(session, CARRIED, seal_rows(sealer_of(session), CARRIED, rows[start : start + _AT_ONCE]))
    return len(rows)
