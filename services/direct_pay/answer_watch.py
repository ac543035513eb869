"""Alarms for missing answers: silent firms and undecided requests, each raised once (row 23)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from models.access import Role
from models.direct_pay import Entrustment, PaymentTermination
from models.direct_pay_codes import EntrustState, TermSide, TermState
from services.direct_pay.mandate_ends import attach_waiting
from services.direct_pay.mandates import mandate_of
from services.engine.alarms import raise_alarm
from services.engine.jobs import repeated
from services.engine.registry import action
from services.engine.work import Work


@action("direct_pay.watch", "直付超时检查", roles={Role.SYSTEM})
def watch_silence(work: Work, limit: int) -> int:
    """Raise one alarm for each mandate not acknowledged and each request not decided in time; join what missed each other."""
    return _unacknowledged(work, limit) + _undecided(work, limit) + _met_late(work, limit)


def _unacknowledged(work: Work, limit: int) -> int:
    minutes = work.thresholds.integer("direct_pay.ack_minutes")
    silent = select(Entrustment).where(
        Entrustment.state == EntrustState.PUSHED, col(Entrustment.pushed_at) < work.now - timedelta(minutes=minutes)
    )
    words = f"推送后超过{minutes}分钟企业未确认"
    return _alarm_once(
        work, "DIRECTPAY.ACK", silent, limit, "ack_alarm_at", lambda row: f"委托书 {row.entrust_no} {words}"
    )


def _undecided(work: Work, limit: int) -> int:
    days = work.thresholds.integer("direct_pay.stuck_days")
    open_ones = select(PaymentTermination).where(
        PaymentTermination.side == TermSide.ENTERPRISE,
        col(PaymentTermination.state).in_([TermState.CHECKED, TermState.SENT_TO_FUND]),
        col(PaymentTermination.requested_at) < work.now - timedelta(days=days),
    )
    words = f"超过{days}天未收到公积金中心审核结果"
    return _alarm_once(
        work, "DIRECTPAY.STUCK", open_ones, limit, "stuck_alarm_at", lambda row: f"终止申请 {row.term_no} {words}"
    )


def _alarm_once(work: Work, code: str, rows: Any, limit: int, at: str, subject: Callable[[Any], str]) -> int:
    """Raise an alarm for each row that has none yet; the column `at` says when it was raised."""
    table = rows.column_descriptions[0]["entity"]
    found = work.free(rows.where(col(getattr(table, at)).is_(None)).limit(limit)).all()
    for row in found:
        setattr(row, at, work.now)
        work.add(row)
        raise_alarm(work, code, subject(row), about=row)
    return len(found)


def _met_late(work: Work, limit: int) -> int:
    """Join ends and mandates that arrived at the same moment and did not see each other."""
    rows = (
        select(Entrustment)
        .join(PaymentTermination, col(PaymentTermination.entrust_no) == Entrustment.entrust_no)
        .where(
            PaymentTermination.state == TermState.WAITING,
            PaymentTermination.enterprise_id == Entrustment.enterprise_id,
            Entrustment.state != EntrustState.REFUSED,
        )
        .limit(limit)
    )
    found = work.session.exec(rows).all()
    for number in sorted({row.entrust_no for row in found}):
        if (mandate := mandate_of(work, number)) is not None:
            attach_waiting(work, mandate)
    return len(found)


repeated("direct_pay.watch", "直付超时检查", watch_silence, 100, every=300)
