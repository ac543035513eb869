"""A field that holds polygons: typed or pasted as a coordinate list, kept as text, shown by its area (row 80)."""

import re
from typing import Any

from models.geometry import Area, Geometry, GeometryType, Place
from models.normal import BadText
from services.engine.field_types.field import Field, Names
from services.engine.field_types.filters import Test
from services.engine.late import shapely
from services.engine.refusals import Refusal, Rejected
from services.engine.search_terms import WRONG
from services.space.coordinate_files import read_coordinates
from services.space.extent import Declared, Extent, check_extent
from services.space.planes import SH2000

_SHOWN = re.compile(r"(?:\d+块、)?\d+圈，[\d,]+\.\d{2}平方米")
_HOW = "请粘贴界址点坐标：每行一个点，点号、X（北）、Y（东），末点重复首点"


def geometry_of(whole: Any) -> Geometry:
    """A shapely polygon or several, in millimetres."""
    areas: list[Area] = []
    for polygon in shapely.get_parts(shapely.orient_polygons(whole)):
        areas.append(tuple(_places(ring) for ring in (polygon.exterior, *polygon.interiors)))
    return Geometry(tuple(areas))


def polygons_of(outline: Geometry) -> Any:
    """The polygons of a column for shapely, in metres."""
    return shapely.from_wkb(outline.wkb)


def extent_of_text(text: str) -> Extent:
    """The extent of a pasted list; numbers around the city's origin are read in the city's plane."""
    file = read_coordinates(text.encode())
    extent = check_extent(file, Declared())
    if extent.plane == SH2000 and {finding.code for finding in extent.findings if not finding.note} == {"NOT_CGCS2000"}:
        return check_extent(file, Declared(system=SH2000.key))
    return extent


class GeometryField(Field, sql=GeometryType):
    """Polygons of a record."""

    control = "outline"
    asked = ""
    sorts = False
    sheet_width = 40
    child_width = 200

    def _read(self, typed: Any) -> Geometry:
        if isinstance(typed, Geometry):
            return typed
        text = str(typed).strip()
        try:
            return Geometry.of(text)
        except ValueError:
            pass
        try:
            extent = extent_of_text(text)
        except Refusal as refusal:
            raise BadText(refusal.message) from None
        stops = [finding.message for finding in extent.findings if not finding.note]
        if stops:
            raise BadText("；".join(stops[:3]))
        return geometry_of(extent.whole)

    def _parsed(self, raw: str) -> Geometry:
        return Geometry.of(raw)

    def _shown(self, value: Any, names: Names) -> str:
        if not isinstance(value, Geometry):
            return str(value)
        several = f"{len(value.polygons)}块、" if len(value.polygons) > 1 else ""
        return f"{several}{value.rings}圈，{value.area:,.2f}平方米"

    def only_shows(self, text: str) -> bool:
        return _SHOWN.fullmatch(text.strip()) is not None

    def agrees(self, text: str, value: Any, names: Names) -> bool:
        return super().agrees(text, value, names) or (value is not None and text == self._shown(value, names))

    def test(self, wanted: Any) -> Test:
        raise Rejected(WRONG)

    def hint(self) -> str:
        return _HOW

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "description": "WKT MULTIPOLYGON，单位米，先东后北"}


def _places(ring: Any) -> tuple[Place, ...]:
    return tuple((round(e * 1000), round(n * 1000)) for e, n in ring.coords[:-1])
