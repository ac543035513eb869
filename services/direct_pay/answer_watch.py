"""Alarms for missing answers: silent firms and undecided requests, each raised once (row 23)."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from models.access import Role
from models.dialect import locked_skipping
from models.direct_pay import Entrustment, PaymentTermination
from models.direct_pay_codes import EntrustState, TermSide, TermState
from services.direct_pay.mandate_ends import attach_waiting
from services.direct_pay.mandates import mandate_of
from services.direct_pay.thresholds import ACK_MINUTES, STUCK_DAYS
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.work import Work


@action("direct_pay.watch", "直付超时检查", roles={Role.SYSTEM})
def watch_silence(work: Work, limit: int) -> int:
    """Raise one alarm for each mandate not acknowledged and each request not decided in time; join what missed each other."""
    return _unacknowledged(work, limit) + _undecided(work, limit) + _met_late(work, limit)


def _unacknowledged(work: Work, limit: int) -> int:
    minutes = work.thresholds.integer(ACK_MINUTES)
    rows = _held(
        work,
        select(Entrustment)
        .where(
            Entrustment.state == EntrustState.PUSHED,
            col(Entrustment.pushed_at) < work.now - timedelta(minutes=minutes),
            col(Entrustment.ack_alarm_at).is_(None),
        )
        .limit(limit),
    )
    for mandate in rows:
        mandate.ack_alarm_at = work.now
        work.add(mandate)
        raise_alarm(
            work,
            "DIRECTPAY.ACK",
            f"委托书 {mandate.entrust_no} 推送后超过{minutes}分钟企业未确认",
            kind="entrustment",
            key=str(mandate.id),
        )
    return len(rows)


def _undecided(work: Work, limit: int) -> int:
    days = work.thresholds.integer(STUCK_DAYS)
    rows = _held(
        work,
        select(PaymentTermination)
        .where(
            PaymentTermination.side == TermSide.ENTERPRISE,
            col(PaymentTermination.state).in_([TermState.CHECKED, TermState.SENT_TO_FUND]),
            col(PaymentTermination.requested_at) < work.now - timedelta(days=days),
            col(PaymentTermination.stuck_alarm_at).is_(None),
        )
        .limit(limit),
    )
    for row in rows:
        row.stuck_alarm_at = work.now
        work.add(row)
        raise_alarm(
            work,
            "DIRECTPAY.STUCK",
            f"终止申请 {row.term_no} 超过{days}天未收到公积金中心审核结果",
            kind="payment_termination",
            key=str(row.id),
        )
    return len(rows)


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


def _held(work: Work, rows: Any) -> list[Any]:
    return list(work.session.exec(locked_skipping(work.session, rows)).all())


@job("direct_pay.watch", "直付超时检查", every=300)
def watch_all(door: Door) -> int:
    total = 0
    while done := door.perform(watch_silence, SYSTEM, 100):
        total += done
    return total
