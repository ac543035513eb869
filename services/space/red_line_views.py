"""Queries of the red-line page: reading a file, repairing it, and an outline with what is compared and drawn (row 80)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.geometry import Geometry
from models.places_data import district
from models.records import Revision
from models.red_lines import PlaneSystem
from models.space_models import DrawingUse
from services.engine.cycle_lock import owner_of
from services.engine.door import Gathering
from services.engine.kinds import kind_named
from services.engine.late import shapely
from services.engine.proposals import form_of
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.space.coordinate_files import is_drawing, read_coordinates
from services.space.districts import district_outline
from services.space.drawing_answers import boundary_of
from services.space.drawing_queue import answer_to
from services.space.geometry_field import GeometryField, polygons_of
from services.space.outline_repairs import Reading, numbered_outline, read_as, repaired, repaired_all
from services.space.overlaps import Neighbour, in_plane
from services.space.planes import GK40, Pair, Plane, convertible
from services.space.red_line import RED_LINE, found_in, papers_of, perimeter_of
from services.space.red_line_checks import Papers, check_outline, plane_of
from services.space.red_line_search import neighbours_of
from services.space.space_findings import SpaceFinding
from services.space.transforms import plane_in

READERS = RED_LINE.makers.offices.readers
_DRAFTERS = RED_LINE.makers.draft
#: Neighbours are drawn up to so many millimetres beyond the outline's box.
_AROUND = 500_000
#: Outlines of districts are drawn for orientation: nearer points are left out, in metres.
_COARSE = 30.0
#: A part of the map wider than this is not searched, in metres.
_WIDEST = 20_000.0
Rings = list[list[Pair]]


@dataclass(frozen=True)
class ReadOutline:
    """A coordinate file, or pasted text, with the system the user chose; empty for what the file says.

    A drawing is read by the worker first: then `reading_id` names it, and there is no content.
    """

    content: bytes = field(default=b"", repr=False)
    system: str = ""
    reading_id: UUID | None = None


@dataclass(frozen=True)
class Repair:
    """A reading and what is to be repaired of it: a finding by its place in the list and the way; without one everything."""

    reading: Reading = field(repr=False)
    finding: int = -1
    way: str = ""


def _read(gathering: Gathering, order: ReadOutline) -> Reading:
    if (reading_id := order.reading_id) is not None:
        file = boundary_of(gathering.look(lambda work: answer_to(work, reading_id, DrawingUse.RED_LINE)))
    elif is_drawing(order.content):
        raise Rejected("图纸请作为文件上传，由系统排队读取")
    else:
        file = read_coordinates(order.content)
    return read_as(file, order.system)


@query("red_line.read_file", "读取坐标文件", roles=set(_DRAFTERS), gather=_read)
def read_outline(work: Work, order: ReadOutline, reading: Reading) -> Reading:
    """Read a coordinate file, with no transaction open; drawings were read by the worker."""
    return reading


def _repaired(_: Gathering, order: Repair) -> Reading:
    findings = order.reading.extent.findings
    if 0 <= order.finding < len(findings):
        return repaired(order.reading, findings[order.finding], order.way)
    return repaired_all(order.reading)


@query("red_line.repair_file", "修复坐标", roles=set(_DRAFTERS), gather=_repaired)
def repair_outline(work: Work, order: Repair, reading: Reading) -> Reading:
    """Repair one fault of a reading, or everything that a repair is offered for."""
    return reading


# ------------------------------------------------------------------ an outline as it is drawn


@dataclass(frozen=True)
class LookAt:
    """A version of a red line; `values` are those of its form now, raw, or None for those it keeps."""

    revision_id: UUID
    values: dict[str, Any] | None = None


@dataclass(frozen=True)
class Compared:
    """An area stated by a paper beside the computed one."""

    paper: str
    stated: Decimal
    difference: Decimal
    percent: Decimal


@dataclass(frozen=True)
class Around:
    """A neighbour or a district as it is drawn, in the plane of the outline; a neighbour that may not be named has no name."""

    kind: str
    name: str
    polygons: list[Rings]


@dataclass(frozen=True)
class OutlineView:
    """An outline numbered from its north-west corner, with its areas and findings, and what lies around it."""

    system: PlaneSystem
    label: str
    polygons: list[Rings]
    area: Decimal
    perimeter: Decimal
    compared: list[Compared]
    findings: list[SpaceFinding]
    around: list[Around]
    #: Where the map opens: west, south, east, north.
    opens: tuple[float, float, float, float]


@query("red_line.look", "查看项目空间范围", roles=set(READERS))
def look_at(work: Work, order: LookAt) -> OutlineView:
    """Return the outline of a version, checked, with its neighbours and its district; of another kind only where it lies."""
    row = work.get(Revision, order.revision_id)
    if row.kind != RED_LINE.name:
        return _of_another_kind(work, row, order.values)
    payload = row.payload.json() if order.values is None else {"values": order.values}
    values = form_of(RED_LINE, payload).values
    owner = owner_of(row)
    system = values.get("plane_system") or PlaneSystem.CGCS2000_GK3_40
    outline = values.get("outline")
    plane = plane_in(work, system, outline) if isinstance(outline, Geometry) else plane_of(system)
    around = list(_districts(owner.district_code, plane))
    if not isinstance(outline, Geometry):
        return _without(system, plane, owner.district_code, around)
    neighbours = neighbours_of(work, outline, system, but=row.record_id, wider=_AROUND)
    around += [_drawn(one, plane) for one in neighbours if convertible(one.plane, plane)]
    extent = check_outline(outline, system, plane=plane)
    return OutlineView(
        system,
        plane.label,
        polygons_drawn(numbered_outline(extent) or outline) if plane.has_map else [],
        outline.area.quantize(Decimal("0.01")),
        perimeter_of(outline),
        compared_with(papers_of(work, owner, values), outline.area),
        list(found_in(work, owner, values, but=row.record_id)),
        around,
        extent.whole.bounds,
    )


def _of_another_kind(work: Work, row: Revision, values: dict[str, Any] | None) -> OutlineView:
    """The outline of a record that is no red line: a building, an area, a place where parameters hold."""
    kind = kind_named(row.kind)
    form = form_of(kind, row.payload.json() if values is None else {"values": values}).values
    field = next((one for one in kind.fields if isinstance(one, GeometryField)), None)
    if field is None:
        raise NotFound
    said = form.get("plane_system") or form.get("plane")
    system = PlaneSystem.of(said.value) if said is not None else PlaneSystem.SH2000
    outline = form.get(field.name)
    plane = plane_in(work, system, outline) if isinstance(outline, Geometry) else plane_of(system)
    around = list(_districts(row.district_code, plane))
    if not isinstance(outline, Geometry):
        return _without(system, plane, row.district_code, around)
    whole = polygons_of(outline)
    why = "" if whole.is_valid else shapely.is_valid_reason(whole)
    findings = [SpaceFinding("SELF_INTERSECTION", "轮廓自相交，请调整")] if why else []
    drawn = polygons_drawn(outline) if plane.has_map else []
    area = outline.area.quantize(Decimal("0.01"))
    return OutlineView(system, plane.label, drawn, area, perimeter_of(outline), [], findings, around, whole.bounds)


@dataclass(frozen=True)
class LookAround:
    """A part of the map of a version: west, south, east, north in metres of its system."""

    revision_id: UUID
    system: PlaneSystem
    box: tuple[float, float, float, float]


@query("red_line.around", "查看周围的空间范围", roles=set(_DRAFTERS))
def look_around(work: Work, order: LookAround) -> list[Around]:
    """Return the red lines in force in a part of the map, to be snapped to; of a part too large only the district."""
    row = work.get(Revision, order.revision_id)
    plane = plane_of(order.system)
    around = list(_districts(row.district_code, plane))
    west, south, east, north = order.box
    if not 0 < east - west < _WIDEST or not 0 < north - south < _WIDEST:
        return around
    corners = ((west, south), (east, south), (east, north), (west, north))
    part = Geometry(((tuple((round(e * 1000), round(n * 1000)) for e, n in corners),),))
    neighbours = neighbours_of(work, part, order.system, but=row.record_id)
    return around + [_drawn(one, plane) for one in neighbours if convertible(one.plane, plane)]


def _without(system: PlaneSystem, plane: Plane, code: str, around: list[Around]) -> OutlineView:
    box = plane.box
    opens = (box.e_min, box.n_min, box.e_max, box.n_max)
    outline = district_outline(code)
    if outline is not None and convertible(plane, GK40):
        opens = in_plane(outline, GK40, plane).bounds
    return OutlineView(system, plane.label, [], Decimal(0), Decimal(0), [], [], around, opens)


def polygons_drawn(outline: Geometry) -> list[Rings]:
    """The rings of an outline in metres, the first point of each not repeated."""
    return [[[(e / 1000, n / 1000) for e, n in ring] for ring in polygon] for polygon in outline.polygons]


def compared_with(papers: Papers, area: Decimal) -> list[Compared]:
    """The areas of report, certificate and contract beside the computed one."""
    every = (("成果报告", papers.report), *papers.named)
    return [
        Compared(
            name,
            stated,
            (area - stated).quantize(Decimal("0.01")),
            ((area - stated) * 100 / stated).quantize(Decimal("0.01")),
        )
        for name, stated in every
        if stated
    ]


def _districts(code: str, plane: Plane) -> Sequence[Around]:
    outline = district_outline(code)
    if outline is None or not convertible(plane, GK40):
        return ()
    moved = in_plane(shapely.simplify(outline, _COARSE), GK40, plane)
    known = district(code)
    return (Around("district", known.name if known is not None else "", rings_of(moved)),)


def _drawn(neighbour: Neighbour, plane: Plane) -> Around:
    return Around("neighbour", neighbour.name, rings_of(in_plane(neighbour.whole, neighbour.plane, plane)))


def rings_of(whole: Any) -> list[Rings]:
    """The polygons of a shapely geometry as lists of places."""
    return [
        [[(round(e, 3), round(n, 3)) for e, n in ring.coords[:-1]] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(whole)
        if part.geom_type == "Polygon"
    ]
