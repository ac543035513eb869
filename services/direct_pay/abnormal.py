"""The abnormal kinds of row 23, each as a select of the mandates concerned."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.codes import Code
from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, RentBill
from models.direct_pay_codes import BillState, EntrustState, ResultState, TermSide, TermState
from models.engine import Outgoing, OutgoingState
from services.engine.work import Work

#: Bills for which the fund paid nothing.
NOT_PAID = (BillState.UNPAID, BillState.REFUSED_BY_FUND)
_FLAGGED = col(Entrustment.unpaid_flagged).is_(True)
#: A firm's request the fund has not decided on.
_UNDECIDED = (TermState.CHECKED, TermState.SENT_TO_FUND)


class Abnormal(Code):
    """Reason to examine a mandate."""

    CHECK_FAILED = "CHECK_FAILED", "核验未通过", "bad"
    PUSH_FAILED = "PUSH_FAILED", "推送失败", "bad"
    ACK_MISSING = "ACK_MISSING", "未确认超时", "bad"
    UNPAID = "UNPAID", "未支付", "bad"
    UNPAID_RUN = "UNPAID_RUN", "连续未支付", "bad"
    ORPHAN = "ORPHAN", "结果无对应账单", "bad"
    TERMINATION_STUCK = "TERMINATION_STUCK", "终止未办结", "bad"


def mandates_with(work: Work, kind: Abnormal) -> Any:
    """Return a select of the ids of all mandates with this abnormality."""
    parts = _SELECTS[kind](work)
    return parts[0] if len(parts) == 1 else sa.union(*parts)


def abnormal_of(work: Work, ids: list[UUID]) -> dict[UUID, tuple[Abnormal, ...]]:
    """Return what is wrong with each of these mandates."""
    found: dict[UUID, tuple[Abnormal, ...]] = {}
    if not ids:
        return found
    for kind in Abnormal:
        # The flag is on the mandate itself: asked of these, and not of all there are.
        has = _FLAGGED if kind is Abnormal.UNPAID_RUN else col(Entrustment.id).in_(mandates_with(work, kind))
        for row_id in work.rows(Entrustment.id, col(Entrustment.id).in_(ids), has):
            found[row_id] = (*found.get(row_id, ()), kind)
    return found


def _check_failed(work: Work) -> list[Any]:
    return [select(Entrustment.id).where(Entrustment.state == EntrustState.REFUSED)]


def _push_failed(work: Work) -> list[Any]:
    return [
        select(Entrustment.id).where(Entrustment.state == EntrustState.PUSH_FAILED),
        _dead(Entrustment),
        *(_of_child(table, col(table.id).in_(_dead(table))) for table in (RentBill, PaymentTermination)),
        *_of_result(col(PaymentResult.id).in_(_dead(PaymentResult))),
    ]


def _dead(table: Any) -> Any:
    """The rows of a table about which a message did not arrive; few at any time, so they are looked for first."""
    return select(Outgoing.object_id).where(
        Outgoing.state == OutgoingState.DEAD, Outgoing.object_kind == table.__tablename__
    )


def _of_child(table: Any, *where: Any) -> Any:
    return select(table.entrustment_id).where(col(table.entrustment_id).is_not(None), *where)


def _of_result(*where: Any) -> list[Any]:
    """The mandates of the bills of results; one without a bill has only the number it names."""
    billed = select(PaymentResult.bill_id).where(col(PaymentResult.bill_id).is_not(None), *where)
    named = select(PaymentResult.entrust_no).where(col(PaymentResult.bill_id).is_(None), *where)
    return [
        _of_child(RentBill, col(RentBill.id).in_(billed)),
        select(Entrustment.id).where(col(Entrustment.entrust_no).in_(named)),
    ]


def _ack_missing(work: Work) -> list[Any]:
    late = work.now - timedelta(minutes=work.thresholds.integer("direct_pay.ack_minutes"))
    return [
        select(Entrustment.id).where(Entrustment.state == EntrustState.PUSHED, col(Entrustment.pushed_at) < late),
        *_of_result(
            PaymentResult.state == ResultState.PUSHED_TO_ENTERPRISE,
            col(PaymentResult.pushed_at) < late,
        ),
        _of_child(
            PaymentTermination,
            PaymentTermination.state == TermState.PUSHED_TO_ENTERPRISE,
            col(PaymentTermination.pushed_at) < late,
        ),
    ]


def _unpaid(work: Work) -> list[Any]:
    return [_of_child(RentBill, col(RentBill.state).in_(NOT_PAID))]


def _unpaid_run(work: Work) -> list[Any]:
    """Unpaid several times running (row 19); a payment takes the flag away."""
    return [select(Entrustment.id).where(_FLAGGED)]


def _orphan(work: Work) -> list[Any]:
    return _of_result(PaymentResult.state == ResultState.ORPHAN)


def _stuck(work: Work) -> list[Any]:
    late = work.now - timedelta(days=work.thresholds.integer("direct_pay.stuck_days"))
    return [
        _of_child(
            PaymentTermination,
            PaymentTermination.side == TermSide.ENTERPRISE,
            col(PaymentTermination.state).in_(_UNDECIDED),
            col(PaymentTermination.requested_at) < late,
        )
    ]


_SELECTS = {
    Abnormal.CHECK_FAILED: _check_failed,
    Abnormal.PUSH_FAILED: _push_failed,
    Abnormal.ACK_MISSING: _ack_missing,
    Abnormal.UNPAID: _unpaid,
    Abnormal.UNPAID_RUN: _unpaid_run,
    Abnormal.ORPHAN: _orphan,
    Abnormal.TERMINATION_STUCK: _stuck,
}
