"""Messages to the association about cards as it receives them; source of the handbook's tables (rows 45, 46)."""

from typing import Annotated, Literal

from pydantic import Field

from models.association import AssociationReason, CardEventKind, EventOrigin
from services.partners.wire_fields import IdNumber, Moment, PersonName, Reason, WireModel

Number = Annotated[str, Field(min_length=1, max_length=64)]


class CardEventMessage(WireModel):
    """An event of a card in our system."""

    event_no: Number = Field(title="事件编号", description="同一事件重发时不变；把此事件报回来时请填在 source_event_no")
    kind: CardEventKind = Field(title="事件", description="不会推送 REGISTERED")
    event_at: Moment = Field(title="事件时间", description="同一人的事件请以此时刻先后为准，不看到达次序")
    card_no: str = Field(title="信息卡编号", max_length=40)
    name: PersonName = Field(title="姓名")
    id_no: IdNumber = Field(title="证件号码")
    uscc: str = Field(title="企业统一社会信用代码", max_length=18)
    enterprise_name: str = Field(title="企业名称", max_length=100)
    reason: AssociationReason | None = Field(None, title="注销原因", description="注销时才有")
    origin: EventOrigin = Field(title="事件来源", description="固定 AUTHORITY")


class PersonResult(WireModel):
    """Result for a recorded person."""

    position: int = Field(title="序号", description="在批次中的位置，从 1 起；后来的结果为 1")
    own_no: Number = Field(title="协会登记编号")
    status: int = Field(
        title="状态码", description="201 已制卡，200 无需办理，202 等待，409 待核对，422 未通过，503 请重新报送"
    )
    state: Literal["DONE", "WAITING", "INSPECTING", "HELD", "CONFLICT", "REFUSED", "OLDER", "ECHO", "RETRY"] = Field(
        title="结果"
    )
    apply_no: str | None = Field(None, title="申请编号", max_length=40)
    card_no: str | None = Field(None, title="信息卡编号", max_length=40)
    card_state: str | None = Field(None, title="卡状态", max_length=12)
    reasons: list[Reason] = Field(title="原因")
