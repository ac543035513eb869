"""The sixteen districts as shapes of a drawing, for orientation only; the small ones in the centre once more, larger."""

import json
import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from models.own_data import DATA

CENTRE = ("310101", "310104", "310105", "310106", "310107", "310109", "310110")
_WIDTH, _HEIGHT, _INSET, _APART = 372.0, 372.0, 196.0, 16.0
#: Points nearer than this to the line without them are left out.
_COARSE = 0.5
#: Offsets of names from the middle of their outlines.
_MOVED = {
    "310115": (6, -10),
    "310112": (-2, 14),
    "310151": (0, 4),
    "310118": (-16, 12),
    "310117": (-2, 2),
    "310113": (2, 2),
    "310114": (-2, 4),
    "310101": (7, 6),
    "310104": (0, 10),
    "310106": (-3, 12),
    "310105": (-4, 2),
    "310109": (-3, -2),
    "310110": (8, -4),
    "310107": (-8, 2),
}
Point = tuple[float, float]


@cache
def outlines() -> dict[str, Any]:
    """The drawing: its box, the frame of the enlarged centre, and the shapes of each district with places for names."""
    rings = _rings()
    left = _WIDTH + _APART
    whole, centre = _fitted(rings, _WIDTH, 2, 2), _fitted({one: rings[one] for one in CENTRE}, _INSET, left, 26)
    shapes = {code: [_shape(code, placed, named=code not in CENTRE)] for code, placed in whole.items()}
    for code, placed in centre.items():
        shapes[code].append(_shape(code, placed, named=True))
    frame = (left - 8, 18, _INSET + 16, _INSET + 18)
    return {"box": f"0 0 {left + _INSET + 10:.0f} {_HEIGHT + 4:.0f}", "inset": frame, "shapes": shapes}


def _rings() -> dict[str, list[list[Point]]]:
    """Rings in degrees, longitude shortened as at 31.2° north, north upwards."""
    shortened = math.cos(math.radians(31.2))
    known = json.loads((DATA / "regions" / "district_outlines.json").read_text(encoding="utf-8"))["districts"]
    return {
        code: [[(lon * shortened, -lat) for lon, lat in ring] for ring in one["rings"]] for code, one in known.items()
    }


def _fitted(rings: dict[str, list[list[Point]]], size: float, left: float, top: float) -> dict[str, list[list[Point]]]:
    xs = [x for parts in rings.values() for ring in parts for x, _ in ring]
    ys = [y for parts in rings.values() for ring in parts for _, y in ring]
    scale = min(size / (max(xs) - min(xs)), size / (max(ys) - min(ys)))
    return {
        code: [[(left + (x - min(xs)) * scale, top + (y - min(ys)) * scale) for x, y in ring] for ring in parts]
        for code, parts in rings.items()
    }


def _shape(code: str, rings: list[list[Point]], *, named: bool) -> dict[str, Any]:
    kept = [_simple(ring) for ring in rings]
    path = " ".join(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in ring[:-1])}Z" for ring in kept if len(ring) > 4)
    xs, ys = zip(*max(rings, key=len), strict=True)
    across, down = _MOVED.get(code, (0, 0))
    return {"path": path, "x": round(_middle(xs) + across), "y": round(_middle(ys) + down), "named": named}


def _middle(values: Iterable[float]) -> float:
    known = list(values)
    return (min(known) + max(known)) / 2


def _simple(line: Sequence[Point]) -> list[Point]:
    """Douglas and Peucker, without recursion: keep the farthest point of each part until all are near enough."""
    keep, parts = {0, len(line) - 1}, [(0, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        away = [_away(line[first], line[last], line[n]) for n in range(first + 1, last)]
        far = max(range(len(away)), key=away.__getitem__)
        if away[far] > _COARSE:
            middle = first + 1 + far
            keep.add(middle)
            parts += [(first, middle), (middle, last)]
    return [line[n] for n in sorted(keep)]


def _away(start: Point, end: Point, point: Point) -> float:
    (ax, ay), (bx, by), (x, y) = start, end, point
    length = math.hypot(bx - ax, by - ay)
    if not length:
        return math.hypot(x - ax, y - ay)
    return abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
