"""Repairs of coordinate files: offered for each fault, made one by one or all at once, and never by themselves (row 80)."""

import math

import pytest

from models.red_lines import PlaneSystem
from services.engine.refusals import Rejected
from services.space.coordinate_files import read_coordinates
from services.space.geometry_field import polygons_of
from services.space.outline_edits import merged, snapped, split_along
from services.space.outline_repairs import Reading, read_as, repaired, repaired_all, ways_of
from services.space.overlaps import Neighbour
from services.space.planes import GK40, OLD_CITY, SH2000, SH_OLD, forward, gauss_zone, inverse
from tests.red_lines import corners, outline, square
from tests.services.space.drawings import content_of, drawing
from tests.services.space.lists import EAST, NORTH, rectangle, report, table

pytestmark = pytest.mark.row(80)
SQUARE = rectangle()
SYSTEM = PlaneSystem.CGCS2000_GK3_40


def read(text: str, system: str = "") -> Reading:
    return read_as(read_coordinates(text.encode()), system)


def offered(reading: Reading) -> dict[str, list[str]]:
    return {finding.code: [way for way, _ in ways_of(reading, finding)] for finding in reading.waiting}


def in_zone_41() -> str:
    moved = [forward(inverse((east, north), GK40), gauss_zone(41)) for north, east in SQUARE]
    return report([[(north, east) for east, north in moved]], zone="41")


FAULTS = {
    "swapped axes": (table([(east, north) for north, east in SQUARE]), "XY_SWAPPED", "swap"),
    "a prefix of another zone": (report([SQUARE], prefix="39"), "ZONE_PREFIX", "zone"),
    "another zone": (in_zone_41(), "WRONG_ZONE", "zone"),
    "a ring open by half a metre": (
        table(SQUARE, close=False) + f"\nJ1,{SQUARE[0][0] + 0.5:.3f},{SQUARE[0][1]:.3f}",
        "NOT_CLOSED",
        "close",
    ),
    "a point twice": (table([SQUARE[0], SQUARE[1], SQUARE[1], *SQUARE[2:]]), "DUPLICATE_POINT", "doubles"),
    "a spike": (
        table([SQUARE[0], (NORTH + 250, EAST + 500), (NORTH + 250, EAST + 100), *SQUARE[1:]]),
        "SPIKE",
        "spikes",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_waits_for_its_repair_and_is_gone_after_it(fault: str) -> None:
    text, code, way = FAULTS[fault]
    before = read(text)
    assert (offered(before), before.outline) == ({code: [way]}, None)
    after = repaired(before, before.waiting[0], way)
    assert after.waiting == ()
    assert after.outline is not None
    assert round(after.outline.area) == 50_000
    assert after.plane_key == GK40.key
    # What was read is as it was: a repair can be left aside.
    assert before.waiting[0].code == code


@pytest.mark.parametrize(("way", "areas"), [("drop", [50_000]), ("apart", [400, 50_000])])
def test_a_hole_outside_is_dropped_or_becomes_a_parcel(way: str, areas: list[int]) -> None:
    hole = rectangle(20, 20, north=NORTH + 900, east=EAST + 900)
    before = read(report([SQUARE, hole]))
    assert offered(before) == {"HOLE_OUTSIDE_SHELL": ["drop", "apart"]}
    after = repaired(before, before.waiting[0], way).outline
    assert after is not None
    assert sorted(round(part.area) for part in polygons_of(after).geoms) == areas


def test_all_faults_of_a_file_are_repaired_at_once() -> None:
    spiked = [SQUARE[0], (NORTH + 250, EAST + 500), (NORTH + 250, EAST + 100), *SQUARE[1:]]
    text = (
        table([(east, north) for north, east in spiked], close=False)
        + f"\nJ1,{SQUARE[0][1]:.3f},{SQUARE[0][0] - 0.5:.3f}"
    )
    before = read(text)
    assert set(offered(before)) == {"XY_SWAPPED", "NOT_CLOSED", "SPIKE"}
    after = repaired_all(before)
    assert (after.waiting, after.outline is not None and round(after.outline.area)) == ((), 50_000)


def test_numbers_of_the_citys_plane_are_read_in_it_when_the_user_says_so() -> None:
    moved = [(north - NORTH - 3000, east - EAST - 2000) for north, east in SQUARE]
    before = read("\n".join(f"J{no} {n:.3f} {e:.3f}" for no, (n, e) in enumerate([*moved, moved[0]], 1)))
    assert offered(before) == {"NOT_CGCS2000": [f"system:{SH2000.key}"]}
    after = repaired(before, before.waiting[0], f"system:{SH2000.key}")
    assert (after.plane_key, after.waiting) == (SH2000.key, ())


@pytest.mark.parametrize("north", [4_419_000.0, float("inf")])
def test_coordinates_of_beijing_and_numbers_that_are_none_are_never_taken_over(north: float) -> None:
    lines = [
        f"J{no} {north + n - NORTH if north < 1e9 else 'nan'} {e - EAST + 448_000:.3f}"
        for no, (n, e) in enumerate(SQUARE, 1)
    ]
    reading = read("\n".join(lines))
    assert reading.waiting
    assert not any(offered(reading).values())
    assert repaired_all(reading).outline is None


def test_two_points_are_no_outline() -> None:
    assert read(table(SQUARE[:2])).outline is None


def test_the_older_city_system_is_kept_as_it_is_and_drawn_nowhere() -> None:
    moved = [(north - NORTH - 3000, east - EAST - 2000) for north, east in SQUARE]
    reading = read(table(moved), SH_OLD)
    assert (reading.plane_key, reading.extent.plane) == (SH_OLD, OLD_CITY)
    assert reading.outline is not None
    assert not reading.extent.plane.has_map


def test_a_drawing_is_read_in_its_own_process_and_repaired_like_any_file() -> None:
    made = drawing()
    points = [(east, north) for north, east in SQUARE]
    made.modelspace().add_lwpolyline(
        [*points[:2], (EAST + 50, NORTH + 0.0), *points[2:]], close=True, dxfattribs={"layer": "用地红线"}
    )
    reading = read_as(read_coordinates(content_of(made)))
    assert reading.file.kind == "drawing"
    assert reading.outline is not None or offered(reading)


def test_a_red_line_in_millimetres_with_an_arc_is_read_in_metres() -> None:
    """A rectangle of 100 by 50 m whose east side is half a circle: 5,000 and 981.75 square metres."""
    made = drawing(units=4)
    east, north = EAST * 1000, NORTH * 1000
    corners = [
        (east, north, 0.0),
        (east + 100e3, north, 1.0),
        (east + 100e3, north + 50e3, 0.0),
        (east, north + 50e3, 0.0),
    ]
    made.modelspace().add_lwpolyline(corners, format="xyb", close=True, dxfattribs={"layer": "用地红线"})
    reading = read_as(read_coordinates(content_of(made)))
    assert reading.outline is not None
    assert float(reading.outline.area) == pytest.approx(5000 + math.pi * 25**2 / 2, abs=0.5)
    assert "UNITS_MM" in {finding.code for finding in reading.extent.findings}


# ------------------------------------------------------------------ edits


def test_an_outline_is_split_by_a_line_and_merged_again() -> None:
    whole = square(1)
    west, south = corners(1)[3]
    parts = split_along(whole, [(west + 50, south - 10), (west + 50, south + 110)])
    assert (len(parts.outline.polygons), parts.outline.area) == (2, whole.area)
    assert parts.told == "已分割为2块"
    again = merged(parts.outline)
    assert (len(again.outline.polygons), again.outline.area) == (1, whole.area)


def test_a_cut_from_corner_to_corner_gives_two_parts() -> None:
    first, _, second, _ = corners(1)
    parts = split_along(square(1), [first, second]).outline
    assert sorted(float(one.area) for one in polygons_of(parts).geoms) == [5_000, 5_000]


def test_a_line_beside_the_outline_splits_nothing_and_parcels_apart_are_not_merged() -> None:
    with pytest.raises(Rejected, match="没有穿过任何一块"):
        split_along(square(1), [(0.0, 0.0), (1.0, 1.0)])
    with pytest.raises(Rejected, match="没有相邻的地块"):
        merged(square(1))


def test_points_within_thirty_centimetres_snap_to_a_neighbours_point() -> None:
    neighbour = Neighbour("P1", GK40, polygons_of(square(1)))
    near = snapped(square(1, east=100.2), GK40, [neighbour])
    assert near.told == "2个界址点已吸附到相邻界址点"
    assert polygons_of(near.outline).intersection(polygons_of(square(1))).area == 0
    assert polygons_of(near.outline).distance(polygons_of(square(1))) == 0
    far = snapped(square(1, east=100.4), GK40, [neighbour])
    assert (far.outline, far.told) == (square(1, east=100.4), "没有需要吸附的界址点")


def test_a_crossing_outline_is_neither_split_nor_merged() -> None:
    bow_tie = outline([(655_000, 3_440_000), (655_100, 3_440_100), (655_000, 3_440_100), (655_100, 3_440_000)])
    with pytest.raises(Rejected, match="自相交"):
        merged(bow_tie)
