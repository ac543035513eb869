"""Homes of a storey cut by hand or taken from a floor plan drawing (row 81, MANUAL and CAD_FLOOR_PLAN)."""

import re
from collections.abc import Sequence
from typing import Any

from services.engine.late import shapely
from services.engine.refusals import Rejected
from services.space.building_model import FloorPlan, Method, PlannedHome, Storey
from services.space.planes import Pair
from services.space.room_matches import bears_storey, room_key
from services.space.storey_division import areas_of, long_axis

Line = tuple[Pair, Pair]
#: Square metres below which a piece is no home; the share of a floor plan that must lie on the outline.
_LEAST_HOME, _FITS = 1.0, 0.9
_STOREYS = re.compile(r"(-?\d{1,3})(?:\s*[-~至]\s*(-?\d{1,3}))?")
_MOST_CUTS = 100


def storeys_named(text: str, known: Sequence[int]) -> tuple[int, ...]:
    """The storeys of a text such as `1,3-17`; nothing means all above ground."""
    if not text.strip():
        return tuple(one for one in known if one > 0)
    chosen: set[int] = set()
    for piece in re.split(r"[,，、;；\s]+", text.strip()):
        found = _STOREYS.fullmatch(piece)
        if found is None:
            raise Rejected("楼层请填写例如 3-17 或 1,2,5")
        first = int(found[1])
        last = int(found[2]) if found[2] else first
        chosen |= {one for one in known if min(first, last) <= one <= max(first, last)}
    if not chosen:
        raise Rejected("模型中没有这些楼层")
    return tuple(sorted(chosen))


def cuts_across(outline: Any, distances: Sequence[float]) -> list[Line]:
    """Lines across an outline at these distances in metres from the left end of its long axis."""
    angle = long_axis(outline)
    centre = outline.centroid
    flat = shapely.affinity.rotate(outline, -angle, origin=centre)
    left, low, right, high = flat.bounds
    if any(not 0 < one < right - left for one in distances):
        raise Rejected(f"切线位置应在0至{right - left:.1f}米之间")
    lines = []
    for one in distances:
        line = shapely.LineString([(left + one, low - 1), (left + one, high + 1)])
        start, end = shapely.affinity.rotate(line, angle, origin=centre).coords
        lines.append(((start[0], start[1]), (end[0], end[1])))
    return lines


def cut(outline: Any, lines: Sequence[Line]) -> list[Any]:
    """The pieces of an outline cut by lines, from left to right along its long axis, then from south to north."""
    if not lines:
        raise Rejected("请至少画一条切线")
    if len(lines) > _MOST_CUTS:
        raise Rejected(f"切线最多{_MOST_CUTS}条")
    pieces = [outline]
    for start, end in lines:
        if start == end:
            raise Rejected("切线的两端不能是同一点")
        blade = shapely.affinity.scale(shapely.LineString([start, end]), 1.001, 1.001)
        pieces = [part for piece in pieces for part in shapely.ops.split(piece, blade).geoms]
    pieces = [shapely.set_precision(areas_of(piece), 0.001) for piece in pieces]
    if len(pieces) < 2 or any(piece.area < _LEAST_HOME for piece in pieces):
        raise Rejected("切线没有把轮廓切开，或切出的部分不足1平方米，请调整")
    angle, centre = long_axis(outline), outline.centroid

    def order(piece: Any) -> tuple[float, float]:
        middle = shapely.affinity.rotate(piece, -angle, origin=centre).centroid
        return round(middle.x), middle.y

    return sorted(pieces, key=order)


def numbered(pieces: Sequence[Any], rooms: Sequence[str]) -> list[PlannedHome]:
    """The pieces with their rooms; without names they are 01, 02 and so on. 公共 is common and no home."""
    if rooms and len(rooms) != len(pieces):
        raise Rejected(f"切出{len(pieces)}个部分，填写了{len(rooms)}个室号，请逐个对应；公共部位填写“公共”")
    names = list(rooms) or [f"{number:02d}" for number in range(1, len(pieces) + 1)]
    return [PlannedHome(name, piece) for name, piece in zip(names, pieces, strict=True) if name != "公共"]


def fitted(homes: Sequence[PlannedHome], outline: Any) -> list[PlannedHome]:
    """The homes of a floor plan laid on an outline: as drawn, moved, or moved and turned; else it is refused."""
    if not homes:
        raise Rejected("平面图中没有户轮廓，请把户轮廓放在名为“户”或FH的图层上并闭合")
    whole = shapely.union_all([home.polygon for home in homes])
    for turn in (None, 0.0, long_axis(outline) - long_axis(whole), long_axis(outline) - long_axis(whole) + 180):
        laid = [
            home if turn is None else PlannedHome(home.room, _laid(home.polygon, whole, outline, turn))
            for home in homes
        ]
        if shapely.union_all([one.polygon for one in laid]).intersection(outline).area >= _FITS * whole.area:
            return laid
    raise Rejected("平面图与该幢轮廓不重合，请核对图纸的比例和单位")


def _laid(polygon: Any, whole: Any, outline: Any, turn: float) -> Any:
    turned = shapely.affinity.rotate(polygon, turn, origin=whole.centroid)
    middle, goal = (
        whole.envelope.centroid if not turn else whole.centroid,
        outline.envelope.centroid if not turn else outline.centroid,
    )
    return shapely.set_precision(shapely.affinity.translate(turned, goal.x - middle.x, goal.y - middle.y), 0.001)


def typical(method: Method, homes: Sequence[PlannedHome], storeys: Sequence[Storey]) -> dict[int, FloorPlan]:
    """Put the same homes on each of these storeys, their rooms numbered by the storey: 01 is 501 on storey 5."""
    first = storeys[0].label
    borne = all(bears_storey(home.room, first) for home in homes if home.room)
    plans = {}
    for storey in storeys:
        named = []
        for home in homes:
            place = room_key(home.room, first).place.zfill(2) if borne and home.room else home.room
            own = f"{storey.label}{place}" if place.isdigit() and len(place) <= 2 and storey.number > 0 else place
            named.append(PlannedHome(own if home.room else "", home.polygon))
        plans[storey.number] = FloorPlan(method, tuple(named))
    return plans
