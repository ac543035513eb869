"""A short message platform for demo and tests: it delivers nothing and keeps every text once, to be looked at."""

from fastapi import HTTPException
from pydantic import BaseModel

from integrations.short_messages.contract import SUBMIT, Submit, SubmitReply
from integrations.wire.simulator import ContentFault, Ground, Simulator


class Received(BaseModel):
    """A received text; `times` counts the messages that carried it, including repetitions."""

    msg_id: str
    mobile: str
    content: str
    serial_no: str
    times: int


class ShortMessagesSimulator(Simulator):
    """Texts by message id."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("short_messages", "短信平台（模拟）", latency_ms=ground.latency_ms)
        self._kept: dict[str, Received] = {}

        @self.app.post(SUBMIT.path)
        async def submit(message: Submit, fault: ContentFault) -> SubmitReply:
            if fault == "miss":
                raise HTTPException(404, "no such subscriber")
            kept = self._keep(message)
            return SubmitReply(
                request_id="another-message" if fault == "mismatch" else message.request_id,
                status="ACCEPTED",
                serial_no=kept.serial_no,
                accept_time=self.now(),
            )

        @self.app.get("/sim/received")
        async def received() -> list[Received]:
            return list(self._kept.values())

    def _keep(self, message: Submit) -> Received:
        kept = self._kept.get(message.request_id)
        if kept is None:
            kept = Received(**message.model_dump(by_alias=True), serial_no=f"DX{len(self._kept) + 1:010d}", times=0)
            self._kept[message.request_id] = kept
        elif (kept.mobile, kept.content) != (message.mobile, message.content):
            raise HTTPException(409, "message id already used for another text")
        kept.times += 1
        return kept
