"""Messages and questions of the provident fund; source of the handbook's tables (rows 15-17, 19, 20, 22)."""

from typing import Annotated

from pydantic import Field

from integrations.wire.exchange.fields import (
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
    WireModel,
)
from models.direct_pay_codes import DrawCycle, FailCode, PaymentOutcome, ReviewDecision, TermReason

Number = Annotated[str, Field(min_length=1, max_length=40)]
#: Where a number is introduced; what was taken in before under one with blanks can still be named.
NewNumber = Annotated[Number, NO_BLANKS]


class FilingQuestion(WireModel):
    """Row 15: one layer a question."""

    contract_no: str = Field("", title="合同编号", max_length=40, description="三种查询方式任选其一")
    filing_no: str = Field("", title="备案编号", max_length=40)
    name: PersonName | None = Field(None, title="承租人姓名", description="与证件号码一并填写")
    id_no: IdNumber | None = Field(None, title="承租人证件号码")
    purpose: str = Field("公积金直付核验", title="查询目的", min_length=2, max_length=60, pattern=r"\S.*\S")


class EndingQuestion(WireModel):
    """Row 16: by number, or the lines behind a cursor."""

    filing_no: str = Field("", title="备案编号", max_length=40, description="按编号查询时填写其一")
    contract_no: str = Field("", title="合同编号", max_length=40)
    cursor: str = Field("", title="游标", max_length=20, description="上一页返回的游标，首次为空")
    since: Moment | None = Field(None, title="起始时间", description="游标为空时有效，只取此后登记的记录")
    limit: int = Field(1000, title="条数", ge=1, le=1000)


class EntrustmentMessage(WireModel):
    """Row 17: a tenant's mandate."""

    entrust_no: NewNumber = Field(title="委托书编号", description="公积金中心编号，不重复")
    filing_no: Number = Field(title="备案编号")
    contract_no: str = Field("", title="合同编号", max_length=40)
    enterprise_uscc: CreditCode = Field(title="企业统一社会信用代码")
    tenant: PersonName = Field(title="委托人姓名")
    tenant_id_no: IdNumber = Field(title="委托人证件号码")
    by_spouse: bool = Field(False, title="由配偶委托", description="委托人不是承租人而是其配偶时为真，并填写配偶两项")
    spouse: PersonName | None = Field(None, title="配偶姓名", description="由配偶委托时为合同上的承租人")
    spouse_id_no: IdNumber | None = Field(None, title="配偶证件号码")
    payee_name: str = Field(title="收款户名", min_length=1, max_length=100)
    payee_bank: str = Field(title="收款银行", min_length=1, max_length=100)
    payee_bank_code: str = Field(title="银行代码", min_length=1, max_length=20)
    payee_account: Account = Field(title="收款账号", description="应为企业登记的账户")
    pay_cycle: DrawCycle = Field(title="提取周期")
    monthly_rent: Money = Field(title="月租金", description="元，不得高于备案月租金")
    draw_from: Month = Field(title="提取起始月")
    draw_to: Month = Field(title="提取终止月", description="不晚于备案有效期止所在月")
    signed_at: Moment = Field(title="签署时间")
    signature_digest: Digest = Field(title="签名摘要", description="委托书签名的 SM3 摘要，十六进制小写")


class ResultItem(WireModel):
    """A result of one bill."""

    result_no: NewNumber = Field(title="结果编号", description="公积金中心编号，不重复")
    entrust_no: Number = Field(title="委托书编号")
    bill_no: Number = Field(title="账单编号")
    outcome: PaymentOutcome = Field(title="结果")
    amount: Money = Field(title="金额", description="实付金额；未支付为 0")
    decided_at: Moment = Field(title="处理时间", description="同一账单以时间较晚的结果为准；不得晚于当前时间")
    fail_code: FailCode = Field(FailCode.NONE, title="原因代码")
    reason: str = Field("", title="原因说明", max_length=500)
    paid_on: Day | None = Field(None, title="支付日期")
    bank_flow_no: str = Field("", title="银行流水号", max_length=60)


class ResultsMessage(WireModel):
    """Row 19: results, answered one by one."""

    results: list[ResultItem] = Field(title="结果", min_length=1, max_length=2000)


class TenantTermination(WireModel):
    """Row 20: the tenant has ended his mandate."""

    term_no: NewNumber = Field(title="终止编号", description="公积金中心编号，不重复")
    entrust_no: Number = Field(title="委托书编号")
    enterprise_uscc: CreditCode = Field(title="企业统一社会信用代码", description="与委托书不符的不送达")
    reason: TermReason = Field(title="原因")
    requested_at: Moment = Field(title="申请时间")
    effective_month: Month = Field(title="停止提取月", description="自该月起不再支付")
    note: str = Field("", title="原因说明", max_length=500)


class DecisionMessage(WireModel):
    """Row 22: the decision on a firm's request."""

    decision_no: NewNumber = Field(title="审核编号", description="公积金中心编号，不重复")
    term_no: Number = Field(title="终止编号", description="企业申请的终止编号")
    entrust_no: Number = Field(title="委托书编号")
    decision: ReviewDecision = Field(title="审核结果", description="APPROVED 同意，REJECTED 不同意")
    decided_at: Moment = Field(title="审核时间", description="同一申请以时间较晚的为准；不得晚于当前时间")
    reason: str = Field("", title="审核意见", max_length=500)
