"""What a click in the picture of an estate meets: homes are prisms, and the nearest counts (row 82)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

_SOURCE = Path(__file__).parents[2] / "ui" / "space" / "prisms" / "index.js"
#: A storey of 10 by 10 metres with a courtyard of 4 by 4 in its middle, from 0 to 3 metres.
_MET = """([ox, oy, oz, dx, dy, dz, most]) => {
  const ring = (low, high) => [[low, low], [high, low], [high, high], [low, high]];
  const found = met([[ring(0, 10), ring(3, 7)]], 0, 3, { x: ox, y: oy, z: oz }, { x: dx, y: dy, z: dz }, most ?? Infinity);
  return found === null ? null : Math.round(found * 1000) / 1000;
}"""


#: Two storeys of a building 4.2 metres above the datum, their plans a triangle and a common part.
_UNFOLDED = """() => unfold({ buildings: [{
  no: "1#", at: [30000, 0], base: 4200, rooms: { 1: "B02" }, parts: [["01", ""], ["01"]],
  plans: [[[[[0, 0, 9000, 0, 9000, 9000]]], [[[0, 0, 1000, 0, 1000, 1000]]]], [[[[0, 0, 5000, 0, 5000, 5000]]]]],
  storeys: [[1, "1", 0, 4500, 0, [0], 0], [2, "2", 4500, 2800, 1, [0], 1]],
}] })"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    lines = _SOURCE.read_text(encoding="utf-8").splitlines()
    page.add_script_tag(
        content="\n".join(one for one in lines if not one.startswith(("import ", "export *"))).replace("export ", "")
    )
    yield page
    page.close()


@pytest.mark.row(82)
def test_homes_are_prisms_as_high_as_their_storeys_over_their_plans(page: Page) -> None:
    found = page.evaluate(_UNFOLDED)
    assert [(one["room"], one["label"], one["schematic"]) for one in found["homes"]] == [
        ("101", "1", False),
        ("B02", "2", True),
    ]
    solids = [(one["unit"], one["no"], round(one["z"], 3), round(one["top"], 3)) for one in found["solids"]]
    assert solids == [(0, 1, 4.2, 8.7), (2, 1, 4.2, 8.7), (1, 2, 8.7, 11.5)]
    assert [one["areas"][0][0][1] for one in found["solids"]] == [[39, 0], [31, 0], [35, 0]]


@pytest.mark.row(82)
def test_a_ray_meets_roof_wall_and_courtyard_as_they_stand(page: Page) -> None:
    for ray, found in (
        ((1, 1, 10, 0, 0, -1), 7),  # the roof from above
        ((5, 5, 10, 0, 0, -1), None),  # through the courtyard
        ((-5, 5, 1, 1, 0, 0), 5),  # the west wall
        ((5, 5, 1, 1, 0, 0), 2),  # from the courtyard, its east wall
        ((5, 5, 10, 0.4, 0, -1), 7),  # over the courtyard onto the roof beyond it
        ((5, 5, 4, 1, 0, 0), None),  # above it
        ((-5, 5, 1, 1, 0, 0, 4.9), None),  # something else is nearer
        ((20, 20, 1, 1, 1, 0), None),  # away from it
    ):
        assert page.evaluate(_MET, list(ray)) == found, ray
