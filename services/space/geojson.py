"""Reads GeoJSON polygons: longitude and latitude, or the plane its `crs` member names (row 80)."""

import json
import re
from collections.abc import Iterator
from typing import Any

from services.files.file_refusals import FileRefused
from services.space.boundary_file import Boundary, BoundaryFile, ListedRing
from services.space.planes import GEO, GK40, SH2000
from services.space.survey_text import add_point

_BY_CODE = {"4490": GEO, "4326": GEO, "CRS84": GEO, "4549": GK40.key, "4528": GK40.key, "SH2000": SH2000.key}
_MOST_DEGREES = 180
#: Beyond this a number is no coordinate of any system.
_FARTHEST = 1e12
_OTHER_ZONES = {"4547": 38, "4548": 39, "4550": 41, "4551": 42, "4526": 38, "4527": 39, "4529": 41, "4530": 42}


def read_geojson(text: str) -> BoundaryFile:
    """Read every polygon; a line, a point or a broken text is refused."""
    try:
        content = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _refused("GeoJSON不完整或含有无效数值") from None
    file = BoundaryFile("geojson")
    if not isinstance(content, dict):
        raise _refused("GeoJSON中没有多边形")
    _name_system(file, content)
    for name, rings in _polygons(content, "", 0):
        if not rings or not all(rings):
            raise _refused("GeoJSON中有空的多边形")
        file.parcels.append(Boundary(name, rings=[_ring(place, ring) for place, ring in enumerate(rings, 1)]))
    if not file.parcels:
        raise _refused("GeoJSON中没有多边形")
    if not file.system and all(
        max(map(abs, point.place)) <= _MOST_DEGREES
        for parcel in file.parcels
        for ring in parcel.rings
        for point in ring.points
    ):
        file.system = GEO
    return file


def _name_system(file: BoundaryFile, content: dict[str, Any]) -> None:
    member = content.get("crs")
    name = str(member.get("properties", {}).get("name", "")) if isinstance(member, dict) else str(member or "")
    for code in re.findall(r"CRS84|SH2000|\d{4}", name.upper()):
        file.name_system(_BY_CODE.get(code, ""))
        file.zone = _OTHER_ZONES.get(code, file.zone)
    if name and not file.system and file.zone is None:
        file.foreign = name[:40]
    if file.zone is not None:
        file.system = GK40.key


def _polygons(content: Any, name: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """The rings of every polygon with the name of its feature."""
    if not isinstance(content, dict) or depth > 5:
        return
    kind = content.get("type")
    if kind == "FeatureCollection":
        for one in _list_of(content, "features"):
            yield from _polygons(one, name, depth + 1)
    elif kind == "Feature":
        properties = content.get("properties")
        known = properties if isinstance(properties, dict) else {}
        named = next((str(known[key]) for key in ("parcel", "parcel_no", "地块号", "name") if known.get(key)), name)
        yield from _polygons(content.get("geometry"), named[:60], depth + 1)
    elif kind == "GeometryCollection":
        for one in _list_of(content, "geometries"):
            yield from _polygons(one, name, depth + 1)
    elif kind == "Polygon":
        yield name, _list_of(content, "coordinates")
    elif kind == "MultiPolygon":
        for one in _list_of(content, "coordinates"):
            yield name, one if isinstance(one, list) else []
    elif kind is not None:
        raise _refused("GeoJSON中有非多边形的图形")


def _list_of(content: dict[str, Any], key: str) -> list[Any]:
    found = content.get(key)
    if not isinstance(found, list):
        raise _refused("GeoJSON结构不完整")
    return found


def _ring(number: int, places: Any) -> ListedRing:
    ring = ListedRing(number)
    for place in places if isinstance(places, list) else []:
        good = isinstance(place, list) and len(place) >= 2
        if not good or not all(map(_is_number, place[:2])):
            raise _refused("GeoJSON的坐标不是数值")
        add_point(ring, "", (float(place[0]), float(place[1])))
    ring.closed = bool(ring.points) and ring.points[0].place == ring.points[-1].place
    return ring


def _is_number(value: Any) -> bool:
    """Return whether a value is a coordinate; an integer beyond every float is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _FARTHEST


def _no_number(word: str) -> float:
    raise ValueError(word)


def _refused(why: str) -> FileRefused:
    return FileRefused("GEOJSON", f"{why}，请核对后上传")
