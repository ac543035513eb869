"""Lease contracts, their parties and confirmations, filings and the parts they hold (leasing 2.4, 2.5)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import UniqueConstraint

from models.base import Placed, Row
from models.columns import (
    area,
    blind_index,
    code,
    day,
    district,
    flag,
    integer,
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
from models.tenancy_codes import (
    AgentKind,
    ApplicantSide,
    CaseState,
    Channel,
    ContractState,
    DealKind,
    FilingState,
    FilingWay,
    LeaseMode,
    LicenceState,
    PartyKind,
    Side,
    Situation,
)


class LeaseContract(Placed, table=True):
    """A lease; its text is frozen with a digest once both sides confirmed it."""

    contract_no: str | None = text("合同编号", None, max=40, unique=True)
    house_id: UUID = ref("house", "房屋")
    mode: LeaseMode = code(LeaseMode, "出租方式")
    deal: DealKind = code(DealKind, "成交方式")
    rooms: str = text("租赁房间", "", max=120)
    start: date = day("起租日期")
    end: date = day("止租日期", index=True)
    signed_on: date = day("签订日期")
    month_rent: Decimal = money("折合月租金")
    deposit: Decimal = money("押金")
    form: Sealed = sealed_json("合同内容")
    text_version: int = integer("文本版本", 1)
    text_digest: str = text("文本摘要", "", max=64)
    template: str = text("示范文本", "SH-ZL-2026", max=40)
    paper_only: bool = flag("仅纸质文本", False)
    enterprise_id: UUID | None = loose_ref("企业", None)
    unit_id: UUID | None = loose_ref("受理单位", None)
    clerk_id: UUID | None = loose_ref("经办人", None)
    channel: Channel = code(Channel, "渠道")
    state: ContractState = code(ContractState, "状态", ContractState.DRAFT, index=True)
    idle_until: date | None = day("逾期作废日", None)


class ContractParty(Row, table=True):
    """A landlord, tenant or resident of a contract."""

    contract_id: UUID = ref("lease_contract", "合同", owner=True, always=True)
    side: Side = code(Side, "身份")
    position: int = integer("序号", 1)
    kind: PartyKind = code(PartyKind, "主体类型")
    name: Sealed = sealed("姓名（名称）", domain="name", mask="name")
    name_index: str | None = blind_index("姓名（名称）")
    id_type: str = text("证件类型", max=2)
    id_no: Sealed = sealed("证件号码", domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    mobile: Sealed | None = sealed("联系电话", None, domain="phone", mask="phone")
    mobile_index: str | None = blind_index("联系电话")
    agent_kind: AgentKind = code(AgentKind, "代理方式", AgentKind.NONE)
    agent_name: Sealed | None = sealed("代理人", None, domain="name", mask="name")
    agent_name_index: str | None = blind_index("代理人")
    agent_id_no: Sealed | None = sealed("代理人证件号码", None, domain="id_no", mask="id")
    agent_id_no_index: str | None = blind_index("代理人证件号码")


class Confirmation(Row, table=True):
    """A party's face-to-face confirmation of a version of the text, with the signed evidence."""

    __table_args__ = (UniqueConstraint("party_id", "text_version"),)

    contract_id: UUID = ref("lease_contract", "合同", owner=True)
    party_id: UUID = ref("contract_party", "当事人")
    text_version: int = integer("文本版本")
    text_digest: str = text("文本摘要", max=64)
    way: str = text("确认方式", max=20)
    card_read: bool = flag("已读取证件", False)
    signature: Sealed | None = sealed_json("签名", None)
    signature_digest: str = text("签名摘要", "", max=64)
    at: datetime = moment("时间")
    clerk_id: UUID | None = loose_ref("经办人", None)


class GovCase(Placed, table=True):
    """An application in the case library, from any channel (办件)."""

    # Homes count the cases of some days, and those that wait, from these indexes alone.
    __table_args__ = (
        Index("ix_gov_case_accepted_on", "accepted_on", "district_code", "state", "street_code"),
        Index("ix_gov_case_state", "state", "district_code", "accepted_on"),
    )

    case_no: str = text("办件编号", max=40, unique=True)
    situation: Situation = code(Situation, "情形")
    contract_id: UUID | None = loose_ref("合同", None)
    filing_id: UUID | None = loose_ref("备案", None)
    house_id: UUID | None = loose_ref("房屋", None)
    part_keys: str = text("部位", "", max=120)
    start: date | None = day("起", None)
    end: date | None = day("止", None)
    side: ApplicantSide = code(ApplicantSide, "申请方")
    channel: Channel = code(Channel, "渠道")
    unit_id: UUID | None = loose_ref("受理单位", None)
    clerk_id: UUID | None = loose_ref("经办人", None)
    enterprise_id: UUID | None = loose_ref("企业", None)
    received_at: datetime = moment("收件时间", index=True)
    accepted_on: date = day("受理日期")
    state: CaseState = code(CaseState, "状态")
    retries: int = integer("重试次数", 0)
    retry_at: datetime | None = moment("下次核验", None, index=True)
    decided_at: datetime | None = moment("办结时间", None)


class LeaseFiling(Placed, table=True):
    """The registration of a lease; `holds` while it keeps its part from others."""

    __table_args__ = (
        UniqueConstraint("house_id", "ticket"),
        # Homes count a city's or a district's filings by day and street from these indexes alone, and lists of a city, a
        # district, a state or an office read their pages in them, the id last: a day of a large city has thousands.
        Index("ix_lease_filing_filed_on", "filed_on", "id", "district_code", "street_code"),
        Index("ix_lease_filing_district_code", "district_code", "filed_on", "id", "street_code"),
        Index("ix_lease_filing_state", "state", "filed_on", "id", "valid_to"),
        Index("ix_lease_filing_unit_id", "unit_id", "filed_on", "id"),
        Index("ix_lease_filing_unit_state", "unit_id", "state", "filed_on", "id", "valid_to"),
        {"info": {"public_columns": ("state", "valid_from", "valid_to", "ended_on")}},
    )

    district_code: str = district("区")
    public_mac: str | None = text("公开核验校验值", None, max=80)
    filing_no: str = text("备案编号", max=40, unique=True)
    contract_id: UUID = ref("lease_contract", "合同")
    case_id: UUID | None = loose_ref("办件", None)
    house_id: UUID = ref("house", "房屋")
    ticket: int = integer("房屋备案序次")
    mode: LeaseMode = code(LeaseMode, "出租方式")
    part_keys: str = text("部位", max=120)
    valid_from: date = day("备案有效期起", index=True)
    valid_to: date = day("备案有效期止", index=True)
    ended_on: date | None = day("终止日期", None)
    month_rent: Decimal = money("月租金")
    leased_area: Decimal = area("租赁面积")
    persons: int = integer("居住人数", unit="人")
    way: FilingWay = code(FilingWay, "备案方式")
    side: ApplicantSide = code(ApplicantSide, "申请方")
    deal: DealKind = code(DealKind, "成交方式")
    channel: Channel = code(Channel, "渠道")
    unit_id: UUID | None = loose_ref("受理单位", None, index=False)
    clerk_id: UUID | None = loose_ref("经办人", None)
    enterprise_id: UUID | None = loose_ref("企业", None)
    check_run_id: UUID | None = loose_ref("核验批次", None)
    previous_id: UUID | None = loose_ref("原备案", None)
    forced_review_id: UUID | None = loose_ref("强制核验", None, index=False)
    waived_codes: str = text("强制核验豁免规则", "", max=200)
    licence_state: LicenceState = code(LicenceState, "制证状态", LicenceState.PENDING, index=True)
    late_days: int = integer("逾期天数", 0, unit="天")
    filed_on: date = day("备案日期")
    filed_at: datetime = moment("备案时间", index=True)
    state: FilingState = code(FilingState, "状态")
    cancel_reason: str = text("注销原因", "", max=20)
    retain_until: date = day("保存至")


class FilingPart(Row, table=True):
    """A part that a filing occupies for a period; the database refuses overlaps (decision 21)."""

    __table_args__ = (UniqueConstraint("filing_id", "part_key"),)

    filing_id: UUID = ref("lease_filing", "备案", owner=True, always=True)
    house_id: UUID = ref("house", "房屋")
    part_key: str = text("部位", max=20, help="整套为 *，否则为房间号")
    valid_from: date = day("起")
    valid_to: date = day("止")
    holds: bool = flag("占用", True)
    persons: int = integer("居住人数", 0, unit="人")


class CheckRun(Row, table=True):
    """A run of the rules over a case, with the facts it used."""

    object_kind: str = text("对象类别", max=32)
    object_id: UUID = loose_ref("对象")
    rule_set: str = text("规则版本", max=40)
    parameters_on: date = day("参数基准日")
    started_at: datetime = moment("开始时间", index=True)
    finished_at: datetime = moment("完成时间")
    outcome: str = text("结论", max=12, index=True)
    facts: Sealed = sealed_json("事实")
    sources: list[dict[str, object]] = open_json("数据来源", reason="来源名称、时刻、毫秒数和状态，不含个人信息")


class CheckItem(Row, table=True):
    """The finding of a rule."""

    run_id: UUID = ref("check_run", "核验批次", owner=True, always=True)
    position: int = integer("序号", 0)
    code: str = text("规则", max=12, index=True)
    result: str = text("结果", max=8)
    severity: str = text("处理", "", max=12)
    field: str = text("字段", "", max=60)
    message: str = text("说明", "", max=300)
    source: str = text("数据来源", "", max=60)
    milliseconds: int = integer("响应", 0, unit="毫秒")
    evidence: Sealed | None = sealed_json("证据", None)
    evidence_digest: str = text("证据摘要", "", max=64)
    forceable: bool = flag("可申请强制核验", False)


class PapersRequest(Placed, table=True):
    """An heir's or court's request for a lease; a second clerk must have seen the papers (row 9)."""

    number: str = text("合同编号", max=40)
    capacity: str = text("身份", max=8)
    papers: Sealed = sealed_json("文书")
    unit_id: UUID | None = loose_ref("单位", None)
    clerk_id: UUID | None = loose_ref("申请人", None)
    on_day: date = day("日期", index=True)
    decided_by: UUID | None = loose_ref("复核人", None, index=False)
    agreed: bool = flag("同意", False)


class FilingQuery(Placed, table=True):
    """An answered query of a right holder, with a record of what was printed (row 10)."""

    query_no: str = text("查询编号", max=40, unique=True)
    requester: Sealed = sealed_json("查询人")
    capacity: str = text("查询人身份", max=10)
    purpose: str = text("用途", max=60)
    criteria: Sealed = sealed_json("查询条件")
    total: int = integer("结果数", 0)
    unit_id: UUID | None = loose_ref("单位", None)
    clerk_id: UUID | None = loose_ref("经办人", None)
    at: datetime = moment("时间")
