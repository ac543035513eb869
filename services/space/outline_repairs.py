"""Repairs of a coordinate file, each offered where its fault is found and made only when the user says so (row 80)."""

import math
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

from models.geometry import Geometry
from models.geometry import Ring as Places
from services.space.axes import Axes, decide_axes
from services.space.boundary_file import Boundary, BoundaryFile, ListedPoint, ListedRing
from services.space.extent import Declared, Extent, check_extent
from services.space.extent_exports import numbered_rings
from services.space.geometry_field import geometry_of
from services.space.planes import GEO, GK40, SH2000, Pair, between
from services.space.rings import CLOSED, close_ring, take_doubles, take_spikes
from services.space.space_findings import EDGES_DIFFER, SpaceFinding

#: The ways to repair a fault, by code: key and label.
REPAIRS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "XY_SWAPPED": (("swap", "对调X与Y"),),
    "ZONE_PREFIX": (("zone", "去掉带号并统一"),),
    "WRONG_ZONE": (("zone", "换算到第40带"),),
    "NOT_CLOSED": (("close", "闭合到首点"),),
    "DUPLICATE_POINT": (("doubles", "删除重复点"),),
    "SPIKE": (("spikes", "删除尖刺"),),
    "HOLE_OUTSIDE_SHELL": (("drop", "删除该圈"), ("apart", "作为单独一块")),
    "NOT_CGCS2000": ((f"system:{SH2000.key}", "按上海2000坐标系"), (f"system:{GEO}", "按经纬度")),
}
#: What no repair is offered for, and without which nothing can be drawn.
_UNREAD = frozenset({"OUTSIDE_SHANGHAI", "NOT_CGCS2000", "TOO_FEW_POINTS", "UNREADABLE_ROW"})
#: What is repaired before the outline is taken over; what is left is seen on the map and judged at submission.
_FIRST = _UNREAD | frozenset(REPAIRS)


@dataclass(frozen=True)
class Reading:
    """A coordinate file after the repairs made so far; `system` is the user's choice, empty for what it says."""

    file: BoundaryFile
    extent: Extent
    system: str = ""

    @property
    def waiting(self) -> tuple[SpaceFinding, ...]:
        """The findings that must be repaired before the outline can be taken over."""
        return tuple(finding for finding in self.extent.findings if _keeps_back(finding))

    @property
    def outline(self) -> Geometry | None:
        """The outline, once nothing is left to repair."""
        if self.waiting or self.extent.whole.is_empty:
            return None
        return numbered_outline(self.extent) or geometry_of(self.extent.whole)

    @property
    def plane_key(self) -> str:
        """The system in which the outline is kept."""
        return self.extent.plane.key

    @property
    def stated_area(self) -> float | None:
        """The area the file states for all its parcels; None when one of them states none."""
        areas = [parcel.area for parcel in self.file.parcels]
        return sum(one for one in areas if one is not None) if areas and None not in areas else None


def numbered_outline(extent: Extent) -> Geometry | None:
    """The outline as the point table numbers it, from the north-west corner; None while its rings are faulty."""
    if any(finding.rule in ("SPA-02", "SPA-03") and not finding.note for finding in extent.findings):
        return None
    polygons: dict[int, list[Places]] = {}
    for ring in numbered_rings(extent):
        places = tuple((round(point.place[0] * 1000), round(point.place[1] * 1000)) for point in ring.points)
        polygons.setdefault(ring.parcel, []).append(places)
    return Geometry(tuple(tuple(rings) for rings in polygons.values()))


def edges_told(reading: Reading) -> str:
    """The result of comparing stated edges with those of the coordinates (SPA-08); empty where none are stated."""
    stated = sum(edge is not None for ring in _rings(reading.file) for edge in ring.edges)
    if not stated:
        return ""
    found = [finding.message for finding in reading.extent.findings if finding.code == "EDGE_LENGTH"]
    return f"{EDGES_DIFFER}：{'；'.join(found)}"[:300] if found else f"相符：表列{stated}条边长与坐标一致"


def _keeps_back(finding: SpaceFinding) -> bool:
    return not finding.note and finding.code in _FIRST


def read_as(file: BoundaryFile, system: str = "") -> Reading:
    """Check a file in the system the user chose."""
    return Reading(file, check_extent(file, Declared(system=system)), system)


def ways_of(reading: Reading, finding: SpaceFinding) -> tuple[tuple[str, str], ...]:
    """The repairs offered for a finding."""
    ways = REPAIRS.get(finding.code, ())
    if finding.code != "NOT_CGCS2000":
        return ways
    fits = GEO if reading.extent.plane == GK40 else SH2000.key
    return tuple(way for way in ways if way[0] == f"system:{fits}") if not reading.file.foreign else ()


def repaired(reading: Reading, finding: SpaceFinding, way: str) -> Reading:
    """The file with one fault repaired in one way, checked anew."""
    if way.startswith("system:"):
        return read_as(reading.file, way.removeprefix("system:"))
    file = deepcopy(reading.file)
    axes = decide_axes(file, reading.system)
    system = reading.system
    if way == "swap":
        _move(file, lambda place: place[::-1])
    elif way == "zone":
        _move(file, lambda place: between(axes.place(place), axes.plane, GK40))
        file.zone, system = GK40.zone, GK40.key
    elif way in _OF_RINGS:
        for ring in _rings(file):
            _OF_RINGS[way](ring, axes)
    else:
        _take_ring(file, axes, finding, apart=way == "apart")
    return read_as(file, system)


def repaired_all(reading: Reading) -> Reading:
    """Make the first repair offered for every finding, as far as that leads."""
    for _ in range(2 * len(REPAIRS)):
        offered = next(((one, ways) for one in reading.waiting if (ways := ways_of(reading, one))), None)
        if offered is None:
            break
        reading = repaired(reading, offered[0], offered[1][0][0])
    return reading


def _rings(file: BoundaryFile) -> Iterator[ListedRing]:
    for parcel in file.parcels:
        yield from parcel.rings


def _move(file: BoundaryFile, moved: Callable[[Pair], Pair]) -> None:
    for ring in _rings(file):
        ring.points = [replace(point, place=moved(point.place)) for point in ring.points]


def _without(take: Callable[[list[Pair], list[str]], object]) -> Callable[[ListedRing, Axes], None]:
    """A repair that removes points of a ring; points are compared in metres, listed ones are kept."""

    def repair(ring: ListedRing, axes: Axes) -> None:
        points, numbers, listed = _placed(ring, axes)
        closed = len(points) > 3 and math.dist(points[0], points[-1]) <= CLOSED
        if closed:
            points.pop()
            numbers.pop()
        take(points, numbers)
        _keep(ring, numbers, listed, closed=closed)

    return repair


def _closed(ring: ListedRing, axes: Axes) -> None:
    points = [axes.place(point.place) for point in ring.points]
    numbers = [point.number for point in ring.points]
    # It takes the last point away where that repeats the first.
    list(close_ring(points, numbers, ring.closed, "", strict=True))
    ring.points, ring.edges, ring.closed = ring.points[: len(points)], ring.edges[: len(points)], True


def _placed(ring: ListedRing, axes: Axes) -> tuple[list[Pair], list[str], list[ListedPoint]]:
    """The points of a ring in metres, and for each the place it has in the list."""
    listed = list(ring.points)
    return [axes.place(point.place) for point in listed], [str(place) for place in range(len(listed))], listed


def _keep(ring: ListedRing, kept: list[str], listed: list[ListedPoint], *, closed: bool) -> None:
    ring.points = [listed[int(place)] for place in kept]
    ring.edges = [None] * len(ring.points)
    ring.closed = True if closed else ring.closed


_OF_RINGS: Mapping[str, Callable[[ListedRing, Axes], None]] = {
    "close": _closed,
    "doubles": _without(take_doubles),
    "spikes": _without(take_spikes),
}


def _take_ring(file: BoundaryFile, axes: Axes, finding: SpaceFinding, *, apart: bool) -> None:
    """Take a hole that lies outside its shell away, or make it a parcel of its own."""
    for parcel in [one for one in file.parcels if one.name == finding.subject]:
        for ring in parcel.rings[1:]:
            if any(axes.place(point.place) == finding.place for point in ring.points):
                parcel.rings.remove(ring)
                parcel.area = None
                if apart:
                    ring.number = 1
                    file.parcels.append(Boundary(f"{parcel.name}-{len(file.parcels) + 1}", rings=[ring]))
                return
