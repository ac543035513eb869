"""Compares an extent with the district it claims (SPA-10), by outlines that the product carries.

The outlines are coarse, up to some hundred metres, and serve for orientation only: near a border nothing is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from models.own_data import DATA
from services.engine.late import shapely
from services.space.overlaps import in_plane
from services.space.planes import GK40, Plane, convertible, forward
from services.space.space_findings import SpaceFinding

#: Metres by which an outline may be wrong, and the share of an extent that may lie beyond.
UNSURE, SHARE = 300.0, 0.05
_OUTLINES = DATA / "regions" / "district_outlines.json"


@cache
def _known() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_OUTLINES.read_text(encoding="utf-8"))["districts"]
    return found


@cache
def district_outline(code: str) -> Any:
    """The outline of a district in zone 40; None for a code that is not known."""
    rings = _known().get(code)
    if rings is None:
        return None
    polygons = [shapely.Polygon([forward((lon, lat), GK40) for lon, lat in ring]) for ring in rings["rings"]]
    return shapely.make_valid(shapely.union_all([shapely.make_valid(one) for one in polygons]))


@cache
def _widest(code: str) -> Any:
    return district_outline(code).buffer(UNSURE)


def outside_district(whole: Any, plane: Plane, code: str) -> Iterator[SpaceFinding]:
    """Say that an extent lies outside its district beyond doubt: its centroid or more than a twentieth of it."""
    if not convertible(plane, GK40) or district_outline(code) is None or whole.is_empty:
        return
    moved = shapely.make_valid(in_plane(whole, plane, GK40))
    beyond = moved.difference(_widest(code)).area
    if beyond > SHARE * moved.area or not _widest(code).contains(moved.centroid):
        name = _known()[code]["name"]
        centre = whole.centroid
        yield SpaceFinding(
            "WRONG_DISTRICT", f"范围不在申报的{name}内，请核对行政区", code, (centre.x, centre.y), warns=True
        )
