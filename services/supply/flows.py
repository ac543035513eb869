"""Flows of each month: areas listed, opened, signed and cancelled, and the average price (5.3)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from services.supply.facts import Event, Happening, Home
from services.supply.months import Known, Series, closing
from services.supply.stages import Ledger


@dataclass(slots=True)
class Flow:
    """Area (0.0001 m²) and number of homes that something happened to."""

    area: int = 0
    sets: int = 0

    def add(self, area: int, sets: int = 1) -> None:
        self.area += area
        self.sets += sets


@dataclass(slots=True)
class Month:
    """The flows of a selection of homes in a month; `amount` and `priced` are those of contracts that stand."""

    listed: Flow = field(default_factory=Flow)
    opened: Flow = field(default_factory=Flow)
    gross: Flow = field(default_factory=Flow)
    cancelled: Flow = field(default_factory=Flow)
    amount: int = 0
    priced: int = 0
    #: Homes licensed again after a voided permit, and those whose licence ended.
    relisted: Flow = field(default_factory=Flow)
    withdrawn: Flow = field(default_factory=Flow)

    @property
    def net(self) -> Flow:
        return Flow(self.gross.area - self.cancelled.area, self.gross.sets - self.cancelled.sets)

    def take(self, other: "Month") -> None:
        """Add the flows of another selection."""
        for mine, theirs in (
            (self.listed, other.listed),
            (self.opened, other.opened),
            (self.gross, other.gross),
            (self.cancelled, other.cancelled),
            (self.relisted, other.relisted),
            (self.withdrawn, other.withdrawn),
        ):
            mine.add(theirs.area, theirs.sets)
        self.amount += other.amount
        self.priced += other.priced


class Flows:
    """The flows of every home for sale, by month, or by the moments that `when` makes of its events."""

    def __init__(self, ledger: Ledger, series: Series, when: Callable[[Known], Any] | None = None) -> None:
        self.ledger, self.series = ledger, series
        self.when = when or (lambda fact: fact.month(series))
        self.permits = {permit.id: permit for permit in ledger.facts.presales}
        #: The month in which a home was first listed.
        self.listed_in: dict[str, int] = {}
        self.of_home: dict[str, dict[Any, Month]] = {}
        for home in ledger.facts.homes:
            if home.for_sale:
                months: dict[Any, Month] = defaultdict(Month)
                self._listed(home, months)
                self._sold(home, months)
                if months:
                    self.of_home[home.id] = dict(months)

    def summed(self, homes: Iterable[str]) -> dict[int, Month]:
        """The flows of a selection of homes, by month."""
        found: dict[int, Month] = defaultdict(Month)
        for home in homes:
            for month, flow in self.of_home.get(home, {}).items():
                found[month].take(flow)
        return found

    def _listed(self, home: Home, months: dict[Any, Month]) -> None:
        first = True
        for event in self._events(home, Happening.LIST, Happening.OPEN):
            month, when = event.known.month(self.series), self.when(event.known)
            if event.what is Happening.OPEN:
                months[when].opened.add(event.area)
            elif first:
                first = False
                self.listed_in[home.id] = month
                permit = self.permits.get(event.ref)
                voided = permit.issued.voided if permit else None
                if voided is None or voided >= closing(month):
                    months[when].listed.add(event.area)

    def _sold(self, home: Home, months: dict[Any, Month]) -> None:
        signed: dict[str, Event] = {}
        ended: dict[str, Event] = {}
        for event in self._events(home, Happening.SIGN, Happening.CANCEL):
            told = signed if event.what is Happening.SIGN else ended
            told.setdefault(event.contract, event)
        for contract, event in signed.items():
            when, end = self.when(event.known), ended.get(contract)
            months[when].gross.add(event.area)
            if end is not None:
                months[self.when(end.known)].cancelled.add(event.area)
            stands = end is None or end.known.month(self.series) > event.known.month(self.series)
            if stands or (end is not None and self.when(end.known) > when):
                months[when].amount += event.amount
                months[when].priced += event.area
            if not stands and end is not None and self.when(end.known) > when:
                # A price is of the contracts that outlive their month: until its end this one counted.
                months[self.when(end.known)].amount -= event.amount
                months[self.when(end.known)].priced -= event.area

    def _events(self, home: Home, *kinds: Happening) -> Iterator[Event]:
        return (event for event in self.ledger.events.get(home.id, ()) if event.what in kinds)
