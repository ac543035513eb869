"""`POST /api/v1/ping`: every partner may ask whether it is heard; needs no scope and no envelope."""

from pydantic import Field

from integrations.wire.exchange.relay import Relay, relay
from services.partners.line_test import Ping, ping
from services.partners.wire_fields import Moment, WireModel, message_of


class Heard(WireModel):
    """Answer to a line test."""

    message: str = Field(title="内容", description="请求里的内容，原样")
    app_id: str = Field(title="应用标识")
    environment: str = Field(title="我们的环境标识")
    time: Moment = Field(title="我们的时间")


relay(
    Relay(
        path="/ping",
        label="线路测试",
        row=0,
        scope="",
        message=message_of(Ping),
        act=ping,
        answer=Heard,
        business_key=lambda message: "",
        encrypted=False,
    )
)
