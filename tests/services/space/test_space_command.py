"""`main.py space` over the carried sets, and over the shared ones where they lie beside the clone (rows 80, 81)."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest
import shapely

from models.own_data import read_rows
from tests.commands import run_main
from tests.services.space.drawings import RED_LINE, box, building, content_of, drawing, outline

OWN = Path(__file__).resolve().parents[2] / "data" / "space" / "parcels"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "projects" / "parcels"


def lines_of(home: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run_main(home, "space", *arguments, "--json")
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


@pytest.mark.row(80)
@pytest.mark.parametrize(
    "folder", [OWN, pytest.param(SHARED, marks=pytest.mark.skipif(not SHARED.exists(), reason="no shared sets"))]
)
def test_every_parcel_agrees_with_the_index(folder: Path, tmp_path: Path) -> None:
    index = folder / "parcels_index.csv"
    rows = read_rows(index)
    files = [str(folder / row["file"]) for row in rows]
    lines = lines_of(tmp_path, "extent", *files, "--index", str(index))
    assert [line["file"] for line in lines] == [row["file"] for row in rows]
    for line, row in zip(lines, rows, strict=True):
        assert line["verdict"] == row["expected_verdict"], line
        assert line["codes"] == [code for code in row["expected_codes"].split(";") if code], line
        assert line["parcel"] == row["parcel"]
        if line["verdict"] == "accept":
            assert line["area"] == pytest.approx(float(row["true_area_m2"]), abs=0.01)
            assert line["rings"] == int(row["parts"]) + int(row["holes"])


@pytest.mark.row(80)
def test_the_index_gives_zone_area_and_district_and_nothing_else(tmp_path: Path) -> None:
    rows = read_rows(OWN / "parcels_index.csv")
    for row in rows:
        row.update(expected_verdict="reject", expected_codes="SPIKE", true_area_m2="1", detail="重叠")
    index = tmp_path / "index.csv"
    with index.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    [line] = lines_of(tmp_path, "extent", str(OWN / "P01.csv"), "--index", str(index))
    assert (line["verdict"], line["codes"], line["area"]) == ("accept", [], 42360.04)


@pytest.mark.row(80)
def test_a_rejected_parcel_is_no_neighbour_of_later_ones(tmp_path: Path) -> None:
    crossing, whole = str(OWN / "P09.csv"), str(OWN / "P01.csv")
    lines = lines_of(tmp_path, "extent", whole, crossing, crossing)
    assert [line["codes"] for line in lines] == [[], ["OVERLAP:P01"], ["OVERLAP:P01"]]


@pytest.mark.row(80)
def test_a_declared_area_and_a_system_are_taken_from_the_arguments(tmp_path: Path) -> None:
    [line] = lines_of(tmp_path, "extent", str(OWN / "P01.csv"), "--declared", "40000")
    assert (line["verdict"], line["codes"], line["spa"]) == ("reject", ["AREA_MISMATCH"], ["SPA-06"])
    [line] = lines_of(tmp_path, "extent", str(OWN / "P01.csv"), "--system", "SH2000")
    assert line["codes"] == ["OUTSIDE_SHANGHAI"]


@pytest.mark.row(80)
def test_a_file_that_cannot_be_read_is_an_answer_and_a_missing_one_is_not(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00\x01")
    [line] = lines_of(tmp_path, "extent", str(bad))
    assert (line["verdict"], line["codes"], line["area"]) == ("reject", ["UNREADABLE"], None)
    assert run_main(tmp_path, "space", "extent", str(tmp_path / "none.txt")).code == 2


@pytest.mark.row(81)
def test_a_drawing_is_answered_and_a_refused_one_too(tmp_path: Path) -> None:
    made = drawing()
    building(made.modelspace(), box(36, 14.4), "1#楼", "18F/-1F", "H=54.90")
    good, bad = tmp_path / "good.dxf", tmp_path / "bad.dxf"
    good.write_bytes(content_of(made))
    bad.write_bytes(b"AC1032")
    first, second = lines_of(tmp_path, "drawing", str(good), str(bad))
    assert first == {
        "file": "good.dxf",
        "findings": [],
        "buildings": [
            {
                "no": "1#",
                "storeys_above": 18,
                "storeys_below": 1,
                "height_m": 54.9,
                "footprint_m2": 518.4,
                "centroid_e": 651418.0,
                "centroid_n": 3454107.2,
            }
        ],
    }
    assert ([one["code"] for one in second["findings"]], second["buildings"]) == (["DWG_FILE"], [])


@pytest.mark.row(80)
def test_a_red_line_is_read_from_a_drawing_with_arcs_in_millimetres(tmp_path: Path) -> None:
    made = drawing(units=4)
    corners = [(e * 1000, n * 1000) for e, n in box(200, 250)]
    bulge = math.tan(math.radians(90) / 4)
    rounded = [
        (*corners[0], 0),
        (corners[1][0] - 12_000, corners[1][1], bulge),
        (corners[1][0], corners[1][1] + 12_000, 0),
    ]
    points = [*rounded, *((*corner, 0) for corner in corners[2:])]
    made.modelspace().add_lwpolyline(points, format="xyb", close=True, dxfattribs={"layer": RED_LINE})
    hole = [(e * 1000, n * 1000) for e, n in box(10, 10, east=50, north=50)]
    outline(made.modelspace(), hole, RED_LINE)
    path = tmp_path / "line.dxf"
    path.write_bytes(content_of(made))
    [line] = lines_of(tmp_path, "extent", str(path))
    assert (line["verdict"], line["codes"], line["rings"]) == ("accept", [], 2)
    assert line["area"] == pytest.approx(50_000 - 144 + 36 * math.pi - 100, abs=0.05)


@pytest.mark.row(81)
@pytest.mark.skipif(not SHARED.exists(), reason="the shared sets are not here")
@pytest.mark.parametrize("named", [True, pytest.param(False, marks=pytest.mark.night)])
def test_every_shared_drawing_agrees_with_what_is_expected(tmp_path: Path, named: bool) -> None:
    folder = SHARED.parent / "dxf"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["drawings"]
    for one in expected:
        layers = one.get("layers", {}) if named else {}
        options = [word for use, name in layers.items() for word in (f"--{use.replace('_', '-')}-layer", name)]
        [line] = lines_of(tmp_path, "drawing", str(folder / one["file"]), *options)
        assert {found["code"] for found in line["findings"]} == {found["code"] for found in one["findings"]}
        if "buildings" not in one:
            continue
        found = {building["no"]: building for building in line["buildings"]}
        assert len(line["buildings"]) == len(found) == len(one["buildings"])
        for building_expected in one["buildings"]:
            assert found[building_expected["no"]] == pytest.approx(building_expected, abs=0.05)


@pytest.mark.row(81)
@pytest.mark.skipif(not SHARED.exists(), reason="the shared sets are not here")
@pytest.mark.parametrize(
    ("site", "units"),
    [("B", "B_2"), *(pytest.param(*one, marks=pytest.mark.night) for one in (("A", "A_3"), ("B", "B_1")))],
)
def test_every_shared_building_is_divided_as_it_is(tmp_path: Path, site: str, units: str) -> None:
    table = SHARED.parent / "units" / f"units_{units}.csv"
    [line] = lines_of(tmp_path, "model", str(SHARED.parent / "dxf" / f"site_{site}.dxf"), "--units", str(table))
    true = {row["room"]: row for row in read_rows(table) if row["room"]}
    assert (line["method"], line["report"]["matched"], line["report"]["rate"]) == ("AUTO_SPLIT", len(true), 1.0)
    assert [one["code"] for one in line["findings"]] == []
    for one in line["homes"]:
        row = true[one["room"]]
        assert one["area_m2"] == pytest.approx(float(row["inner_area_m2"]), rel=1e-3)
        assert one["volume_m3"] == pytest.approx(float(row["inner_area_m2"]) * float(row["floor_height_m"]), rel=1e-3)
        place, polygon = shapely.from_wkt(one["parts"][0]["polygon"]), shapely.from_wkt(row["polygon_en_epsg4549"])
        assert place.intersection(polygon).area > 0.95 * polygon.area
    for storey in line["storeys"]:
        assert storey["homes_m2"] + storey["common_m2"] == pytest.approx(storey["outline_m2"], abs=0.05)


@pytest.mark.row(81)
def test_a_drawing_without_a_table_has_models_by_storey(tmp_path: Path) -> None:
    made = drawing()
    building(made.modelspace(), box(36, 14.4), "1#楼", "18F/-1F", "H=54.90")
    path = tmp_path / "plan.dxf"
    path.write_bytes(content_of(made))
    [line] = lines_of(tmp_path, "model", str(path))
    assert (line["building"], line["method"], line["homes"], len(line["storeys"])) == ("1#", "UNDIVIDED", [], 19)
    assert line["storeys"][-1] == {
        "storey": 18,
        "label": "18",
        "base_z": 51.85,
        "height": 3.05,
        "divided": False,
        "outline_m2": 518.4,
        "homes_m2": 0,
        "common_m2": 518.4,
    }
