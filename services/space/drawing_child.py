"""Opens a thin copy of a drawing in a process of its own; run as a script, it knows nothing of the product.

Standard input is a line of JSON (`encoding`, `layers`, `frozen`, `scale`) and the drawing; standard output is JSON. What a hostile
drawing makes of the library ends with this process: it has little memory, little time and writes no file.
"""

import json
import logging
import math
import resource
import sys
import unicodedata
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from typing import Any

_MEMORY, _SECONDS = 2 << 30, 20
_MOST_ENTITIES, _MOST_POINTS, _DEEPEST = 200_000, 1_000_000, 8
#: Beyond these a number of a drawing is no coordinate in metres, and no arc.
_FARTHEST, _MOST_BULGE = 1e8, 100.0
#: How far in metres a chord may be from its arc.
_CHORD = 0.002
_TEXTS = frozenset({"TEXT", "MTEXT", "ATTRIB"})
_LINES = frozenset({"LWPOLYLINE", "POLYLINE", "LINE", "ARC", "CIRCLE", "ELLIPSE"})


class TooMuch(Exception):
    """Raised when a drawing opens into more than it may; the handle is that of the outermost entity."""


class BadNumber(Exception):
    """Raised for a coordinate that is none; the argument is the entity's handle."""


def normal(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


class Walk:
    """Collects outlines and texts of the chosen layers, blocks opened."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.layers, self.frozen = frozenset(order["layers"]), frozenset(order["frozen"])
        self.scale = float(order["scale"])
        self.entities = self.points = 0
        self.shapes: list[dict[str, Any]] = []
        self.texts: list[dict[str, Any]] = []
        self.others: list[list[str]] = []

    def run(self, layout: Any) -> None:
        for entity in layout:
            handle = str(entity.dxf.handle)
            for one, layer, group in self._open(entity, 0, None, handle, ""):
                if layer in self.layers:
                    self._take(one, layer, handle, group)

    def _open(self, entity: Any, depth: int, above: str | None, top: str, group: str) -> Iterator[tuple[Any, str, str]]:
        """Entities with the layer that counts; on layer 0 of a block it is the insert's."""
        self.entities += 1
        own = normal(entity.dxf.get("layer", "0"))
        layer = above if above is not None and own == "0" else own
        if layer in self.frozen or entity.dxf.get("invisible", 0):
            return
        if entity.dxftype() != "INSERT":
            yield entity, layer, group
            return
        copies = max(1, entity.dxf.get("row_count", 1)) * max(1, entity.dxf.get("column_count", 1))
        block = entity.block()
        self.entities += copies * (1 + (len(block) if block is not None else 0))
        if depth >= _DEEPEST or self.entities > _MOST_ENTITIES:
            raise TooMuch(top)
        number = f"{top}/{len(self.texts)}/{self.entities}"
        for text in entity.attribs:
            of_text = normal(text.dxf.get("layer", "0"))
            yield text, layer if of_text == "0" else of_text, number
        for one in entity.multi_insert() if copies > 1 else (entity,):
            for child in one.virtual_entities():
                yield from self._open(child, depth + 1, layer, top, group)

    def _take(self, entity: Any, layer: str, handle: str, group: str) -> None:
        kind = entity.dxftype()
        if kind in _TEXTS:
            self._text(entity, layer, handle, group)
        elif kind in _LINES:
            self._shape(entity, kind, layer, handle)
        elif kind in ("SPLINE", "ACAD_PROXY_ENTITY"):
            self.others.append([kind, layer, handle])

    def _text(self, entity: Any, layer: str, handle: str, group: str) -> None:
        from ezdxf.lldxf.encoding import decode_mif_to_unicode

        plain = decode_mif_to_unicode(entity.plain_text()).encode("utf-8", "replace").decode("utf-8")
        text = unicodedata.normalize("NFKC", plain)
        place = [entity.dxf.insert.x * self.scale, entity.dxf.insert.y * self.scale]
        self._check(place, handle)
        self.texts.append({"text": text[:400], "place": place, "layer": layer, "handle": handle, "group": group})

    def _shape(self, entity: Any, kind: str, layer: str, handle: str) -> None:
        points, closed = self._points(entity, kind, handle)
        for point in points:
            self._check(point, handle)
        self.points += len(points)
        if self.points > _MOST_POINTS:
            raise TooMuch(handle)
        if len(points) > 1:
            self.shapes.append({"points": points, "closed": closed, "layer": layer, "handle": handle})

    def _points(self, entity: Any, kind: str, handle: str) -> tuple[list[list[float]], bool]:
        import ezdxf.path

        scale = self.scale
        closed = kind in ("CIRCLE",) or bool(getattr(entity, "is_closed", False) or getattr(entity, "closed", False))
        if kind == "ELLIPSE":
            closed = math.isclose(abs(entity.dxf.end_param - entity.dxf.start_param), math.tau, abs_tol=1e-6)
        if kind == "LINE":
            return [[point.x * scale, point.y * scale] for point in (entity.dxf.start, entity.dxf.end)], False
        if kind in ("LWPOLYLINE", "POLYLINE"):
            bulges = self._bulges(entity, kind, handle)
            if any(not abs(bulge) <= _MOST_BULGE for bulge in bulges):
                raise BadNumber(handle)
            if kind == "LWPOLYLINE" and not any(bulges) and tuple(entity.dxf.extrusion) == (0.0, 0.0, 1.0):
                return [[x * scale, y * scale] for x, y in entity.get_points("xy")], closed
            if kind == "POLYLINE" and not (entity.is_2d_polyline or entity.is_3d_polyline):
                return [], False
        if kind in ("ARC", "CIRCLE"):
            self._check([entity.dxf.radius * scale, 0.0], handle)
        if kind == "ELLIPSE":
            self._check([entity.dxf.major_axis.magnitude * scale, entity.dxf.ratio], handle)
        path = ezdxf.path.make_path(entity)
        self._check([path.start.x * scale, path.start.y * scale], handle)
        return [[point.x * scale, point.y * scale] for point in path.flattening(_CHORD / scale)], closed

    def _bulges(self, entity: Any, kind: str, handle: str) -> list[float]:
        if kind == "LWPOLYLINE":
            places = entity.get_points("xyb")
            for x, y, _ in places:
                self._check([x * self.scale, y * self.scale], handle)
            return [bulge for _, _, bulge in places]
        return [vertex.dxf.get("bulge", 0.0) for vertex in entity.vertices]

    def _check(self, point: list[float], handle: str) -> None:
        if not all(abs(value) < _FARTHEST for value in point):
            raise BadNumber(handle)


def answer(source: BytesIO) -> dict[str, Any]:
    """The answer of the process: the collected drawing, or the one word for why there is none."""
    order = json.loads(source.readline())
    import ezdxf.filemanagement

    logging.getLogger("ezdxf").setLevel(logging.CRITICAL)
    try:
        drawing = ezdxf.filemanagement.read(
            TextIOWrapper(source, encoding=order["encoding"], errors="surrogateescape", newline=None)
        )
        walk = Walk(order)
        walk.run(drawing.modelspace())
    except TooMuch as problem:
        return {"refused": "TOO_MANY_ENTITIES", "handle": str(problem)}
    except BadNumber as problem:
        return {"refused": "COORDINATE_INVALID", "handle": str(problem)}
    except MemoryError:
        return {"refused": "LIMITS", "handle": ""}
    except Exception:
        # The library's own words may quote bytes of the file.
        return {"refused": "DXF_DAMAGED", "handle": ""}
    return {"shapes": walk.shapes, "texts": walk.texts, "others": walk.others}


def main() -> None:
    """Read the order and the drawing, write the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    json.dump(answer(BytesIO(sys.stdin.buffer.read())), sys.stdout)


if __name__ == "__main__":
    main()
