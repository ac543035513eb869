"""Applications from the city's case library: messages, cases, materials, merging, corrections, item definitions (rows 1-3)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import UniqueConstraint

from models.base import Placed, Row, Stamped
from models.columns import (
    blind_index,
    code,
    day,
    district,
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
from models.one_stop_codes import (
    ApplicantRole,
    GroupState,
    MatchVerdict,
    MaterialSource,
    MaterialState,
    MessageOutcome,
    StopAct,
    StopKind,
    StopMaterialKind,
    StopState,
)
from models.sealed import Sealed
from models.tenancy_codes import Channel, Side, Situation


class StopMessage(Row, table=True):
    """A message of the case library as it came; deliveries of one `msg_id` are one message.

    `feed_no` is its position in the library's feed, where it was pulled.
    """

    msg_id: str = text("报文编号", max=64, unique=True)
    case_no: str = text("办件编号", max=40, index=True)
    message_version: int = integer("办件版本")
    kind: StopKind = code(StopKind, "报文种类")
    event_time: datetime = moment("发生时间")
    received_at: datetime = moment("接收时间", index=True)
    deliveries: int = integer("送达次数", 1, unit="次")
    feed_no: int | None = integer("库内序号", None, index=True)
    body: Sealed = sealed_json("原始报文")
    outcome: MessageOutcome = code(MessageOutcome, "处理结果")
    note: str = text("说明", "", max=200)


_OPEN: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("ended_at IS NULL"))
#: What 办件列表 shows a page of, newest first: what has not ended, a state, a district. Of a million cases few are open.
_CASE_PAGES = (
    sa.Index("ix_stop_case_open", "received_at", "state", "district_code", "accept_district", "unit_id", **_OPEN),
    sa.Index("ix_stop_case_open_lying_in", "district_code", "received_at", "state", **_OPEN),
    sa.Index("ix_stop_case_open_accepted_in", "accept_district", "received_at", "state", **_OPEN),
    sa.Index("ix_stop_case_of_state", "state", "received_at"),
    sa.Index("ix_stop_case_accepted_in", "accept_district", "received_at"),
    sa.Index("ix_stop_case_lying_in", "district_code", "received_at"),
    sa.Index("ix_stop_case_of_state_in", "district_code", "state", "received_at"),
)


class StopCase(Placed, table=True):
    """An application of one applicant in the case library; `content` is the newest version's form and applicant.

    `lease_key` is a digest of what an exact merge compares; `cert_no` its certificate, by which a suggestion is found.
    """

    __table_args__ = _CASE_PAGES

    case_no: str = text("办件编号", max=40, unique=True)
    item_code: str = text("事项编码", max=30)
    situation: Situation = code(Situation, "情形", index=True)
    channel: Channel = code(Channel, "渠道")
    accept_district: str = district("受理区")
    unit_id: UUID | None = loose_ref("受理单位", None)
    clerk_id: UUID | None = loose_ref("经办人", None)
    enterprise_id: UUID | None = loose_ref("企业", None)
    content_version: int = integer("办件版本", 0)
    last_kind: StopKind = code(StopKind, "最近报文")
    opened_on: date = day("提交日期")
    received_at: datetime = moment("收件时间", index=True)
    accepted_at: datetime | None = moment("受理时间", None, index=True)
    accepted_on: date | None = day("受理日期", None)
    role: ApplicantRole = code(ApplicantRole, "申请人身份")
    side: Side = code(Side, "申请方")
    applicant: Sealed | None = sealed("申请人", None, domain="name", mask="name")
    applicant_index: str | None = blind_index("申请人")
    applicant_no: Sealed | None = sealed("申请人证件号码", None, domain="id_no", mask="id")
    applicant_no_index: str | None = blind_index("申请人证件号码")
    content: Sealed | None = sealed_json("申请内容", None)
    house_id: UUID | None = loose_ref("房屋", None)
    cert_no: Sealed | None = sealed("权属证明编号", None, domain="cert_no", mask="cert")
    cert_no_index: str | None = blind_index("权属证明编号")
    part_keys: str = text("部位", "", max=120)
    start: date | None = day("起租日期", None)
    end: date | None = day("止租日期", None)
    month_rent: Decimal | None = money("月租金", None)
    lease_key: str = text("合同特征", "", max=64, index=True, help="房屋、部位、租期、租金和出租人的摘要")
    terminated_on: date | None = day("申请终止日期", None)
    group_id: UUID | None = loose_ref("合并组", None)
    suggestion_id: UUID | None = loose_ref("提示组", None)
    gov_case_id: UUID | None = loose_ref("备案办件", None)
    contract_id: UUID | None = loose_ref("合同", None)
    filing_id: UUID | None = loose_ref("备案", None)
    cancel_id: UUID | None = loose_ref("注销申请", None)
    state: StopState = code(StopState, "状态", StopState.RECEIVED)
    codes: str = text("未通过规则", "", max=200)
    warnings: str = text("提示规则", "", max=200)
    gaps: str = text("通知补正的材料", "", max=200)
    corrections: int = integer("补正次数", 0, unit="次")
    steps: int = integer("步骤数", 0)
    told: int = integer("推送次数", 0, unit="次")
    correct_by: date | None = day("补正期限", None, index=True)
    retries: int = integer("重试次数", 0)
    retry_at: datetime | None = moment("下次核验", None, index=True)
    decided_at: datetime | None = moment("办结时间", None)
    ended_at: datetime | None = moment("结束时间", None)


class StopMaterial(Row, table=True):
    """A material of an application: uploaded, referred to, or held by the licence library and not asked for."""

    __table_args__ = (UniqueConstraint("case_id", "kind"),)

    case_id: UUID = ref("stop_case", "办件", owner=True)
    kind: StopMaterialKind = code(StopMaterialKind, "材料")
    source: MaterialSource = code(MaterialSource, "来源")
    file_name: Sealed | None = sealed("文件名", None)
    size: int = integer("大小", 0, unit="字节")
    licence_no: Sealed | None = sealed("证照编号", None)
    content_version: int = integer("办件版本")
    state: MaterialState = code(MaterialState, "审查结果")
    note: str = text("说明", "", max=100)


class StopStep(Row, table=True):
    """A step of a case: who, when, what, the answer code and the milliseconds (row 1)."""

    case_id: UUID = ref("stop_case", "办件", owner=True)
    position: int = integer("序号")
    at: datetime = moment("时间")
    act: StopAct = code(StopAct, "事项")
    actor: str = text("办理人", max=60)
    by_account: UUID | None = loose_ref("办理人账号", None, index=False)
    answer: str = text("应答码", "", max=40)
    milliseconds: int = integer("耗时", 0, unit="毫秒")
    note: str = text("说明", "", max=300)


class StopCorrection(Row, table=True):
    """A correction notice that lists everything at once; `by_account` when a clerk asked for it."""

    case_id: UUID = ref("stop_case", "办件", owner=True)
    position: int = integer("序号")
    at: datetime = moment("通知时间")
    until: date = day("补正期限")
    codes: str = text("规则", max=200)
    gaps: str = text("需补材料", "", max=200)
    findings: Sealed = sealed_json("需补正事项")
    by_account: UUID | None = loose_ref("通知人", None, index=False)
    answered_at: datetime | None = moment("补正时间", None)


class StopGroup(Placed, table=True):
    """Applications for one lease that are decided once, or, when `suggested`, contradict each other.

    Members are found by `StopCase.group_id` or `suggestion_id`; one that withdrew keeps it as history.
    """

    group_no: str = text("组编号", max=40, unique=True)
    situation: Situation = code(Situation, "情形")
    suggested: bool = flag("内容不一致", False)
    by_hand: bool = flag("人工合并", False)
    reason: str = text("理由", "", max=300)
    unit_id: UUID | None = loose_ref("受理单位", None)
    enterprise_id: UUID | None = loose_ref("企业", None)
    conflict_fields: str = text("不一致的内容", "", max=200)
    filing_id: UUID | None = loose_ref("备案", None)
    decided_by: UUID | None = loose_ref("决定人", None, index=False)
    decided_at: datetime | None = moment("决定时间", None)
    state: GroupState = code(GroupState, "状态", GroupState.OPEN, index=True)


class StopMatch(Row, table=True):
    """The judgement of two applications with the values compared; a clerk's, with its reason, outweighs the system's."""

    case_id: UUID = ref("stop_case", "办件", owner=True)
    other_id: UUID = loose_ref("对照办件")
    at: datetime = moment("时间")
    verdict: MatchVerdict = code(MatchVerdict, "结论")
    conflict_fields: str = text("不一致的内容", "", max=200)
    facts: Sealed = sealed_json("比对内容")
    by_hand: bool = flag("人工判断", False)
    by_account: UUID | None = loose_ref("判断人", None, index=False)
    reason: str = text("理由", "", max=300)


class StopItem(Stamped, table=True):
    """A version of an item definition, in force from a day on until a newer one is; the city edits it (row 3).

    `redirects_to` with its day is the item that new applications under this code belong to.
    """

    __table_args__ = (UniqueConstraint("item_code", "version_no"),)

    item_code: str = text("事项编码", max=30, index=True)
    version_no: int = integer("版本号")
    name: str = text("事项名称", max=60)
    valid_from: date = day("生效日期", index=True)
    redirects_to: str = text("归并到事项", "", max=30)
    redirects_from: date | None = day("归并日期", None)
    materials: list[dict[str, Any]] = open_json("材料清单", reason="材料种类和适用情形，不含个人信息")
    limit_days: int = integer("办理时限", unit="个工作日")
    counters: str = long_text("办理窗口", "")
    questions: list[dict[str, str]] = open_json("常见问题", reason="办事指南，不含个人信息")
    reason: str = text("修改说明", "", max=200)
    edited_by: UUID | None = loose_ref("修改人", None, index=False)
