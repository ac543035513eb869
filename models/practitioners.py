"""Practitioners of firms, their cards, the applications for them, and firms' brands (leasing 2.8, 2.9)."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import UniqueConstraint

from models.base import Placed, Row, Stamped
from models.columns import (
    blind_index,
    code,
    day,
    flag,
    integer,
    letters_index,
    letters_key,
    loose_ref,
    moment,
    ref,
    sealed,
    sealed_file,
    sealed_json,
    text,
)
from models.practitioner_codes import (
    ApplyChannel,
    ApplyKind,
    ApplyState,
    BrandState,
    CardEnd,
    CardOrigin,
    CardPause,
    CardState,
    CheckAnswer,
    FaceSeen,
    TaskKind,
    TaskState,
)
from models.sealed import Sealed

#: What the public page reads of a card.
_PUBLIC = ("card_no", "state", "public", "token_digest")


class Practitioner(Placed, table=True):
    """A person in the service of a firm, once for each firm; district and street are those of the firm's record."""

    __table_args__ = (UniqueConstraint("enterprise_id", "id_no_index"),)

    enterprise_id: UUID = ref("enterprise", "企业")
    name: Sealed = sealed("姓名", domain="name", mask="name")
    name_index: str | None = blind_index("姓名")
    id_type: str = text("证件类型", "11", max=4)
    id_no: Sealed = sealed("证件号码", domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    gender: Sealed | None = sealed_json("性别", None)
    birthday: Sealed | None = sealed_json("出生日期", None)
    mobile: Sealed | None = sealed("手机号", None, domain="phone", mask="phone")
    mobile_index: str | None = blind_index("手机号")
    education: Sealed | None = sealed_json("学历", None)
    qualification: str = text("职业资格", "", max=40)
    qualification_no: str = text("职业资格证书编号", "", max=40)
    post: str = text("岗位", "", max=20)
    store: str = text("门店", "", max=60)
    hired_on: date | None = day("入职日期", None)
    contract_from: date | None = day("劳动合同起", None)
    contract_to: date | None = day("劳动合同止", None)
    insured: bool = flag("已缴社会保险", False)
    note: Sealed | None = sealed_json("备注", None)
    photo_id: UUID | None = loose_ref("照片", None, index=False)
    left_on: date | None = day("离职日期", None)


class Portrait(Row, table=True):
    """A portrait as kept: turned upright, re-encoded as JPEG without metadata, sealed (f1)."""

    enterprise_id: UUID = ref("enterprise", "企业")
    digest: str = text("SM3 摘要", max=64)
    width: int = integer("宽", unit="像素")
    height: int = integer("高", unit="像素")
    content: bytes = sealed_file("照片")
    kept_at: datetime = moment("上传时间")
    #: None where no detector has looked at it.
    face: FaceSeen | None = code(FaceSeen, "人脸检测", None)


class InfoCard(Stamped, table=True):
    """A practitioner's information card. Cards of other sources have no practitioner here (decision 26)."""

    # NULLs are distinct in a unique key on every engine: only live cards of one person meet (K04).
    __table_args__ = (
        sa.Index("ux_info_card_live", "id_no_index", "live", unique=True),
        # A list of the cards of a state is read in its order and not sorted.
        sa.Index("ix_info_card_state", "state", "card_no"),
        {"info": {"public_columns": _PUBLIC}},
    )

    public_mac: str | None = text("公开核验校验值", None, max=80)
    card_no: str = text("信息卡编号", max=40, unique=True)
    enterprise_id: UUID = ref("enterprise", "企业")
    practitioner_id: UUID | None = loose_ref("从业人员", None)
    name: Sealed = sealed("姓名", domain="name", mask="name")
    name_index: str | None = blind_index("姓名")
    name_letters_index: str | None = letters_index("姓名", "name")
    id_no: Sealed | None = sealed("证件号码", None, domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    #: 1 while the card is live, else NULL.
    live: int | None = integer("在用", None)
    duty: str = text("从业类型", "", max=40)
    origin: CardOrigin = code(CardOrigin, "来源", CardOrigin.LOCAL)
    portrait_id: UUID | None = loose_ref("照片", None, index=False)
    token: Sealed | None = sealed_json("二维码内容", None)
    token_digest: str | None = text("二维码摘要", None, max=64, index=True, unique=True)
    #: The public part of a card, sealed like any name at rest; the public check opens it in process.
    public: Sealed | None = sealed_json("公开核验内容", None)
    issued_on: date | None = day("制卡日期", None)
    active_from: date | None = day("激活日期", None)
    cancelled_on: date | None = day("注销日期", None)
    cancel_reason: CardEnd | None = code(CardEnd, "注销原因", None)
    pause: CardPause | None = code(CardPause, "暂停原因", None)
    #: The last day on which police and association were asked about its holder.
    checked_on: date | None = day("最近核验日期", None, index=True)
    changed_at: datetime | None = moment("最近变动时间", None, index=True)
    #: When what last changed this card happened, as its sender says; an older event changes nothing (row 46).
    event_at: datetime | None = moment("事件时间", None)
    physical_made: bool = flag("已制实体卡", False)
    state: CardState = code(CardState, "状态")


class CardApply(Placed, table=True):
    """An application for a new, changed or cancelled card: `before` and `after` hold the data."""

    apply_no: str = text("申请编号", max=40, unique=True)
    kind: ApplyKind = code(ApplyKind, "申请类别")
    channel: ApplyChannel = code(ApplyChannel, "申请方式")
    enterprise_id: UUID = ref("enterprise", "企业")
    batch_id: UUID | None = loose_ref("导入批次", None)
    practitioner_id: UUID | None = loose_ref("从业人员", None)
    card_id: UUID | None = loose_ref("信息卡", None)
    #: What it is found by while the person's row does not exist yet.
    id_no: Sealed = sealed("证件号码", domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    name: Sealed = sealed("姓名", domain="name", mask="name")
    name_index: str | None = blind_index("姓名")
    name_letters_index: str | None = letters_index("姓名", "name")
    before: Sealed | None = sealed_json("原信息", None)
    after: Sealed | None = sealed_json("申请信息", None)
    portrait_id: UUID | None = loose_ref("照片", None, index=False)
    two_factor: CheckAnswer = code(CheckAnswer, "二要素核验", CheckAnswer.UNASKED)
    blacklist: CheckAnswer = code(CheckAnswer, "黑名单核验", CheckAnswer.UNASKED)
    findings: Sealed | None = sealed_json("核验结果", None)
    checked_at: datetime | None = moment("核验时间", None)
    check_again_at: datetime | None = moment("下次核验时间", None, index=True)
    attempts: int = integer("核验次数", 0)
    submitted_at: datetime | None = moment("提交时间", None, index=True)
    submitted_by: UUID | None = loose_ref("提交人", None, index=False)
    unit_id: UUID | None = loose_ref("受理单位", None)
    taken_by: UUID | None = loose_ref("领取人", None)
    taken_at: datetime | None = moment("领取时间", None)
    inspector_id: UUID | None = loose_ref("验看人", None, index=False)
    decided_at: datetime | None = moment("验看时间", None)
    opinion: Sealed | None = sealed_json("验看意见", None)
    cancel_reason: CardEnd | None = code(CardEnd, "注销原因", None)
    card_read_at: datetime | None = moment("读卡时间", None)
    state: ApplyState = code(ApplyState, "状态", ApplyState.DRAFT, index=True)


class CardTask(Placed, table=True):
    """A task of a district about a live card, open until closed by its reviewer."""

    kind: TaskKind = code(TaskKind, "事由")
    card_id: UUID | None = loose_ref("信息卡", None)
    enterprise_id: UUID | None = loose_ref("企业", None)
    detail: Sealed | None = sealed_json("说明", None)
    raised_at: datetime = moment("提出时间", index=True)
    done_at: datetime | None = moment("处理时间", None)
    done_by: UUID | None = loose_ref("处理人", None, index=False)
    outcome: Sealed | None = sealed_json("处理结果", None)
    state: TaskState = code(TaskState, "状态", TaskState.OPEN, index=True)


class Brand(Placed, table=True):
    """A firm's short name and logo: applications and the approved versions (row 38)."""

    # NULLs are distinct: among brands in force a short name is one firm's in a district (E01).
    __table_args__ = (sa.Index("ux_brand_in_force", "in_force", unique=True),)

    enterprise_id: UUID = ref("enterprise", "企业")
    short_name: str = text("企业简称", max=12)
    short_name_letters: str | None = letters_key("企业简称", "short_name", max=12)
    logo_digest: str = text("图标 SM3 摘要", max=64)
    logo_side: int = integer("图标边长", unit="像素")
    logo: bytes = sealed_file("图标")
    submitted_at: datetime | None = moment("提交时间", None)
    submitted_by: UUID | None = loose_ref("提交人", None, index=False)
    taken_by: UUID | None = loose_ref("领取人", None)
    taken_at: datetime | None = moment("领取时间", None)
    reviewer_id: UUID | None = loose_ref("审核人", None, index=False)
    decided_at: datetime | None = moment("审核时间", None)
    opinion: Sealed | None = sealed_json("审核意见", None)
    #: District and short name while it is in force, else NULL.
    in_force: str | None = text("在用简称", None, max=24)
    state: BrandState = code(BrandState, "状态", BrandState.DRAFT, index=True)
