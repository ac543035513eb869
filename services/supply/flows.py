"""Flows of each month: areas listed, opened, signed and cancelled, and the average price (5.3)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services.supply.facts import Event, Happening, Home
from services.supply.months import Series, closing
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
        ):
            mine.add(theirs.area, theirs.sets)
        self.amount += other.amount
        self.priced += other.priced


class Flows:
    """The flows of every home for sale, by month."""

    def __init__(self, ledger: Ledger, series: Series) -> None:
        self.ledger, self.series = ledger, series
        self.permits = {permit.id: permit for permit in ledger.facts.presales}
        #: The month in which a home was first listed.
        self.listed_in: dict[str, int] = {}
        self.of_home: dict[str, dict[int, Month]] = {}
        for home in ledger.facts.homes:
            if home.for_sale:
                months: dict[int, Month] = defaultdict(Month)
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

    def _listed(self, home: Home, months: dict[int, Month]) -> None:
        first = True
        for event in self._events(home, Happening.LIST, Happening.OPEN):
            month = event.known.month(self.series)
            if event.what is Happening.OPEN:
                months[month].opened.add(event.area)
            elif first:
                first = False
                self.listed_in[home.id] = month
                permit = self.permits.get(event.ref)
                voided = permit.issued.voided if permit else None
                if voided is None or voided >= closing(month):
                    months[month].listed.add(event.area)

    def _sold(self, home: Home, months: dict[int, Month]) -> None:
        signed: dict[str, Event] = {}
        ended: dict[str, int] = {}
        for event in self._events(home, Happening.SIGN, Happening.CANCEL):
            if event.what is Happening.SIGN:
                signed.setdefault(event.contract, event)
            else:
                ended.setdefault(event.contract, event.known.month(self.series))
        for contract, event in signed.items():
            month = event.known.month(self.series)
            flow = months[month]
            flow.gross.add(event.area)
            end = ended.get(contract)
            if end is not None:
                months[end].cancelled.add(event.area)
            if end is None or end > month:
                flow.amount += event.amount
                flow.priced += event.area

    def _events(self, home: Home, *kinds: Happening) -> Iterator[Event]:
        return (event for event in self.ledger.events.get(home.id, ()) if event.what in kinds)
