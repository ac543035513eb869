"""Events of cards, published in the transaction that causes them: to the public page first, then to listeners (rows
41, 46).
"""

from collections.abc import Callable

from models.codes import Code
from models.practitioners import InfoCard
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


#: `from_outside` is true where the association's own message caused it, so that nobody sends it back.
Listener = Callable[[Work, InfoCard, CardEvent, bool], None]
_LISTENERS: list[Listener] = []


def on_card_event(listener: Listener) -> Listener:
    """Register a listener for every card event, once at import; usable as a decorator."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def tell_card(work: Work, card: InfoCard, what: CardEvent, *, from_outside: bool = False) -> None:
    """Publish a card's new state just before the commit, when its number is drawn."""

    def told() -> None:
        public_entries.publish(work, card)
        for listener in _LISTENERS:
            listener(work, card, what, from_outside)

    work.then(told)
