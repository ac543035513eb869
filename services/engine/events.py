"""Events of an area that areas above it follow up, in the transaction in which they happen.

FILED: Event[LeaseFiling] = Event("tenancy.filed")     # the area in which it happens
FILED.happened(work, filing)

@on(FILED)                                             # an area above, which the first does not know
def tell_partner(work: Work, filing: LeaseFiling) -> None: ...
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from services.engine.work import Work

What = TypeVar("What")


class Event(Generic[What]):
    """A thing that happens to `What`; its followers are called in the order of their declaration."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.followers: list[Callable[[Work, What], None]] = []

    def happened(self, work: Work, what: What) -> None:
        """Call every follower; a refusal of one of them undoes the whole action."""
        for follower in self.followers:
            follower(work, what)


def on(event: Event[What]) -> Callable[[Callable[[Work, What], None]], Callable[[Work, What], None]]:
    """Declare a function that follows an event up, once at import."""

    def follow(follower: Callable[[Work, What], None]) -> Callable[[Work, What], None]:
        if follower in event.followers:
            raise RuntimeError(f"{follower.__qualname__} follows {event.name} already")
        event.followers.append(follower)
        return follower

    return follow
