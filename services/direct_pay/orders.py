"""Orders of the fund and the firms in our words; months are YYYY-MM, money is yuan, moments are aware (rows 17-22)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import SQLModel

from models.direct_pay_codes import DrawCycle, FailCode, PaymentOutcome, ReviewDecision, TermReason
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.engine.copied import values_for
from services.engine.findings import Finding


@dataclass(frozen=True)
class ReceiveEntrustment:
    """A tenant's mandate as the fund hands it over; with `by_spouse` the tenant of the lease is named as `spouse`."""

    entrust_no: str
    filing_no: str
    contract_no: str
    enterprise_uscc: str
    tenant: str
    tenant_id_no: str
    payee_name: str
    payee_bank: str
    payee_bank_code: str
    payee_account: str
    pay_cycle: DrawCycle
    monthly_rent: Decimal
    draw_from: str
    draw_to: str
    signed_at: datetime
    signature_digest: str
    by_spouse: bool = False
    spouse: str = ""
    spouse_id_no: str = ""


@dataclass(frozen=True)
class NewBill:
    """A firm's bill for one period."""

    bill_no: str
    entrust_no: str
    period_start: date
    period_end: date
    bill_time: datetime
    rent_fee: Decimal
    deposit_fee: Decimal
    other_fee: Decimal
    total_amount: Decimal
    subject: str = ""


@dataclass(frozen=True)
class SubmitBills:
    """Bills of one firm, each answered by itself, in order."""

    bills: tuple[NewBill, ...]


@dataclass(frozen=True)
class CancelBill:
    bill_no: str


@dataclass(frozen=True)
class NewResult:
    """The fund's word about one bill, as of `decided_at`."""

    result_no: str
    entrust_no: str
    bill_no: str
    outcome: PaymentOutcome
    amount: Decimal
    decided_at: datetime
    fail_code: FailCode = FailCode.NONE
    reason: str = ""
    paid_on: date | None = None
    bank_flow_no: str = ""


@dataclass(frozen=True)
class ReceiveResults:
    """Results, each answered by itself, in order."""

    results: tuple[NewResult, ...]


@dataclass(frozen=True)
class ReceiveTenantTermination:
    """The tenant has ended his mandate with the fund: nothing is paid for `effective_month` and later."""

    term_no: str
    entrust_no: str
    enterprise_uscc: str
    reason: TermReason
    requested_at: datetime
    effective_month: str
    note: str = ""


@dataclass(frozen=True)
class RequestTermination:
    """A firm's request to the fund to stop from `effective_month` on.

    Without `term_no` we number it. `key_serial` is the key with which a user of the workspace confirms; a system's
    signature replaces it. `reason_on` is the day of a reason other than the lease's end.
    """

    entrust_no: str
    reason: TermReason
    effective_month: str
    term_no: str = ""
    reason_on: date | None = None
    note: str = ""
    key_serial: str = ""


@dataclass(frozen=True)
class ReceiveDecision:
    """The fund's decision on a firm's request, as of `decided_at`."""

    decision_no: str
    term_no: str
    entrust_no: str
    decision: ReviewDecision
    decided_at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """Result for an item: accepted, or every reason against it. `number` identifies it."""

    number: str
    accepted: bool
    reasons: tuple[Finding, ...] = ()
    receipt_no: str = ""
    note: str = ""


#: What may name a person or holds words of his; a digest over it could be guessed.
_PERSONAL = frozenset(
    {"tenant", "tenant_id_no", "spouse", "spouse_id_no", "payee_account", "reason", "note", "key_serial"}
)


def content_digest(order: Any) -> str:
    """Return the digest that identifies a repetition of a message; it covers no personal data."""
    kept = {field.name for field in fields(order)} - _PERSONAL
    told = "\n".join(f"{name}={_text(value)}" for name, value in sorted(asdict(order).items()) if name in kept)
    return sm3_hex(told.encode())


def row_values(table: type[SQLModel], order: Any) -> dict[str, Any]:
    """The values a row takes from an order, with the digest of the order."""
    return {**values_for(table, order), "content_digest": content_digest(order)}


def sealed_findings(findings: Iterable[Finding]) -> Sealed:
    """The reasons against an order as its row stores them."""
    return Sealed.of_json([{"code": one.code, "message": one.message, "field": one.field} for one in findings])


def findings_in(stored: Sealed) -> tuple[Finding, ...]:
    """The stored reasons against an order."""
    return tuple(Finding(**told) for told in stored.json())


def _text(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
