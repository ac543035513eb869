"""The walk's part for cancellations and frozen filings: the orders that name a lease or an application of others."""

from datetime import date
from typing import Any
from uuid import UUID

from models.cancellation import CancelApply
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import CancelMode, CancelReason
from services.engine.orders import OneRow, Reasoned
from services.tenancy.cancellation import CancelLease, DecideCancelling, Object

ORACLE: dict[Any, Any] = {}


def _cancel(row_id: UUID) -> CancelLease:
    return CancelLease(row_id, CancelMode.BOTH, CancelReason.EARLY_BOTH, date(2027, 3, 1), ("310101199901010018",))


ORDERS: dict[str, Any] = {
    "cancel.try": (LeaseContract, lambda city, row_id: _cancel(row_id)),
    "cancel.apply": (LeaseContract, lambda city, row_id: _cancel(row_id)),
    "cancel.view": (CancelApply, lambda city, row_id: row_id),
    "cancel.decide_undo": (CancelApply, lambda city, row_id: OneRow(row_id)),
    "cancel.decide_undo_left": (CancelApply, lambda city, row_id: row_id),
    "cancel.decide": (CancelApply, lambda city, row_id: DecideCancelling(row_id, False, "不同意注销")),
    "cancel.object": (CancelApply, lambda city, row_id: Object(row_id, "合同仍在履行", "310101199901010018")),
    "filings.freeze": (LeaseFiling, lambda city, row_id: Reasoned(row_id, "法院协助执行通知书，编号同附件")),
    "filings.unfreeze": (LeaseFiling, lambda city, row_id: Reasoned(row_id, "法院已解除保全，编号同附件")),
}
UNFOREIGN: dict[str, str] = {"filings.revoke": "the city's, which sees all"}


def furnish(city: Any) -> None:
    """Nothing beside the applications that the city has."""
