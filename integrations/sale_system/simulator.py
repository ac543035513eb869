"""A sale system for demo and tests: it sends the messages it was given, in their order, twice or out of order on demand."""

import json
from typing import Any

from pydantic import JsonValue

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
    #: Sent as it is, though it does not keep to the contract.
    unsound: bool = False


class SaleSystemSimulator(Simulator):
    """Messages by their place."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("sale_system", "商品房销售系统（模拟）", latency_ms=ground.latency_ms)
        self.messages: list[MessageLine | JsonValue] = []
        self.on_change(NewsChange, self._change)

        @self.app.post(NEWS.path)
        async def news(request: NewsRequest, fault: ContentFault) -> NewsReply:
            start = int(request.after) if request.after.isascii() and request.after.isdigit() else 0
            page = self.messages[start : start + _PAGE]
            if fault == "miss":
                page = []
            elif fault == "mismatch":
                # Messages that say nothing.
                page = [{"xxbh": _number(one)} for one in page]
            end = start + len(page)
            return NewsReply(
                request_id=request.request_id,
                data_time=self.now(),
                messages=tuple(page),
                next=str(end) if page else "",
                more=end < len(self.messages),
            )

    def _change(self, change: NewsChange) -> int:
        known = next((one for one in self.messages if _number(one) == change.message_no), None)
        sent_anew = known is None or not isinstance(known, MessageLine)
        self.messages.append(self._message(change) if sent_anew else known)
        return 1

    def _message(self, change: NewsChange) -> MessageLine | JsonValue:
        number = change.message_no or f"XX{len(self.messages) + 1:08d}"
        told: dict[str, Any] = {"ysxk": change.permit, "kpdy": change.opening, "xssj": change.sale}
        said: dict[str, Any] = {
            "xxbh": number,
            "fssj": self.now().astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
            **told,
        }
        return said if change.unsound else MessageLine.model_validate_json(json.dumps(said))


def _number(one: MessageLine | JsonValue) -> JsonValue:
    if isinstance(one, MessageLine):
        return one.message_no
    return one.get("xxbh") if isinstance(one, dict) else None
