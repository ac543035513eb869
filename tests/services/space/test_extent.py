"""Red lines of coordinate files: what is found, what is accepted (row 80)."""

import json
import math
from io import BytesIO

import pytest
import shapely
from openpyxl import Workbook

from services.engine.refusals import Refusal
from services.space.coordinate_files import read_coordinates
from services.space.districts import district_outline, outside_district
from services.space.extent import Declared, area_deviation
from services.space.planes import GEO, GK40, SH2000, SH_OLD, forward, gauss_zone, inverse
from tests.services.space.lists import EAST, NORTH, checked, codes, neighbour, rectangle, report, table

pytestmark = pytest.mark.row(80)
SQUARE = rectangle()


def with_last(corners: list[tuple[float, float]], north: float, east: float) -> str:
    """The table whose repeated first point lies elsewhere."""
    return table(corners, close=False) + f"\nJ1,{north:.3f},{east:.3f}"


def test_a_sound_rectangle_is_accepted_with_its_area_and_without_words() -> None:
    extent = checked(table(SQUARE), Declared(area=50_000, district="310115", zone=40))
    assert (codes(extent), extent.accepted, round(extent.area, 2), extent.rings) == ([], True, 50_000, 1)


def test_exchanged_axes_are_told_and_not_accepted() -> None:
    extent = checked(table([(east, north) for north, east in SQUARE]))
    assert codes(extent) == ["XY_SWAPPED"]
    assert not extent.accepted
    assert round(extent.area, 2) == 50_000


@pytest.mark.parametrize(
    ("zone", "prefix", "found"),
    [
        ("40", "40", []),
        ("40", "", []),
        ("40", "39", ["ZONE_PREFIX"]),
        ("41", "40", ["WRONG_ZONE"]),
        ("39", "", ["WRONG_ZONE"]),
    ],
)
def test_a_zone_prefix_fits_its_zone_or_is_told(zone: str, prefix: str, found: list[str]) -> None:
    assert codes(checked(report([SQUARE], zone=zone, prefix=prefix))) == found


def test_a_prefix_before_some_points_only_is_told() -> None:
    assert codes(checked(report([SQUARE], prefix="40").replace(",40651", ",651", 1))) == ["ZONE_PREFIX"]


def test_points_of_another_zone_are_told() -> None:
    moved = []
    for north, east in SQUARE:
        other = forward(inverse((east, north), GK40), gauss_zone(41))
        moved.append((other[1], other[0]))
    assert codes(checked(report([moved]))) == ["WRONG_ZONE"]


@pytest.mark.parametrize(
    ("gap", "found", "accepted"),
    [
        (0.0005, [], True),
        (0.05, ["RING_AUTO_CLOSED"], True),
        (0.5, ["NOT_CLOSED"], False),
        (3.2, ["NOT_CLOSED"], False),
    ],
)
def test_an_open_ring_is_closed_up_to_ten_centimetres(gap: float, found: list[str], accepted: bool) -> None:
    extent = checked(with_last(SQUARE, SQUARE[0][0] - gap, SQUARE[0][1]))
    assert (codes(extent), extent.accepted) == (found, accepted)


def test_a_list_without_numbers_that_ends_half_a_metre_from_its_start_is_open() -> None:
    listed = [*SQUARE, (SQUARE[0][0] - 0.5, SQUARE[0][1])]
    assert codes(checked("\n".join(f"{north} {east}" for north, east in listed))) == ["NOT_CLOSED"]


def test_a_list_that_does_not_repeat_its_first_point_is_closed_and_its_turn_is_told() -> None:
    extent = checked("\n".join(f"J{no} {north} {east}" for no, (north, east) in enumerate(reversed(SQUARE), 1)))
    assert codes(extent) == ["RING_AUTO_CLOSED", "RING_CCW"]
    assert extent.accepted


def test_a_bow_tie_crosses_itself_and_says_where() -> None:
    extent = checked(table([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]))
    assert codes(extent) == ["SELF_INTERSECTION"]
    assert extent.findings[0].place == pytest.approx((EAST + 100, NORTH + 125), abs=0.01)


@pytest.mark.parametrize(
    ("hole", "found"),
    [
        (rectangle(20, 20, north=NORTH + 50, east=EAST + 50), []),
        (rectangle(20, 20, north=NORTH + 50, east=EAST + 500), ["HOLE_OUTSIDE_SHELL"]),
        (rectangle(20, 20, north=NORTH + 50, east=EAST + 190), ["HOLE_OUTSIDE_SHELL"]),
    ],
)
def test_a_hole_lies_inside_its_shell(hole: list[tuple[float, float]], found: list[str]) -> None:
    extent = checked(report([SQUARE, hole]))
    assert codes(extent) == found
    assert extent.rings == 2
    if not found:
        assert round(extent.area, 2) == 49_600


def test_heads_say_which_column_is_north() -> None:
    for head, sign in (("点号 Y坐标 X坐标", " "), ("点号,东坐标(m),北坐标(m)", ","), ("No\tE\tN", "\t")):
        rows = [
            sign.join((f"J{no}", str(east), str(north))) for no, (north, east) in enumerate([*SQUARE, SQUARE[0]], 1)
        ]
        assert codes(checked("\n".join(["浦东新区 北蔡镇 地块", head, *rows]))) == []


@pytest.mark.parametrize(
    ("head", "line", "sign", "code"),
    [
        ("点号;X;Y", "J{no};{n};{e}", "\r", "utf-8"),
        ("點號\tX\tY", "J{no}\t{n}\t{e}", "\n", "utf-16"),
        ("点名，纵坐标X（m），横坐标Y（m），备注", "J{no}，{n}，{e}，钢钉", "\r\n", "gbk"),
        ("Point,Easting,Northing", "P{no},{e},{n}", "\n", "utf-8-sig"),
        ("点号,X,Y", "J{no},{n},40{e}", "\n", "utf-8"),
        ("", "{no},J{no},{n},{e}", "\n", "utf-8"),
        ("", "J{no} {n} {e} 4.52", "\n", "utf-8"),
        ("点号,X,Y,边长", "J{no},{n},{e},\n,,,0", "\n", "utf-8"),
    ],
)
def test_tables_of_other_offices_are_read(head: str, line: str, sign: str, code: str) -> None:
    points = zip((1, 2, 3, 4, 1), [*SQUARE, SQUARE[0]], strict=True)
    rows = [line.format(no=no, n=f"{n:.3f}", e=f"{e:.3f}") for no, (n, e) in points]
    extent = checked(sign.join([head, *rows] if head else rows).encode(code))
    assert (codes(extent), round(extent.area, 2)) == ([], 50_000)


def test_degrees_in_a_table_are_known_by_their_heads() -> None:
    points = [inverse((east, north), GK40) for north, east in [*SQUARE, SQUARE[0]]]
    rows = [f"J{no},{lon:.9f},{lat:.9f}" for no, (lon, lat) in zip((1, 2, 3, 4, 1), points, strict=True)]
    extent = checked("\n".join(["点号,经度,纬度", *rows]))
    assert codes(extent) == []
    assert extent.area == pytest.approx(50_000, abs=0.5)


def test_a_parcel_may_have_a_head_of_a_few_words_and_no_mark_at_its_end() -> None:
    text = report([SQUARE]).replace("5,,D1,地块,面,,,,@", "5,5.0000,D7,一号地块,面")
    extent = checked(text)
    assert (codes(extent), extent.parcels[0].name) == ([], "D7")


def test_an_endless_word_is_refused_and_no_fault_of_ours() -> None:
    with pytest.raises(Refusal, match="超长"):
        read_coordinates(('点号,X,Y\n"' + "1" * 200_000).encode())


def test_lines_without_points_are_left_and_their_numbers_kept() -> None:
    text = table(SQUARE) + "\n面积,50000.00,\n制表：某某,,\n"
    extent = checked(text)
    assert (codes(extent), round(extent.area, 2)) == ([], 50_000)
    assert [unused.line for unused in read_coordinates(text.encode()).unused] == [7, 8]


def test_two_parcels_of_a_file_are_added_and_may_not_lie_on_each_other() -> None:
    one, two = report([SQUARE]), report([rectangle(north=NORTH, east=EAST + 300)])
    both = checked(one + "\r\n" + two.partition("[地块坐标]\r\n")[2])
    assert (codes(both), len(both.parcels), both.rings, round(both.area, 2)) == ([], 2, 2, 100_000)
    doubled = checked(one + "\r\n" + one.partition("[地块坐标]\r\n")[2])
    assert codes(doubled) == ["OVERLAP:D1"]


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_points_are_told(count: int) -> None:
    assert codes(checked(table(SQUARE[:count], close=False))) == ["TOO_FEW_POINTS"]


def test_five_thousand_points_are_checked() -> None:
    circle = [
        (NORTH + 500 * math.cos(step * math.tau / 5_000), EAST + 500 * math.sin(step * math.tau / 5_000))
        for step in range(5_000)
    ]
    extent = checked(table(circle))
    assert codes(extent) == []
    assert extent.area == pytest.approx(math.pi * 500**2, rel=1e-6)


def test_coordinates_of_beijing_are_refused() -> None:
    beijing = forward((116.4, 39.9), gauss_zone(39))
    extent = checked(table(rectangle(north=beijing[1], east=beijing[0])), Declared(district="310115"))
    assert codes(extent) == ["OUTSIDE_SHANGHAI"]
    assert not extent.accepted


def test_negative_numbers_of_the_citys_plane_are_normal() -> None:
    west = table(rectangle(100, 50, north=-540.0, east=-2_000.0))
    extent = checked(west, Declared(system=SH2000.key))
    assert (codes(extent), round(extent.area, 2), extent.plane) == ([], 5_000, SH2000)
    assert codes(checked(west)) == ["NOT_CGCS2000"]


def test_the_older_city_system_waits_for_its_parameters() -> None:
    extent = checked(table(rectangle(100, 50, north=-540.0, east=-2_000.0)), Declared(system=SH_OLD))
    assert codes(extent) == ["NEEDS_TRANSFORM"]
    assert not extent.accepted


def test_another_named_system_is_told() -> None:
    assert codes(checked("界址点成果表 1980西安坐标系,,\n" + table(SQUARE))) == ["NOT_CGCS2000"]


def test_a_gbk_file_with_full_width_digits_is_read() -> None:
    wide = table(SQUARE).translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789."})
    assert round(checked(wide.encode("gb18030")).area, 2) == 50_000


def test_a_workbook_with_formulas_is_read_by_its_values_or_told() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["点号", "X", "Y"])
    for number, (north, east) in enumerate(SQUARE, 1):
        sheet.append([f"J{number}", north, east])
    plain = BytesIO()
    book.save(plain)
    assert round(checked(plain.getvalue()).area, 2) == 50_000
    sheet["B3"] = "=B2"
    formula = BytesIO()
    book.save(formula)
    assert codes(checked(formula.getvalue()))[0] == "UNREADABLE_ROW"


@pytest.mark.parametrize("word", ["nan", "1e400", "", "三四五"])
def test_a_point_that_cannot_be_read_is_never_left_out_silently(word: str) -> None:
    lines = table(SQUARE).split("\n")
    lines[2] = f"J2,{word},{EAST + 200}"
    extent = checked("\n".join(lines))
    assert codes(extent)[0] == "UNREADABLE_ROW"
    assert "第3行" in extent.findings[0].message


def test_a_neighbour_is_touched_or_overlapped() -> None:
    small = rectangle(40, 50)
    beside = rectangle(40, 50, east=EAST + 40)
    stored = [neighbour(table(small))]
    assert codes(checked(table(beside), neighbours=stored)) == []
    over = rectangle(40, 50, east=EAST + 40 - 1.5 / 50)
    assert codes(checked(table(over), neighbours=stored)) == ["OVERLAP:P1"]


def test_a_neighbour_in_another_plane_is_compared_point_by_point() -> None:
    stored = [neighbour(table(SQUARE))]
    corners = [forward(inverse((east, north), GK40), SH2000) for north, east in SQUARE]
    moved = table([(north, east) for east, north in corners])
    found = checked(moved, Declared(system=SH2000.key), stored)
    assert codes(found) == ["OVERLAP:P1"]
    # Zone 40 stretches this far from its meridian; in the city's plane the same ground is smaller by 0.06 %.
    assert found.area == pytest.approx(49_972, abs=1)
    assert f"重叠{found.area:.1f}"[:8] in found.findings[0].message


@pytest.mark.parametrize(
    ("stated", "found", "accepted"),
    [(50_000, [], True), (50_040, [], True), (50_100, ["AREA_MISMATCH"], True), (50_300, ["AREA_MISMATCH"], False)],
)
def test_the_stated_area_is_compared(stated: float, found: list[str], accepted: bool) -> None:
    extent = checked(table(SQUARE), Declared(area=stated))
    assert (codes(extent), extent.accepted) == (found, accepted)


def test_hectares_of_a_boundary_file_are_read() -> None:
    assert codes(checked(report([SQUARE], hectares="5.0000"))) == []
    assert codes(checked(report([SQUARE], hectares="5.5"))) == ["AREA_MISMATCH"]


def test_a_boundary_file_that_lost_a_line_is_told() -> None:
    """Without its fourth corner the rectangle is a sound triangle of half the area."""
    whole = report([rectangle()])
    lost = "\r\n".join(line for line in whole.splitlines() if not line.startswith("J4,"))
    assert codes(checked(whole)) == []
    assert codes(checked(lost)) == ["POINT_COUNT"]
    assert not checked(lost).accepted


def test_the_deviation_of_an_area_is_that_of_the_specification() -> None:
    extent = checked(table(rectangle(200, 250)))
    assert area_deviation(extent.parcels[0].polygons) == pytest.approx(11.3, abs=0.05)


def test_a_parcel_of_another_district_is_told() -> None:
    assert codes(checked(table(SQUARE), Declared(district="310151"))) == ["WRONG_DISTRICT"]


@pytest.mark.parametrize(("beyond", "found"), [(20, []), (100, ["WRONG_DISTRICT"])])
def test_a_twentieth_of_a_parcel_may_lie_beyond_its_district(beyond: float, found: list[str]) -> None:
    # From its easternmost place, with the 300 m by which its outline may be wrong, a strip of a kilometre reaches so many metres out.
    east, north = max(district_outline("310104").buffer(300).exterior.coords)
    land = shapely.box(east - 1_000 + beyond, north - 1, east + beyond, north + 1)
    assert [one.code for one in outside_district(land, GK40, "310104")] == found


def test_repeated_points_and_spikes_are_told_and_taken_out() -> None:
    doubled = [SQUARE[0], (SQUARE[0][0] - 0.005, SQUARE[0][1]), *SQUARE[1:]]
    assert codes(checked(table(doubled))) == ["DUPLICATE_POINT"]
    spiked = checked(table([*SQUARE[:2], (SQUARE[1][0] + 30, SQUARE[1][1] + 0.01), *SQUARE[2:]]))
    assert codes(spiked) == ["SPIKE"]
    assert round(spiked.area) == 50_000


def test_stated_edges_are_compared() -> None:
    lines = table(SQUARE).split("\n")
    lines[0] += ",边长"
    lines[1] += ",200.00"
    lines[2] += ",251.00"
    extent = checked("\n".join(lines))
    assert codes(extent) == ["EDGE_LENGTH"]
    assert extent.accepted


@pytest.mark.parametrize(
    ("side", "stated", "told"), [(20, 20.06, False), (20, 20.08, True), (60, 60.09, False), (60, 60.11, True)]
)
def test_a_stated_edge_may_differ_by_the_point_error_and_a_share_of_its_length(
    side: float, stated: float, told: bool
) -> None:
    north, east = SQUARE[0]
    lines = table([(north, east), (north, east + side), (north - side, east + side), (north - side, east)]).split("\n")
    lines[0] += ",边长"
    lines[1] += f",{stated:.2f}"
    assert codes(checked("\n".join(lines))) == ["EDGE_LENGTH"] * told


def geojson(corners: list[tuple[float, float]], **more: object) -> str:
    ring = [list(inverse((east, north), GK40)) for north, east in reversed(corners)]
    polygon = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return json.dumps({"type": "Feature", "properties": {"parcel": "G1"}, "geometry": polygon, **more})


def test_geojson_is_longitude_and_latitude_by_default_and_projected() -> None:
    extent = checked(geojson(SQUARE))
    assert (codes(extent), extent.plane, extent.parcels[0].name) == ([], GK40, "G1")
    assert extent.area == pytest.approx(50_000, abs=1)
    assert codes(checked(geojson(SQUARE), Declared(system=GEO))) == []


def test_geojson_with_latitude_first_is_told() -> None:
    content = json.loads(geojson(SQUARE))
    content["geometry"]["coordinates"] = [[place[::-1] for place in content["geometry"]["coordinates"][0]]]
    assert codes(checked(json.dumps(content))) == ["XY_SWAPPED"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        b"{",
        b'{"type":"Point","coordinates":[1,2]}',
        b'{"type":"Polygon","coordinates":[[[NaN,1]]]}',
        b'{"type":"Polygon","coordinates":[[[1%s,1],[1,2],[2,1]]]}' % (b"0" * 400),
        b'{"type":"Polygon","coordinates":[]}',
        b'{"type":"Polygon","coordinates":[[]]}',
    ],
)
def test_what_is_no_coordinate_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal):
        read_coordinates(content)
