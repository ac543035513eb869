"""What a click in the picture of an estate meets: homes are prisms, and the nearest counts (row 82)."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

_SOURCE = Path(__file__).parents[2] / "ui" / "space" / "prisms" / "index.js"
#: A storey of 10 by 10 metres with a courtyard of 4 by 4 in its middle, from 0 to 3 metres.
_MET = """([ox, oy, oz, dx, dy, dz, most]) => {
  const ring = (low, high) => [[low, low], [high, low], [high, high], [low, high]];
  const found = met([[ring(0, 10), ring(3, 7)]], 0, 3, { x: ox, y: oy, z: oz }, { x: dx, y: dy, z: dz }, most ?? Infinity);
  return found === null ? null : Math.round(found * 1000) / 1000;
}"""


@pytest.mark.row(82)
def test_a_ray_meets_roof_wall_and_courtyard_as_they_stand(browser: Browser) -> None:
    page = browser.new_page()
    lines = _SOURCE.read_text(encoding="utf-8").splitlines()
    page.add_script_tag(
        content="\n".join(one for one in lines if not one.startswith(("import ", "export *"))).replace("export ", "")
    )
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
    page.close()
