"""Refuses a drawing whose outlines lie on each other in a heap: comparing each with all others would never end (row 81)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from services.engine.late import shapely
from services.files.file_refusals import FileRefused
from services.space.drawing_guard import Entity, Scan

#: Pairs of outlines whose boxes meet that are compared: so many of any drawing, and so many for each outline.
_PAIRS, _PAIRS_EACH = 20_000, 20
#: Outlines of which a sample is looked at before a library opens the drawing, and how far beyond the limit it must be.
_MANY, _SAMPLE, _SURELY = 2_000, 1_000, 3
_POLYLINES = frozenset({b"LWPOLYLINE", b"POLYLINE"})


def refuse_heap(outlines: Sequence[Any], handle_of: Callable[[int], str]) -> shapely.STRtree:
    """The tree of all outlines, of which too many may not lie on each other."""
    tree = shapely.STRtree(outlines)
    left = _limit(len(outlines))
    for place, one in enumerate(outlines):
        left -= len(tree.query(one))
        if left < 0:
            raise _heap(handle_of(place))
    return tree


def refuse_heap_unread(kept: Iterable[Entity], scan: Scan) -> None:
    """Refuse a drawing when a sample of the polylines of a layer shows a heap, which spares opening it."""
    layers: dict[bytes, list[Entity]] = defaultdict(list)
    for entity in kept:
        if entity.kind in _POLYLINES:
            layers[entity.layer].append(entity)
    for drawn in layers.values():
        if len(drawn) < _MANY:
            continue
        step = len(drawn) // _SAMPLE
        sample = [(one, box) for one in drawn[::step] if (box := _box(scan.content[one.start : one.end])) is not None]
        tree = shapely.STRtree([box for _, box in sample])
        pairs = sum(len(tree.query(box)) - 1 for _, box in sample)
        if pairs * step * step > _SURELY * _limit(len(drawn)):
            raise _heap(sample[0][0].handle.decode("ascii", errors="replace"))


def _limit(outlines: int) -> int:
    return max(_PAIRS, _PAIRS_EACH * outlines)


def _box(entity: bytes) -> Any:
    """The box of a closed polyline in the drawing's own numbers; None for an open one and for numbers that are none."""
    lines = entity.split(b"\n")
    codes = [line.strip() for line in lines[::2]]
    values: dict[bytes, list[float]] = {b"10": [], b"20": []}
    closed = False
    with suppress(ValueError):
        for code in values:
            # The first of a POLYLINE is no corner.
            found = [float(value) for one, value in zip(codes, lines[1::2], strict=False) if one == code]
            values[code] = found[1:] if b"VERTEX" in entity else found
        closed = bool(int(lines[2 * codes.index(b"70") + 1]) & 1)
    east, north = values[b"10"], values[b"20"]
    if not closed or not east or not north:
        return None
    return shapely.box(min(east), min(north), max(east), max(north))


def _heap(handle: str) -> FileRefused:
    return FileRefused("TOO_MANY_ENTITIES", f"互相重叠的轮廓过多，请清理重复的图形后上传（句柄{handle[:16]}）")
