"""`POST /api/v1/ping`: every partner may ask whether it is heard; needs no scope and no envelope."""

from typing import Annotated, Any

from pydantic import Field

from integrations.wire.exchange.relay import Relay, WireModel, relay
from services.engine.callers import Caller
from services.partners.line_test import Ping, Pong
from services.partners.line_test import ping as answer_ping


class PingMessage(WireModel):
    """线路测试."""

    message: Annotated[
        str, Field(title="内容", description="任意短文字，应答中原样返回", max_length=64, pattern=r"^[A-Za-z0-9 _.-]*$")
    ] = "ping"


def _order(message: PingMessage, caller: Caller) -> Ping:
    return Ping(message.message)


def _reply(pong: Pong) -> dict[str, Any]:
    return {"message": pong.message, "app_id": pong.app_id, "environment": pong.environment, "time": pong.at}


relay(
    Relay(
        path="/ping",
        label="线路测试",
        row=0,
        scope="",
        message=PingMessage,
        act=answer_ping,
        order=_order,
        reply=_reply,
        business_key=lambda message: "",
        encrypted=False,
    )
)
