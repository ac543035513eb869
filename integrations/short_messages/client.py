"""The client of the short message platform."""

from integrations.short_messages.contract import SEND_PATH, Submit, SubmitReply
from integrations.wire.posting import NoAnswer
from integrations.wire.system_client import SystemClient
from services.engine.refusals import Unavailable
from services.ports.answers import PushReceipt


class ShortMessagesClient(SystemClient):
    """Hands texts over to the platform over HTTP."""

    source = "短信平台"

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


def _sentence(problem: NoAnswer) -> str:
    if problem.status == 404:
        return "短信平台不接收该号码，请核对联系电话"
    if problem.status == 409:
        return "短信平台已收到同一编号而内容不同的短信，请核对后处理"
    return f"短信平台未接收（{problem.note}），稍后将重新发送"
