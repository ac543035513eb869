"""The own projection against PROJ and the published values of SH2000 (row 80)."""

import random

import pytest

from services.space.planes import DEGREES, GK40, SH2000, Pair, Plane, between, forward, gauss_zone, inverse

VALUES = [
    ((121.5, 31.25), (3148.644, 1632.849)),
    ((121.2, 31.0), (-25493.786, -26055.582)),
    ((121.9, 30.85), (41424.401, -42634.622)),
    ((121.4737, 31.2304), (643.640, -540.782)),
]


@pytest.mark.row(80)
@pytest.mark.parametrize(("degrees", "plane"), VALUES)
def test_the_citys_plane_has_its_published_values(degrees: Pair, plane: Pair) -> None:
    assert forward(degrees, SH2000) == pytest.approx(plane, abs=0.001)


@pytest.mark.parametrize("plane", [GK40, gauss_zone(41), SH2000])
def test_the_projection_agrees_with_proj(plane: Plane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROJ_NETWORK", "OFF")
    pyproj = pytest.importorskip("pyproj")
    terms = f"+proj=tmerc +lon_0={plane.meridian!r} +x_0={plane.false_e} +y_0={plane.false_n} +ellps=GRS80 +units=m"
    oracle = pyproj.Proj(terms)
    chance = random.Random(80)
    for _ in range(2_000):
        degrees = (chance.uniform(DEGREES.e_min, DEGREES.e_max), chance.uniform(DEGREES.n_min, DEGREES.n_max))
        found = forward(degrees, plane)
        assert found == pytest.approx(oracle(*degrees), abs=1e-6)
        assert inverse(found, plane) == pytest.approx(degrees, abs=1e-11)


def test_a_point_goes_from_plane_to_plane_and_back() -> None:
    place = (651_474.47, 3_454_490.55)
    assert between(between(place, GK40, SH2000), SH2000, GK40) == pytest.approx(place, abs=1e-6)
