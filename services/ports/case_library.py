"""一网通办办件库: hands over applications, and is notified of the state of each (row 1)."""

from dataclasses import dataclass
from typing import Any, Protocol

from services.ports.answers import Answer, PushReceipt
from services.ports.port import Port


@dataclass(frozen=True)
class FeedLine:
    """A message of the library's feed, by its position."""

    feed_no: int
    message: dict[str, Any]


@dataclass(frozen=True)
class CaseStatus:
    """A state of a case for the library; `position` counts the states sent for this case."""

    case_no: str
    position: int
    state: str
    at: str
    note: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    filing_no: str = ""


class CaseLibrary(Protocol):
    """办件库 of the city's one-stop portal."""

    def changes_after(self, feed_no: int, limit: int) -> Answer[tuple[FeedLine, ...]]:
        """Return the messages after a position of the feed, in its order."""
        ...

    def push_state(self, status: CaseStatus, request_id: str) -> PushReceipt:
        """Tell a state; raises `Unavailable` when it is not taken. A repetition has no second effect."""
        ...


CASE_LIBRARY: Port[CaseLibrary] = Port("one_stop", "一网通办办件库")
