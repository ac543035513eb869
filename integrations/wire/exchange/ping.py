"""`POST /api/v1/ping`: every partner may ask whether it is heard; needs no scope and no envelope."""

from typing import Annotated

from pydantic import Field

from integrations.wire.exchange.messages import order_of
from integrations.wire.exchange.relay import Relay, relay
from services.partners.line_test import Ping, ping
from services.partners.wire_fields import WireModel


class PingMessage(WireModel):
    """线路测试."""

    message: Annotated[
        str, Field(title="内容", description="任意短文字，应答中原样返回", max_length=64, pattern=r"^[A-Za-z0-9 _.-]*$")
    ] = "ping"


relay(
    Relay(
        path="/ping",
        label="线路测试",
        row=0,
        scope="",
        message=PingMessage,
        act=ping,
        order=order_of(Ping),
        business_key=lambda message: "",
        encrypted=False,
    )
)
