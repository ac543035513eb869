"""Presale permits, opening units and sale events as the listing platform reports them (rows 76, 82, 83, market 2.13)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Row, Stamped
from models.codes import Code
from models.columns import (
    area,
    code,
    day,
    district,
    flag,
    integer,
    loose_ref,
    moment,
    money,
    ref,
    sealed_json,
    text,
)
from models.sealed import Sealed


class PresaleStatus(Code):
    """Steps of a presale permit; only an archived one is issued."""

    ACCEPTED = "ACCEPTED", "受理", "info"
    REVIEWED = "REVIEWED", "审核", "info"
    WRITTEN = "WRITTEN", "缮证", "info"
    ARCHIVED = "ARCHIVED", "归档", "good"


class PresalePermit(Stamped, table=True):
    """预售许可证, read only: the listing platform's."""

    permit_no: str = text("许可证号", "", max=60, index=True)
    sales_plan_no: str = text("销售方案编号", "", max=40)
    sets: int = integer("套数", 0, unit="套")
    permitted_area: Decimal | None = area("面积", None)
    status: PresaleStatus = code(PresaleStatus, "办理环节")
    issued_on: date | None = day("发证日期", None)
    issued_at: datetime | None = moment("发证时间", None)
    recorded_at: datetime = moment("知悉时间", index=True)
    voided_at: datetime | None = moment("作废时间", None)
    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)
    project_id: UUID | None = loose_ref("项目", None)


class PresaleBuilding(Row, table=True):
    """A natural building that a presale permit covers."""

    presale_permit_id: UUID = ref("presale_permit", "预售许可证", owner=True)
    natural_building_id: UUID = loose_ref("自然幢")


class OpeningMode(Code):
    SCHEDULED = "SCHEDULED", "定期开盘"
    AT_ONCE = "AT_ONCE", "立即开盘"
    NONE = "NONE", "不开盘"
    SUSPENDED = "SUSPENDED", "暂停销售"


class OpeningUnit(Row, table=True):
    """开盘单元: units of a presale permit, or of a first registration, that open together."""

    project_id: UUID = loose_ref("项目")
    opening_code: str = text("开盘单元编号", max=40, index=True)
    presale_permit_id: UUID | None = loose_ref("预售许可证", None)
    master_certificate_id: UUID | None = loose_ref("大产证", None)
    mode: OpeningMode = code(OpeningMode, "开盘方式")
    opened_on: date | None = day("开盘日期", None)
    subscribe_from: date | None = day("认购起始", None)
    subscribe_to: date | None = day("认购截止", None)


class SaleAct(Code):
    LIST = "LIST", "上网"
    OPEN = "OPEN", "开盘"
    EARNEST = "EARNEST", "定金"
    SIGN = "SIGN", "签约"
    REGISTER = "REGISTER", "登记"
    CANCEL = "CANCEL", "撤销"
    SUSPEND = "SUSPEND", "暂停"
    RESUME = "RESUME", "恢复"


class SaleEvent(Row, table=True):
    """An event in the life of a unit, in order of arrival; `ref_id` is the permit, certificate or opening unit it names."""

    event_no: str = text("事件编号", max=40, index=True, unique=True)
    project_id: UUID = loose_ref("项目")
    house_unit_id: UUID = loose_ref("户")
    act: SaleAct = code(SaleAct, "事项")
    happened_on: date = day("业务日期")
    recorded_at: datetime = moment("到达时间")
    contract_no: str = text("合同编号", "", max=40, index=True)
    gross_area: Decimal | None = area("面积", None)
    amount: Decimal | None = money("金额", None)
    ref_id: UUID | None = loose_ref("依据", None)


class SaleState(Code):
    """The public states of a unit on sale (market 2.13)."""

    NOT_LISTED = "NOT_LISTED", "未纳入网上销售", "muted"
    AVAILABLE = "AVAILABLE", "可售", "good"
    EARNEST = "EARNEST", "已付定金", "info"
    SIGNED = "SIGNED", "已签", "warn"
    REGISTERED = "REGISTERED", "已登记", "bad"


class UnitSale(Row, table=True):
    """The state of a unit, folded from its events in the transaction of each; a night job folds them again."""

    __table_args__ = (UniqueConstraint("house_unit_id"),)

    house_unit_id: UUID = loose_ref("户")
    project_id: UUID = loose_ref("项目")
    state: SaleState = code(SaleState, "销售状态", SaleState.NOT_LISTED)
    suspended: bool = flag("暂停销售", False)
    listed_on: date | None = day("上网日期", None)
    opened_on: date | None = day("开盘日期", None)
    contract_no: str = text("合同编号", "", max=40)
    signed_on: date | None = day("签约日期", None)
    amount: Decimal | None = money("合同总价", None)
    events: int = integer("事件数", 0)
    changed_at: datetime = moment("更新时间")


class SaleNewsKind(Code):
    PERMIT = "PERMIT", "预售许可"
    OPENING = "OPENING", "开盘单元"
    EVENT = "EVENT", "销售事件"
    ASIDE = "ASIDE", "另存"


class SaleNews(Stamped, table=True):
    """A message of the sale system that cannot be applied yet, such as an event of an unknown unit; tried again every night.

    One that cannot be read, or whose application failed, is set aside: tried again alone, so that it stops no other.
    """

    message_no: str = text("消息编号", max=60, index=True, unique=True)
    kind: SaleNewsKind = code(SaleNewsKind, "类别", index=True)
    content: Sealed = sealed_json("内容")
    problem: str = text("未处理原因", max=200)
    arrived_at: datetime = moment("到达时间", index=True)
    tries: int = integer("尝试次数", 1, unit="次")
    settled_at: datetime | None = moment("处理时间", None)


class SaleReading(Row, table=True):
    """Place up to which the messages of the sale system have been read."""

    reading: str = text("读取位置", "", max=60)
    read_at: datetime | None = moment("读取时间", None)


class UnitLimit(Code):
    MORTGAGE = "MORTGAGE", "抵押"
    SEIZURE = "SEIZURE", "查封"
    LIMIT = "LIMIT", "限制"
    FORCE_OFF = "FORCE_OFF", "人工停售"


class UnitRestriction(Row, table=True):
    """A limit on the sale of a unit for a time; `to_on` is the first day without it."""

    house_unit_id: UUID = loose_ref("户")
    kind: UnitLimit = code(UnitLimit, "类别")
    from_on: date = day("起始日期")
    to_on: date | None = day("解除日期", None)
    recorded_at: datetime = moment("知悉时间")
