"""无账单结果: payment results that fit no bill, and how the city dealt with them (row 19)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, or_

from models.direct_pay import PaymentResult, RentBill
from models.direct_pay_codes import BillState, ResultState
from services.access.visibility import CITY
from services.direct_pay.results import reason_of
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Filter, Line, Listing, exact, listed
from services.engine.registry import query
from services.engine.search_terms import chosen
from services.engine.work import Work

#: Bills the fund may still have paid for.
_OPEN = (BillState.CHECKED, BillState.SENT_TO_FUND, BillState.UNPAID)
_MOST_CANDIDATES = 20
_OF_BILL = ("id", "bill_no", "period_start", "period_end", "rent_fee", "state")


def _in_state(work: Work, text: str) -> Any:
    return PaymentResult.state == (chosen(ResultState, text) if text else ResultState.ORPHAN)


def _words(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    return {
        "reason": reason_of,
        "handled_note": lambda row: "" if row.handled_note is None else str(row.handled_note.json()),
    }


ORPHANS = listed(
    Listing(
        name="orphans",
        label="无账单结果",
        roles=CITY,
        table=PaymentResult,
        columns=(
            Column("result_no", "结果编号", width=150),
            Column("entrust_no", "委托书编号", width=150),
            Column("bill_no", "所指账单", width=150),
            Column("outcome", "结果", width=80),
            Column("amount", "金额", number=True, width=90),
            Column("decided_at", "公积金中心处理", width=126),
            Column("received_at", "接收时间", shown=False),
        ),
        filters=(
            exact(
                "number", "编号", PaymentResult.result_no, PaymentResult.bill_no, PaymentResult.entrust_no, width=220
            ),
            Filter(
                "state",
                "范围",
                _in_state,
                options={ResultState.HANDLED.value: "已处理"},
                all="待处理",
                always=True,
                width=150,
            ),
        ),
        sort="-received_at",
        look_up=_words,
        also=("state", "bank_flow_no", "paid_on", "handled_at"),
        empty="没有无对应账单的支付结果",
    )
)


@dataclass(frozen=True)
class OrphanView:
    """A result, and how one without a bill was dealt with; `candidates` are bills it may have meant."""

    line: Line
    candidates: tuple[Line, ...]


@query("orphans.open", "支付结果详情", roles=CITY)
def open_orphan(work: Work, row_id: UUID) -> OrphanView:
    """Return a payment result with the open bills of its mandate or its number."""
    row = work.get(PaymentResult, row_id)
    bills: Sequence[RentBill] = ()
    if row.state is ResultState.ORPHAN:
        named = or_(RentBill.entrust_no == row.entrust_no, RentBill.bill_no == row.bill_no)
        bills = work.rows(
            work.visible(RentBill),
            named,
            col(RentBill.state).in_(_OPEN),
            by=col(RentBill.period_start).desc(),
            most=_MOST_CANDIDATES,
        )
    candidates = (Line(**{key: getattr(bill, key) for key in _OF_BILL}) for bill in bills)
    return OrphanView(lines_of(work, ORPHANS, [row])[0], tuple(candidates))
