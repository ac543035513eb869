"""Messages of rental firms' systems; source of the handbook's tables (rows 17-21)."""

from typing import Annotated

from pydantic import Field

from integrations.wire.exchange.fields import NO_BLANKS, Day, Moment, Money, Month, WireModel
from models.direct_pay_codes import TermReason
from services.direct_pay.mandate_intake import AckKind

Number = Annotated[str, Field(min_length=1, max_length=40)]
#: Where a number is introduced; what was taken in before under one with blanks can still be named.
NewNumber = Annotated[Number, NO_BLANKS]


class BillItem(WireModel):
    """A bill for one period."""

    bill_no: NewNumber = Field(title="账单编号", description="企业编号，企业内不重复，不得重复使用")
    entrust_no: Number = Field(title="委托书编号")
    period_start: Day = Field(title="账期起")
    period_end: Day = Field(title="账期止", description="含当日")
    bill_time: Moment = Field(title="出账时间")
    rent_fee: Money = Field(title="租金", description="不高于该账期的合同租金，首末期按天折算")
    deposit_fee: Money = Field(title="押金", description="仅供了解，不计入应付合计")
    other_fee: Money = Field(title="其他费用", description="仅供了解，不计入应付合计")
    total_amount: Money = Field(title="应付合计", description="应等于租金")
    subject: str = Field("", title="摘要", max_length=100)


class BillsMessage(WireModel):
    """Row 18: bills, answered one by one."""

    bills: list[BillItem] = Field(title="账单", min_length=1, max_length=2000)


class BillCancellation(WireModel):
    """Row 18: a bill not sent on yet is taken back."""

    bill_no: Number = Field(title="账单编号", description="尚未送往公积金中心的账单")


class TerminationRequest(WireModel):
    """Row 21: a firm asks the fund to stop paying."""

    term_no: NewNumber = Field(title="终止编号", description="企业编号，企业内不重复")
    entrust_no: Number = Field(title="委托书编号")
    reason: TermReason = Field(title="原因", description="退租、合同终止须先注销备案")
    effective_month: Month = Field(
        title="停止提取月", description="不早于本月，不晚于委托的提取终止月（终止月已过的，为本月）"
    )
    reason_on: Day | None = Field(None, title="事由发生日期", description="原因不是退租或合同终止的必填")
    note: str = Field("", title="原因说明", max_length=500)


class Acknowledgement(WireModel):
    """Rows 17, 19, 20, 22: the firm has taken a message in."""

    kind: AckKind = Field(title="确认类别")
    number: Number = Field(title="编号", description="委托书编号、结果编号或终止编号")
