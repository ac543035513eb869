"""Overlaps of an extent with its neighbours (SPA-09), in the plane of the extent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.engine.late import numpy, shapely
from services.space.planes import Plane, between, convertible, millimetres
from services.space.space_findings import SpaceFinding

#: Square metres and share of the smaller extent that an overlap must exceed before it is reported; the share that stops.
SLIVER, SHARE, STOPS = 1.0, 0.0005, 0.01
_GRID = 0.001


@dataclass(frozen=True)
class Neighbour:
    """An extent that is already stored. `name` is what may be said of it, nothing of one that the caller does not see."""

    name: str
    plane: Plane
    whole: shapely.MultiPolygon


def in_plane(whole: Any, source: Plane, target: Plane) -> Any:
    """A geometry of one plane in another, point by point."""
    if source == target:
        return whole

    def moved(places: Any) -> Any:
        return numpy.array([millimetres(between((e, n), source, target)) for e, n in places]).reshape(-1, 2)

    return shapely.transform(whole, moved)


def overlaps(
    whole: shapely.MultiPolygon,
    plane: Plane,
    neighbours: Sequence[Neighbour],
    *,
    told: float = SHARE,
    stops: float = STOPS,
) -> Iterator[SpaceFinding]:
    """Say on which neighbours an extent lies; shared edges and slivers are none, and up to the share `stops` it warns.

    A neighbour whose plane cannot be converted is not compared.
    """
    for neighbour in neighbours:
        if not convertible(neighbour.plane, plane):
            continue
        other = in_plane(neighbour.whole, neighbour.plane, plane)
        if not _boxes_meet(whole, other):
            continue
        common = _common(whole, other)
        smaller = min(whole.area, other.area)
        if common.area > SLIVER and common.area > told * smaller:
            place = common.representative_point()
            named = f"“{neighbour.name}”" if neighbour.name else ""
            message = f"与已入库范围{named}重叠{common.area:.1f}平方米"
            warns = common.area <= stops * smaller
            code = f"OVERLAP:{neighbour.name}"
            yield SpaceFinding(code, message, neighbour.name, (place.x, place.y), warns=warns)


def _common(whole: Any, other: Any) -> Any:
    """The common part; coordinates that were converted are put on the grid first, or the overlay may fail."""
    parts = [shapely.set_precision(shapely.make_valid(one), _GRID) for one in (whole, other)]
    return shapely.intersection(*parts, grid_size=_GRID)


def _boxes_meet(whole: Any, other: Any) -> bool:
    if whole.is_empty or other.is_empty:
        return False
    e_min, n_min, e_max, n_max = whole.bounds
    return bool(
        other.bounds[0] <= e_max and other.bounds[2] >= e_min and other.bounds[1] <= n_max and other.bounds[3] >= n_min
    )
