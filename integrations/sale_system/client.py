"""The client of the sale system, which answers in our words."""

from integrations.sale_system.contract import EVENTS, MODES, NEWS, STATUSES, MessageLine, NewsReply
from integrations.wire.client import SystemClient, about
from services.ports.answers import Answer
from services.ports.sale_system import SALE_SYSTEM, ToldMessage, ToldNews, ToldOpening, ToldPermit, ToldSale


class SaleSystemClient(SystemClient):
    """Asks the sale system over HTTP."""

    source = SALE_SYSTEM

    def news(self, after: str) -> Answer[ToldNews]:
        """Return a page of messages; one that says nothing, or two things, is no answer."""

        def found(said: NewsReply) -> ToldNews | None:
            if not said.messages:
                return None
            about(bool(said.next) and said.next != after)
            return ToldNews(tuple(map(_told, said.messages)), said.next, said.more)

        return self._ask(NEWS, found, after=after)


def _told(line: MessageLine) -> ToldMessage:
    """Return a message in our words; one that says nothing, or two things, is refused."""
    given = [one for one in (line.permit, line.opening, line.sale) if one is not None]
    about(len(given) == 1)
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
