"""What happens to a card is told in the transaction it happens in: the public page first, then whoever listens (rows 41, 46)."""

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
    """Register somebody who is told of every event, once at import; usable as a decorator."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def tell_card(work: Work, card: InfoCard, what: CardEvent, *, from_outside: bool = False) -> None:
    """Tell of a card's new state just before commit, when its number is drawn."""

    def told() -> None:
        public_entries.publish(work, card)
        for listener in _LISTENERS:
            listener(work, card, what, from_outside)

    work.then(told)
