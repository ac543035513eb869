"""The own projection against PROJ and the published values of SH2000 (row 80)."""

import random
from dataclasses import replace
from math import radians

import pytest

from services.space.planes import (
    DEGREES,
    GK40,
    OLD_CITY,
    SH2000,
    Ellipsoid,
    Pair,
    Plane,
    Similarity,
    between,
    forward,
    gauss_zone,
    inverse,
)

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


@pytest.mark.row(80)
def test_seven_parameters_agree_with_proj_and_lead_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROJ_NETWORK", "OFF")
    pyproj = pytest.importorskip("pyproj")
    meridian, shift, turns, ppm = 121.467_777_777, (-22.4, 151.3, 78.9), (0.61, -0.32, 1.44), 3.7
    krassovsky = Ellipsoid(6378245.0, 298.3)
    older = replace(OLD_CITY, meridian=meridian, false_e=0.0, false_n=-3_457_147.81, ellipsoid=krassovsky)
    way = Similarity(older, shift, tuple(radians(one / 3600) for one in turns), 1 + ppm / 1e6)  # type: ignore[arg-type]
    terms = (
        f"+proj=pipeline +step +inv +proj=tmerc +lon_0={meridian!r} +y_0=-3457147.81 +a=6378245 +rf=298.3"
        " +step +proj=cart +a=6378245 +rf=298.3"
        f" +step +proj=helmert +convention=coordinate_frame +exact=false +x={shift[0]} +y={shift[1]} +z={shift[2]}"
        f" +rx={turns[0]} +ry={turns[1]} +rz={turns[2]} +s={ppm}"
        " +step +inv +proj=cart +ellps=GRS80"
        f" +step +proj=tmerc +lon_0={SH2000.meridian!r} +x_0={SH2000.false_e} +y_0={SH2000.false_n} +ellps=GRS80"
    )
    oracle = pyproj.Transformer.from_pipeline(terms.replace(" +exact=false", ""))
    known = replace(OLD_CITY, shift=way)
    chance = random.Random(18)
    for _ in range(200):
        place = (chance.uniform(-60_000, 60_000), chance.uniform(-60_000, 60_000))
        found = between(place, known, SH2000)
        assert found == pytest.approx(oracle.transform(*place, 0)[:2], abs=1e-4)
        assert between(found, SH2000, known) == pytest.approx(place, abs=1e-6)
