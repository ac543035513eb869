"""The picture of a red line: whole XML, north upward, findings at their places (row 80)."""

import pytest
from defusedxml import ElementTree

from services.space.extent_preview import extent_svg
from tests.services.space.lists import EAST, NORTH, checked, neighbour, rectangle, report, table

pytestmark = pytest.mark.row(80)
SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_has_rings_and_numbers_with_north_upward() -> None:
    hole = rectangle(20, 20, north=NORTH + 50, east=EAST + 50)
    picture = ElementTree.fromstring(extent_svg(checked(report([rectangle(), hole])), title="<地块>"))
    [path] = picture.findall(f"{SVG}path")
    assert path.get("d", "").count("Z") == 2
    numbers = {text.text: float(text.get("y", "0")) for text in picture.findall(f"{SVG}text")}
    assert set(numbers) == {f"J{number}" for number in range(1, 9)}
    assert numbers["J1"] < numbers["J4"]
    assert picture.get("aria-label") == "<地块>"


def test_a_finding_is_marked_at_its_place_and_a_neighbour_drawn() -> None:
    stored = neighbour(table(rectangle(east=EAST + 150)))
    extent = checked(table(rectangle()), neighbours=[stored])
    picture = ElementTree.fromstring(extent_svg(extent, [stored]))
    assert [path.get("class") for path in picture.findall(f"{SVG}path")] == ["neighbour", "extent"]
    [mark] = picture.findall(f"{SVG}g")
    assert "重叠" in mark.findtext(f"{SVG}title", "")


def test_an_extent_without_polygons_has_no_picture() -> None:
    assert extent_svg(checked(table(rectangle()[:2], close=False))) == ""
