"""Port of the blacklist of persons barred from the trade (row 44)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.ports.answers import Answer
from services.ports.port import Port

#: Numbers in one question.
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class BlacklistEntry:
    """An entry about a number: a category of reasons and nothing else of the person."""

    category: str
    since: date
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Return whether the entry is valid on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


class Blacklist(Protocol):
    """行业黑名单."""

    def entries_of(self, numbers: Sequence[str]) -> Answer[Mapping[str, tuple[BlacklistEntry, ...]]]:
        """The entries by number, for up to 200 numbers; a number without any has none. The number alone decides."""
        ...


BLACKLIST: Port[Blacklist] = Port("blacklist", "行业黑名单")
