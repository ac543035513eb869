"""Closed outlines from the lines of a drawing: closed polylines, chains of lines and arcs, nested rings (row 81)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.engine.late import shapely
from services.space.outline_heaps import refuse_heap
from services.space.planes import Pair, millimetres
from services.space.rings import CLOSED_BY_US

#: Ends of lines nearer than this are one point.
_WELD = 0.002
#: Square metres below which an outline is a mark, and by which two drawings of one outline may differ.
_SMALLEST, _SAME = 0.5, 0.05
#: Open pieces that are reported one by one.
_MOST_OPEN = 200


@dataclass(frozen=True)
class Outline:
    """A ring of the drawing. `fault` is empty for a sound one, else OUTLINE_OPEN or OUTLINE_SELF_INTERSECTION.

    The polygon of a faulty outline is only good for finding the labels meant for it.
    """

    polygon: Any
    handles: tuple[str, ...]
    fault: str = ""
    gap: float = 0.0


@dataclass
class Outlines:
    """All outlines of a layer: sound ones, faulty ones, and handles of outlines drawn twice."""

    sound: list[Outline] = field(default_factory=list)
    faulty: list[Outline] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    #: The number of open pieces where there are too many to report them one by one.
    open_lines: int = 0


def find_outlines(shapes: Sequence[dict[str, Any]]) -> Outlines:
    """Close what is closed, weld the rest and close chains; what stays open is faulty, unless it lies inside an outline."""
    found = Outlines()
    loose = []
    for shape in shapes:
        points = [millimetres((e, n)) for e, n in shape["points"]]
        gap = math.dist(points[0], points[-1])
        if len(points) > 2 and (shape["closed"] or gap <= CLOSED_BY_US):
            _take_ring(found, points, (shape["handle"],))
        else:
            loose.append((points, shape["handle"]))
    if loose:
        _take_chains(found, loose)
    found.sound = list(_once(found))
    return found


def _take_ring(found: Outlines, points: Sequence[Pair], handles: tuple[str, ...]) -> None:
    distinct = [point for place, point in enumerate(points) if point != points[place - 1]]
    if len(distinct) < 3:
        return
    polygon = shapely.Polygon(distinct)
    if polygon.is_valid:
        if polygon.area >= _SMALLEST:
            found.sound.append(Outline(shapely.geometry.polygon.orient(polygon), handles))
    else:
        found.faulty.append(Outline(shapely.make_valid(polygon), handles, "OUTLINE_SELF_INTERSECTION"))


def weld(lines: Sequence[Sequence[Pair]]) -> list[list[Pair]]:
    """The lines with ends that lie within 2 mm moved onto one point; rounding onto a grid would lose area instead."""
    cells: dict[tuple[int, int], list[Pair]] = {}

    def joined(point: Pair) -> Pair:
        column, row = math.floor(point[0] / _WELD), math.floor(point[1] / _WELD)
        for across in (-1, 0, 1):
            for up in (-1, 0, 1):
                for known in cells.get((column + across, row + up), ()):
                    if math.dist(point, known) <= _WELD:
                        return known
        cells.setdefault((column, row), []).append(point)
        return point

    return [[joined(line[0]), *line[1:-1], joined(line[-1])] for line in lines]


@dataclass
class Chains:
    """Open lines put together: closed rings, rings that cross themselves, and what stays open; `handles_of` says of which lines."""

    closed: list[Any]
    crossed: list[Any]
    pieces: list[Any]
    handles_of: Callable[[Any], tuple[str, ...]]


def chained(loose: Sequence[tuple[Sequence[Pair], str]]) -> Chains:
    """Put open lines together at their ends; each comes with its handle."""
    lines = [shapely.LineString(points) for points in weld([points for points, _ in loose])]
    used = [place for place, line in enumerate(lines) if line.length > 0]
    tree = shapely.STRtree([lines[place] for place in used])

    def handles_of(geometry: Any) -> tuple[str, ...]:
        places = tree.query(geometry, predicate="intersects")
        near = [
            used[place]
            for place in places
            if geometry.distance(lines[used[place]].interpolate(0.5, normalized=True)) < _WELD
        ]
        return tuple(sorted({loose[place][1] for place in near}))

    polygons, cuts, dangles, crossed = shapely.polygonize_full([lines[place] for place in used])
    return Chains(
        [polygon.exterior for polygon in shapely.get_parts(polygons)],
        [ring for ring in shapely.get_parts(crossed) if len(ring.coords) > 3],
        _merged([*shapely.get_parts(cuts), *shapely.get_parts(dangles)]),
        handles_of,
    )


def _take_chains(found: Outlines, loose: Sequence[tuple[list[Pair], str]]) -> None:
    """Close chains of open lines; of those that cannot be closed each piece is one open outline."""
    chains = chained(loose)
    for ring in chains.closed:
        shell = shapely.Polygon(ring)
        if shell.area >= _SMALLEST:
            found.sound.append(Outline(shapely.geometry.polygon.orient(shell), chains.handles_of(ring)))
    for ring in chains.crossed:
        region = shapely.make_valid(shapely.Polygon(ring.coords))
        found.faulty.append(Outline(region, chains.handles_of(ring), "OUTLINE_SELF_INTERSECTION"))
    pieces = _outside(chains.pieces, found.sound)
    found.open_lines = len(pieces) if len(pieces) > _MOST_OPEN else 0
    for piece in pieces[:_MOST_OPEN]:
        ends = piece.coords[0], piece.coords[-1]
        region = shapely.make_valid(shapely.Polygon(piece.coords)) if len(piece.coords) > 2 else piece
        found.faulty.append(Outline(region, chains.handles_of(piece), "OUTLINE_OPEN", math.dist(*ends)))


def _merged(pieces: Sequence[Any]) -> list[Any]:
    if not pieces:
        return []
    merged = shapely.line_merge(shapely.multilinestrings(pieces))
    return [part for part in shapely.get_parts(merged) if part.length > _WELD]


def _outside(pieces: Sequence[Any], sound: Sequence[Outline]) -> list[Any]:
    """The open pieces that are no detail drawn inside an outline."""
    tree = shapely.STRtree([one.polygon.buffer(_WELD) for one in sound])
    inside = set(tree.query(pieces, predicate="within")[0].tolist()) if pieces and sound else set()
    return [piece for place, piece in enumerate(pieces) if place not in inside]


def _once(found: Outlines) -> Iterator[Outline]:
    """Every sound outline once; of one drawn twice the handle is kept."""
    kept: list[Outline] = []
    sound = found.sound
    tree = refuse_heap([one.polygon for one in sound], lambda place: next(iter(sound[place].handles), ""))
    for place, one in enumerate(found.sound):
        for other in tree.query(one.polygon, predicate="intersects"):
            twin = found.sound[other]
            alike = other < place and abs(twin.polygon.area - one.polygon.area) < _SAME
            if alike and twin.polygon.symmetric_difference(one.polygon).area < _SAME:
                found.doubled += one.handles
                break
        else:
            kept.append(one)
    yield from kept
