"""Opens a thin copy of a drawing in a process of its own; run as a script, it knows nothing of the product.

Standard input is a line of JSON (`encoding`, `layers`, `frozen`, `scale`, `farthest`) and the drawing; standard output is JSON. What a hostile
drawing makes of the library ends with this process.
"""

import json
import logging
import math
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from io import BytesIO, TextIOWrapper
from typing import Any

_MOST_ENTITIES, _MOST_POINTS, _DEEPEST = 200_000, 1_000_000, 8
#: Beyond this a side of a polyline is no arc.
_MOST_BULGE = 100.0
#: The most in metres that a chord may be from its arc; chords of longer arcs are nearer, so that an arc's area is off by 0.01 square metres.
_CHORD, _AREA_OFF, _FINEST = 0.002, 0.01, 1e-6
_TEXTS = frozenset({"TEXT", "MTEXT", "ATTRIB"})
_LINES = frozenset({"LWPOLYLINE", "POLYLINE", "LINE", "ARC", "CIRCLE", "ELLIPSE"})


class TooMuch(Exception):
    """Raised when a drawing opens into more than it may; the handle is that of the outermost entity."""


class BadNumber(Exception):
    """Raised for a coordinate that is none; the argument is the entity's handle."""


def normal(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _chord(radius: float, turn: float) -> float:
    """The most in metres that a chord may be from an arc of this radius and angle; a circle has 2,300 chords at most."""
    return max(min(_CHORD, 1.5 * _AREA_OFF / max(radius * turn, 1e-9)), radius * _FINEST)


class Walk:
    """Collects outlines and texts of the chosen layers, blocks opened."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.layers, self.frozen = frozenset(order["layers"]), frozenset(order["frozen"])
        self.scale, self.farthest = float(order["scale"]), float(order["farthest"])
        self.entities = self.points = 0
        self.shapes: list[dict[str, Any]] = []
        self.texts: list[dict[str, Any]] = []
        #: Entities of the chosen layers that are neither outline nor text, as handles by kind and layer.
        self.others: dict[tuple[str, str], list[str]] = {}

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
        if block is None:
            # Nothing is drawn of a block that the drawing does not have; the insert is reported.
            yield entity, layer, number
            return
        for one in entity.multi_insert() if copies > 1 else (entity,):
            for child in one.virtual_entities():
                yield from self._open(child, depth + 1, layer, top, group)

    def _take(self, entity: Any, layer: str, handle: str, group: str) -> None:
        kind = entity.dxftype()
        if kind in _TEXTS:
            self._text(entity, layer, handle, group)
        elif kind in _LINES:
            self._shape(entity, kind, layer, handle)
        else:
            self._leave(kind, layer, handle)

    def _leave(self, kind: str, layer: str, handle: str) -> None:
        """Note an entity of which nothing is taken."""
        self.others.setdefault((kind, layer), []).append(handle)

    def _text(self, entity: Any, layer: str, handle: str, group: str) -> None:
        from ezdxf.lldxf.encoding import decode_mif_to_unicode

        plain = decode_mif_to_unicode(entity.plain_text()).encode("utf-8", "replace").decode("utf-8")
        text = unicodedata.normalize("NFKC", plain)
        place = self._place_of(entity)
        self._check(place, handle)
        self.texts.append({"text": text[:400], "place": place, "layer": layer, "handle": handle, "group": group})

    def _place_of(self, entity: Any) -> list[float]:
        """The place of a text; that of a line is in the text's own axes, which a mirrored block turns round."""
        place = entity.dxf.insert
        if entity.dxftype() != "MTEXT":
            if entity.dxf.get("halign", 0) or entity.dxf.get("valign", 0):
                place = entity.dxf.get("align_point", place)
            place = entity.ocs().to_wcs(place)
        return [place.x * self.scale, place.y * self.scale]

    def _shape(self, entity: Any, kind: str, layer: str, handle: str) -> None:
        points, closed = self._points(entity, kind, handle)
        if not points:
            self._leave("MESH" if kind == "POLYLINE" else kind, layer, handle)
        for point in points:
            self._check(point, handle)
        self.points += len(points)
        if self.points > _MOST_POINTS:
            raise TooMuch(handle)
        if len(points) > 1:
            self.shapes.append({"points": points, "closed": closed, "layer": layer, "handle": handle})

    def _points(self, entity: Any, kind: str, handle: str) -> tuple[list[list[float]], bool]:
        import ezdxf.path

        closed = kind == "CIRCLE" or bool(getattr(entity, "is_closed", False) or getattr(entity, "closed", False))
        if kind == "LINE":
            return self._placed([entity.dxf.start, entity.dxf.end]), False
        if kind == "LWPOLYLINE" or (kind == "POLYLINE" and entity.is_2d_polyline):
            corners = self._corners(entity, kind, handle)
            if not any(bulge for _, _, bulge in corners) and tuple(entity.dxf.extrusion) == (0.0, 0.0, 1.0):
                return [[x * self.scale, y * self.scale] for x, y, _ in corners], closed
            return self._placed(entity.ocs().points_to_wcs(self._bulged(corners, closed))), closed
        if kind in ("ARC", "CIRCLE"):
            centre, radius = entity.dxf.center, entity.dxf.radius
            self._check([value * self.scale for value in (centre.x, centre.y, radius)], handle)
            if radius < 0:
                raise BadNumber(handle)
            start, end = (0.0, 360.0) if kind == "CIRCLE" else (entity.dxf.start_angle, entity.dxf.end_angle)
            turn = (end - start) % 360.0 or 360.0
            points = list(self._turned(centre.x, centre.y, radius, math.radians(start), math.radians(turn)))
            return self._placed(entity.ocs().points_to_wcs((x, y, centre.z) for x, y in points)), closed
        if kind == "ELLIPSE":
            size = entity.dxf.major_axis.magnitude * self.scale
            self._check([size, entity.dxf.ratio], handle)
            turn = abs(entity.dxf.end_param - entity.dxf.start_param)
            closed = math.isclose(turn, math.tau, abs_tol=1e-6)
            return self._placed(entity.flattening(_chord(size, math.tau) / self.scale)), closed
        if not entity.is_3d_polyline:
            return [], False
        path = ezdxf.path.make_path(entity)
        self._check([path.start.x * self.scale, path.start.y * self.scale], handle)
        return self._placed(path.flattening(_CHORD / self.scale)), closed

    def _placed(self, points: Iterable[Any]) -> list[list[float]]:
        return [[point.x * self.scale, point.y * self.scale] for point in points]

    def _corners(self, entity: Any, kind: str, handle: str) -> list[tuple[float, float, float]]:
        """Corners of a polyline with the bulge of the side that begins there; those of a spline's frame are no corners."""
        if kind == "LWPOLYLINE":
            corners = list(entity.get_points("xyb"))
        else:
            drawn = [vertex.dxf for vertex in entity.vertices if not vertex.dxf.flags & 16]
            corners = [(one.location.x, one.location.y, one.get("bulge", 0.0)) for one in drawn]
        for x, y, bulge in corners:
            self._check([x * self.scale, y * self.scale], handle)
            if not abs(bulge) <= _MOST_BULGE:
                raise BadNumber(handle)
        return corners

    def _bulged(self, corners: list[tuple[float, float, float]], closed: bool) -> Iterator[tuple[float, float, float]]:
        """The points of a polyline, its arcs as chords; a bulge is the tangent of a quarter of the arc's angle."""
        for place, (x, y, bulge) in enumerate(corners):
            yield x, y, 0.0
            if not bulge or (place + 1 == len(corners) and not closed):
                continue
            to_x, to_y, _ = corners[(place + 1) % len(corners)]
            across = math.hypot(to_x - x, to_y - y)
            if not across:
                continue
            turn = 4 * math.atan(bulge)
            radius = across / (2 * math.sin(turn / 2))
            aside = radius * math.cos(turn / 2) / across
            east, north = (x + to_x) / 2 - aside * (to_y - y), (y + to_y) / 2 + aside * (to_x - x)
            inner = list(self._turned(east, north, abs(radius), math.atan2(y - north, x - east), turn))
            yield from ((*point, 0.0) for point in inner[1:-1])

    def _turned(self, x: float, y: float, radius: float, start: float, turn: float) -> Iterator[tuple[float, float]]:
        """Points on an arc from its start to its end, so near each other that its area is kept."""
        size = radius * self.scale
        step = 2 * math.sqrt(2 * _chord(size, abs(turn)) / size) if size > 0 else math.tau
        steps = max(1, math.ceil(abs(turn) / min(step, math.pi / 4)))
        for place in range(steps + 1):
            angle = start + turn * place / steps
            yield x + radius * math.cos(angle), y + radius * math.sin(angle)

    def _check(self, point: list[float], handle: str) -> None:
        if not all(abs(value) < self.farthest for value in point):
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
    others = [[kind, layer, len(handles), handles[:50]] for (kind, layer), handles in walk.others.items()]
    return {"shapes": walk.shapes, "texts": walk.texts, "others": others}


if __name__ == "__main__":
    json.dump(answer(BytesIO(sys.stdin.buffer.read())), sys.stdout)
