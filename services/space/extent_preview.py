"""A red line as an SVG picture drawn on the server, without a map: rings, point numbers, neighbours, findings (row 80)."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from services.engine.late import shapely
from services.space.extent import Extent
from services.space.extent_exports import numbered_rings
from services.space.overlaps import Neighbour, in_plane
from services.space.planes import Pair, convertible

_SIDE, _MARGIN = 600.0, 24.0
#: Point numbers are written up to so many points; of more only every so many-th.
_MOST_NUMBERS = 60
_SMALLEST = 1.0


class _Sheet:
    """The scale of a picture: metres of the plane to units of the drawing, north upward."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.west, self.south, east, self.north = bounds
        self.scale = _SIDE / max(east - self.west, self.north - self.south, _SMALLEST)
        self.width = (east - self.west) * self.scale + 2 * _MARGIN
        self.height = (self.north - self.south) * self.scale + 2 * _MARGIN

    def at(self, place: Pair) -> tuple[float, float]:
        e, n = place
        return _MARGIN + (e - self.west) * self.scale, _MARGIN + (self.north - n) * self.scale

    def path(self, polygon: Any) -> str:
        """The rings of a polygon, or of several, as one path."""
        rings = [
            ring
            for part in shapely.get_parts(polygon)
            if part.geom_type == "Polygon"
            for ring in (part.exterior, *part.interiors)
        ]
        return " ".join(self._ring(ring.coords[:-1]) for ring in rings)

    def _ring(self, places: Sequence[Pair]) -> str:
        points = [f"{x:.1f} {y:.1f}" for x, y in (self.at((place[0], place[1])) for place in places)]
        return f"M{' L'.join(points)} Z"


def extent_svg(extent: Extent, neighbours: Sequence[Neighbour] = (), *, title: str = "用地范围") -> str:
    """The picture of an extent; of neighbours what lies in it. Colours come from the page's classes, with usual ones beside."""
    whole = extent.whole
    if whole.is_empty:
        return ""
    sheet = _Sheet(whole.bounds)
    body = [*_neighbours(extent, neighbours, sheet), *_own(extent, sheet), *_findings(extent, sheet)]
    size = f"{sheet.width:.0f} {sheet.height:.0f}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" aria-label="{escape(title)}">'
    return f"{head}<title>{escape(title)}</title>{''.join(body)}</svg>"


def _own(extent: Extent, sheet: _Sheet) -> Iterator[str]:
    yield f'<path class="extent" fill="none" stroke="currentColor" stroke-width="2" fill-rule="evenodd" d="{sheet.path(extent.whole)}"/>'
    rings = numbered_rings(extent)
    points = [point for ring in rings for point in ring.points]
    step = 1 + len(points) // _MOST_NUMBERS
    for point in points[::step]:
        x, y = sheet.at(point.place)
        yield f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="currentColor"/>'
        yield f'<text class="number" x="{x + 4:.1f}" y="{y - 4:.1f}" font-size="11" fill="currentColor">{escape(point.number)}</text>'


def _neighbours(extent: Extent, neighbours: Sequence[Neighbour], sheet: _Sheet) -> Iterator[str]:
    around = shapely.box(*extent.whole.bounds)
    for neighbour in neighbours:
        if not convertible(neighbour.plane, extent.plane):
            continue
        seen = in_plane(neighbour.whole, neighbour.plane, extent.plane).intersection(around)
        if not seen.is_empty and (path := sheet.path(seen)):
            yield f'<path class="neighbour" fill="#8884" stroke="#888" stroke-dasharray="4 3" fill-rule="evenodd" d="{path}"/>'


def _findings(extent: Extent, sheet: _Sheet) -> Iterator[str]:
    """A mark at the place of every finding, with its sentence as the title."""
    for finding in extent.findings:
        if finding.place is None:
            continue
        x, y = sheet.at(finding.place)
        tone = "note" if finding.note else "fault"
        yield f'<g class="finding {tone}"><title>{escape(finding.message)}</title>'
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="#b3261e" stroke-width="2"/></g>'
