"""Messages to a rental company's system as it receives them; source of the handbook's tables (rows 17-20, 22)."""

from typing import Annotated

from pydantic import Field

from models.direct_pay_codes import BillState, DrawCycle, FailCode, PaymentOutcome, ReviewDecision, TermReason
from services.partners.wire_fields import Account, Day, IdNumber, Moment, Money, PersonName, WireModel

Number = Annotated[str, Field(min_length=1, max_length=40)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Reason = Annotated[str, Field(max_length=600)]


class PushedMandate(WireModel):
    """A tenant of this firm has his rent paid from his fund."""

    entrust_no: Number = Field(title="委托书编号")
    filing_no: Number = Field(title="备案编号")
    contract_no: str = Field(title="合同编号", max_length=40)
    tenant: PersonName = Field(title="委托人", description="承租人；由配偶委托时是其配偶")
    tenant_id_no: IdNumber = Field(title="委托人证件号码")
    by_spouse: bool = Field(title="由配偶委托")
    payee_name: str = Field(title="收款户名", max_length=100)
    payee_bank: str = Field(title="收款银行", max_length=100)
    payee_account: Account = Field(title="收款账号")
    pay_cycle: DrawCycle = Field(title="提取周期")
    monthly_rent: Money = Field(title="月租金")
    draw_from: Month = Field(title="提取起始月")
    draw_to: Month = Field(title="提取终止月")
    signed_at: Moment = Field(title="签署时间")


class PushedResult(WireModel):
    """The fund's result for a bill."""

    result_no: Number = Field(title="结果编号")
    entrust_no: Number = Field(title="委托书编号")
    bill_no: Number = Field(title="账单编号")
    outcome: PaymentOutcome = Field(title="结果")
    amount: Money = Field(title="金额", description="实付金额，未支付时为 0.00")
    fail_code: FailCode = Field(title="原因代码", description="已支付时为空")
    reason: Reason = Field(title="原因说明")
    decided_at: Moment = Field(title="处理时间", description="同一账单有多个结果时，以处理时间最晚的为准")
    paid_on: Day | None = Field(None, title="支付日期", description="未支付时没有")
    bank_flow_no: str = Field(title="银行流水号", max_length=60)
    bill_state: BillState = Field(title="账单状态", description="推送时该账单在本系统的状态")


class PushedBillState(WireModel):
    """A bill of this firm changed its state without a payment result."""

    bill_no: Number = Field(title="账单编号")
    entrust_no: Number = Field(title="委托书编号")
    state: BillState = Field(title="账单状态")
    reason: Reason = Field(title="原因说明")


class PushedTenantTermination(WireModel):
    """A tenant of this firm has ended his mandate."""

    term_no: Number = Field(title="终止编号")
    entrust_no: Number = Field(title="委托书编号")
    filing_no: Number = Field(title="备案编号")
    reason: TermReason = Field(title="原因")
    requested_at: Moment = Field(title="申请时间")
    effective_month: Month = Field(title="停止提取月", description="自该月起不再支付，请勿再报送该月及以后的账单")
    last_payment: bool = Field(title="最后一次支付", description="该月账单已送出，该笔照付")


class PushedDecision(WireModel):
    """The fund has decided on this firm's request to end a mandate."""

    decision_no: Number = Field(title="审核编号")
    term_no: Number = Field(title="终止编号")
    entrust_no: Number = Field(title="委托书编号")
    decision: ReviewDecision = Field(
        title="审核结果", description="先前推送过同意、后改为不同意的一定推送；其他不同意的只在市里打开相应参数后推送"
    )
    decided_at: Moment = Field(title="审核时间", description="同一申请有多个结果时，以审核时间最晚的为准")
    reason: Reason = Field(title="审核意见")
    effective_month: Month = Field(title="停止提取月")
    last_payment: bool = Field(title="最后一次支付")
    note: Reason = Field(title="说明")


#: Model by path below the partner's base address.
PUSHES: dict[str, type[WireModel]] = {
    "/entrustments": PushedMandate,
    "/payment-results": PushedResult,
    "/bill-states": PushedBillState,
    "/terminations": PushedTenantTermination,
    "/termination-decisions": PushedDecision,
}
