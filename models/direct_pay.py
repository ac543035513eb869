"""Direct rent from the provident fund: pilot, mandates, bills, payment results, terminations, ends of filings (leasing 2.10)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Placed, Stamped
from models.columns import (
    blind_index,
    code,
    day,
    flag,
    integer,
    loose_ref,
    moment,
    money,
    ref,
    sealed,
    sealed_json,
    text,
)
from models.direct_pay_codes import (
    BillState,
    DrawCycle,
    EndingKind,
    EntrustState,
    FailCode,
    PaymentOutcome,
    PilotState,
    ResultState,
    ReviewDecision,
    TermReason,
    TermSide,
    TermState,
)
from models.sealed import Sealed


class PilotScope(Stamped, table=True):
    """An enterprise, or a project of it, for which the fund pays rent directly during a period."""

    enterprise_id: UUID = ref("enterprise", "企业")
    project_id: UUID | None = loose_ref("项目", None)
    valid_from: date = day("自")
    valid_to: date | None = day("至", None)
    fund_letter: str = text("公积金中心确认文号", max=60)
    state: PilotState = code(PilotState, "状态", PilotState.PROPOSED, index=True)
    proposed_by: UUID | None = loose_ref("提出人", None, index=False)
    decided_by: UUID | None = loose_ref("复核人", None, index=False)
    decided_at: datetime | None = moment("复核时间", None)


class Entrustment(Placed, table=True):
    """A tenant's mandate to pay his rent from his fund; months are written YYYY-MM."""

    entrust_no: str = text("委托书编号", max=40, unique=True)
    receipt_no: str = text("接收编号", "", max=40, index=True)
    filing_no: str = text("备案编号", max=40, index=True)
    contract_no: str = text("合同编号", "", max=40)
    filing_id: UUID | None = loose_ref("备案", None)
    enterprise_id: UUID | None = loose_ref("企业", None)
    project_id: UUID | None = loose_ref("项目", None)
    tenant: Sealed = sealed("承租人", domain="name", mask="name")
    tenant_index: str | None = blind_index("承租人")
    tenant_id_no: Sealed = sealed("承租人证件号码", domain="id_no", mask="id")
    tenant_id_no_index: str | None = blind_index("承租人证件号码")
    by_spouse: bool = flag("由配偶委托", False)
    spouse: Sealed | None = sealed("配偶", None, domain="name", mask="name")
    spouse_index: str | None = blind_index("配偶")
    spouse_id_no: Sealed | None = sealed("配偶证件号码", None, domain="id_no", mask="id")
    spouse_id_no_index: str | None = blind_index("配偶证件号码")
    payee_name: str = text("收款户名", max=100)
    payee_bank: str = text("收款银行", max=100)
    payee_bank_code: str = text("银行代码", max=20)
    payee_account: Sealed = sealed("收款账号", domain="acct", mask="acct")
    payee_account_index: str | None = blind_index("收款账号")
    pay_cycle: DrawCycle = code(DrawCycle, "提取周期")
    monthly_rent: Decimal = money("月租金")
    draw_from: str = text("提取起始月", max=7)
    draw_to: str = text("提取终止月", max=7)
    signed_at: datetime = moment("签署时间")
    signature_digest: str = text("签名摘要", max=64)
    content_digest: str = text("内容摘要", max=64)
    findings: Sealed = sealed_json("核验结果")
    received_at: datetime = moment("接收时间", index=True)
    pushed_at: datetime | None = moment("推送时间", None)
    ack_at: datetime | None = moment("确认时间", None)
    ack_alarm_at: datetime | None = moment("确认超时告警时间", None)
    #: What a filing's end allows, and the month from which the fund pays no more; each may be taken back or moved.
    filing_ended_on: date | None = day("备案终止日期", None)
    stops_from: str = text("停止提取月", "", max=7)
    ended_at: datetime | None = moment("终止时间", None)
    unpaid_flagged: bool = flag("连续未支付", False)
    state: EntrustState = code(EntrustState, "状态", EntrustState.RECEIVED, index=True)


class RentBill(Placed, table=True):
    """A firm's bill for the rent of one period; only `rent_fee` is ever paid from the fund."""

    __table_args__ = (UniqueConstraint("enterprise_id", "bill_no"),)

    bill_no: str = text("账单编号", max=40, index=True)
    entrustment_id: UUID | None = loose_ref("委托", None)
    entrust_no: str = text("委托书编号", max=40, index=True)
    contract_no: str = text("合同编号", "", max=40)
    enterprise_id: UUID = loose_ref("企业")
    period_start: date = day("账期起", index=True)
    period_end: date = day("账期止")
    bill_time: datetime = moment("出账时间")
    rent_fee: Decimal = money("租金")
    deposit_fee: Decimal = money("押金")
    other_fee: Decimal = money("其他费用")
    total_amount: Decimal = money("应付合计")
    subject: str = text("摘要", "", max=100)
    content_digest: str = text("内容摘要", max=64)
    findings: Sealed = sealed_json("核验结果")
    received_at: datetime = moment("接收时间", index=True)
    sent_at: datetime | None = moment("送达公积金中心时间", None)
    decided_at: datetime | None = moment("公积金中心处理时间", None)
    paid_amount: Decimal | None = money("实付金额", None)
    amount_differs: bool = flag("实付与账单不符", False)
    reason: Sealed | None = sealed_json("公积金中心说明", None)
    state: BillState = code(BillState, "状态", BillState.RECEIVED, index=True)


class PaymentResult(Placed, table=True):
    """A decision of the fund on a bill; the latest by the fund's own time holds."""

    result_no: str = text("结果编号", max=40, unique=True)
    entrust_no: str = text("委托书编号", max=40, index=True)
    bill_no: str = text("账单编号", max=40, index=True)
    bill_id: UUID | None = loose_ref("账单", None)
    enterprise_id: UUID | None = loose_ref("企业", None)
    amount: Decimal = money("金额")
    outcome: PaymentOutcome = code(PaymentOutcome, "结果")
    fail_code: FailCode = code(FailCode, "原因代码", FailCode.NONE)
    reason: Sealed = sealed_json("原因说明")
    decided_at: datetime = moment("处理时间")
    paid_on: date | None = day("支付日期", None)
    bank_flow_no: str = text("银行流水号", "", max=60)
    content_digest: str = text("内容摘要", max=64)
    received_at: datetime = moment("接收时间", index=True)
    pushed_at: datetime | None = moment("推送时间", None)
    ack_at: datetime | None = moment("确认时间", None)
    handled_by: UUID | None = loose_ref("处理人", None, index=False)
    handled_at: datetime | None = moment("处理完成时间", None)
    handled_note: Sealed | None = sealed_json("处理说明", None)
    state: ResultState = code(ResultState, "状态", ResultState.RECEIVED, index=True)


class PaymentTermination(Placed, table=True):
    """The end of a mandate, reported by the fund for its tenant or requested by its firm."""

    __table_args__ = (UniqueConstraint("side", "asked_by", "term_no"),)

    term_no: str = text("终止编号", max=40, index=True)
    side: TermSide = code(TermSide, "终止方")
    asked_by: str = text("申请主体", max=64)
    entrustment_id: UUID | None = loose_ref("委托", None)
    entrust_no: str = text("委托书编号", max=40, index=True)
    enterprise_id: UUID | None = loose_ref("企业", None)
    reason: TermReason = code(TermReason, "原因")
    note: Sealed = sealed_json("原因说明")
    reason_on: date | None = day("事由发生日期", None)
    contract_state: str = text("当时合同状态", "", max=32)
    requested_at: datetime = moment("申请时间")
    effective_month: str = text("停止提取月", max=7)
    content_digest: str = text("内容摘要", max=64)
    last_payment: bool = flag("终止月账单已送出", False)
    decision: ReviewDecision = code(ReviewDecision, "审核结果", ReviewDecision.NONE)
    sent_at: datetime | None = moment("送达公积金中心时间", None)
    decided_at: datetime | None = moment("审核时间", None)
    pushed_at: datetime | None = moment("推送企业时间", None)
    ack_at: datetime | None = moment("确认时间", None)
    stuck_alarm_at: datetime | None = moment("未审核告警时间", None)
    state: TermState = code(TermState, "状态", TermState.RECEIVED, index=True)


class TerminationDecision(Stamped, table=True):
    """A decision of the fund on a firm's request; the latest by the fund's time holds."""

    decision_no: str = text("审核编号", max=40, unique=True)
    termination_id: UUID = ref("payment_termination", "终止申请")
    decision: ReviewDecision = code(ReviewDecision, "审核结果")
    reason: Sealed = sealed_json("审核意见")
    decided_at: datetime = moment("审核时间")
    received_at: datetime = moment("接收时间")
    pushed_at: datetime | None = moment("推送企业时间", None)
    content_digest: str = text("内容摘要", max=64)


class FilingEnding(Placed, table=True):
    """A line of the ledger of ended and restored filings, written in the transaction of the end and never removed."""

    position: int | None = integer("序号", None, unique=True)
    filing_id: UUID = ref("lease_filing", "备案")
    filing_no: str = text("备案编号", max=40, index=True)
    contract_no: str = text("合同编号", "", max=40)
    kind: EndingKind = code(EndingKind, "终止方式")
    ended_on: date = day("终止日期")
    recorded_at: datetime = moment("登记时间", index=True)
