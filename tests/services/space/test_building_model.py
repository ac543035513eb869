"""Models of buildings: storeys, homes as prisms, duplexes, basements, podiums (row 81)."""

import pytest
import shapely

from services.files.file_refusals import FileRefused
from services.space.building_model import FloorPlan, Method, PlannedHome, StoreyPlans, build_model
from services.space.model_report import answer_model, floor_plan_of
from services.space.site_plan import read_site_plan
from services.space.unit_table import read_unit_table, storey_number
from tests.services.space.drawings import EAST, NORTH, box, building, content_of, drawing, label, outline
from tests.services.space.homes import home, house, slab, storey_of

pytestmark = pytest.mark.row(81)


def codes(model: object) -> list[str]:
    return [finding.code for finding in model.findings]  # type: ignore[attr-defined]


def test_every_home_has_a_storey_and_a_volume() -> None:
    rows = [*storey_of(1, 4, inner=130.0, height=4.5, base=0.0), *storey_of(2, 4, inner=130.0, height=3.0, base=4.5)]
    model = build_model(house(above=2), rows)
    assert (model.method, codes(model), model.report.rate) == (Method.AUTO_SPLIT, [], 1.0)
    assert [(one.number, one.base, one.height) for one in model.storeys] == [(1, 0.0, 4.5), (2, 4.5, 3.0)]
    assert sum(one.volume for one in model.homes) == pytest.approx(600 * 7.5, rel=1e-3)
    assert model.homes[0].volume == pytest.approx(150 * 4.5, rel=1e-3)


def test_a_storey_stands_on_the_one_below_whatever_its_height() -> None:
    rows = [*storey_of(1, 2, height=4.5), *storey_of(2, 2, height=2.8), *storey_of(3, 2)]
    assert [one.base for one in build_model(house(above=3), rows).storeys] == [0.0, 4.5, 7.3]


def test_typical_storeys_have_the_same_plan() -> None:
    model = build_model(house(above=3), [row for storey in (1, 2, 3) for row in storey_of(storey, 4)])
    by_place = [
        {part.polygon.wkb for one in model.homes for part in one.parts if one.room.endswith(place)}
        for place in ("01室", "04室")
    ]
    assert [len(one) for one in by_place] == [1, 1]


def test_a_courtyard_stays_open() -> None:
    court = slab(40, 40).difference(shapely.box(EAST + 10, NORTH + 10, EAST + 30, NORTH + 30))
    model = build_model(house(court, above=1), storey_of(1, 6, inner=180.0))
    assert codes(model) == []
    assert sum(one.area for one in model.homes) == pytest.approx(1_200, abs=0.3)
    assert not any(
        part.polygon.contains(shapely.Point(EAST + 20, NORTH + 20)) for one in model.homes for part in one.parts
    )


def test_a_building_turned_by_37_degrees_is_divided_like_any_other() -> None:
    model = build_model(house(slab(40, 15, 37), above=1), storey_of(1, 5, inner=110.0))
    assert codes(model) == []
    assert [one.area for one in model.homes] == pytest.approx([120] * 5, abs=0.1)


def test_storeys_may_have_outlines_of_their_own() -> None:
    small = slab(20, 15)
    model = build_model(
        house(above=2),
        [*storey_of(1, 2, inner=300.0), *storey_of(2, 2, inner=150.0)],
        own=StoreyPlans(outlines={2: small}),
    )
    assert [one.outline.area for one in model.storeys] == [600, 300]
    assert [round(one.area) for one in model.homes] == [300, 300, 150, 150]


def test_a_duplex_has_parts_on_two_storeys() -> None:
    rows = [home("101室"), home("102室"), home("101室", 2), home("202室", 2)]
    model = build_model(house(above=2), rows)
    [duplex] = [one for one in model.homes if one.room == "101室"]
    assert ([part.storey for part in duplex.parts], len(model.homes)) == ([1, 2], 3)
    assert duplex.volume == pytest.approx(600 * 3, rel=1e-3)


def test_rooms_numbered_anew_on_every_storey_are_no_duplex() -> None:
    model = build_model(house(above=2), [home("01"), home("02"), home("01", 2), home("02", 2)])
    assert (len(model.homes), model.report.rate) == (4, 1.0)


def test_a_basement_stays_undivided_and_there_is_no_storey_zero() -> None:
    model = build_model(house(above=2, below=2), [*storey_of(1, 2), *storey_of(2, 2)])
    assert [(one.number, one.base, one.divided) for one in model.storeys] == [
        (-2, -7.2, False),
        (-1, -3.6, False),
        (1, 0.0, True),
        (2, 3.0, True),
    ]
    assert [part.storey for part in model.common] == [-2, -1]


def test_a_basement_with_rooms_is_divided() -> None:
    model = build_model(
        house(above=1, below=1), [home("B101", -1, label="B1"), home("B102", -1, label="B1"), *storey_of(1, 2)]
    )
    assert (len(model.homes), model.report.rate) == (4, 1.0)


def test_without_a_table_the_storeys_are_blocks() -> None:
    model = build_model(house(above=3, below=1), [])
    assert (model.method, len(model.homes), len(model.common), codes(model)) == (Method.UNDIVIDED, 0, 4, [])


def test_storeys_that_differ_from_the_drawing_are_told() -> None:
    assert "STOREYS_DIFFER" in codes(build_model(house(above=3), storey_of(1, 2)))


@pytest.mark.parametrize(("share", "told"), [(0.69, True), (0.71, False), (1.29, False), (1.31, True)])
def test_homes_far_from_their_inner_areas_are_told(share: float, told: bool) -> None:
    """Two homes take 300 square metres each of the outline."""
    model = build_model(house(above=1), storey_of(1, 2, inner=300 / share))
    assert codes(model) == ["UNIT_AREA"] * told


@pytest.mark.parametrize(("homes", "stops"), [(9, False), (8, True)])
def test_fewer_than_nine_homes_of_ten_stop(homes: int, stops: bool) -> None:
    polygons = [shapely.box(EAST + place * 4, NORTH, EAST + place * 4 + 4, NORTH + 15) for place in range(homes)]
    plan = [PlannedHome(f"1{place:02d}", polygon) for place, polygon in enumerate(polygons, 1)]
    model = build_model(house(above=1), storey_of(1, 10, inner=60.0), floor_plan=plan)
    assert [(one.code, one.note) for one in model.findings] == [("UNITS_UNMATCHED", not stops)]


def test_a_floor_plan_with_one_home_more_than_the_table_says_which() -> None:
    polygons = [shapely.box(EAST + place, NORTH, EAST + place + 1, NORTH + 15) for place in range(33)]
    plan = [PlannedHome(f"1{place:02d}", polygon) for place, polygon in enumerate(polygons, 1)]
    model = build_model(house(above=1), storey_of(1, 32, inner=15.0), floor_plan=plan)
    assert (model.method, len(model.report.matches), len(model.report.model_only)) == (Method.CAD_FLOOR_PLAN, 32, 1)
    assert [one.room for one in model.homes if one.row is None] == ["133"]
    assert codes(model) == ["UNITS_UNMATCHED"]


def test_a_drawn_home_ends_at_the_outline_of_its_storey() -> None:
    plan = [
        PlannedHome(room, shapely.box(EAST + west, NORTH, EAST + east, NORTH + 15))
        for room, west, east in (("101", -5, 20), ("102", 20, 40))
    ]
    model = build_model(house(above=1), [home("101室"), home("102室")], floor_plan=plan)
    assert [one.area for one in model.homes] == pytest.approx([300, 300])


def test_a_home_without_a_room_keeps_its_place_when_a_sliver_before_it_is_gone() -> None:
    """A match made by hand names a home by its place on the plan that is kept."""
    outer = [
        shapely.box(EAST, NORTH, EAST + 0.001, NORTH + 15),
        shapely.box(EAST + 0.001, NORTH, EAST + 40, NORTH + 15),
    ]
    plan = {1: FloorPlan(Method.MANUAL, tuple(PlannedHome("", one) for one in outer))}
    [kept] = build_model(house(above=1), [], own=StoreyPlans(plan)).homes
    again = {1: FloorPlan(Method.MANUAL, (PlannedHome("", kept.parts[0].polygon, kept.parts[0].key),))}
    [same] = build_model(house(above=1), [], own=StoreyPlans(again)).homes
    assert (kept.parts[0].key, same.parts[0].key) == ("无室号2", "无室号2")


UNITS = "building_no,storey,room,facing,inner_area_m2,floor_height_m,polygon_en_epsg4549,expected_storey\n"


def table(*rows: str) -> bytes:
    return (UNITS + "".join(f"{row},POLYGON EMPTY,99\n" for row in rows)).encode("gb18030")


def test_two_towers_on_a_podium_share_no_space() -> None:
    made = drawing()
    building(made.modelspace(), box(100, 40), "3#", "3F", "H=14")
    building(made.modelspace(), box(25, 20, east=10, north=15), "1#", "6F", "H=20")
    building(made.modelspace(), box(25, 20, east=60, north=15), "2#", "6F", "H=20")
    rows = [
        "3号楼,1,101,,3000,5,",
        *(f"1号楼,{storey},{storey}01,,500,3," for storey in (3, 4, 5, 6)),
        "2#,4,401,,500,3,",
    ]
    lines = {
        line["building"]: line
        for line in answer_model("x.dxf", content_of(made), table(*(row.rstrip(",") for row in rows)))
    }
    assert [storey["storey"] for storey in lines["1#"]["storeys"]] == [3, 4, 5, 6]
    assert [storey["storey"] for storey in lines["2#"]["storeys"]] == [4, 5, 6]
    # On storey 3 the first tower has homes of its own; there the podium leaves it room.
    assert [storey["outline_m2"] for storey in lines["3#"]["storeys"]] == [4000, 4000, 3500]


def test_the_answer_names_what_the_drawing_lacks() -> None:
    made = drawing()
    building(made.modelspace(), box(40, 15), "1#", "1F", "H=3")
    [first, second] = answer_model(
        "x.dxf", content_of(made), table("1#,1,101,南,300,3", "1#,1,102,北,300,3", "9#,1,101,,50,3")
    )
    assert (first["method"], first["schematic"], first["report"]["matched"]) == ("AUTO_SPLIT", True, 2)
    assert [(one["room"], one["storey"], one["volume_m3"]) for one in first["homes"]] == [
        ("101", 1, 900.0),
        ("102", 1, 900.0),
    ]
    assert [one["code"] for one in second["findings"]] == ["BUILDING_MISSING"]
    assert second["report"]["table_only"] == ["101"]


def test_homes_drawn_in_the_plan_are_used() -> None:
    made = drawing()
    for name in ("FH", "SH"):
        made.layers.add(name)
    building(made.modelspace(), box(40, 15), "1#", "2F", "H=6")
    for place, room in enumerate(("01", "02")):
        outline(made.modelspace(), box(20, 15, east=20 * place), "FH")
        label(made.modelspace(), box(20, 15, east=20 * place)[0], room, layer="SH")
    rows = table("1#,1,101,,300,3", "1#,1,102,,300,3", "1#,2,201,,300,3", "1#,2,202,,300,3")
    [line] = answer_model("x.dxf", content_of(made), rows)
    assert (line["method"], line["report"]["matched"], line["report"]["inferred"]) == ("CAD_FLOOR_PLAN", 4, 0)
    plan = read_site_plan(content_of(made))
    assert [one.room for one in floor_plan_of(plan, plan.buildings[0])] == ["01", "02"]


def test_a_refused_drawing_has_no_homes() -> None:
    [line] = answer_model("x.dwg", b"AC1032", table("1#,1,101,,300,3"))
    assert ([one["code"] for one in line["findings"]], line["homes"], line["building"]) == (["DWG_FILE"], [], None)


@pytest.mark.parametrize(("text", "storey"), [("1", 1), ("B2", -2), ("地下1层", -1), ("-1", -1), ("12F", 12)])
def test_a_storey_is_a_number_without_zero(text: str, storey: int) -> None:
    assert storey_number(text) == storey


@pytest.mark.parametrize(
    "content", [b"room\n101\n", b"storey,room\n0,101\n", b"storey,room\nx,101\n", b"storey,room\n1," + b"9" * 200_000]
)
def test_a_table_without_readable_storeys_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        read_unit_table(content)
