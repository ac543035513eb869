"""Red lines as files for others: point table, electronic boundary file, GeoJSON, DXF (row 80, section 7.2)."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.engine.late import shapely
from services.space.drawing_guard import METRES
from services.space.extent import Extent
from services.space.planes import SH2000, Pair, Plane, inverse

_HECTARE = 10_000
#: The layers of an exported drawing: rings, point numbers.
_LINE_LAYER, _NUMBER_LAYER = "用地红线", "界址点号"


@dataclass(frozen=True)
class NumberedPoint:
    """A boundary point of the result: number, place, and the length of the edge to the next point."""

    number: str
    place: Pair
    edge: float


@dataclass(frozen=True)
class NumberedRing:
    """A ring of the result: parcel and ring count from 1, ring 1 is the shell; its last point is not repeated."""

    parcel: int
    ring: int
    points: tuple[NumberedPoint, ...]


def numbered_rings(extent: Extent) -> list[NumberedRing]:
    """All rings of an extent; J1 is a shell's north-west corner, and shells run clockwise, holes the other way."""
    return [ring for number, polygon in enumerate(_polygons(extent), 1) for ring in _rings(number, polygon)]


def point_rows(extent: Extent) -> list[tuple[int, int, str, float, float, float | None]]:
    """The rows of the point table: parcel, ring, number, X north, Y east, edge; the first point closes each ring."""
    rows: list[tuple[int, int, str, float, float, float | None]] = []
    for ring in numbered_rings(extent):
        for point in ring.points:
            rows.append((ring.parcel, ring.ring, point.number, point.place[1], point.place[0], round(point.edge, 2)))
        first = ring.points[0]
        rows.append((ring.parcel, ring.ring, first.number, first.place[1], first.place[0], None))
    return rows


def boundary_text(extent: Extent, *, names: Sequence[str] = (), unit: str = "", day: str = "") -> str:
    """The electronic boundary file of an extent, which `read_survey_text` reads back."""
    plane = extent.plane
    head = [
        "[属性描述]",
        "格式版本号=1.01",
        f"数据产生单位={unit}",
        f"数据产生日期={day}",
        f"坐标系={'上海2000坐标系' if plane == SH2000 else '2000国家大地坐标系'}",
        f"几度分带={3 if plane.zone else ''}",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={plane.zone or ''}",
        "精度=0.001",
        "转换参数=,,,,,,",
        "[地块坐标]",
    ]
    lines = list(head)
    rings = numbered_rings(extent)
    for number, polygon in enumerate(_polygons(extent), 1):
        of_parcel = [ring for ring in rings if ring.parcel == number]
        count = sum(len(ring.points) + 1 for ring in of_parcel)
        name = names[number - 1] if number <= len(names) else ""
        lines.append(f"{count},{polygon.area / _HECTARE:.4f},{name},,面,,,,@")
        for ring in of_parcel:
            for point in (*ring.points, ring.points[0]):
                lines.append(f"{point.number},{ring.ring},{point.place[1]:.3f},{_with_zone(point.place[0], plane)}")
    return "\r\n".join(lines) + "\r\n"


def geojson_text(extent: Extent) -> str:
    """The extent in longitude and latitude, shells counter-clockwise as that format has them."""

    def degrees(places: Any) -> list[list[float]]:
        return [[round(value, 9) for value in inverse((e, n), extent.plane)] for e, n in places]

    features = []
    for number, polygon in enumerate(_polygons(extent), 1):
        turned = shapely.orient_polygons(polygon)
        rings = [degrees(ring.coords) for ring in (turned.exterior, *turned.interiors)]
        properties = {"parcel": number, "area_m2": round(polygon.area, 2), "plane": extent.plane.key}
        geometry = {"type": "Polygon", "coordinates": rings}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def dxf_text(extent: Extent) -> str:
    """The extent as a DXF of release 12, which every program reads; to be written in GBK."""
    # That release has no variable for the unit, so that comments name it and the system.
    lines = ["999", f"坐标系={extent.plane.label}", "999", METRES]
    lines += ["0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", "AC1009", "9", "$DWGCODEPAGE", "3", "ANSI_936"]
    lines += ["0", "ENDSEC", "0", "SECTION", "2", "ENTITIES"]
    for ring in numbered_rings(extent):
        lines += ["0", "POLYLINE", "8", _LINE_LAYER, "66", "1", "70", "1", "10", "0", "20", "0", "30", "0"]
        for point in ring.points:
            lines += ["0", "VERTEX", "8", _LINE_LAYER, *_placed(point.place)]
        lines += ["0", "SEQEND", "8", _LINE_LAYER]
        for point in ring.points:
            lines += ["0", "TEXT", "8", _NUMBER_LAYER, *_placed(point.place), "40", "1.5", "1", point.number]
    lines += ["0", "ENDSEC", "0", "EOF"]
    return "\n".join(lines) + "\n"


def _polygons(extent: Extent) -> list[Any]:
    return [polygon for parcel in extent.parcels for polygon in parcel.polygons]


def _rings(parcel: int, polygon: Any) -> Iterator[NumberedRing]:
    turned = shapely.orient_polygons(polygon, exterior_cw=True)
    number = 0
    for place, ring in enumerate((turned.exterior, *turned.interiors), 1):
        corners: list[Pair] = [(e, n) for e, n in ring.coords[:-1]]
        begin = _north_west(corners)
        points = []
        for at in range(len(corners)):
            corner, following = corners[(begin + at) % len(corners)], corners[(begin + at + 1) % len(corners)]
            number += 1
            points.append(NumberedPoint(f"J{number}", corner, math.dist(corner, following)))
        yield NumberedRing(parcel, place, tuple(points))


def _north_west(corners: Sequence[Pair]) -> int:
    """The corner nearest to the north-west corner of the box around a ring."""
    west, north = min(e for e, _ in corners), max(n for _, n in corners)
    return min(range(len(corners)), key=lambda place: math.dist(corners[place], (west, north)))


def _placed(place: Pair) -> tuple[str, ...]:
    return "10", f"{place[0]:.3f}", "20", f"{place[1]:.3f}", "30", "0"


def _with_zone(east: float, plane: Plane) -> str:
    return f"{plane.zone or ''}{east:.3f}"
