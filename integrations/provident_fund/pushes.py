"""Messages to the provident fund as it receives them; source of the handbook's tables (rows 16, 18, 21)."""

from typing import Annotated

from pydantic import Field

from models.direct_pay_codes import EndingKind, TermReason
from services.partners.wire_fields import Day, Moment, Money, WireModel

Number = Annotated[str, Field(min_length=1, max_length=40)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


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


#: Model by path below the partner's base address.
PUSHES: dict[str, type[WireModel]] = {
    "/bills": PushedBill,
    "/terminations": PushedTermination,
    "/endings": PushedEnding,
}
