"""Building models as CityJSON 2.0, out and in: buildings, storeys and homes as closed prisms (row 81)."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.engine.late import shapely
from services.files.file_refusals import FileRefused
from services.space.building_model import BuildingModel
from services.space.drawing_process import run_limited
from services.space.planes import GK40, Plane
from services.space.space_findings import SpaceFinding

LARGEST = 50 << 20
CHILD = Path(__file__).with_name("city_child.py")
_SCALE, _LOD = 0.001, "1.2"
#: Pairs of homes whose boxes meet that are still compared.
_MOST_PAIRS = 5_000_000
_SYSTEMS = {"CGCS2000_GK3_40": "https://www.opengis.net/def/crs/EPSG/0/4549"}

#: A face: rings of vertex numbers, the first its border. A shell: faces.
Face = list[list[int]]
Vertex = tuple[float, float, float]


@dataclass
class CitySpace:
    """A home of a CityJSON file: identity, room, storey, and its prism's bottom, base and height."""

    identity: str
    room: str
    storey: str
    bottom: shapely.Polygon
    base: float
    height: float
    #: The number of its building, or the building's identity in the file.
    building: str = ""
    #: Its place on its storey's plan, which says the entrance where two have the same rooms.
    place: str = ""


@dataclass
class CityShell:
    """A storey of a CityJSON file, or with an empty storey a whole building: outline, base and height; `method` of its homes."""

    building: str
    storey: str
    method: str
    bottom: shapely.Polygon
    base: float
    height: float


@dataclass
class CityFile:
    """The homes of a CityJSON file with their storeys and buildings, what is wrong, and the kinds that were not read."""

    spaces: list[CitySpace] = field(default_factory=list)
    shells: list[CityShell] = field(default_factory=list)
    findings: list[SpaceFinding] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)


class _Vertices:
    """The vertices of a file, each once, as whole millimetres from the file's origin."""

    def __init__(self, origin: Vertex) -> None:
        self.origin = origin
        self.numbers: dict[tuple[int, int, int], int] = {}

    def number(self, e: float, n: float, z: float) -> int:
        moved = (value - start for value, start in zip((e, n, z), self.origin, strict=True))
        first, second, third = (round(value / _SCALE) for value in moved)
        return self.numbers.setdefault((first, second, third), len(self.numbers))


def write_city_json(models: Sequence[BuildingModel], plane: Plane = GK40) -> dict[str, Any]:
    """The models as one CityJSON object, each from its own height above the datum."""
    e, n = _corner(models)
    vertices = _Vertices((e, n, 0.0))
    objects: dict[str, Any] = {}
    for place, model in enumerate(models, 1):
        _write_building(objects, vertices, model, f"b{place}")
    return {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [_SCALE] * 3, "translate": [e, n, 0.0]},
        "metadata": {"referenceSystem": _SYSTEMS[plane.key]} if plane.key in _SYSTEMS else {"title": plane.label},
        "CityObjects": objects,
        "vertices": [list(vertex) for vertex in vertices.numbers],
    }


def _corner(models: Sequence[BuildingModel]) -> tuple[float, float]:
    """A whole metre south-west of all storeys, so that vertices are small numbers."""
    bounds = [storey.outline.bounds for model in models for storey in model.storeys]
    if not bounds:
        return 0.0, 0.0
    return float(int(min(one[0] for one in bounds))), float(int(min(one[1] for one in bounds)))


def _write_building(objects: dict[str, Any], vertices: _Vertices, model: BuildingModel, identity: str) -> None:
    base = model.base
    storeys = [f"{identity}-{storey.number}" for storey in model.storeys]
    attributes = {"building_no": model.number, "method": model.method.value}
    objects[identity] = {"type": "Building", "attributes": attributes, "children": storeys}
    if model.footprint is not None and model.storeys:
        top = max(storey.base + storey.height for storey in model.storeys)
        low = min(storey.base for storey in model.storeys)
        objects[identity]["geometry"] = _solids(vertices, model.footprint, base + low, base + top)
    for storey, key in zip(model.storeys, storeys, strict=True):
        facts = {"storey": storey.number, "label": storey.label, "base_z": storey.base, "height": storey.height}
        objects[key] = {
            "type": "BuildingStorey",
            "attributes": {**facts, "method": storey.method.value},
            "parents": [identity],
            "children": [],
            "geometry": _solids(vertices, storey.outline, base + storey.base, base + storey.base + storey.height),
        }
    for number, home in enumerate(model.homes, 1):
        for place, part in enumerate(home.parts, 1):
            key, storey_key = f"{identity}-u{number}-{place}", f"{identity}-{part.storey}"
            objects[storey_key]["children"].append(key)
            objects[key] = {
                "type": "BuildingUnit",
                "attributes": {"room_no": home.room, "storey": part.storey, "part_no": part.key},
                "parents": [storey_key],
                "geometry": _solids(vertices, part.polygon, base + part.base, base + part.base + part.height),
            }


def _solids(vertices: _Vertices, outline: Any, low: float, high: float) -> list[dict[str, Any]]:
    """The prisms of an outline between two heights."""
    return [_solid(vertices, polygon, low, high) for polygon in shapely.get_parts(outline)]


def _solid(vertices: _Vertices, polygon: shapely.Polygon, low: float, high: float) -> dict[str, Any]:
    """A prism: bottom seen from below, top from above, a wall for each edge of every ring."""
    turned = shapely.orient_polygons(polygon)
    bottom: Face = []
    top: Face = []
    walls: list[Face] = []
    for ring in (turned.exterior, *turned.interiors):
        places = ring.coords[:-1]
        under = [vertices.number(e, n, low) for e, n in places]
        over = [vertices.number(e, n, high) for e, n in places]
        bottom.append(under[::-1])
        top.append(over)
        for at in range(len(places)):
            after = (at + 1) % len(places)
            walls.append([[under[at], under[after], over[after], over[at]]])
    return {"type": "Solid", "lod": _LOD, "boundaries": [[bottom, top, *walls]]}


def read_city_json(content: bytes) -> CityFile:
    """Read the homes of a file; every solid must be closed and upright, other kinds of objects are counted."""
    if len(content) > LARGEST:
        raise _refused("CITYJSON_SIZE")
    if not content.removeprefix(BOM_UTF8).lstrip()[:1] == b"{" or b"\0" in content:
        raise _refused("CITYJSON")
    answer = run_limited(CHILD, content)
    if answer is None:
        raise _refused("LIMITS")
    if word := answer.get("refused"):
        raise _refused(str(word))
    file = CityFile(ignored=Counter(answer["ignored"]))
    faults = [(code, identity) for code, identity in answer["faults"]]
    for one in answer["spaces"]:
        rings, kind, place = one.pop("rings"), one.pop("kind"), one.pop("part_no")
        bottom = shapely.Polygon(rings[0], rings[1:])
        if kind != "BuildingUnit":
            del one["identity"], one["room"]
            one["storey"] = one["storey"] if kind == "BuildingStorey" else ""
            if bottom.is_valid and (one["storey"] or kind != "BuildingStorey"):
                file.shells.append(CityShell(bottom=bottom, **one))
        elif bottom.is_valid:
            del one["method"]
            file.spaces.append(CitySpace(bottom=bottom, place=place, **one))
        else:
            faults.append(("NOT_A_PRISM", one["identity"]))
    file.findings = [SpaceFinding(code, _FAULTS[code], identity) for code, identity in faults]
    file.findings += _on_each_other(file.spaces)
    return file


_REFUSALS = {
    "CITYJSON_SIZE": f"CityJSON文件超过{LARGEST >> 20}MB，请按幢拆分",
    "CITYJSON": "文件不是完整的CityJSON，请核对后上传",
    "CITYJSON_VERSION": "只能读取CityJSON 2.0，请转换后上传",
    "CITYJSON_OBJECTS": "CityJSON中的对象过多，请按幢拆分",
    "CITYJSON_VERTICES": "CityJSON的顶点或比例不完整，请核对后上传",
    "CITYJSON_HEAP": "CityJSON中互相重叠的户过多，请核对后上传",
    "LIMITS": "CityJSON过于复杂，无法在限定的时间和内存内读取，请按幢拆分",
}
_FAULTS = {
    "NOT_CLOSED": "体没有封闭",
    "WRONG_WAY": "体的面朝内",
    "NOT_A_PRISM": "体不是竖直棱柱，不能按分户空间读取",
    "HOMES_OVERLAP": "与同层另一户重叠",
}


def _refused(word: str) -> FileRefused:
    return FileRefused(word.replace("_", "-"), _REFUSALS[word])


def _on_each_other(spaces: Sequence[CitySpace]) -> Iterator[SpaceFinding]:
    """Say which homes take the same room; where too many could, comparing each with all others would never end."""
    bottoms = [space.bottom for space in spaces]
    tree = shapely.STRtree(bottoms)
    pairs = 0
    for place, space in enumerate(spaces):
        near = tree.query(space.bottom)
        pairs += len(near)
        if pairs > _MOST_PAIRS:
            raise _refused("CITYJSON_HEAP")
        for found in near:
            other = spaces[int(found)]
            apart = other.base >= space.base + space.height - _SCALE or space.base >= other.base + other.height - _SCALE
            if found < place and not apart and space.bottom.intersection(other.bottom).area > 0.05:
                yield SpaceFinding("HOMES_OVERLAP", _FAULTS["HOMES_OVERLAP"], space.identity)
