"""The client of the short message platform."""

from collections.abc import Mapping

from integrations.short_messages.contract import SEND_PATH, Submit, SubmitReply
from integrations.wire.client import DEFAULT_TIMEOUT, NoAnswer, Timeout, Wire
from integrations.wire.outbound import Outside
from services.engine.refusals import Unavailable
from services.ports.answers import PushReceipt

SOURCE = "短信平台"


class ShortMessagesClient:
    """Hands texts over to the platform over HTTP."""

    def __init__(
        self,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._wire = Wire(SOURCE, url, outside, timeout, headers=headers)

    def send(self, phone: str, text: str, request_id: str) -> PushReceipt:
        """Send a text; raises `Unavailable` when it is not accepted. A repetition has no second effect."""
        try:
            said = self._wire.post(
                SEND_PATH, lambda: Submit(msg_id=request_id, mobile=phone, content=text), SubmitReply, request_id
            )
        except NoAnswer as problem:
            raise Unavailable(_sentence(problem)) from None
        if said.msg_id != request_id:
            raise Unavailable("短信平台的回执与所发短信不符，稍后将重新发送")
        return PushReceipt(said.serial_no)

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()


def _sentence(problem: NoAnswer) -> str:
    if problem.status == 404:
        return "短信平台不接收该号码，请核对联系电话"
    if problem.status == 409:
        return "短信平台已收到同一编号而内容不同的短信，请核对后处理"
    return f"短信平台未接收（{problem.note}），稍后将重新发送"
