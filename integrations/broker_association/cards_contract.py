"""Messages of the association's integrity platform about cards; source of the handbook's tables (rows 45-47)."""

from typing import Annotated, Any

from pydantic import Field

from integrations.broker_association.contract import NewNumber
from models.association import AssociationReason, EventOrigin, EventState
from models.enterprise import RecordState
from models.practitioner_codes import CardEnd, CardOrigin, CardState
from models.tenancy_codes import IdType
from services.partners.wire_fields import (
    CreditCode,
    Day,
    IdNumber,
    Mobile,
    Moment,
    Personal,
    PersonName,
    Reason,
    WireModel,
)
from services.practitioners.card_pushes import PersonResult

#: JPEG or PNG of at most 500 KB, as Base64.
Photo = Annotated[str, Field(min_length=4, max_length=700_000, pattern=r"^[A-Za-z0-9+/]+={0,2}$"), Personal("picture")]
Source = Annotated[str, Field(max_length=64)]
_ORIGIN = "您自己的事件填 ASSOCIATION；把我们推送过的事件再报回来时填 AUTHORITY，并填来源事件编号"
_SOURCE = "origin 为 AUTHORITY 时必填，填我们推送的 event_no"


class RecordedPerson(WireModel):
    """A person the association has recorded with a firm."""

    own_no: NewNumber = Field(
        title="协会登记编号", description="协会内不重复；同一编号同一内容重复报送得到同一答复，改正后再报请换编号"
    )
    event_at: Moment = Field(title="登记时间", description="协会登记的时刻；同一人的事件以此时刻先后为准，不看到达次序")
    uscc: CreditCode = Field(title="企业统一社会信用代码")
    name: PersonName = Field(title="姓名", description="与证件一致")
    id_type: IdType = Field(IdType.ID_CARD, title="证件类型")
    id_no: IdNumber = Field(title="证件号码")
    mobile: Mobile | None = Field(None, title="手机号")
    education: str = Field("", title="学历", max_length=20)
    qualification: str = Field("", title="职业资格", max_length=40, description="如 房地产经纪人协理、房地产经纪人")
    qualification_no: str = Field("", title="职业资格证书编号", max_length=40)
    post: str = Field("", title="岗位", max_length=20)
    store: str = Field("", title="门店", max_length=60)
    hired_on: Day | None = Field(None, title="入职日期")
    contract_from: Day | None = Field(None, title="劳动合同起")
    contract_to: Day | None = Field(None, title="劳动合同止")
    insured: bool = Field(False, title="已缴社会保险")
    photo: Photo | None = Field(
        None,
        title="照片",
        description="JPEG 或 PNG 的 Base64，不超过 500 KB；整个请求不超过 1 MiB，带照片时请少量分批；没有照片可以先报，由企业补传",
    )
    origin: EventOrigin = Field(EventOrigin.ASSOCIATION, title="事件来源", description=_ORIGIN)
    source_event_no: Source = Field("", title="来源事件编号", description=_SOURCE)


class PeopleBatch(WireModel):
    """A batch. An invalid item is answered separately and does not delay the others."""

    batch_no: NewNumber = Field(title="批次号", description="协会内不重复")
    items: list[Annotated[RecordedPerson | Any, Field(union_mode="left_to_right")]] = Field(
        title="人员", min_length=1, max_length=500, description="逐人核验、逐人答复"
    )


class CancellationMessage(WireModel):
    """A card that ended at the association."""

    event_no: NewNumber = Field(title="事件编号", description="协会内不重复；同一编号同一内容重复报送得到同一答复")
    event_at: Moment = Field(title="注销时间", description="协会注销的时刻；早于现有信息的注销不改变任何内容")
    uscc: CreditCode = Field(title="企业统一社会信用代码")
    card_no: str = Field("", title="信息卡编号", max_length=40, description="知道卡号时填写；否则填姓名和证件号码")
    name: PersonName | None = Field(None, title="姓名")
    id_no: IdNumber | None = Field(None, title="证件号码")
    reason: AssociationReason = Field(title="注销原因")
    origin: EventOrigin = Field(EventOrigin.ASSOCIATION, title="事件来源", description=_ORIGIN)
    source_event_no: Source = Field("", title="来源事件编号", description=_SOURCE)


class CardQuestion(WireModel):
    """A card, by its number or by its holder."""

    card_no: str = Field("", title="信息卡编号", max_length=40, description="按卡号查询时只填卡号")
    name: PersonName | None = Field(None, title="姓名", description="不按卡号查询时，姓名和证件号码都要填")
    id_no: IdNumber | None = Field(None, title="证件号码")
    picture: bool = Field(True, title="需要卡样图片")
    purpose: str = Field(title="查询用途", description="每次查询都留存", min_length=2, max_length=60, pattern=r"\S.*\S")


class PeopleResult(WireModel):
    """Answer to recorded people."""

    batch_no: str = Field(title="批次号")
    total: int = Field(title="总数")
    items: list[PersonResult] = Field(title="逐人结果")


class CancellationResult(WireModel):
    """Answer to a cancellation."""

    event_no: str = Field(title="注销编号")
    accepted: bool = Field(title="已不在有效状态")
    state: EventState = Field(title="结果")
    card_no: str = Field(title="信息卡编号")
    card_state: CardState | None = Field(title="卡状态", description="没有查到卡的为 `null`")
    reasons: list[Reason] = Field(title="原因")


class AskedCard(WireModel):
    """A card as of now."""

    card_no: str = Field(title="信息卡编号")
    valid: bool = Field(title="有效")
    state: CardState = Field(title="状态")
    name: PersonName = Field(title="姓名")
    enterprise_name: str = Field(title="企业名称")
    uscc: str = Field(title="企业统一社会信用代码")
    record_no: str = Field(title="企业备案编号")
    record_state: RecordState = Field(title="企业备案状态")
    duty: str = Field(title="岗位")
    origin: CardOrigin = Field(title="来源")
    issued_on: Day | None = Field(title="制卡日期")
    active_from: Day | None = Field(title="激活日期")
    cancelled_on: Day | None = Field(title="注销日期")
    cancel_reason: CardEnd | None = Field(title="注销原因")
    picture: str | None = Field(None, title="卡样", description="PNG 的 Base64；要求图片时才有")
    watermarked: bool | None = Field(None, title="卡样写有状态", description="与卡样一同出现")


class CardResult(WireModel):
    """Answer to a question about a card."""

    card: AskedCard = Field(title="信息卡")
