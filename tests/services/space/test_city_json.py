"""CityJSON 2.0 of building models: written, read back, and files of others checked (row 81)."""

import json
from dataclasses import replace
from typing import Any

import pytest
import shapely

from services.files.file_refusals import FileRefused
from services.space.building_model import Method, StoreyPlans, build_model
from services.space.city_json import read_city_json, write_city_json
from services.space.geometry_field import geometry_of, polygons_of
from services.space.model_exchange import evened, read_building
from tests.services.space.drawings import EAST, NORTH
from tests.services.space.homes import home, house, slab, storey_of

pytestmark = pytest.mark.row(81)


def city(**more: Any) -> dict[str, Any]:
    rows = [*storey_of(1, 4, inner=130.0), *storey_of(2, 4, inner=130.0)]
    return {**write_city_json([build_model(house(above=2, below=1), rows)]), **more}


def read(document: object) -> Any:
    return read_city_json(json.dumps(document).encode())


def _of(file: Any, number: str) -> tuple[list[Any], list[Any]]:
    """Homes and storeys of one building of a file."""
    spaces, shells = ([one for one in some if one.building == number] for some in (file.spaces, file.shells))
    return spaces, shells


def test_a_model_is_read_back_as_it_was_written() -> None:
    model = build_model(house(above=2), [*storey_of(1, 3), *storey_of(2, 3)])
    model.base = 4.5
    file = read(write_city_json([model]))
    assert (file.findings, dict(file.ignored)) == ([], {})
    assert [(one.room, one.storey) for one in file.spaces] == [(one.room, str(one.storey)) for one in model.homes]
    for space, one in zip(file.spaces, model.homes, strict=True):
        assert space.bottom.symmetric_difference(one.parts[0].polygon).area < 0.05
        assert (space.base, space.height) == pytest.approx((4.5 + one.parts[0].base, 3.0))


def test_a_building_comes_back_with_its_outline_and_its_storeys() -> None:
    tower = slab(angle=37)
    narrow = tower.intersection(slab(30, 15, angle=37))
    own = StoreyPlans(outlines={2: narrow, 3: narrow}, levels={1: (0.0, 4.5), 2: (4.5, 3.0), 3: (7.5, 3.2)})
    rows = [*storey_of(1, 5), *storey_of(2, 4)]
    model = build_model(house(tower, above=3, below=1), rows, own=own, core=0.1)
    model.base = 4.5
    lower = replace(model, number="2#", base=-1.25)
    file = read(write_city_json([model, lower]))
    bases = {number: read_building(number, *_of(file, number))[0].base for number in ("1#", "2#")}
    assert bases == {"1#": 4.5, "2#": -1.25}
    found, storeys = read_building("1#", *_of(file, "1#"))
    rings = [polygons_of(one).normalize().wkt for one in (found.outline, geometry_of(tower))]
    assert (rings[0], found.above, found.below) == (rings[1], 3, 1)
    again = build_model(house(polygons_of(found.outline), above=3, below=1), [], own=storeys)
    assert again.method is Method.AUTO_SPLIT
    assert [(one.number, one.base, one.height, one.divided) for one in again.storeys] == [
        (one.number, one.base, one.height, one.divided) for one in model.storeys
    ]
    for one, before in zip(again.storeys, model.storeys, strict=True):
        assert one.outline.symmetric_difference(before.outline).area < 0.05
    for home_again, home_before in zip(again.homes, model.homes, strict=True):
        assert home_again.room == home_before.room
        assert home_again.parts[0].polygon.symmetric_difference(home_before.parts[0].polygon).area < 0.01


def test_rooms_of_one_number_at_two_entrances_find_their_rows_again() -> None:
    rows = [home(f"10{place}", entrance=entrance) for entrance in "12" for place in "12"]
    model = build_model(house(above=1), rows)
    assert model.report.rate == 1
    file = read(write_city_json([model]))
    found, storeys = read_building("1#", file.spaces, file.shells)
    again = build_model(house(polygons_of(found.outline), above=1), rows, own=storeys)
    assert (again.report.rate, again.report.double) == (1, [])
    assert [one.row for one in again.homes] == [one.row for one in model.homes]


def test_homes_a_centimetre_apart_have_one_plain_outline() -> None:
    homes = [shapely.box(0, 0, 9.995, 12), shapely.box(10.005, 0, 20, 11.993), shapely.box(20, 0.01, 30, 12)]
    whole = evened(homes)
    assert (whole.geom_type, len(whole.exterior.coords) - 1) == ("Polygon", 4)
    assert whole.symmetric_difference(shapely.box(0, 0, 30, 12)).area < 0.3


def test_a_storey_around_homes_may_have_any_form() -> None:
    document = city()
    storey = next(one for one in document["CityObjects"].values() if one["type"] == "BuildingStorey")
    storey["geometry"][0]["boundaries"][0].pop()
    file = read(document)
    assert (file.findings, file.ignored["BuildingStorey"], len(file.spaces)) == ([], 1, 8)


def test_the_document_is_cityjson_2_with_whole_vertices() -> None:
    document = city()
    assert (document["type"], document["version"]) == ("CityJSON", "2.0")
    kinds = [one["type"] for one in document["CityObjects"].values()]
    assert (kinds.count("Building"), kinds.count("BuildingStorey"), kinds.count("BuildingUnit")) == (1, 3, 8)
    assert all(
        (isinstance(value, int) and 0 <= value < 10**6) or value < 0
        for vertex in document["vertices"]
        for value in vertex
    )
    for key, one in document["CityObjects"].items():
        assert [(solid["type"], solid["lod"]) for solid in one["geometry"]] == [("Solid", "1.2")]
        for child in one.get("children", []):
            assert key in document["CityObjects"][child]["parents"]


def test_a_home_round_a_courtyard_and_a_duplex_are_closed_solids() -> None:
    court = slab(40, 40).difference(shapely.box(EAST + 10, NORTH + 10, EAST + 30, NORTH + 30))
    model = build_model(house(court, above=2), [home("101室", inner=1_200.0), home("101室", 2, inner=1_200.0)])
    file = read(write_city_json([model]))
    assert (file.findings, [len(one.bottom.interiors) for one in file.spaces]) == ([], [1, 1])


def test_an_open_solid_one_turned_inside_and_one_on_another_are_told() -> None:
    for spoil, code in (("open", "NOT_CLOSED"), ("inside", "WRONG_WAY"), ("double", "HOMES_OVERLAP")):
        document = city()
        units = [one for one in document["CityObjects"].values() if one["type"] == "BuildingUnit"]
        shell = units[0]["geometry"][0]["boundaries"][0]
        if spoil == "open":
            shell.pop()
        elif spoil == "inside":
            units[0]["geometry"][0]["boundaries"][0] = [[ring[::-1] for ring in face] for face in shell]
        else:
            units[1]["geometry"] = units[0]["geometry"]
        assert [one.code for one in read(document).findings] == [code]


def test_other_kinds_of_objects_are_counted_and_not_read() -> None:
    document = city()
    document["CityObjects"]["tree"] = {"type": "SolitaryVegetationObject", "geometry": []}
    assert dict(read(document).ignored) == {"SolitaryVegetationObject": 1}


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"type": "CityJSON"},
        {**city(), "version": "1.1"},
        {**city(), "vertices": [[0, 0]]},
        {**city(), "transform": None},
        {**city(), "transform": {"scale": [1e300] * 3, "translate": [0, 0, 0]}},
    ],
)
def test_what_is_no_cityjson_2_is_refused(document: object) -> None:
    with pytest.raises(FileRefused):
        read(document)


def test_numbers_of_missing_vertices_are_a_fault_of_the_solid() -> None:
    document = city()
    document["CityObjects"]["b1-u1-1"]["geometry"][0]["boundaries"][0][0] = [[999_999, 1, 2]]
    assert [one.code for one in read(document).findings] == ["NOT_CLOSED"]


@pytest.mark.parametrize("content", [b"", b"PK", b'{"type": NaN}', b'{"a":' * 9_000, b"{\0}", b"\xff\xfe{"])
def test_what_is_no_text_of_json_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match="CityJSON"):
        read_city_json(content)


def test_a_heap_of_homes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.space.city_json._MOST_PAIRS", 4)
    with pytest.raises(FileRefused, match="互相重叠"):
        read(city())
