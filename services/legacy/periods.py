"""Let periods of the parts of a house, searched in logarithmic time."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date

from services.tenancy.predicates import WHOLE


@dataclass(slots=True)
class Periods:
    """Periods of which only those are kept that a later question could still meet.

    A period that starts no earlier and ends no later than another answers nothing that one does not; so starts and
    ends both rise, and one look-up answers however many were added.
    """

    starts: list[date] = field(default_factory=list)
    ends: list[date] = field(default_factory=list)

    def meet(self, start: date, end: date) -> bool:
        place = bisect_right(self.starts, end)
        return place > 0 and self.ends[place - 1] >= start

    def add(self, start: date, end: date) -> None:
        place = bisect_right(self.starts, start)
        if place and self.ends[place - 1] >= end:
            return
        first = bisect_left(self.starts, start)
        last = bisect_right(self.ends, end)
        if last > first:
            del self.starts[first:last], self.ends[first:last]
        self.starts.insert(first, start)
        self.ends.insert(first, end)


@dataclass(slots=True)
class Lettings:
    """Let periods of a house: all together, and by part."""

    everything: Periods = field(default_factory=Periods)
    parts: dict[str, Periods] = field(default_factory=dict)

    def meet(self, part: str, start: date, end: date) -> bool:
        if part == WHOLE:
            return self.everything.meet(start, end)
        return any(self.parts[key].meet(start, end) for key in (WHOLE, part) if key in self.parts)

    def add(self, part: str, start: date, end: date) -> None:
        self.everything.add(start, end)
        self.parts.setdefault(part, Periods()).add(start, end)
