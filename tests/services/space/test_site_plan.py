"""Site plans: buildings, labels, layers and findings (row 81)."""

import math
from datetime import date

import pytest
import shapely

from services.engine.thresholds import Thresholds
from services.files.file_refusals import FileRefused
from services.space.building_labels import Label, building_key, read_label
from services.space.drawing_guard import scan_drawing
from services.space.drawing_layers import LayerBook, LayerNames, Wanted, thin_copy
from services.space.outlines import find_outlines
from services.space.site_plan import read_site_plan
from tests.services.space.drawings import (
    EAST,
    LABEL,
    NORTH,
    OUTLINE,
    RED_LINE,
    box,
    building,
    content_of,
    drawing,
    found,
    label,
    many_outlines,
    outline,
    plan_of,
)

pytestmark = pytest.mark.row(81)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1#楼\n18F/-1F\nH=54.90", Label("1#", 18, 1, 54.9)),
        ("１２＃", Label("12#")),
        ("3号楼 18F/1D", Label("3#", 18, 1)),
        ("4层地下1层", Label(None, 4, 1)),
        ("地上十八层、地下二层", Label(None, 18, 2)),
        ("A座 26F", Label("A#", 26)),
        ("建筑高度13.8米", Label(None, None, None, 13.8)),
        ("层高3.0m", Label()),
        ("18/-1", Label(None, 18, 1)),
        ("1:500", Label()),
        ("张江云栖 总平面图", Label()),
        ("8#楼\nF\nH=", Label("8#")),
        ("3#地块", Label()),
        ("1号住宅楼 F18", Label("1#", 18)),
        ("1# 18F/-1", Label("1#", 18, 1)),
        ("1幢 18F+2D", Label("1#", 18, 2)),
        ("1# 18+1F", Label("1#")),
        ("层数:18 高度:54.90", Label(None, 18, None, 54.9)),
    ],
)
def test_a_label_says_number_storeys_and_height(text: str, expected: Label) -> None:
    assert read_label(text) == expected


@pytest.mark.parametrize("written", ["1#", "１＃", "1号楼", "1幢", "01#", "1"])
def test_a_buildings_number_has_one_form(written: str) -> None:
    assert building_key(written) == "1#"


def test_a_building_has_what_its_label_says() -> None:
    made = drawing()
    building(made.modelspace(), box(36, 14.4), "1#楼", "18F/-1F", "H=54.90")
    plan = plan_of(made)
    [one] = plan.buildings
    assert (one.number, one.above, one.below, one.height, found(plan)) == ("1#", 18, 1, 54.9, [])
    assert one.polygon.area == pytest.approx(518.4, abs=0.01)


def test_a_courtyard_is_taken_from_its_building() -> None:
    made = drawing()
    building(made.modelspace(), box(40, 40), "1#", "6F", "H=19")
    outline(made.modelspace(), box(20, 20, east=10, north=10))
    [one] = plan_of(made).buildings
    assert one.polygon.area == pytest.approx(1_200, abs=0.01)


def test_two_towers_stand_on_their_podium() -> None:
    made = drawing()
    building(made.modelspace(), box(100, 40), "3#", "3F", "H=14")
    for number, east in (("1#", 10), ("2#", 60)):
        building(made.modelspace(), box(25, 20, east=east, north=15), number, "26F", "H=80")
    plan = plan_of(made)
    podium = next(place for place, one in enumerate(plan.buildings) if one.number == "3#")
    assert {one.number: one.podium for one in plan.buildings} == {"3#": None, "1#": podium, "2#": podium}
    assert found(plan) == []


def test_a_turned_block_with_an_arc_and_lines_with_gaps_are_outlines() -> None:
    made = drawing()
    block = made.blocks.new("TOWER")
    block.add_lwpolyline([(0, 0), (30, 0), (30, 20), (0, 20)], close=True, dxfattribs={"layer": "0"})
    made.modelspace().add_blockref("TOWER", (EAST, NORTH), dxfattribs={"layer": OUTLINE, "rotation": 37})
    bulge = math.tan(math.radians(90) / 4)
    rounded = [
        (EAST + 60, NORTH, 0),
        (EAST + 88, NORTH, bulge),
        (EAST + 100, NORTH + 12, 0),
        (EAST + 100, NORTH + 20, 0),
        (EAST + 60, NORTH + 20, 0),
    ]
    made.modelspace().add_lwpolyline(rounded, format="xyb", close=True, dxfattribs={"layer": OUTLINE})
    corners = box(10, 10, east=120)
    for place, corner in enumerate(corners):
        end = corners[(place + 1) % 4]
        made.modelspace().add_line((corner[0] + 0.0012, corner[1]), end, dxfattribs={"layer": OUTLINE})
    areas = sorted(one.polygon.area for one in plan_of(made).buildings)
    # The corner of 12 m is cut to a quarter of a circle.
    assert areas == pytest.approx([100, 600, 40 * 20 - 144 + math.pi * 36], abs=0.05)


def test_what_is_wrong_is_named_with_its_building() -> None:
    made = drawing()
    space = made.modelspace()
    outline(space, box(200, 200), RED_LINE)
    building(space, box(30, 14), "1#", "18F", "H=54.9")
    outline(space, [*box(30, 14, east=40), (EAST + 40, NORTH + 1.5)], close=False)
    label(space, box(30, 14, east=40)[0], "2#", "18F", "H=54.9")
    outline(space, box(30, 14, east=80))
    building(space, box(30, 14, east=120), "1#", "3F", "H=99")
    building(space, box(30, 14, north=40), "5#", "6F", "H=18")
    building(space, box(30, 14, east=26, north=46), "6#", "6F", "H=18")
    building(space, box(30, 14, east=190, north=100), "7#", "6F", "H=18")
    building(space, box(30, 14, north=80), "8#", "F", "H=")
    first, second, third, fourth = box(30, 14, north=120)
    building(space, [first, third, second, fourth], "9#", "6F", "H=18")
    label(space, (EAST + 150, NORTH + 150), "11#", "6F")
    outline(space, box(5, 5, east=150, north=170), "建筑轮廊")
    codes = sorted(found(plan_of(made)))
    assert codes == sorted(
        [
            ("HEIGHT_STOREYS", "1#"),
            ("LABEL_MISSING", ""),
            ("LABEL_ORPHAN", "11#"),
            ("LABEL_UNREADABLE", "8#"),
            ("LAYER_NAME", "建筑轮廊"),
            ("NUMBER_DUP", "1#"),
            ("OUTLINES_OVERLAP", "5#,6#"),
            ("OUTLINE_OPEN", "2#"),
            ("OUTLINE_SELF_INTERSECTION", "9#"),
            ("OUTSIDE_RED_LINE", "7#"),
        ]
    )


def test_a_building_without_a_readable_number_stays_without_one() -> None:
    made = drawing()
    building(made.modelspace(), box(30, 14), "18F", "H=54.9")
    plan = plan_of(made)
    assert (plan.buildings[0].number, plan.buildings[0].above, found(plan)) == (None, 18, [("LABEL_UNREADABLE", "")])


def test_millimetres_are_converted_and_no_unit_is_asked_for() -> None:
    for units, scale, codes in ((4, 1000, ["UNITS_MM"]), (0, 1, ["UNITS_UNKNOWN"])):
        made = drawing(units=units)
        corners = [(e * scale, n * scale) for e, n in box(30, 14)]
        outline(made.modelspace(), corners)
        made.modelspace().add_text("1# 6F", dxfattribs={"layer": LABEL}).set_placement(
            (corners[0][0] + scale, corners[0][1] + scale)
        )
        plan = plan_of(made)
        assert plan.buildings[0].polygon.area == pytest.approx(420, abs=0.01)
        assert [code for code, _ in found(plan)] == codes


@pytest.mark.parametrize("inserted", [False, True])
def test_frozen_layers_are_not_read(inserted: bool) -> None:
    made = drawing()
    building(made.modelspace(), box(30, 14), "1#", "6F", "H=18")
    made.layers.add("旧方案").freeze()
    if inserted:
        block = made.blocks.new("OLD")
        outline(block, [(0, 0), (5, 0), (5, 5), (0, 5)])
        made.modelspace().add_blockref("OLD", (EAST + 50, NORTH), dxfattribs={"layer": "旧方案"})
    else:
        outline(made.modelspace(), box(30, 14, east=50), "旧方案")
    assert len(plan_of(made).buildings) == 1
    made.layers.get(OUTLINE).freeze()
    plan = plan_of(made, Wanted(outline=OUTLINE))
    assert (plan.buildings, found(plan)) == ([], [("LAYER_MISSING", "")])


def test_an_outline_in_a_block_on_another_layer_is_found() -> None:
    made = drawing()
    outline(made.blocks.new("HOUSE"), [(0, 0), (30, 0), (30, 14), (0, 14)])
    made.layers.add("图块")
    made.modelspace().add_blockref("HOUSE", (EAST, NORTH), dxfattribs={"layer": "图块"})
    assert len(plan_of(made).buildings) == 1


def test_an_outline_drawn_twice_counts_once() -> None:
    made = drawing()
    building(made.modelspace(), box(30, 14), "1#", "6F", "H=18")
    outline(made.modelspace(), box(30, 14))
    plan = plan_of(made)
    assert (len(plan.buildings), found(plan)) == (1, [("OUTLINE_DOUBLED", "")])


@pytest.mark.parametrize("scale", [1, -1])
def test_the_texts_of_a_mirrored_block_stay_in_its_outline(scale: int) -> None:
    made = drawing()
    block = made.blocks.new("T")
    outline(block, [(0, 0), (36, 0), (36, 14), (30, 20), (0, 14)], "0")
    for place, line in enumerate(("1#", "18F", "H=54.9")):
        block.add_text(line, dxfattribs={"layer": LABEL}).set_placement((5, 5 - 2 * place))
    made.modelspace().add_blockref(
        "T", (EAST + 100, NORTH), dxfattribs={"layer": OUTLINE, "xscale": scale, "rotation": 33}
    )
    plan = plan_of(made)
    assert (found(plan), [(one.number, one.above, one.height) for one in plan.buildings]) == ([], [("1#", 18, 54.9)])


@pytest.mark.parametrize("radius", [2.0, 12.0, 60.0])
def test_round_buildings_have_the_area_of_a_circle(radius: float) -> None:
    made = drawing()
    made.modelspace().add_circle((EAST, NORTH), radius, dxfattribs={"layer": OUTLINE})
    made.modelspace().add_text("1# 3F", dxfattribs={"layer": LABEL}).set_placement((EAST, NORTH))
    [one] = plan_of(made).buildings
    assert one.polygon.area == pytest.approx(math.pi * radius**2, abs=0.05)
    assert one.polygon.centroid.distance(shapely.Point(EAST, NORTH)) < 0.001


def test_layers_are_found_by_the_names_in_force() -> None:
    made = drawing()
    outline(made.modelspace(), box(30, 14), "BLDG")
    label(made.modelspace(), box(30, 14)[0], "1#", "6F", layer="TEXT")
    assert found(plan_of(made)) == [("LAYER_MISSING", "")]
    thresholds = Thresholds(date.min, {"space.layers_outline": "LK、BLDG", "space.layers_label": "TEXT"})
    [one] = read_site_plan(content_of(made), names=LayerNames.of(thresholds)).buildings
    assert (one.number, one.above) == ("1#", 6)


@pytest.mark.parametrize("layer", [OUTLINE, LABEL])
def test_a_block_that_the_drawing_does_not_have_is_named_and_the_rest_is_read(layer: str) -> None:
    made = drawing()
    building(made.modelspace(), box(30, 14), "1#", "6F", "H=18")
    block = made.blocks.new("PART")
    block.add_lwpolyline([(0, 0), (20, 0), (20, 9), (0, 9)], close=True, dxfattribs={"layer": OUTLINE})
    block.add_blockref("XREF", (0, 0), dxfattribs={"layer": "0"})
    whole = made.modelspace().add_blockref("PART", (EAST + 60, NORTH), dxfattribs={"layer": layer})
    lost = made.modelspace().add_blockref("XREF", (EAST, NORTH), dxfattribs={"layer": layer})
    made.modelspace().add_blockref("XREF", (EAST, NORTH), dxfattribs={"layer": "绿化"})
    plan = plan_of(made)
    missing = next(one for one in plan.findings if one.code == "BLOCK_MISSING")
    assert (missing.rule, missing.note, missing.handles) == ("SPA-16", False, (whole.dxf.handle, lost.dxf.handle))
    assert sorted(one.polygon.area for one in plan.buildings) == pytest.approx([180, 420], abs=0.01)


def test_areas_that_are_no_lines_are_counted_in_a_note() -> None:
    made = drawing()
    model = made.modelspace()
    building(model, box(30, 14), "1#", "6F", "H=18")
    on = {"layer": OUTLINE}
    hatch = model.add_hatch(dxfattribs=on)
    hatch.paths.add_polyline_path(box(9, 9, east=60))
    corners = [(e, n, 0.0) for e, n in box(9, 9, east=80)]
    faces = [model.add_solid(corners, dxfattribs=on), model.add_3dface(corners, dxfattribs=on)]
    model.add_polymesh((3, 3), dxfattribs=on)
    model.add_hatch(dxfattribs={"layer": "绿化"}).paths.add_polyline_path(box(9, 9, east=99))
    plan = plan_of(made)
    [one] = plan.findings
    assert (one.code, one.note, len(plan.buildings)) == ("NOT_LINES", True, 1)
    assert "填充1个、实体填充1个、三维面1个、网格1个" in one.message
    assert {hatch.dxf.handle, *(face.dxf.handle for face in faces)} < set(one.handles)


def test_a_spline_and_a_foreign_object_are_named_by_handle() -> None:
    made = drawing()
    building(made.modelspace(), box(30, 14), "1#", "6F", "H=18")
    spline = made.modelspace().add_spline(
        [(EAST, NORTH, 0), (EAST + 5, NORTH + 9, 0), (EAST + 9, NORTH, 0)], dxfattribs={"layer": OUTLINE}
    )
    [finding] = plan_of(made).findings
    assert (finding.code, finding.rule, finding.handles) == ("SPLINE", "SPA-16", (spline.dxf.handle,))


@pytest.mark.parametrize("version", ["R12", "R2000", "R2018"])
def test_old_and_new_versions_with_gbk_text_are_read(version: str) -> None:
    made = drawing(version)
    if version == "R12":
        made.modelspace().add_polyline2d(box(30, 14), close=True, dxfattribs={"layer": OUTLINE})
    else:
        outline(made.modelspace(), box(30, 14))
    label(made.modelspace(), box(30, 14)[0], "1号楼", "6层", "H=18")
    text = content_of(made).decode()
    [one] = read_site_plan(text.encode("gbk")).buildings
    assert (one.number, one.above) == ("1#", 6)


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    made = drawing()
    building(made.modelspace(), box(30, 14), "1#", "6F", "H=18")
    content = b"\xef\xbb\xbf" + content_of(made).replace(b"\n", b"\r\n")
    assert [one.number for one in read_site_plan(content).buildings] == ["1#"]


def test_a_circle_of_a_negative_radius_is_no_outline() -> None:
    made = drawing()
    made.modelspace().add_circle((EAST, NORTH), -5, dxfattribs={"layer": OUTLINE})
    with pytest.raises(FileRefused) as refused:
        read_site_plan(content_of(made))
    assert refused.value.code == "COORDINATE_INVALID"


def test_a_dwg_is_refused_with_what_to_do() -> None:
    with pytest.raises(FileRefused, match="另存为DXF"):
        read_site_plan(b"AC1032" + b"\0" * 100)


def test_outlines_in_a_heap_are_refused_and_many_beside_each_other_are_not() -> None:
    """Three hundred squares around one place would be compared ninety thousand times and be told as often."""

    def squares(step: float, count: int) -> list[dict[str, object]]:
        return [
            {"points": [(e, 0.0), (e + 9, 0.0), (e + 9, 9.0), (e, 9.0)], "closed": True, "handle": f"{place:X}"}
            for place in range(count)
            for e in (place * step,)
        ]

    assert len(find_outlines(squares(10.0, 3_000)).sound) == 3_000
    with pytest.raises(FileRefused, match="重叠的轮廓过多") as refused:
        find_outlines(squares(0.001, 300))
    assert refused.value.code == "TOO_MANY_ENTITIES"


@pytest.mark.parametrize(("apart", "refused"), [(0.0, True), (0.3, True), (10.0, False)])
def test_a_heap_of_thousands_is_seen_before_a_library_opens_the_drawing(apart: float, refused: bool) -> None:
    scan = scan_drawing(many_outlines(3_000, apart))
    book = LayerBook(scan, "gbk")
    layers = book.choose(Wanted()).all
    if refused:
        with pytest.raises(FileRefused, match="重叠的轮廓过多"):
            thin_copy(book, layers)
    else:
        assert thin_copy(book, layers).count(b"LWPOLYLINE") == 3_000
