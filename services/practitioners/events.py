"""Events of cards, published in the transaction that causes them: to the public page first, then to followers (rows
41, 46).
"""

from dataclasses import dataclass

from models.codes import Code
from models.practitioners import InfoCard
from services.engine.events import Event
from services.engine.work import Work
from services.practitioners import public_entries


class CardEvent(Code):
    PASSED = "PASSED", "制卡"
    ACTIVATED = "ACTIVATED", "激活"
    CHANGED = "CHANGED", "变更"
    SUSPENDED = "SUSPENDED", "暂停"
    RESUMED = "RESUMED", "恢复"
    CANCELLED = "CANCELLED", "注销"
    LAPSED = "LAPSED", "逾期未激活"


@dataclass(frozen=True)
class CardChange:
    """An event of a card; `from_outside` where the association's own message caused it, so that it is not sent back."""

    card: InfoCard
    what: CardEvent
    from_outside: bool


#: A card has a new state and its number, and is published.
CARD_CHANGED: Event[CardChange] = Event("practitioners.card")


def tell_card(work: Work, card: InfoCard, what: CardEvent, *, from_outside: bool = False) -> None:
    """Publish a card's new state just before the commit, when its number is drawn."""

    def publish() -> None:
        public_entries.publish(work, card)
        CARD_CHANGED.happened(work, CardChange(card, what, from_outside))

    work.then(publish)
