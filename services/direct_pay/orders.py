"""Orders of the fund and the firms in our words; months are YYYY-MM, money is yuan, moments are aware (rows 17-22)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import SQLModel

from models.direct_pay_codes import DrawCycle, FailCode, PaymentOutcome, ReviewDecision, TermReason
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.engine.copied import values_for
from services.engine.findings import Finding
from services.partners.wire_fields import (
    NO_BLANKS,
    Account,
    CreditCode,
    Day,
    Digest,
    IdNumber,
    Moment,
    Money,
    Month,
    PersonName,
)

Number = Annotated[str, Field(min_length=1, max_length=40)]
#: Where a number is introduced; what was taken in before under one with blanks can still be named.
NewNumber = Annotated[Number, NO_BLANKS]


@dataclass(frozen=True, kw_only=True)
class ReceiveEntrustment:
    """A tenant's mandate as the fund hands it over; with `by_spouse` the tenant of the lease is named as `spouse`."""

    entrust_no: Annotated[NewNumber, Field(title="委托书编号", description="公积金中心编号，不重复")]
    filing_no: Annotated[Number, Field(title="备案编号")]
    contract_no: Annotated[str, Field(title="合同编号", max_length=40)] = ""
    enterprise_uscc: Annotated[CreditCode, Field(title="企业统一社会信用代码")]
    tenant: Annotated[PersonName, Field(title="委托人姓名")]
    tenant_id_no: Annotated[IdNumber, Field(title="委托人证件号码")]
    by_spouse: Annotated[
        bool, Field(title="由配偶委托", description="委托人不是承租人而是其配偶时为真，并填写配偶两项")
    ] = False
    spouse: Annotated[PersonName, Field(title="配偶姓名", description="由配偶委托时为合同上的承租人")] = ""
    spouse_id_no: Annotated[IdNumber, Field(title="配偶证件号码")] = ""
    payee_name: Annotated[str, Field(title="收款户名", min_length=1, max_length=100)]
    payee_bank: Annotated[str, Field(title="收款银行", min_length=1, max_length=100)]
    payee_bank_code: Annotated[str, Field(title="银行代码", min_length=1, max_length=20)]
    payee_account: Annotated[Account, Field(title="收款账号", description="应为企业登记的账户")]
    pay_cycle: Annotated[DrawCycle, Field(title="提取周期")]
    monthly_rent: Annotated[Money, Field(title="月租金", description="元，不得高于备案月租金")]
    draw_from: Annotated[Month, Field(title="提取起始月")]
    draw_to: Annotated[Month, Field(title="提取终止月", description="不晚于备案有效期止所在月")]
    signed_at: Annotated[Moment, Field(title="签署时间")]
    signature_digest: Annotated[Digest, Field(title="签名摘要", description="委托书签名的 SM3 摘要，十六进制小写")]


@dataclass(frozen=True, kw_only=True)
class NewBill:
    """A firm's bill for one period."""

    bill_no: Annotated[NewNumber, Field(title="账单编号", description="企业编号，企业内不重复，不得重复使用")]
    entrust_no: Annotated[Number, Field(title="委托书编号")]
    period_start: Annotated[Day, Field(title="账期起")]
    period_end: Annotated[Day, Field(title="账期止", description="含当日")]
    bill_time: Annotated[Moment, Field(title="出账时间")]
    rent_fee: Annotated[Money, Field(title="租金", description="不高于该账期的合同租金，首末期按天折算")]
    deposit_fee: Annotated[Money, Field(title="押金", description="仅供了解，不计入应付合计")]
    other_fee: Annotated[Money, Field(title="其他费用", description="仅供了解，不计入应付合计")]
    total_amount: Annotated[Money, Field(title="应付合计", description="应等于租金")]
    subject: Annotated[str, Field(title="摘要", max_length=100)] = ""
    corrects: Annotated[
        str,
        Field(
            title="更正的账单编号", max_length=40, description="因余额不足以外的原因未支付的账单，可用新编号更正一次"
        ),
    ] = ""


@dataclass(frozen=True)
class SubmitBills:
    """Bills of one firm, each answered by itself, in order."""

    bills: Annotated[tuple[NewBill, ...], Field(title="账单", min_length=1, max_length=2000)]


@dataclass(frozen=True)
class CancelBill:
    """A bill that is not sent on yet is taken back."""

    bill_no: Annotated[Number, Field(title="账单编号", description="尚未送往公积金中心的账单")]


@dataclass(frozen=True, kw_only=True)
class NewResult:
    """The fund's word about one bill, as of `decided_at`."""

    result_no: Annotated[NewNumber, Field(title="结果编号", description="公积金中心编号，不重复")]
    entrust_no: Annotated[Number, Field(title="委托书编号")]
    bill_no: Annotated[Number, Field(title="账单编号")]
    outcome: Annotated[PaymentOutcome, Field(title="结果")]
    amount: Annotated[Money, Field(title="金额", description="实付金额；未支付为 0")]
    decided_at: Annotated[Moment, Field(title="处理时间", description="同一账单以时间较晚的结果为准；不得晚于当前时间")]
    fail_code: Annotated[FailCode, Field(title="原因代码")] = FailCode.NONE
    reason: Annotated[str, Field(title="原因说明", max_length=500)] = ""
    paid_on: Annotated[Day | None, Field(title="支付日期")] = None
    bank_flow_no: Annotated[str, Field(title="银行流水号", max_length=60)] = ""


@dataclass(frozen=True)
class ReceiveResults:
    """Results, each answered by itself, in order."""

    results: Annotated[tuple[NewResult, ...], Field(title="结果", min_length=1, max_length=2000)]


@dataclass(frozen=True, kw_only=True)
class ReceiveTenantTermination:
    """The tenant has ended his mandate with the fund: nothing is paid for `effective_month` and later."""

    term_no: Annotated[NewNumber, Field(title="终止编号", description="公积金中心编号，不重复")]
    entrust_no: Annotated[Number, Field(title="委托书编号")]
    enterprise_uscc: Annotated[CreditCode, Field(title="企业统一社会信用代码", description="与委托书不符的不送达")]
    reason: Annotated[TermReason, Field(title="原因")]
    requested_at: Annotated[Moment, Field(title="申请时间")]
    effective_month: Annotated[Month, Field(title="停止提取月", description="自该月起不再支付")]
    note: Annotated[str, Field(title="原因说明", max_length=500)] = ""


@dataclass(frozen=True, kw_only=True)
class RequestTermination:
    """A firm's request to the fund to stop from `effective_month` on.

    Without `term_no` we number it. `key_serial` is the key with which a user of the workspace confirms; a system's
    signature replaces it. `reason_on` is the day of a reason other than the lease's end.
    """

    term_no: Annotated[NewNumber, Field(title="终止编号", description="企业编号，企业内不重复")] = ""
    entrust_no: Annotated[Number, Field(title="委托书编号")]
    reason: Annotated[TermReason, Field(title="原因", description="退租、合同终止须先注销备案")]
    effective_month: Annotated[
        Month, Field(title="停止提取月", description="不早于本月，不晚于委托的提取终止月（终止月已过的，为本月）")
    ]
    reason_on: Annotated[Day | None, Field(title="事由发生日期", description="原因不是退租或合同终止的必填")] = None
    note: Annotated[str, Field(title="原因说明", max_length=500)] = ""
    key_serial: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiveDecision:
    """The fund's decision on a firm's request, as of `decided_at`."""

    decision_no: Annotated[NewNumber, Field(title="审核编号", description="公积金中心编号，不重复")]
    term_no: Annotated[Number, Field(title="终止编号", description="企业申请的终止编号")]
    entrust_no: Annotated[Number, Field(title="委托书编号")]
    decision: Annotated[ReviewDecision, Field(title="审核结果", description="APPROVED 同意，REJECTED 不同意")]
    decided_at: Annotated[Moment, Field(title="审核时间", description="同一申请以时间较晚的为准；不得晚于当前时间")]
    reason: Annotated[str, Field(title="审核意见", max_length=500)] = ""


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
    if not getattr(order, "corrects", ""):
        # Bills came before this field: without it their repetition has the digest it had.
        kept -= {"corrects"}
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
