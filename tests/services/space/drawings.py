"""Site plans made for tests: a drawing with the usual layers, and buildings with their labels."""

from collections.abc import Sequence
from io import StringIO
from typing import Any

import ezdxf.filemanagement
from ezdxf.document import Drawing

from services.space.drawing_layers import Wanted
from services.space.site_plan import SitePlan, read_site_plan

#: The south-west corner of every drawing, near the city's centre.
EAST, NORTH = 651_400.0, 3_454_100.0
OUTLINE, LABEL, RED_LINE = "建筑轮廓", "建筑标注", "用地红线"
Corners = Sequence[tuple[float, float]]


def drawing(version: str = "R2010", units: int = 6) -> Drawing:
    made = ezdxf.filemanagement.new(version)
    made.header["$INSUNITS"] = units
    for name in (OUTLINE, LABEL, RED_LINE):
        made.layers.add(name)
    return made


def content_of(made: Drawing, encoding: str = "utf-8") -> bytes:
    stream = StringIO()
    made.write(stream)
    return stream.getvalue().encode(encoding)


def box(width: float, depth: float, *, east: float = 0.0, north: float = 0.0) -> list[tuple[float, float]]:
    """Corners of a rectangle, measured from the corner of the drawing."""
    e, n = EAST + east, NORTH + north
    return [(e, n), (e + width, n), (e + width, n + depth), (e, n + depth)]


def outline(made: Any, corners: Corners, layer: str = OUTLINE, *, close: bool = True) -> Any:
    return made.add_lwpolyline(list(corners), close=close, dxfattribs={"layer": layer})


def label(made: Any, corner: tuple[float, float], *lines: str, layer: str = LABEL) -> None:
    """Write lines under each other, two metres inside a corner."""
    for place, line in enumerate(lines):
        at = (corner[0] + 2.0, corner[1] + 8.0 - 2.3 * place)
        made.add_text(line, height=1.8, dxfattribs={"layer": layer}).set_placement(at)


def building(made: Any, corners: Corners, *lines: str) -> None:
    outline(made, corners)
    label(made, corners[0], *lines)


def plan_of(made: Drawing, wanted: Wanted | None = None) -> SitePlan:
    return read_site_plan(content_of(made), wanted)


def found(plan: SitePlan) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in plan.findings]


def many_outlines(count: int, apart: float) -> bytes:
    """A drawing of so many squares of nine metres on the layer of outlines, each so far beside the one before."""
    content = content_of(drawing())
    line = (
        "  0\nLWPOLYLINE\n  5\n{handle:X}\n100\nAcDbEntity\n  8\n{layer}\n100\nAcDbPolyline\n 90\n4\n 70\n1\n"
        " 10\n{w}\n 20\n{s}\n 10\n{e}\n 20\n{s}\n 10\n{e}\n 20\n{n}\n 10\n{w}\n 20\n{n}\n"
    )

    def square(place: int) -> str:
        west, south = EAST + place % 200 * apart, NORTH + place // 200 * apart
        return line.format(handle=0x10000 + place, layer=OUTLINE, w=west, e=west + 9, s=south, n=south + 9)

    many = "".join(map(square, range(count))).encode("gbk")
    place = content.rindex(b"  0\nENDSEC", 0, content.rindex(b"OBJECTS"))
    return content[:place] + many + content[place:]
