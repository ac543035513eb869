"""Red lines for tests: squares of one hectare in 浦东, each at a place of its own."""

from typing import Any

from models.geometry import Geometry, Ring

#: East and north in metres of zone 40, in 浦东 and far from its border.
EAST, NORTH = 655_000, 3_440_000
#: Places of the tests of this row begin beyond those of the samples.
APART = 400


def square(place: int, *, side: float = 100.0, east: float = 0.0, north: float = 0.0) -> Geometry:
    """A square at a place of a wide grid, moved by so many metres."""
    return outline(corners(place, side=side, east=east, north=north))


def corners(place: int, *, side: float = 100.0, east: float = 0.0, north: float = 0.0) -> list[tuple[float, float]]:
    """East and north of the square's corners, clockwise from north-west."""
    e, n = EAST + place % 40 * 200 + east, NORTH + place // 40 * 200 + north
    return [(e, n + side), (e + side, n + side), (e + side, n), (e, n)]


def outline(*rings: list[tuple[float, float]]) -> Geometry:
    """A polygon of a shell and its holes, as it is kept."""
    kept: list[Ring] = [tuple((round(e * 1000), round(n * 1000)) for e, n in ring) for ring in rings]
    return Geometry((tuple(kept),))


def red_line(shape: Geometry | str, **more: Any) -> dict[str, Any]:
    """A form that breaks no rule for a square of one hectare."""
    return {
        "report_no": "2026-勘-0815",
        "survey_unit": "上海市测绘院",
        "survey_on": "2026-05-20",
        "survey_class": "FIRST",
        "report_area": "10000.00",
        "plane_system": "CGCS2000_GK3_40",
        "outline": str(shape),
    } | more


def transform(area: Geometry, **more: Any) -> dict[str, Any]:
    """Parameters of the older city system for an area of SH2000; the values are made up."""
    return {
        "document_no": "沪测参〔2026〕1号",
        "issuer": "上海市测绘院",
        "document_on": "2026-01-10",
        "valid_from": "2026-01-15",
        "method": "PLANAR",
        "shift_e": "12.5000",
        "shift_n": "-7.2500",
        "rotation": "3.6000",
        "scale_ppm": "2.5000",
        "residual": "0.0180",
        "outline": str(area),
    } | more


def base_map(number: str, **more: Any) -> dict[str, Any]:
    """A base map of the whole city in zone 40, as wide to its height as the picture that a desk hands in."""
    return {
        "approval_no": number,
        "map_title": "上海市标准地图",
        "issuer": "上海市规划和自然资源局",
        "approved_on": "2026-01-10",
        "plane_system": "CGCS2000_GK3_40",
        "west": "580000",
        "south": "3420000",
        "east": "730000",
        "north": "3520000",
    } | more
