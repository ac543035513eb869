"""Coordinate lists made for tests: a rectangle near the city's centre, told in every format."""

from collections.abc import Sequence

from services.space.coordinate_files import read_coordinates
from services.space.extent import Declared, Extent, check_extent
from services.space.overlaps import Neighbour

#: (north, east) as surveyors write it, clockwise from the north-west corner.
Corner = tuple[float, float]
NORTH, EAST = 3_454_100.0, 651_400.0


def rectangle(width: float = 200.0, height: float = 250.0, *, north: float = NORTH, east: float = EAST) -> list[Corner]:
    """Corners of an upright rectangle whose south-west corner is given."""
    return [(north + height, east), (north + height, east + width), (north, east + width), (north, east)]


def table(corners: Sequence[Corner], *, close: bool = True, ring: int | None = None) -> str:
    """A table with heads."""
    listed = [*corners, corners[0]] if close else list(corners)
    numbers = [*range(1, len(corners) + 1), *([1] if close else [])]
    cell = "" if ring is None else f"{ring},"
    head = "点号,X坐标(m),Y坐标(m)" if ring is None else "点号,圈号,X坐标(m),Y坐标(m)"
    return "\n".join([head, *(f"J{no},{cell}{n:.3f},{e:.3f}" for no, (n, e) in zip(numbers, listed, strict=True))])


def report(rings: Sequence[Sequence[Corner]], *, hectares: str = "", zone: str = "40", prefix: str = "") -> str:
    """An electronic boundary file of one parcel."""
    count = sum(len(ring) + 1 for ring in rings)
    lines = [
        "[属性描述]",
        "坐标系=2000国家大地坐标系",
        f"带号={zone}",
        "[地块坐标]",
        f"{count},{hectares},D1,地块,面,,,,@",
    ]
    number = 0
    for place, ring in enumerate(rings, 1):
        first = number + 1
        for north, east in ring:
            number += 1
            lines.append(f"J{number},{place},{north:.3f},{prefix}{east:.3f}")
        lines.append(f"J{first},{place},{ring[0][0]:.3f},{prefix}{ring[0][1]:.3f}")
    return "\r\n".join(lines)


def checked(text: str | bytes, declared: Declared | None = None, neighbours: Sequence[Neighbour] = ()) -> Extent:
    content = text.encode() if isinstance(text, str) else text
    return check_extent(read_coordinates(content), declared or Declared(), neighbours)


def codes(extent: Extent) -> list[str]:
    return [finding.code for finding in extent.findings]


def neighbour(text: str, name: str = "P1") -> Neighbour:
    extent = checked(text)
    return Neighbour(name, extent.plane, extent.whole)
