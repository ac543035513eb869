"""A sale system for demo and tests: it sends the messages it was given, in their order, twice or out of order on demand."""

import json
from typing import Any

from integrations.sale_system.contract import NEWS, MessageLine, NewsReply, NewsRequest
from integrations.wire.contract import BEIJING
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator

_PAGE = 200


class NewsChange(Change):
    """A message that is sent from now on, in the fields of the contract; one with a known number is sent again."""

    message_no: str = ""
    permit: dict[str, Any] | None = None
    opening: dict[str, Any] | None = None
    sale: dict[str, Any] | None = None


class SaleSystemSimulator(Simulator):
    """Messages by their place."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("sale_system", "商品房销售系统（模拟）", latency_ms=ground.latency_ms)
        self.messages: list[MessageLine] = []
        self.on_change(NewsChange, self._change)

        @self.app.post(NEWS.path)
        async def news(request: NewsRequest, fault: ContentFault) -> NewsReply:
            start = int(request.after) if request.after.isascii() and request.after.isdigit() else 0
            page = self.messages[start : start + _PAGE]
            if fault == "miss":
                page = []
            elif fault == "mismatch":
                # A message that says two things at once.
                page = [one.model_copy(update={"sale": None, "permit": None, "opening": None}) for one in page]
            end = start + len(page)
            return NewsReply(
                request_id=request.request_id,
                data_time=self.now(),
                messages=tuple(page),
                next=str(end) if page else "",
                more=end < len(self.messages),
            )

    def _change(self, change: NewsChange) -> int:
        known = next((one for one in self.messages if one.message_no == change.message_no), None)
        self.messages.append(known or self._message(change))
        return 1

    def _message(self, change: NewsChange) -> MessageLine:
        number = change.message_no or f"XX{len(self.messages) + 1:08d}"
        told = {"ysxk": change.permit, "kpdy": change.opening, "xssj": change.sale}
        said = {"xxbh": number, "fssj": self.now().astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S"), **told}
        return MessageLine.model_validate_json(json.dumps(said))
