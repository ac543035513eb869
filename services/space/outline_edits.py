"""Edits of an outline beside moving points: snapping to neighbours, splitting by a line, merging what touches (row 80)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from models.geometry import Geometry
from models.geometry import Ring as Places
from models.records import Revision
from models.red_lines import PlaneSystem
from services.engine.late import shapely
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.space.geometry_field import geometry_of, polygons_of
from services.space.overlaps import Neighbour, in_plane
from services.space.planes import Pair, Plane, convertible
from services.space.red_line import RED_LINE
from services.space.red_line_search import neighbours_of
from services.space.transforms import plane_in

#: Points nearer to a neighbour's than this are meant to be the same, in metres.
NEAR = 0.3
_GRID = 0.001
_CROSSED = "界址线自相交，请先改正再"


@dataclass(frozen=True)
class EditOutline:
    """An outline of a version as its form holds it, and what to do with it: `snap`, `split` along a line, or `merge`."""

    revision_id: UUID
    outline: str = field(repr=False)
    system: PlaneSystem
    way: str
    line: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Edited:
    """The outline after an edit, and what was done, for people."""

    outline: Geometry
    told: str


@query("red_line.edit", "编辑界址范围", roles=set(RED_LINE.makers.draft))
def edit_outline(work: Work, order: EditOutline) -> Edited:
    """Return the outline edited; nothing is stored."""
    row = work.get(Revision, order.revision_id)
    try:
        outline = Geometry.of(order.outline)
    except ValueError:
        raise Rejected("还没有完整的界址范围") from None
    if order.way == "split":
        return split_along(outline, order.line)
    if order.way == "merge":
        return merged(outline)
    neighbours = neighbours_of(work, outline, order.system, but=row.record_id, wider=1000)
    return snapped(outline, plane_in(work, order.system, outline), neighbours)


def split_along(outline: Geometry, line: Sequence[Pair]) -> Edited:
    """Cut every polygon that the line crosses from side to side."""
    if len(line) < 2:
        raise Rejected("分割线至少应有2个点")
    cut = shapely.LineString(line)
    before = _sound(outline, "分割")
    parts = [part for polygon in before for part in _parts(polygon, cut)]
    if len(parts) == len(before):
        raise Rejected("分割线没有穿过任何一块，请从一侧边界外画到另一侧边界外")
    return Edited(geometry_of(shapely.MultiPolygon(parts)), f"已分割为{len(parts)}块")


def _parts(polygon: shapely.Polygon, cut: shapely.LineString) -> Iterator[shapely.Polygon]:
    for part in shapely.get_parts(shapely.ops.split(polygon, cut)):
        if part.area > _GRID:
            yield part


def merged(outline: Geometry) -> Edited:
    """Make one of all polygons that share an edge or overlap."""
    before = _sound(outline, "合并")
    whole = shapely.union_all([shapely.set_precision(one, _GRID) for one in before], grid_size=_GRID)
    if len(shapely.get_parts(whole)) == len(before):
        raise Rejected("没有相邻的地块可以合并")
    return Edited(geometry_of(whole), f"已合并为{len(shapely.get_parts(whole))}块")


def _sound(outline: Geometry, verb: str) -> list[shapely.Polygon]:
    polygons = list(shapely.get_parts(polygons_of(outline)))
    if not all(polygon.is_valid for polygon in polygons):
        raise Rejected(_CROSSED + verb)
    return polygons


def snapped(outline: Geometry, plane: Plane, neighbours: Sequence[Neighbour]) -> Edited:
    """Move points that lie within 0.3 m of a neighbour's point onto it."""
    places = [
        (round(e * 1000), round(n * 1000))
        for one in neighbours
        if convertible(one.plane, plane)
        for e, n in shapely.get_coordinates(in_plane(one.whole, one.plane, plane))
    ]
    if not places:
        return Edited(outline, "附近没有已入库的范围")
    tree = shapely.STRtree([shapely.Point(e / 1000, n / 1000) for e, n in places])
    moved = 0

    def ring_of(ring: Places) -> Places:
        nonlocal moved
        points = []
        for e, n in ring:
            found = tree.query_nearest(shapely.Point(e / 1000, n / 1000), max_distance=NEAR)
            place = places[int(found[0])] if len(found) else (e, n)
            moved += place != (e, n)
            points.append(place)
        return tuple(points)

    shape = Geometry(tuple(tuple(ring_of(ring) for ring in polygon) for polygon in outline.polygons))
    return Edited(shape, f"{moved}个界址点已吸附到相邻界址点" if moved else "没有需要吸附的界址点")
