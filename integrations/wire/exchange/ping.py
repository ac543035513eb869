"""`POST /api/v1/ping`: every partner may ask whether it is heard; needs no scope and no envelope."""

from integrations.wire.exchange.relay import Relay, relay
from services.partners.line_test import Ping, ping
from services.partners.wire_fields import message_of

relay(
    Relay(
        path="/ping",
        label="线路测试",
        row=0,
        scope="",
        message=message_of(Ping),
        act=ping,
        business_key=lambda message: "",
        encrypted=False,
    )
)
