"""Reads the red line of a DXF drawing as a coordinate file (row 80, SPA-16)."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.files.file_refusals import FileRefused
from services.space.boundary_file import MOST_RINGS, Boundary, BoundaryFile, ListedRing
from services.space.drawing_guard import scan_drawing
from services.space.drawing_layers import DELIVERED, LayerBook, LayerNames, Wanted, encoding_of, thin_copy
from services.space.drawing_process import open_drawing
from services.space.outlines import chained
from services.space.planes import Pair, millimetres
from services.space.rings import CLOSED_BY_US, signed_area
from services.space.site_plan import STEPS, metres_of, not_read, unit_finding
from services.space.space_findings import SpaceFinding
from services.space.survey_text import add_point

#: Square metres below which a ring beside others marks a point.
_MARK = 4.0


def read_red_line(
    content: bytes, names: LayerNames = DELIVERED, *, told: Callable[[str], object] = lambda step: None
) -> BoundaryFile:
    """Read the rings on the red line layer; without such a layer, on the only layer with anything on it."""
    told(STEPS[0])
    scan = scan_drawing(content)
    encoding, findings = encoding_of(scan)
    book = LayerBook(scan, encoding)
    layers = book.choose(Wanted(), names).red_line
    if not layers:
        drawn = [layer for layer, count in book.counts.items() if count and layer not in book.frozen]
        if len(drawn) != 1:
            raise FileRefused("LAYER_MISSING", "没有找到用地红线图层，请把红线放在名为“用地红线”的图层上")
        layers = frozenset(drawn)
    told(STEPS[1])
    scale, unit = metres_of(scan)
    thin = thin_copy(book, layers)
    opened = open_drawing(thin, encoding=encoding, layers=layers, frozen=book.frozen, scale=scale)
    told(STEPS[2])
    file = BoundaryFile("drawing", findings=findings)
    for line in scan.comments:
        file.take_head(line.decode(encoding, errors="replace"))
    file.findings += [*unit_finding(unit, opened["shapes"]), *not_read(opened["others"], layers)]
    rings = sorted(_rings(opened["shapes"]), key=_area, reverse=True)
    parcel = Boundary(rings=_counted(rings, file.findings))
    if len(parcel.rings) > MOST_RINGS:
        raise FileRefused("TOO_MANY_ENTITIES", f"红线图层上的封闭图形超过{MOST_RINGS}个，请只保留用地红线")
    if parcel.rings:
        file.parcels.append(parcel)
    return file


def _rings(shapes: Iterable[Mapping[str, Any]]) -> Iterator[ListedRing]:
    """Closed lines, and open ones put together at their ends; what stays open is a ring with a gap."""
    loose = []
    for shape in shapes:
        points = [millimetres((e, n)) for e, n in shape["points"]]
        if shape["closed"]:
            yield _ring(points, closed=True)
        elif len(points) > 2 and math.dist(points[0], points[-1]) <= CLOSED_BY_US:
            yield _ring(points)
        else:
            loose.append((points, shape["handle"]))
    if loose:
        chains = chained(loose)
        for line in (*chains.closed, *chains.crossed):
            yield _ring(line.coords[:-1], closed=True)
        for line in chains.pieces:
            yield _ring(line.coords)


def _counted(rings: Sequence[ListedRing], findings: list[SpaceFinding]) -> list[ListedRing]:
    """The rings that bound a parcel, the larger before those in it; marks at points, and a ring drawn twice, are named and left out."""
    kept: dict[frozenset[Pair], ListedRing] = {}
    marks = doubled = 0
    for ring in rings:
        corners = frozenset(point.place for point in ring.points)
        if kept and _area(ring) < _MARK:
            marks += 1
        elif corners in kept:
            doubled += 1
        else:
            kept[corners] = ring
    if marks:
        findings.append(
            SpaceFinding("MARKS_LEFT", f"红线图层上有{marks}个不足{_MARK:g}平方米的图形，未计入", note=True)
        )
    if doubled:
        findings.append(SpaceFinding("OUTLINE_DOUBLED", f"有{doubled}条界线重复绘制，已按一条计", note=True))
    return list(kept.values())


def _ring(points: Iterable[Sequence[float]], *, closed: bool | None = None) -> ListedRing:
    ring = ListedRing(closed=closed)
    for point in points:
        add_point(ring, "", (float(point[0]), float(point[1])))
    return ring


def _area(ring: ListedRing) -> float:
    return abs(signed_area([point.place for point in ring.points]))
