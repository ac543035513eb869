"""The product's records of every bill, for comparison with the books of the fund and the firms (rows 18, 19)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.direct_pay import PaymentResult, RentBill
from models.direct_pay_codes import BillState
from services.access.visibility import CITY
from services.direct_pay.rent import first_of, last_of
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work

_MOST = 5_000


@dataclass(frozen=True)
class AskAgreement:
    """The bills of a period by its first month, YYYY-MM (every one when empty), behind bill `after`."""

    month: str = ""
    after: UUID | None = None
    limit: int = _MOST


@dataclass(frozen=True)
class BillTotals:
    """A bill: what was billed, what the fund's latest word says was paid, and how many words there were."""

    id: UUID
    enterprise_id: UUID
    entrust_no: str
    bill_no: str
    billed: Decimal
    paid: Decimal
    state: BillState
    results: int


@query("direct_pay.agreement", "直付对账", roles=CITY | {Role.SYSTEM})
def agreement(work: Work, order: AskAgreement) -> list[BillTotals]:
    """Every bill that reached the fund, by id; a page ends where `limit` is reached."""
    rows = work.visible(RentBill).where(
        col(RentBill.state).not_in([BillState.RECEIVED, BillState.REFUSED, BillState.CANCELLED])
    )
    if order.month:
        first, last = _month(order.month)
        rows = rows.where(col(RentBill.period_start) >= first, col(RentBill.period_start) <= last)
    if order.after is not None:
        rows = rows.where(col(RentBill.id) > order.after)
    bills = work.session.exec(rows.order_by(col(RentBill.id)).limit(min(max(order.limit, 1), _MOST))).all()
    told: dict[UUID | None, int] = {}
    for start in range(0, len(bills), 500):
        ids = [bill.id for bill in bills[start : start + 500]]
        told |= dict(
            work.session.exec(
                select(PaymentResult.bill_id, func.count())
                .where(col(PaymentResult.bill_id).in_(ids))
                .group_by(col(PaymentResult.bill_id))
            ).all()
        )
    return [
        BillTotals(
            id=bill.id,
            enterprise_id=bill.enterprise_id,
            entrust_no=bill.entrust_no,
            bill_no=bill.bill_no,
            billed=bill.total_amount,
            paid=bill.paid_amount or Decimal(0),
            state=bill.state,
            results=told.get(bill.id, 0),
        )
        for bill in bills
    ]


def _month(month: str) -> tuple[date, date]:
    try:
        return first_of(month), last_of(month)
    except ValueError:
        raise Rejected("月份不正确，请重新选择") from None
