"""The drawing of the districts: all of them, those of the centre twice, each named once, within the box."""

import re

from models.places_data import districts_by_code
from ui.homes.outlines import CENTRE, outlines


def test_every_district_is_drawn_and_named_once() -> None:
    drawn = outlines()
    assert set(drawn["shapes"]) == set(districts_by_code())
    for code, shapes in drawn["shapes"].items():
        assert len(shapes) == (2 if code in CENTRE else 1)
        assert sum(one["named"] for one in shapes) == 1
        assert all(one["path"].startswith("M") for one in shapes)


def test_no_point_lies_outside_the_box_and_the_drawing_is_light() -> None:
    drawn = outlines()
    _, _, width, height = map(float, drawn["box"].split())
    paths = [one["path"] for shapes in drawn["shapes"].values() for one in shapes]
    for path in paths:
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height
    assert sum(map(len, paths)) < 30_000
