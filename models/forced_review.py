"""Forced review of a filing, and what civil affairs hands over from the community service centres (rows 11, 12)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Placed, Row
from models.codes import Code
from models.columns import (
    blind_index,
    code,
    day,
    flag,
    integer,
    loose_ref,
    moment,
    open_json,
    ref,
    sealed,
    sealed_json,
    text,
)
from models.machines import Machine
from models.sealed import Sealed
from models.tenancy_codes import Channel


class Capacity(Code):
    """In which capacity an applicant comes."""

    PARTY = "PARTY", "合同当事人"
    AGENT = "AGENT", "代理人"
    FIRM = "FIRM", "经办企业"


class ReviewState(Code):
    """An application for forced review of a filing (leasing 3.5)."""

    SUBMITTED = "SUBMITTED", "待受理", "info"
    CORRECTION = "CORRECTION", "待补正", "warn"
    ACCEPTED = "ACCEPTED", "待审核", "info"
    SECOND = "SECOND", "待复核", "warn"
    ESCALATED = "ESCALATED", "待区局审核", "warn"
    DONE = "DONE", "已备案", "good"
    REFUSED = "REFUSED", "未同意", "bad"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"
    CLOSED = "CLOSED", "已终止", "muted"


#: Where a reviewer's word is awaited.
TO_DECIDE = (ReviewState.ACCEPTED, ReviewState.SECOND, ReviewState.ESCALATED)
#: A case has one of these at a time.
OPEN_REVIEWS = (ReviewState.SUBMITTED, ReviewState.CORRECTION, *TO_DECIDE)

REVIEW: Machine[ReviewState] = Machine(
    {
        "accept": {ReviewState.SUBMITTED: ReviewState.ACCEPTED},
        "ask_for_more": {ReviewState.SUBMITTED: ReviewState.CORRECTION},
        "supplement": {ReviewState.CORRECTION: ReviewState.SUBMITTED},
        # A second person of the same office says the last word, where the parameter asks for one.
        "second": {ReviewState.ACCEPTED: ReviewState.SECOND},
        "escalate": {ReviewState.ACCEPTED: ReviewState.ESCALATED, ReviewState.SECOND: ReviewState.ESCALATED},
        "step_back": dict.fromkeys((ReviewState.SECOND, ReviewState.ESCALATED), ReviewState.ACCEPTED),
        "pass": dict.fromkeys(TO_DECIDE, ReviewState.DONE),
        # What stopped the case is gone.
        "pass_by_itself": dict.fromkeys(OPEN_REVIEWS, ReviewState.DONE),
        "refuse": dict.fromkeys(TO_DECIDE, ReviewState.REFUSED),
        "withdraw": dict.fromkeys(OPEN_REVIEWS, ReviewState.WITHDRAWN),
        "close": dict.fromkeys(OPEN_REVIEWS, ReviewState.CLOSED),
        # The refusal taken back within its minute; the row is again as it was, so in any state of `TO_DECIDE`.
        "undo": {ReviewState.REFUSED: ReviewState.ACCEPTED},
    }
)


class ForcedReview(Placed, table=True):
    """An application for forced review of an intercepted filing; district and street are those of the house."""

    __table_args__ = (UniqueConstraint("case_id", "attempt"),)

    apply_no: str | None = text("强制核验编号", None, max=40, unique=True)
    receipt_no: str | None = text("回执编号", None, max=40)
    case_id: UUID = ref("gov_case", "办件")
    contract_id: UUID = ref("lease_contract", "合同")
    house_id: UUID = ref("house", "房屋")
    attempt: int = integer("申请次数", 1)
    codes: str = text("申请复核规则", max=200)
    #: The rules that failed and were let go, once it is decided.
    waived_codes: str = text("豁免规则", "", max=200)
    channel: Channel = code(Channel, "提交渠道")
    capacity: Capacity = code(Capacity, "申请人身份")
    applicant_name: Sealed = sealed("申请人", domain="name", mask="name")
    applicant_name_index: str | None = blind_index("申请人")
    applicant_id_no: Sealed = sealed("申请人证件号码", domain="id_no", mask="id")
    applicant_id_no_index: str | None = blind_index("申请人证件号码")
    reason: Sealed = sealed_json("申请理由")
    enterprise_id: UUID | None = loose_ref("企业", None)
    #: Who took it in; another person decides.
    unit_id: UUID | None = loose_ref("受理单位", None)
    clerk_id: UUID | None = loose_ref("受理人", None)
    #: The office that decides: the centre of the house's district, or the community service centre that took it in.
    review_unit_id: UUID | None = loose_ref("审核单位", None)
    submitted_at: datetime = moment("提交时间", index=True)
    accepted_at: datetime | None = moment("受理时间", None)
    due_on: date | None = day("办理期限", None, index=True)
    overdue: bool = flag("已逾期", False)
    correction: Sealed | None = sealed_json("补正内容", None)
    corrections: int = integer("补正次数", 0)
    taken_by: UUID | None = loose_ref("审核中", None, index=False)
    taken_at: datetime | None = moment("开始审核时间", None)
    reviewer_id: UUID | None = loose_ref("审核人", None)
    opinion: Sealed | None = sealed_json("审核意见", None)
    second_reviewer_id: UUID | None = loose_ref("复核人", None, index=False)
    second_opinion: Sealed | None = sealed_json("复核意见", None)
    decided_at: datetime | None = moment("审核时间", None, index=True)
    filing_id: UUID | None = loose_ref("备案", None)
    run_id: UUID | None = loose_ref("核验批次", None, index=False)
    closed_note: str = text("办结方式", "", max=80)
    state: ReviewState = code(ReviewState, "状态", ReviewState.SUBMITTED, index=True)


class ReviewMaterial(Row, table=True):
    """A material handed in for a rule of a review; without a rule it is one that every application has."""

    review_id: UUID = ref("forced_review", "强制核验", owner=True, always=True)
    position: int = integer("序号", 1)
    code: str = text("规则", "", max=12)
    title: str = text("材料名称", max=60)
    original: bool = flag("已核原件", False)
    valid_to: date | None = day("有效期至", None)
    attachment_id: UUID | None = loose_ref("附件", None)
    digest: str = text("SM3 摘要", "", max=64, index=True)
    turn: int = integer("第几次提交", 1)


class CivilState(Code):
    """A case that a community service centre accepted in the civil affairs system (row 12)."""

    RECEIVED = "RECEIVED", "待审查", "info"
    FILING = "FILING", "办理中", "info"
    REVIEWING = "REVIEWING", "强制核验中", "warn"
    ESCALATED = "ESCALATED", "待区局审核", "warn"
    FILED = "FILED", "已备案", "good"
    REFUSED = "REFUSED", "未同意", "bad"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"


OPEN_CIVIL = (CivilState.RECEIVED, CivilState.FILING, CivilState.REVIEWING, CivilState.ESCALATED)
CIVIL: Machine[CivilState] = Machine(
    {
        "start": {CivilState.RECEIVED: CivilState.FILING, CivilState.FILING: CivilState.FILING},
        "review": {CivilState.RECEIVED: CivilState.REVIEWING, CivilState.FILING: CivilState.REVIEWING},
        # The review ended without a word: the person may go on.
        "stop_review": {CivilState.REVIEWING: CivilState.FILING, CivilState.ESCALATED: CivilState.FILING},
        "escalate": {CivilState.REVIEWING: CivilState.ESCALATED},
        "step_back": {CivilState.ESCALATED: CivilState.REVIEWING},
        "file": dict.fromkeys(OPEN_CIVIL, CivilState.FILED),
        "refuse": dict.fromkeys(OPEN_CIVIL, CivilState.REFUSED),
        "withdraw": dict.fromkeys(OPEN_CIVIL, CivilState.WITHDRAWN),
    }
)


class CivilCase(Placed, table=True):
    """An acceptance handed over by civil affairs; district and street are those of the centre."""

    __table_args__ = (UniqueConstraint("app_id", "acceptance_no"),)

    app_id: str = text("对接方", max=32)
    acceptance_no: str = text("受理编号", max=40, index=True)
    fingerprint: str = text("内容摘要", max=64)
    centre_code: str = text("受理中心编码", max=32)
    unit_id: UUID = loose_ref("受理中心")
    clerk_no: str = text("民政经办人工号", max=64)
    clerk_name: Sealed = sealed("民政经办人", domain="name", mask="name")
    clerk_name_index: str | None = blind_index("民政经办人")
    applicant_name: Sealed = sealed("申请人", domain="name", mask="name")
    applicant_name_index: str | None = blind_index("申请人")
    applicant_id_no: Sealed = sealed("申请人证件号码", domain="id_no", mask="id")
    applicant_id_no_index: str | None = blind_index("申请人证件号码")
    mobile: Sealed | None = sealed("联系电话", None, domain="phone", mask="phone")
    mobile_index: str | None = blind_index("联系电话")
    cert_no: Sealed | None = sealed("权属证明编号", None, domain="cert_no", mask="cert")
    cert_no_index: str | None = blind_index("权属证明编号")
    gov_case_no: str = text("原办件编号", "", max=40)
    matter: Sealed = sealed_json("申请事项")
    materials: list[dict[str, Any]] = open_json("已收材料", reason="材料名称和份数，不含个人信息")
    accepted_at: datetime = moment("民政受理时间")
    received_at: datetime = moment("接收时间", index=True)
    due_on: date = day("办理期限", index=True)
    case_id: UUID | None = loose_ref("办件", None)
    review_id: UUID | None = loose_ref("强制核验", None)
    filing_id: UUID | None = loose_ref("备案", None)
    starter_id: UUID | None = loose_ref("审查人", None)
    told: int = integer("回传次数", 0)
    ended_at: datetime | None = moment("办结时间", None)
    end_note: Sealed | None = sealed_json("办结说明", None)
    state: CivilState = code(CivilState, "状态", CivilState.RECEIVED, index=True)
