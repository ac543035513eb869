"""The sale system's messages, in its own field names (which are not ours to spell)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Reply, Short

Number = Annotated[str, Field(min_length=1, max_length=40)]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
SquareMetres = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
#: Steps of a permit, ways of opening and events, as the system writes them, by our codes.
STATUSES = {"受理": "ACCEPTED", "审核": "REVIEWED", "缮证": "WRITTEN", "归档": "ARCHIVED"}
MODES = {"定期开盘": "SCHEDULED", "立即开盘": "AT_ONCE", "不开盘": "NONE", "暂停销售": "SUSPENDED"}
EVENTS = {
    **{"上网": "LIST", "开盘": "OPEN", "定金": "EARNEST", "签约": "SIGN", "登记": "REGISTER", "撤销": "CANCEL"},
    **{"暂停": "SUSPEND", "恢复": "RESUME"},
}


class NewsRequest(Asking):
    """A question for what was sent after a place."""

    request_id: EchoId = Field(alias="reqId")
    after: Annotated[str, Field(max_length=40)] = Field("", alias="afterNo")


class PermitLine(Reply):
    """预售许可证 as it is now."""

    permit_no: Annotated[str, Field(max_length=60)] = Field("", alias="xkzh")
    plan_no: Annotated[str, Field(max_length=40)] = Field("", alias="fabh")
    buildings: tuple[Annotated[str, Field(max_length=60)], ...] = Field(min_length=1, alias="zrzhList")
    status: Literal["受理", "审核", "缮证", "归档"] = Field(alias="hj")
    sets: Annotated[int, Field(ge=0)] = Field(0, alias="ts")
    permitted_area: SquareMetres | None = Field(None, alias="mj")
    issued_on: date | None = Field(None, alias="fzrq")
    issued_at: BeijingTime | None = Field(None, alias="fzsj")
    voided_at: BeijingTime | None = Field(None, alias="zfsj")


class OpeningLine(Reply):
    """开盘单元 with the homes in it."""

    opening_code: Number = Field(alias="kpdyh")
    mode: Literal["定期开盘", "立即开盘", "不开盘", "暂停销售"] = Field(alias="kpfs")
    homes: tuple[Number, ...] = Field((), alias="fwbmList")
    permit_no: Annotated[str, Field(max_length=60)] = Field("", alias="xkzh")
    certificate_no: Annotated[str, Field(max_length=60)] = Field("", alias="dczh")
    opened_on: date | None = Field(None, alias="kprq")
    subscribe_from: date | None = Field(None, alias="rgqs")
    subscribe_to: date | None = Field(None, alias="rgjz")


class SaleLine(Reply):
    """销售事件 of a home."""

    event_no: Number = Field(alias="sjbh")
    house_code: Number = Field(alias="fwbm")
    act: Literal["上网", "开盘", "定金", "签约", "登记", "撤销", "暂停", "恢复"] = Field(alias="sj")
    happened_on: date = Field(alias="ywrq")
    contract_no: Annotated[str, Field(max_length=40)] = Field("", alias="htbh")
    gross_area: SquareMetres | None = Field(None, alias="mj")
    amount: Money | None = Field(None, alias="je")
    basis: Annotated[str, Field(max_length=60)] = Field("", alias="yj")


class MessageLine(Reply):
    """A message: one of the three."""

    message_no: Number = Field(alias="xxbh")
    sent_at: BeijingTime = Field(alias="fssj")
    permit: PermitLine | None = Field(None, alias="ysxk")
    opening: OpeningLine | None = Field(None, alias="kpdy")
    sale: SaleLine | None = Field(None, alias="xssj")

    @model_validator(mode="after")
    def _about_one_thing(self) -> "MessageLine":
        if sum(one is not None for one in (self.permit, self.opening, self.sale)) != 1:
            raise ValueError("ysxk, kpdy, xssj")
        return self


class NewsReply(Answering):
    """A page of messages."""

    request_id: EchoId = Field(alias="reqId")
    data_time: BeijingTime = Field(alias="dataTime")
    # One that is no such message is kept as it came, so that it stops no other.
    messages: tuple[Annotated[MessageLine | JsonValue, Field(union_mode="left_to_right")], ...] = Field(
        (), alias="xxList"
    )
    next: Short = Field("", alias="nextNo")
    more: bool = Field(False, alias="hasMore")


NEWS = Endpoint("/xsxt/openapi/news", NewsRequest, NewsReply)
