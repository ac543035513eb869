"""Reads the red line of a DXF drawing as a coordinate file (row 80, SPA-16)."""

from collections.abc import Callable, Iterable, Sequence

from services.files.file_refusals import FileRefused
from services.space.boundary_file import Boundary, BoundaryFile, ListedRing
from services.space.drawing_guard import scan_drawing
from services.space.drawing_layers import LayerBook, Wanted, encoding_of, thin_copy
from services.space.drawing_process import open_drawing
from services.space.outlines import find_outlines
from services.space.site_plan import STEPS, metres_of, not_read, unit_finding
from services.space.survey_text import add_point


def read_red_line(content: bytes, *, told: Callable[[str], object] = lambda step: None) -> BoundaryFile:
    """Read the rings on the red line layer; without such a layer, on the only layer with anything on it."""
    told(STEPS[0])
    scan = scan_drawing(content)
    encoding, findings = encoding_of(scan)
    book = LayerBook(scan, encoding)
    layers = book.choose(Wanted()).red_line
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
    file.findings += [*unit_finding(unit, opened["shapes"]), *not_read(opened["others"], layers)]
    parcel = Boundary()
    loose = []
    for shape in opened["shapes"]:
        if shape["closed"] or len(shape["points"]) > 3:
            parcel.rings.append(_ring(shape["points"], closed=bool(shape["closed"])))
        else:
            loose.append(shape)
    for outline in find_outlines(loose).sound:
        parcel.rings.append(_ring(outline.polygon.exterior.coords, closed=True))
    # The larger ring comes first, so that a hole finds its shell.
    parcel.rings.sort(key=_width, reverse=True)
    if parcel.rings:
        file.parcels.append(parcel)
    return file


def _ring(points: Iterable[Sequence[float]], *, closed: bool) -> ListedRing:
    ring = ListedRing(closed=closed or None)
    for point in points:
        add_point(ring, "", (float(point[0]), float(point[1])))
    return ring


def _width(ring: ListedRing) -> float:
    easts = [point.place[0] for point in ring.points]
    return max(easts) - min(easts)
