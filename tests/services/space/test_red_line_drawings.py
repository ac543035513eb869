"""Red lines of drawings as draughtsmen draw them: arcs, chains, marks at points, lines drawn twice (row 80)."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from services.files.file_refusals import FileRefused
from services.space.coordinate_files import read_coordinates
from services.space.extent import Declared, Extent, check_extent
from tests.services.space.drawings import EAST, NORTH, box, content_of, drawing
from tests.services.space.lists import codes

pytestmark = pytest.mark.row(80)
P = box(200, 250)
ON = {"layer": "HX"}
Drawn = Callable[[Any, Any], object]


def extent_of(draw: Drawn, units: int = 6) -> Extent:
    made = drawing(units=units)
    draw(made.modelspace(), made)
    return check_extent(read_coordinates(content_of(made)), Declared())


def ring(model: Any, corners: Any) -> Any:
    return model.add_lwpolyline(corners, close=True, dxfattribs=ON)


def sides(model: Any, *corners: tuple[float, float]) -> None:
    for one, other in zip(corners, (*corners[1:], corners[0]), strict=True):
        model.add_line(one, other, dxfattribs=ON)


def rounded(model: Any, _made: Any) -> None:
    """Four lines and an arc round the corner in the south-east."""
    (w, s), (e, _), (_, n) = P[0], P[1], P[2]
    for one, other in (((w, s), (e - 12, s)), ((e, s + 12), (e, n)), ((e, n), (w, n)), ((w, n), (w, s))):
        model.add_line(one, other, dxfattribs=ON)
    model.add_arc((e - 12, s + 12), 12, 270, 360, dxfattribs=ON)


def mirrored(model: Any, made: Any) -> None:
    ring_in = made.blocks.new("B")
    ring_in.add_lwpolyline([(0, 0), (-200, 0), (-200, 250), (0, 250)], close=True, dxfattribs={"layer": "0"})
    model.add_blockref("B", (EAST, NORTH), dxfattribs={**ON, "xscale": -1})


def stretched(model: Any, made: Any) -> None:
    made.blocks.new("C").add_circle((0, 0), 1, dxfattribs={"layer": "0"})
    model.add_blockref("C", (EAST, NORTH), dxfattribs={**ON, "xscale": 60, "yscale": 30})


GOOD: dict[str, tuple[Drawn, float, int]] = {
    "lines and an arc": (rounded, 50_000 - 144 + 36 * math.pi, 1),
    "two open polylines": (
        lambda m, _: [
            m.add_lwpolyline(line, dxfattribs=ON)
            for line in ([P[0], P[1], (EAST + 200, NORTH + 9), P[2]], [P[2], (EAST + 9, NORTH + 250), P[3], P[0]])
        ],
        50_000,
        1,
    ),
    "a circle": (lambda m, _: m.add_circle((EAST, NORTH), 50, dxfattribs=ON), math.pi * 2_500, 1),
    "two bulges": (
        lambda m, _: m.add_lwpolyline(
            [(EAST - 50, NORTH, 1), (EAST + 50, NORTH, 1)], format="xyb", close=True, dxfattribs=ON
        ),
        math.pi * 2_500,
        1,
    ),
    "an old polyline with bulges seen from below": (
        lambda m, _: m.add_polyline2d(
            [(-EAST - 50, NORTH, 0, 0, 1), (-EAST + 50, NORTH, 0, 0, 1)],
            format="xyseb",
            close=True,
            dxfattribs={**ON, "extrusion": (0, 0, -1)},
        ),
        math.pi * 2_500,
        1,
    ),
    "a circle in a stretched block": (stretched, math.pi * 60 * 30, 1),
    "a mirrored block": (mirrored, 50_000, 1),
    "drawn twice": (lambda m, _: [ring(m, P) for _ in "ab"], 50_000, 1),
    "marks at its points": (
        lambda m, _: [ring(m, P), *(m.add_circle(one, 0.6, dxfattribs=ON) for one in P)],
        50_000,
        1,
    ),
    "a hole drawn first": (lambda m, _: [ring(m, box(10, 10, east=5, north=5)), ring(m, P)], 49_900, 2),
    "two parcels": (lambda m, _: [ring(m, P), ring(m, box(200, 250, east=400))], 100_000, 2),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_red_line_is_read_however_it_is_drawn(name: str) -> None:
    draw, area, rings = GOOD[name]
    extent = extent_of(draw)
    assert (extent.accepted, [one for one in codes(extent) if one not in ("MARKS_LEFT", "OUTLINE_DOUBLED")]) == (
        True,
        [],
    )
    assert extent.rings == rings
    assert extent.area == pytest.approx(area, abs=0.05)


@pytest.mark.parametrize(
    ("draw", "found"),
    [
        (lambda m, _: [m.add_line(P[at], P[at + 1], dxfattribs=ON) for at in range(3)], "NOT_CLOSED"),
        (lambda m, _: m.add_lwpolyline(P, dxfattribs=ON), "NOT_CLOSED"),
        (lambda m, _: sides(m, P[0], P[2], P[1], P[3]), "SELF_INTERSECTION"),
        (lambda m, _: [ring(m, P), ring(m, box(200, 250, east=100))], "SELF_INTERSECTION"),
        (lambda m, _: ring(m, [(n, e) for e, n in P]), "XY_SWAPPED"),
        (lambda m, _: m.add_spline([(e, n, 0) for e, n in P], dxfattribs=ON), "SPLINE"),
    ],
)
def test_a_fault_of_a_drawn_red_line_is_told(draw: Drawn, found: str) -> None:
    extent = extent_of(draw)
    assert (codes(extent)[0], extent.accepted) == (found, False)


def test_millimetres_without_a_unit_are_named_and_not_taken_for_metres() -> None:
    extent = extent_of(lambda m, _: ring(m, [(e * 1000, n * 1000) for e, n in P]), units=0)
    assert (codes(extent)[0], extent.accepted) == ("UNITS_UNKNOWN", False)
    assert "坐标像毫米" in extent.findings[0].message


def test_more_rings_than_are_held_against_each_other_are_refused() -> None:
    lines = [
        f"P{place} {NORTH + n + place * 9} {EAST + e}"
        for place in range(1_001)
        for n, e in ((0, 0), (3, 0), (3, 3), (0, 0))
    ]
    with pytest.raises(FileRefused, match="超过1000圈"):
        read_coordinates("\n".join(lines).encode())
