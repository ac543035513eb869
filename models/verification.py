"""Listing verification: requests, codes with their shelf, split locks, forced reviews, notice templates (leasing 2.6)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Placed, Row, Stamped
from models.columns import (
    area,
    blind_index,
    code,
    day,
    flag,
    integer,
    long_text,
    loose_ref,
    moment,
    money,
    open_json,
    ref,
    sealed,
    sealed_json,
    text,
)
from models.sealed import Sealed
from models.tenancy_codes import Channel, LeaseMode
from models.verification_codes import (
    CodeEnd,
    CodeState,
    ForcedState,
    LockState,
    MandateKind,
    PenaltyKind,
    PrecheckState,
    RequesterKind,
    ShelfState,
    TemplateState,
    VerificationState,
)

_NOT_PERSONAL_PLAN = "房间号、类型、使用面积和居住人数，不含个人信息"
#: What the public page of a code reads.
_PUBLIC = ("code_no", "state", "end_reason", "valid_from", "valid_to", "ended_on", "shelf", "public", "token_digest")


class ListingMandate(Placed, table=True):
    """An owner's mandate to a firm: to let, to operate or to publish a home (V03, V04)."""

    __table_args__ = (UniqueConstraint("firm_uscc", "mandate_no"),)

    mandate_no: str = text("委托合同编号", max=60, index=True)
    kind: MandateKind = code(MandateKind, "委托类别")
    house_id: UUID = ref("house", "房屋")
    principal_id_no: Sealed = sealed("委托人证件号码", domain="id_no", mask="id")
    principal_id_no_index: str | None = blind_index("委托人证件号码")
    firm_uscc: str = text("受托企业统一社会信用代码", max=18, index=True)
    enterprise_id: UUID | None = loose_ref("受托企业", None)
    signed_on: date = day("签订日期")
    valid_from: date = day("委托期起")
    valid_to: date = day("委托期止", index=True)


class PublishingPenalty(Stamped, table=True):
    """A penalty or a shut-down that bars a firm or a person from publishing (V11)."""

    subject_no: Sealed = sealed("当事人证件号码或信用代码", domain="id_no", mask="id")
    subject_no_index: str | None = blind_index("当事人证件号码或信用代码")
    enterprise_id: UUID | None = loose_ref("企业", None)
    kind: PenaltyKind = code(PenaltyKind, "类别")
    on_day: date = day("决定日期", index=True)
    until: date | None = day("整顿期止", None)
    reason: str = text("事由", max=200)
    reference: str = text("文号", "", max=60)


class OwnerPhone(Stamped, table=True):
    """The recorded telephone number of an owner, against which an enterprise's entry is compared (V05)."""

    owner_id_no: Sealed = sealed("权利人证件号码", domain="id_no", mask="id")
    owner_id_no_index: str | None = blind_index("权利人证件号码")
    mobile: Sealed = sealed("联系电话", domain="phone", mask="phone")
    mobile_index: str | None = blind_index("联系电话")


class ListingVerification(Placed, table=True):
    """A request to verify a home before it is listed. `form` is the request as received."""

    __table_args__ = (UniqueConstraint("app_id", "request_no"),)

    verify_no: str | None = text("核验编号", None, max=40, unique=True)
    #: A partner's own number of the request; with `app_id` it finds the request again.
    app_id: str | None = text("对接系统", None, max=32)
    request_no: str | None = text("对接方请求编号", None, max=64)
    house_id: UUID | None = loose_ref("房屋", None)
    cert_no: Sealed = sealed("权属证明编号", domain="cert_no", mask="cert")
    cert_no_index: str | None = blind_index("权属证明编号")
    mode: LeaseMode = code(LeaseMode, "出租方式")
    part_key: str = text("部位", "*", max=20, help="整套为 *，否则为房间号")
    plan: list[dict[str, object]] = open_json("拆间信息", reason=_NOT_PERSONAL_PLAN)
    n1_declared: bool = flag("已声明隔间材料和采光通风", False)
    channel: Channel = code(Channel, "渠道")
    requester_kind: RequesterKind = code(RequesterKind, "申请主体")
    requester_no: Sealed = sealed("申请人证件号码或信用代码", domain="id_no", mask="id")
    requester_no_index: str | None = blind_index("申请人证件号码或信用代码")
    requester_name: Sealed = sealed("申请人", domain="name", mask="name")
    requester_name_index: str | None = blind_index("申请人")
    enterprise_id: UUID | None = loose_ref("申请企业", None)
    principal_kind: RequesterKind | None = code(RequesterKind, "发布者类别", None)
    principal_no: Sealed | None = sealed("发布者证件号码或信用代码", None, domain="id_no", mask="id")
    principal_no_index: str | None = blind_index("发布者证件号码或信用代码")
    owner_name: Sealed = sealed("权利人", domain="name", mask="name")
    owner_name_index: str | None = blind_index("权利人")
    owner_id_no: Sealed = sealed("权利人证件号码", domain="id_no", mask="id")
    owner_id_no_index: str | None = blind_index("权利人证件号码")
    card_no: str = text("从业信息卡编号", "", max=40)
    mandate_id: UUID | None = loose_ref("委托", None)
    rent: Decimal | None = money("月租金", None)
    leased_area: Decimal | None = area("出租面积", None)
    form: Sealed = sealed_json("核验申请")
    unit_id: UUID | None = loose_ref("受理单位", None)
    clerk_id: UUID | None = loose_ref("经办人", None)
    code_id: UUID | None = loose_ref("核验码", None)
    run_id: UUID | None = loose_ref("核验批次", None)
    fail_codes: str = text("未通过规则", "", max=200)
    warn_codes: str = text("提示规则", "", max=60)
    forceable: bool = flag("可申请强制核验", False)
    submitted_at: datetime = moment("申请时间", index=True)
    submitted_on: date = day("申请日期", index=True)
    retries: int = integer("重试次数", 0)
    retry_at: datetime | None = moment("下次核验", None, index=True)
    decided_at: datetime | None = moment("核验时间", None)
    #: Until when the identity of the publisher of a platform must be kept.
    keep_until: date | None = day("保存至", None)
    state: VerificationState = code(VerificationState, "状态", VerificationState.SUBMITTED, index=True)


class VerificationCode(Placed, table=True):
    """A verification code, the part it covers and its public display (3.6, 3.7)."""

    __table_args__ = ({"info": {"public_columns": _PUBLIC}},)

    public_mac: str | None = text("公开核验校验值", None, max=80)
    code_no: str | None = text("核验码", None, max=18, unique=True)
    verification_id: UUID = ref("listing_verification", "核验申请")
    house_id: UUID | None = loose_ref("房屋", None)
    part_key: str = text("部位", "*", max=20)
    app_id: str | None = text("对接系统", None, max=32)
    holder_kind: RequesterKind = code(RequesterKind, "持有主体")
    holder_no: Sealed = sealed("持有人证件号码或信用代码", domain="id_no", mask="id")
    holder_no_index: str | None = blind_index("持有人证件号码或信用代码")
    enterprise_id: UUID | None = loose_ref("持有企业", None)
    valid_from: date | None = day("有效期起", None)
    valid_to: date | None = day("有效期止", None, index=True)
    state: CodeState = code(CodeState, "状态", CodeState.PENDING, index=True)
    end_reason: CodeEnd | None = code(CodeEnd, "失效原因", None)
    ended_on: date | None = day("失效日期", None, index=True)
    ended_at: datetime | None = moment("失效时间", None, index=True)
    forced: bool = flag("经强制核验", False)
    #: The code that replaced this one in its last ten days.
    renewed_by: UUID | None = loose_ref("换发的核验码", None, index=False)
    token_digest: str | None = text("二维码摘要", None, max=64, unique=True)
    token: Sealed | None = sealed_json("二维码", None)
    public: dict[str, object] = open_json("公开核验内容", reason="模糊坐落、户型、面积和企业简称，不含个人信息")
    shelf: ShelfState = code(ShelfState, "上架状态", ShelfState.NONE, index=True)
    published_at: datetime | None = moment("上架时间", None)
    maintained_on: date | None = day("最近维护日期", None, index=True)
    listed_rent: Decimal | None = money("发布租金", None)
    listed_area: Decimal | None = area("发布面积", None)
    address_public: str = text("对外地址", "", max=120)
    differences: int = integer("发布不一致次数", 0, unit="次")
    take_down_by: date | None = day("下架期限", None)


class ShelfEvent(Row, table=True):
    """A change of the public display of a listing, with its reason."""

    code_id: UUID = ref("verification_code", "核验码", owner=True)
    at: datetime = moment("时间")
    before: ShelfState = code(ShelfState, "原状态")
    after: ShelfState = code(ShelfState, "新状态")
    reason: str = text("事由", "", max=300)
    reference: str = text("文号或投诉编号", "", max=60)
    account_id: UUID | None = loose_ref("操作人", None, index=False)
    unit_id: UUID | None = loose_ref("操作单位", None, index=False)


class SplitLock(Placed, table=True):
    """The room plan of a house, frozen by its first passed verification by room (V07)."""

    __table_args__ = (UniqueConstraint("house_id", "plan_version"),)

    house_id: UUID = ref("house", "房屋")
    plan_version: int = integer("方案版次", 1)
    plan: list[dict[str, object]] = open_json("拆间信息", reason=_NOT_PERSONAL_PLAN)
    room_count: int = integer("房间数", unit="间")
    verification_id: UUID | None = loose_ref("首次核验", None)
    locked_at: datetime = moment("锁定时间")
    state: LockState = code(LockState, "状态", LockState.LOCKED, index=True)
    unlocked_at: datetime | None = moment("解除时间", None)
    unlocked_by: UUID | None = loose_ref("解除人", None, index=False)
    unlock_reason: str = text("解除理由", "", max=300)
    unlock_reference: str = text("改建批准文号", "", max=60)


class ForcedVerification(Placed, table=True):
    """An application for forced review of a failed verification (rows 28, 29)."""

    __table_args__ = (UniqueConstraint("verification_id", "attempt"),)

    apply_no: str | None = text("强制核验编号", None, max=40, unique=True)
    receipt_no: str | None = text("回执编号", None, max=40)
    verification_id: UUID = ref("listing_verification", "核验申请")
    house_id: UUID | None = loose_ref("房屋", None)
    attempt: int = integer("申请次数", 1)
    waived_codes: str = text("申请复核规则", max=200)
    applicant_capacity: str = text("申请人身份", max=8)
    applicant_name: Sealed = sealed("申请人", domain="name", mask="name")
    applicant_name_index: str | None = blind_index("申请人")
    applicant_id_no: Sealed = sealed("申请人证件号码", domain="id_no", mask="id")
    applicant_id_no_index: str | None = blind_index("申请人证件号码")
    originals: list[dict[str, object]] = open_json("已核原件", reason="材料名称和份数，不含个人信息")
    reason: Sealed = sealed_json("申请理由")
    unit_id: UUID | None = loose_ref("受理单位", None)
    clerk_id: UUID | None = loose_ref("经办人", None)
    submitted_at: datetime | None = moment("提交时间", None, index=True)
    accepted_at: datetime | None = moment("受理时间", None)
    due_on: date | None = day("办理期限", None, index=True)
    overdue: bool = flag("已逾期", False)
    #: The reviewer who has the application open; no other reviewer decides it meanwhile.
    taken_by: UUID | None = loose_ref("审核中", None, index=False)
    taken_at: datetime | None = moment("开始审核时间", None)
    reviewer_id: UUID | None = loose_ref("审核人", None)
    opinion: Sealed | None = sealed_json("审核意见", None)
    second_reviewer_id: UUID | None = loose_ref("复审人", None, index=False)
    second_opinion: Sealed | None = sealed_json("复审意见", None)
    decided_at: datetime | None = moment("审核时间", None)
    closed_note: str = text("办结方式", "", max=60)
    state: ForcedState = code(ForcedState, "状态", ForcedState.DRAFT, index=True)


class NoticeTemplate(Stamped, table=True):
    """A version of the text of the verification notice (row 25)."""

    __table_args__ = (UniqueConstraint("paper", "version_no"),)

    paper: str = text("适用文书", "VERIFICATION_RESULT", max=40, index=True)
    version_no: int = integer("版次")
    body: str = long_text("正文")
    note: str = text("修改内容", "", max=200)
    based_on: int = integer("依据版次", 0)
    state: TemplateState = code(TemplateState, "状态", TemplateState.DRAFT, index=True)
    published_at: datetime | None = moment("启用时间", None)
    published_by: UUID | None = loose_ref("启用人", None, index=False)


class VerificationNotice(Row, table=True):
    """A notice issued on the result of a verification, and the template version it was made of (row 25)."""

    verification_id: UUID = ref("listing_verification", "核验申请", owner=True)
    document_id: UUID = ref("issued_document", "文书")
    template_id: UUID | None = loose_ref("模板", None, index=False)
    template_version: int = integer("模板版次", 0)
    issued_at: datetime = moment("签发时间")
    result: str = text("结果", max=12)


class Precheck(Placed, table=True):
    """A check of a house and an owner before an application is filled in, with a token for 24 hours (row 4)."""

    requester_no: Sealed = sealed("核验人证件号码", domain="id_no", mask="id")
    requester_no_index: str | None = blind_index("核验人证件号码")
    house_id: UUID | None = loose_ref("房屋", None)
    cert_no: Sealed = sealed("权属证明编号", domain="cert_no", mask="cert")
    cert_no_index: str | None = blind_index("权属证明编号")
    channel: Channel = code(Channel, "渠道")
    token_digest: str | None = text("核验凭证摘要", None, max=64, unique=True)
    fail_codes: str = text("未通过规则", "", max=200)
    origin_digest: str = text("来源摘要", "", max=64, index=True)
    checked_at: datetime = moment("核验时间", index=True)
    checked_on: date = day("核验日期", index=True)
    expires_at: datetime | None = moment("凭证有效期止", None)
    used_at: datetime | None = moment("凭证使用时间", None)
    state: PrecheckState = code(PrecheckState, "结果")
