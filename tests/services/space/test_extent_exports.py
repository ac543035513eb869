"""Exports of red lines: read back they are the same extents (row 80)."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.space.extent import Declared
from services.space.extent_exports import boundary_text, dxf_text, geojson_text, numbered_rings, point_rows
from services.space.planes import GK40, SH2000, forward, inverse
from tests.services.space.lists import EAST, NORTH, Corner, checked, codes, rectangle, report, table

pytestmark = pytest.mark.row(80)
HOLE = rectangle(20, 20, north=NORTH + 50, east=EAST + 50)


@st.composite
def parcels(draw: st.DrawFn) -> list[Corner]:
    """A parcel clockwise from anywhere on it: a star around a point, so that its ring is simple."""
    count = draw(st.integers(3, 40))
    radii = draw(st.lists(st.floats(60, 140), min_size=count, max_size=count))
    turn = draw(st.floats(0, math.tau))
    angles = [turn - place * math.tau / count for place in range(count)]
    ring = zip(radii, angles, strict=True)
    return [
        (round(NORTH + radius * math.sin(angle), 3), round(EAST + radius * math.cos(angle), 3))
        for radius, angle in ring
    ]


@settings(max_examples=40, deadline=None)
@given(corners=parcels())
def test_every_format_gives_the_same_parcel(corners: list[Corner]) -> None:
    extent = checked(table(corners))
    assert not [code for code in codes(extent) if code != "SPIKE"]
    if codes(extent):
        return
    for text in (
        report([corners]),
        boundary_text(extent),
        "\n".join(f"{n:.3f} {e:.3f}" for n, e in [*corners, corners[0]]),
    ):
        again = checked(text)
        assert (codes(again), round(again.area, 2)) == ([], round(extent.area, 2))
    turned = checked(table(corners[::-1]))
    assert (codes(turned), round(turned.area, 2)) == (["RING_CCW"], round(extent.area, 2))
    assert codes(checked(table([(e, n) for n, e in corners]))) == ["XY_SWAPPED"]
    assert checked(geojson_text(extent)).area == pytest.approx(extent.area, abs=1.0)


def test_a_drawing_of_an_extent_is_read_back_with_its_hole() -> None:
    extent = checked(report([rectangle(), HOLE]))
    again = checked(dxf_text(extent).encode("gbk"))
    assert (again.accepted, again.rings, round(again.area, 2)) == (True, 2, 49_600)


def test_a_drawing_of_the_citys_plane_is_read_back_in_it() -> None:
    corners = [forward(inverse((east, north), GK40), SH2000) for north, east in rectangle()]
    extent = checked(table([(north, east) for east, north in corners]), Declared(system=SH2000.key))
    again = checked(dxf_text(extent).encode("gbk"))
    assert (codes(again), again.plane, round(again.area, 2)) == ([], SH2000, round(extent.area, 2))


def test_the_first_point_is_the_north_west_corner_and_shells_run_clockwise() -> None:
    extent = checked(report([rectangle()[::-1], HOLE]))
    shell, hole = numbered_rings(extent)
    assert [point.place for point in shell.points] == [(e, n) for n, e in rectangle()]
    assert [point.number for point in (*shell.points, *hole.points)] == [f"J{number}" for number in range(1, 9)]
    assert [round(point.edge) for point in shell.points] == [200, 250, 200, 250]


def test_the_point_table_closes_every_ring() -> None:
    rows = point_rows(checked(report([rectangle(), HOLE])))
    assert rows[0] == (1, 1, "J1", NORTH + 250, EAST, 200.0)
    assert rows[4] == (1, 1, "J1", NORTH + 250, EAST, None)
    assert len(rows) == 10


def test_a_boundary_file_of_the_citys_plane_names_it() -> None:
    corners = [forward(inverse((east, north), GK40), SH2000) for north, east in rectangle()]
    extent = checked(table([(north, east) for east, north in corners]), Declared(system=SH2000.key))
    again = checked(boundary_text(extent))
    assert (codes(again), again.plane, round(again.area, 2)) == ([], SH2000, round(extent.area, 2))
