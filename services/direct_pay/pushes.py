"""Messages to the fund and to rental companies' systems as they receive them; source of the handbook's tables (rows 16-22)."""

from typing import Annotated

from pydantic import Field

from models.direct_pay_codes import (
    BillState,
    DrawCycle,
    EndingKind,
    FailCode,
    PaymentOutcome,
    ReviewDecision,
    TermReason,
)
from services.direct_pay.orders import Number
from services.partners.wire_fields import Account, Day, IdNumber, Moment, Money, Month, PersonName, WireModel

Reason = Annotated[str, Field(max_length=600)]


# To the fund


class PushedBill(WireModel):
    """A firm's bill that passed our checks; only `rent_fee` may be paid."""

    bill_no: Number = Field(title="账单编号", description="企业编号，同一企业内不重复")
    entrust_no: Number = Field(title="委托书编号")
    contract_no: str = Field(title="合同编号", max_length=40)
    period_start: Day = Field(title="账期起")
    period_end: Day = Field(title="账期止", description="含当日")
    bill_time: Moment = Field(title="出账时间")
    rent_fee: Money = Field(title="租金", description="可以支付的只有租金")
    deposit_fee: Money = Field(title="押金", description="仅供了解，不得支付")
    other_fee: Money = Field(title="其他费用", description="仅供了解，不得支付")
    total_amount: Money = Field(title="应付合计", description="等于租金")
    subject: str = Field(title="摘要", max_length=100)
    corrects: str = Field("", title="更正的账单编号", max_length=40, description="更正一笔未支付账单的才有")


class PushedTermination(WireModel):
    """A firm's request to end a mandate, for the fund to decide on."""

    term_no: Number = Field(title="终止编号")
    entrust_no: Number = Field(title="委托书编号")
    filing_no: Number = Field(title="备案编号")
    contract_no: str = Field(title="合同编号", max_length=40)
    reason: TermReason = Field(title="原因")
    reason_on: Day | None = Field(None, title="事由发生日期", description="原因不是合同终止的必有")
    note: str = Field(title="原因说明", max_length=500)
    contract_state: str = Field(title="当时合同状态", max_length=32)
    requested_at: Moment = Field(title="申请时间")
    effective_month: Month = Field(title="停止提取月", description="自该月起不再支付")
    last_payment: bool = Field(title="终止月账单已送出", description="为真时该月账单是最后一笔")


class PushedEnding(WireModel):
    """A filing under a mandate has ended, or came back."""

    line_no: int = Field(title="序号", description="台账序号，递增，不重复")
    entrust_no: Number = Field(title="委托书编号")
    filing_no: Number = Field(title="备案编号")
    contract_no: str = Field(title="合同编号", max_length=40)
    kind: EndingKind = Field(title="终止方式", description="恢复有效时该备案继续")
    ended_on: Day = Field(title="终止日期")
    recorded_at: Moment = Field(title="登记时间")


# To a firm


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
