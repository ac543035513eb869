"""The client of the sale system, which answers in our words."""

import json
import re
from datetime import datetime

from pydantic import JsonValue, ValidationError

from integrations.sale_system.contract import EVENTS, MODES, NEWS, STATUSES, MessageLine, NewsReply
from integrations.wire.client import SystemClient, about
from services.ports.answers import Answer
from services.ports.sale_system import (
    SALE_SYSTEM,
    ToldMessage,
    ToldNews,
    ToldOpening,
    ToldPermit,
    ToldSale,
    ToldUnread,
)

#: A number that can be shown: any other is replaced by the place of its message.
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,40}")


class SaleSystemClient(SystemClient):
    """Asks the sale system over HTTP."""

    source = SALE_SYSTEM

    def news(self, after: str) -> Answer[ToldNews]:
        """Return a page of messages; one that does not keep to the agreement is among them as it came."""

        def found(said: NewsReply) -> ToldNews | None:
            if not said.messages:
                return None
            about(bool(said.next) and said.next != after)
            told = (
                _told(line) if isinstance(line, MessageLine) else _unread(line, f"{after}+{place}", said.data_time)
                for place, line in enumerate(said.messages, 1)
            )
            return ToldNews(tuple(told), said.next, said.more)

        return self._ask(NEWS, found, after=after)

    def read_again(self, raw: str) -> ToldMessage | None:
        """Return a message that was kept as it came, if it can be read by now."""
        try:
            return _told(MessageLine.model_validate_json(raw))
        except ValidationError:
            return None


def _unread(line: JsonValue, place: str, at: datetime) -> ToldMessage:
    """Keep a message as it came, and name the fields that are wrong, without their values."""
    raw, fields = json.dumps(line), "格式"
    try:
        MessageLine.model_validate_json(raw)
    except ValidationError as wrong:
        where = (".".join(map(str, one["loc"])) or "ysxk、kpdy、xssj" for one in wrong.errors(include_input=False))
        fields = "、".join(dict.fromkeys(where))
    number = line.get("xxbh") if isinstance(line, dict) else None
    known = isinstance(number, str) and _NUMBER.fullmatch(number)
    return ToldMessage(str(number) if known else place, at, ToldUnread(raw, fields))


def _told(line: MessageLine) -> ToldMessage:
    """Return a message in our words."""
    if line.permit is not None:
        plain = line.permit.model_dump()
        return ToldMessage(
            line.message_no, line.sent_at, ToldPermit(**{**plain, "status": STATUSES[line.permit.status]})
        )
    if line.opening is not None:
        plain = line.opening.model_dump()
        return ToldMessage(line.message_no, line.sent_at, ToldOpening(**{**plain, "mode": MODES[line.opening.mode]}))
    assert line.sale is not None
    plain = line.sale.model_dump()
    return ToldMessage(line.message_no, line.sent_at, ToldSale(**{**plain, "act": EVENTS[line.sale.act]}))
