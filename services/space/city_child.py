"""Reads a CityJSON 2.0 file in a process of its own; run as a script, it knows nothing of the product.

Standard input is the file; standard output is JSON: the homes that are closed upright prisms, the faults of the others, and
the kinds of objects that were not read. What a hostile file makes of the reader ends with this process.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

_MOST_OBJECTS, _MOST_VERTICES = 100_000, 2_000_000
_READ = ("Building", "BuildingPart", "BuildingStorey", "BuildingUnit")
_LODS = ("1", "2")
_DEEPEST = 4
#: Beyond this a number is no place in metres.
_FARTHEST = 1e8

Face = list[list[int]]
Vertex = tuple[float, float, float]


class Refused(Exception):
    """Raised for a file that is not read; the argument is the word for why."""


class City:
    """Collects the homes of a file."""

    def __init__(self, document: Mapping[str, Any], vertices: Sequence[Vertex]) -> None:
        self.objects, self.vertices = document["CityObjects"], vertices
        self.spaces: list[dict[str, Any]] = []
        self.faults: list[tuple[str, str]] = []
        self.ignored: Counter[str] = Counter()

    def run(self) -> None:
        for identity, one in self.objects.items():
            kind = one.get("type") if isinstance(one, dict) else None
            if kind not in _READ:
                self.ignored[str(kind)[:40]] += 1
                continue
            found = one.get("geometry")
            for geometry in found if isinstance(found, list) else []:
                self._take(str(identity), one, geometry)

    def _take(self, identity: str, one: Mapping[str, Any], geometry: Any) -> None:
        if not isinstance(geometry, dict) or geometry.get("type") != "Solid":
            self.ignored["geometry"] += 1
            return
        if not str(geometry.get("lod", "")).startswith(_LODS):
            self.ignored["lod"] += 1
            return
        try:
            shell: list[Face] = geometry["boundaries"][0]
            fault = solid_fault(shell, self.vertices)
            prism = None if fault else _prism(shell, self.vertices)
        except (KeyError, IndexError, TypeError, ValueError):
            fault, prism = "NOT_CLOSED", None
        kind = str(one["type"])
        if prism is None:
            # What is around homes may have any form: it is not needed to read them.
            if kind == "BuildingUnit":
                self.faults.append((fault or "NOT_A_PRISM", identity[:60]))
            else:
                self.ignored[kind] += 1
            return
        attributes = one.get("attributes") if isinstance(one.get("attributes"), dict) else {}
        named = {key: str((attributes or {}).get(key, ""))[:40] for key in ("room_no", "part_no", "storey", "method")}
        named |= {"identity": identity[:60], "kind": kind, "building": self._building_of(identity)}
        named["room"] = named.pop("room_no")
        rings, base, height = prism
        self.spaces.append({**named, "rings": rings, "base": base, "height": height})

    def _building_of(self, identity: str) -> str:
        """The building that an object is or belongs to: its number, else its identity."""
        for _ in range(_DEEPEST):
            one = self.objects.get(identity)
            if not isinstance(one, dict):
                return ""
            if one.get("type") in ("Building", "BuildingPart"):
                attributes = one.get("attributes")
                number = attributes.get("building_no") if isinstance(attributes, dict) else None
                return str(number or identity)[:40]
            parents = one.get("parents")
            if not isinstance(parents, list) or not parents:
                return ""
            identity = str(parents[0])
        return ""


def answer(content: bytes) -> dict[str, Any]:
    """The answer of the process: the collected homes, or the one word for why there are none."""
    try:
        document = _document(content)
        city = City(document, _places(document))
        city.run()
    except Refused as problem:
        return {"refused": str(problem)}
    except MemoryError:
        return {"refused": "LIMITS"}
    return {"spaces": city.spaces, "faults": city.faults, "ignored": city.ignored}


def _document(content: bytes) -> dict[str, Any]:
    try:
        document: Any = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused("CITYJSON") from None
    whole = isinstance(document, dict) and document.get("type") == "CityJSON"
    if not whole or not isinstance(document.get("CityObjects"), dict) or not isinstance(document.get("vertices"), list):
        raise Refused("CITYJSON")
    if not str(document.get("version", "")).startswith("2."):
        raise Refused("CITYJSON_VERSION")
    if len(document["CityObjects"]) > _MOST_OBJECTS or len(document["vertices"]) > _MOST_VERTICES:
        raise Refused("CITYJSON_OBJECTS")
    return dict(document)


def _no_number(word: str) -> float:
    raise ValueError(word)


def _places(document: Mapping[str, Any]) -> list[Vertex]:
    try:
        transform = document["transform"]
        scale, move = [float(one) for one in transform["scale"]], [float(one) for one in transform["translate"]]
        found = [
            (float(e) * scale[0] + move[0], float(n) * scale[1] + move[1], float(z) * scale[2] + move[2])
            for e, n, z in document["vertices"]
        ]
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        raise Refused("CITYJSON_VERTICES") from None
    if not all(abs(value) < _FARTHEST for place in found for value in place):
        raise Refused("CITYJSON_VERTICES")
    return found


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


def _prism(shell: Sequence[Face], vertices: Sequence[Vertex]) -> tuple[list[list[list[float]]], float, float] | None:
    """The rings of the bottom, base and height of a shell that is an upright prism; None for another one."""
    heights = sorted({round(vertices[at][2], 3) for face in shell for ring in face for at in ring})
    if len(heights) != 2:
        return None
    flat = [face for face in shell if all(round(vertices[at][2], 3) == heights[0] for ring in face for at in ring)]
    if len(flat) != 1 or any(len(ring) < 3 for ring in flat[0]):
        return None
    rings = [[list(vertices[at][:2]) for at in ring] for ring in flat[0]]
    return rings, heights[0], heights[1] - heights[0]


if __name__ == "__main__":
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)
