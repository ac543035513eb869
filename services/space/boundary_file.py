"""A coordinate file as it was read, before anything is decided about it (row 80, section 7.2)."""

import re
from dataclasses import dataclass, field

from services.space.planes import GEO, GK40, SH2000, SH_OLD, Pair
from services.space.space_findings import SpaceFinding

#: A number as surveyors write it; `nan`, `1e400` and thousands separators are none.
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?")
#: Rings of a file; each is held against the others.
MOST_RINGS = 1_000
_SYSTEMS = (
    (re.compile(r"上海2000|SH2000", re.I), SH2000.key),
    (re.compile(r"上海(?:城市|城建|平面)|城建坐标|SH_OLD", re.I), SH_OLD),
    (re.compile(r"2000国家|CGCS ?2000|国家2000|大地2000", re.I), GK40.key),
)
_FOREIGN = re.compile(r"(?:1980|80)?西安(?:1980|80)?|(?:1954|54)年?北京|北京(?:1954|54)|WGS[- ]?(?:19)?84|GCJ", re.I)
_ZONE = re.compile(r"(?:带号|第)\s*[=:：]?\s*([0-9]{2})(?!\d)\s*(?:带|\b)")
_MERIDIAN = re.compile(r"中央(?:子午线|经线)\s*[=:：]?\s*([0-9]{2,3})\s*(?:°|度|$|\b)")


@dataclass(frozen=True)
class ListedPoint:
    """A point of a list: its number and (east, north) as the file names its columns."""

    number: str
    place: Pair


@dataclass
class ListedRing:
    """A ring of a list. `number` is 1 for a shell, more for a hole, and 0 where the file numbers no rings.

    `closed` is what the file itself says, for formats that say it. `edges` are stated lengths to the next point.
    """

    number: int = 0
    points: list[ListedPoint] = field(default_factory=list)
    edges: list[float | None] = field(default_factory=list)
    closed: bool | None = None

    def add(self, number: str, place: Pair, edge: float | None = None) -> None:
        self.points.append(ListedPoint(number, place))
        self.edges.append(edge)


@dataclass
class Boundary:
    """A parcel of a file; `area` is what the file states, in square metres, `rounding` half its last digit, `stated` its points."""

    name: str = ""
    stated: int | None = None
    area: float | None = None
    rounding: float = 0.0
    rings: list[ListedRing] = field(default_factory=list)

    def ring(self, number: int) -> ListedRing:
        """The ring of this number, made when it is new; without numbers a ring ends where its first point returns."""
        if number:
            found = next((one for one in self.rings if one.number == number), None)
        else:
            found = self.rings[-1] if self.rings and not _returned(self.rings[-1]) else None
        if found is None:
            found = ListedRing(number)
            self.rings.append(found)
        return found


@dataclass(frozen=True)
class UnusedLine:
    """A line of a file of which nothing was taken; `point` when it looks like a point that cannot be read."""

    line: int
    text: str
    point: bool = False


@dataclass
class BoundaryFile:
    """The parcels of a file and what its head says of them."""

    kind: str
    parcels: list[Boundary] = field(default_factory=list)
    unused: list[UnusedLine] = field(default_factory=list)
    system: str = ""
    foreign: str = ""
    zone: int | None = None
    findings: list[SpaceFinding] = field(default_factory=list)

    @property
    def surveyed(self) -> bool:
        """Return whether rings of this format are expected clockwise, as surveyors number their points."""
        return self.kind in ("report", "list", "table")

    def take_head(self, text: str) -> None:
        """Take coordinate system and zone from the words of a title or head."""
        if found := _FOREIGN.search(text):
            self.foreign = self.foreign or found[0]
        for pattern, key in _SYSTEMS:
            if not self.system and pattern.search(text):
                self.system = key
        if self.zone is None and (found := _ZONE.search(text)):
            self.zone = int(found[1])
        if self.zone is None and (found := _MERIDIAN.search(text)) and int(found[1]) % 3 == 0:
            self.zone = int(found[1]) // 3

    def name_system(self, key: str) -> None:
        """Take the coordinate system a format names by code."""
        if key in (GEO, GK40.key, SH2000.key, SH_OLD):
            self.system = key


def _returned(ring: ListedRing) -> bool:
    """Return whether a ring of at least three points has come back to its first."""
    if len(ring.points) < 4:
        return False
    (e, n), (last_e, last_n) = ring.points[0].place, ring.points[-1].place
    return abs(e - last_e) <= 0.001 and abs(n - last_n) <= 0.001
