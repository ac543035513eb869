"""The client of the short message platform."""

from integrations.short_messages.contract import SUBMIT
from integrations.wire.client import SystemClient
from services.ports.answers import PushReceipt

_REFUSED = {
    404: "短信平台不接收该号码，请核对联系电话",
    409: "短信平台已收到同一编号而内容不同的短信，请核对后处理",
}


class ShortMessagesClient(SystemClient):
    """Hands texts over to the platform over HTTP."""

    source = "短信平台"

    def send(self, phone: str, text: str, request_id: str) -> PushReceipt:
        """Send a text; raises `Unavailable` when it is not accepted. A repetition has no second effect."""
        said = self._hand_over(SUBMIT, request_id, "发送", _REFUSED, mobile=phone, content=text)
        return PushReceipt(said.serial_no)
