"""Dividing a storey among its homes: areas, borders, facings (row 81)."""

import itertools

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from services.engine.refusals import Rejected
from services.space.building_model import PlannedHome
from services.space.storey_cuts import cut, cuts_across, fitted
from services.space.storey_division import CORE, Share, divide_storey, facing_of, long_axis
from tests.services.space.drawings import EAST, NORTH
from tests.services.space.homes import slab

pytestmark = pytest.mark.row(81)
FACINGS = ("", "南", "北", "东", "西", "南北", "东南", "西南", "东北", "西北")


def outline_of(kind: str, width: float, depth: float, angle: float) -> shapely.Polygon:
    box = shapely.box(0, 0, width, depth)
    shapes = {
        "slab": box,
        "corner": box.difference(shapely.box(width / 2, depth / 2, width, depth)),
        "court": box.difference(shapely.box(width * 0.4, depth * 0.4, width * 0.6, depth * 0.6)),
    }
    turned = affinity.rotate(shapes[kind], angle, origin=(0, 0))
    return affinity.translate(turned, EAST, NORTH)


@settings(max_examples=120, deadline=None)
@given(
    kind=st.sampled_from(["slab", "corner", "court"]),
    width=st.floats(15, 90),
    depth=st.floats(10, 40),
    angle=st.floats(-180, 180),
    homes=st.lists(
        st.tuples(st.floats(30, 200), st.sampled_from(FACINGS), st.sampled_from(["", "1", "2"])),
        min_size=1,
        max_size=12,
    ),
    common=st.lists(st.floats(5, 60), max_size=3),
)
def test_homes_fill_their_storey_and_lie_beside_each_other(
    kind: str, width: float, depth: float, angle: float, homes: list[tuple[float, str, str]], common: list[float]
) -> None:
    outline = outline_of(kind, width, depth, angle)
    shares = [Share(str(place), *home) for place, home in enumerate(homes)]
    parts = divide_storey(outline, shares, common)
    scale = outline.area / (sum(share.area for share in shares) + sum(common))
    assert set(parts) - {CORE} == {share.key for share in shares}
    for share in shares:
        assert parts[share.key].area == pytest.approx(share.area * scale, abs=0.3, rel=0.01)
    for one, other in itertools.combinations(parts.values(), 2):
        assert one.intersection(other).area < 0.001
    assert shapely.union_all(list(parts.values())).symmetric_difference(outline).area < 0.3


@pytest.mark.parametrize("angle", [0, 37, 90, 127, -15])
def test_a_home_that_faces_south_lies_south_however_the_building_is_turned(angle: float) -> None:
    outline = slab(28, 22, angle)
    shares = [
        Share("south", 100, "南"),
        Share("north", 100, "北"),
        Share("southwest", 100, "西南"),
        Share("northeast", 100, "东北"),
    ]
    parts = divide_storey(outline, shares, [80])
    south, north = parts["south"].centroid, parts["north"].centroid
    assert south.y < outline.centroid.y < north.y
    assert parts["southwest"].centroid.distance(parts["northeast"].centroid) > 10


def test_the_long_axis_has_one_direction() -> None:
    assert [round(long_axis(slab(40, 15, angle))) for angle in (0, 37, 90, 180, 217, -53)] == [0, 37, 90, 0, 37, -53]


def test_a_facing_both_ways_faces_none() -> None:
    assert facing_of("南北", 0) == (0.0, 0.0)
    assert facing_of("东", 90)[1] == pytest.approx(-1)


def test_entrances_follow_each_other() -> None:
    shares = [Share(f"{entrance}{place}", 100, "南北", entrance) for entrance in "12" for place in "ab"]
    parts = divide_storey(slab(), shares, [20, 20])
    assert [key for key, _ in sorted(parts.items(), key=lambda one: one[1].centroid.x) if key != CORE] == [
        "1a",
        "1b",
        "2a",
        "2b",
    ]
    assert len(shapely.get_parts(parts[CORE])) == 2


def test_a_cut_leaves_no_sliver_and_a_plan_that_does_not_fit_is_refused() -> None:
    outline = slab()
    with pytest.raises(Rejected, match="不足1平方米"):
        cut(outline, cuts_across(outline, (0.05,)))
    assert len(cut(outline, cuts_across(outline, (0.1,)))) == 2
    with pytest.raises(Rejected, match="不重合"):
        fitted([PlannedHome("101", shapely.box(0, 0, 100, 2))], outline)
