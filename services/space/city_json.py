"""Building models as CityJSON 2.0, out and in: buildings, storeys and homes as closed prisms (row 81)."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import shapely
from shapely import Polygon

from services.files.file_refusals import FileRefused
from services.space.building_model import BuildingModel, Part
from services.space.planes import GK40, Plane
from services.space.space_findings import SpaceFinding

LARGEST, MOST_OBJECTS, MOST_VERTICES = 50 << 20, 100_000, 2_000_000
_SCALE, _LOD = 0.001, "1.2"
_READ = ("Building", "BuildingPart", "BuildingStorey", "BuildingUnit")
_LODS = ("1", "2")
_DEEPEST = 4
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
    bottom: Polygon
    base: float
    height: float
    #: The number of its building, or the building's identity in the file.
    building: str = ""


@dataclass
class CityFile:
    """The homes of a CityJSON file, what is wrong with it, and the kinds of objects that were not read."""

    spaces: list[CitySpace] = field(default_factory=list)
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


def write_city_json(models: Sequence[BuildingModel], plane: Plane = GK40, *, base: float = 0.0) -> dict[str, Any]:
    """The models as one CityJSON object; `base` is the height of the ground floors above the datum."""
    e, n = _corner(models)
    vertices = _Vertices((e, n, base))
    objects: dict[str, Any] = {}
    for place, model in enumerate(models, 1):
        _write_building(objects, vertices, model, f"b{place}", base)
    return {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [_SCALE] * 3, "translate": [e, n, base]},
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


def _write_building(
    objects: dict[str, Any], vertices: _Vertices, model: BuildingModel, identity: str, base: float
) -> None:
    storeys = [f"{identity}-{storey.number}" for storey in model.storeys]
    attributes = {"building_no": model.number, "method": model.method.value}
    objects[identity] = {"type": "Building", "attributes": attributes, "children": storeys}
    for storey, key in zip(model.storeys, storeys, strict=True):
        facts = {"storey": storey.number, "label": storey.label, "base_z": storey.base, "height": storey.height}
        objects[key] = {"type": "BuildingStorey", "attributes": facts, "parents": [identity], "children": []}
    for number, home in enumerate(model.homes, 1):
        for place, part in enumerate(home.parts, 1):
            key, storey_key = f"{identity}-u{number}-{place}", f"{identity}-{part.storey}"
            objects[storey_key]["children"].append(key)
            objects[key] = {
                "type": "BuildingUnit",
                "attributes": {"room_no": home.room, "storey": part.storey},
                "parents": [storey_key],
                "geometry": [_solid(vertices, polygon, part, base) for polygon in shapely.get_parts(part.polygon)],
            }


def _solid(vertices: _Vertices, polygon: Polygon, part: Part, base: float) -> dict[str, Any]:
    """A prism: bottom seen from below, top from above, a wall for each edge of every ring."""
    turned = shapely.orient_polygons(polygon)
    low, high = base + part.base, base + part.base + part.height
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
    document = _document(content)
    file = CityFile()
    vertices = _places(document)
    objects: Mapping[str, Any] = document["CityObjects"]
    for identity, one in objects.items():
        kind = one.get("type") if isinstance(one, dict) else None
        if kind not in _READ:
            file.ignored[str(kind)[:40]] += 1
        elif kind == "BuildingUnit":
            known = len(file.spaces)
            for geometry in one.get("geometry", []):
                _read_solid(file, str(identity)[:60], one, geometry, vertices)
            for space in file.spaces[known:]:
                space.building = _building_of(objects, one)
    file.findings += _on_each_other(file.spaces)
    return file


def _building_of(objects: Mapping[str, Any], unit: Mapping[str, Any]) -> str:
    """The building over a home: its number, else its identity."""
    one: Any = unit
    for _ in range(_DEEPEST):
        parents = one.get("parents") if isinstance(one, dict) else None
        if not isinstance(parents, list) or not parents:
            return ""
        identity, one = str(parents[0]), objects.get(str(parents[0]))
        if isinstance(one, dict) and one.get("type") in ("Building", "BuildingPart"):
            attributes = one.get("attributes")
            number = attributes.get("building_no") if isinstance(attributes, dict) else None
            return str(number or identity)[:40]
    return ""


def _document(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise FileRefused("CITYJSON-SIZE", f"CityJSON文件超过{LARGEST >> 20}MB，请按幢拆分")
    try:
        document: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise FileRefused("CITYJSON", "文件不是完整的CityJSON，请核对后上传") from None
    whole = isinstance(document, dict) and document.get("type") == "CityJSON"
    if not whole or not isinstance(document.get("CityObjects"), dict) or not isinstance(document.get("vertices"), list):
        raise FileRefused("CITYJSON", "文件不是完整的CityJSON，请核对后上传")
    if not str(document.get("version", "")).startswith("2."):
        raise FileRefused("CITYJSON-VERSION", "只能读取CityJSON 2.0，请转换后上传")
    if len(document["CityObjects"]) > MOST_OBJECTS or len(document["vertices"]) > MOST_VERTICES:
        raise FileRefused("CITYJSON-SIZE", "CityJSON中的对象过多，请按幢拆分")
    return dict(document)


def _places(document: Mapping[str, Any]) -> list[Vertex]:
    try:
        transform = document["transform"]
        scale, move = [float(one) for one in transform["scale"]], [float(one) for one in transform["translate"]]
        found = [
            (float(e) * scale[0] + move[0], float(n) * scale[1] + move[1], float(z) * scale[2] + move[2])
            for e, n, z in document["vertices"]
        ]
    except (KeyError, TypeError, ValueError, IndexError):
        raise FileRefused("CITYJSON", "CityJSON的顶点或比例不完整，请核对后上传") from None
    return found


def _read_solid(
    file: CityFile, identity: str, one: Mapping[str, Any], geometry: Any, vertices: Sequence[Vertex]
) -> None:
    if not isinstance(geometry, dict) or geometry.get("type") != "Solid":
        file.ignored["geometry"] += 1
        return
    if not str(geometry.get("lod", "")).startswith(_LODS):
        file.ignored["lod"] += 1
        return
    try:
        shell: list[Face] = geometry["boundaries"][0]
        fault = solid_fault(shell, vertices)
        prism = None if fault else _prism(shell, vertices)
    except (KeyError, IndexError, TypeError, ValueError):
        fault, prism = "NOT_CLOSED", None
    if prism is None:
        message = _FAULTS[fault or "NOT_A_PRISM"]
        file.findings.append(SpaceFinding(fault or "NOT_A_PRISM", f"{identity}：{message}", identity))
        return
    attributes = one.get("attributes") if isinstance(one.get("attributes"), dict) else {}
    room, storey = (str((attributes or {}).get(key, ""))[:40] for key in ("room_no", "storey"))
    file.spaces.append(CitySpace(identity, room, storey, *prism))


_FAULTS = {
    "NOT_CLOSED": "体没有封闭",
    "WRONG_WAY": "体的面朝内",
    "NOT_A_PRISM": "体不是竖直棱柱，不能按分户空间读取",
    "HOMES_OVERLAP": "与同层另一户重叠",
}


def solid_fault(shell: Sequence[Face], vertices: Sequence[Vertex]) -> str:
    """The fault of a shell: an edge that is not there once in each direction, or faces that look inward."""
    edges: Counter[tuple[int, int]] = Counter()
    volume = 0.0
    for face in shell:
        for ring in face:
            edges.update(zip(ring, (*ring[1:], ring[0]), strict=True))
            volume += _signed_volume(ring, vertices)
    if any(count != 1 or edges.get((end, start)) != 1 for (start, end), count in edges.items()):
        return "NOT_CLOSED"
    return "WRONG_WAY" if volume <= 0 else ""


def _signed_volume(ring: Sequence[int], vertices: Sequence[Vertex]) -> float:
    """Six times the volume between a ring and the first vertex; numbers stay small that way."""
    origin = vertices[0]
    places = [tuple(value - start for value, start in zip(vertices[at], origin, strict=True)) for at in ring]
    (x, y, z), total = places[0], 0.0
    for (a, b, c), (d, e, f) in pairwise(places[1:]):
        total += x * (b * f - c * e) + y * (c * d - a * f) + z * (a * e - b * d)
    return total


def _prism(shell: Sequence[Face], vertices: Sequence[Vertex]) -> tuple[Polygon, float, float] | None:
    """Bottom, base and height of a shell that is an upright prism; None for another one."""
    heights = sorted({round(vertices[at][2], 3) for face in shell for ring in face for at in ring})
    if len(heights) != 2:
        return None
    flat = [face for face in shell if all(round(vertices[at][2], 3) == heights[0] for ring in face for at in ring)]
    if len(flat) != 1:
        return None
    rings = [[vertices[at][:2] for at in ring] for ring in flat[0]]
    bottom = Polygon(rings[0], rings[1:])
    return (bottom, heights[0], heights[1] - heights[0]) if bottom.is_valid else None


def _on_each_other(spaces: Sequence[CitySpace]) -> Iterator[SpaceFinding]:
    """Say which homes take the same room."""
    tree = shapely.STRtree([space.bottom for space in spaces])
    for place, space in enumerate(spaces):
        for found in tree.query(space.bottom, predicate="intersects"):
            other = spaces[int(found)]
            apart = other.base >= space.base + space.height - _SCALE or space.base >= other.base + other.height - _SCALE
            if found < place and not apart and space.bottom.intersection(other.bottom).area > 0.05:
                message = f"{space.identity}：{_FAULTS['HOMES_OVERLAP']}"
                yield SpaceFinding("HOMES_OVERLAP", message, space.identity)
