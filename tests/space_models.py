"""Models of buildings for tests: a tower of three storeys with two homes each, as operators keep it (row 81)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import shapely
from shapely import affinity

from services.engine.proposals import form_of
from services.space.building_model import BuildingModel, build_model
from services.space.geometry_field import geometry_of
from services.space.model_content import lists_of, shape_of
from services.space.model_kind import BUILDING_MODEL
from services.space.site_plan import Building
from services.space.unit_table import HomeRow

#: East and north of the first tower in metres of the city's plane.
EAST, NORTH = 3_000.0, 1_600.0


def outline(place: int = 0, *, width: float = 30.0, depth: float = 12.0) -> Any:
    """The outline of a tower, each at a place of its own."""
    e, n = EAST + place % 20 * 60, NORTH + place // 20 * 60
    return shapely.box(e, n, e + width, n + depth)


def rows(storeys: int = 3, homes: int = 2, codes: Sequence[str] = (), *, area: float = 89.5) -> list[HomeRow]:
    """Rows of a building table, named by `codes` in their order."""
    made: list[HomeRow] = []
    for storey in range(1, storeys + 1):
        for column in range(homes):
            place = len(made)
            code = codes[place] if place < len(codes) else ""
            made.append(HomeRow(place + 1, "", storey, str(storey), f"{storey}{column + 1:02d}", gross=area, code=code))
    return made


def tower(place: int = 0, *, table: Sequence[HomeRow] = (), number: str = "1", polygon: Any = None) -> BuildingModel:
    """A model of three storeys, divided by its table."""
    above = max((row.storey for row in table), default=3)
    polygon = outline(place) if polygon is None else polygon
    return build_model(Building(number, above, 0, above * 3.0, polygon, ()), table)


def form(model: BuildingModel, **more: Any) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The values and lists of a model's record."""
    values = {
        "building_no": model.number,
        "planned_no": "1#",
        "plane": "SH2000",
        "footprint": str(geometry_of(model.storeys[0].outline)),
        "floors_above": sum(storey.number > 0 for storey in model.storeys),
        "floors_below": sum(storey.number < 0 for storey in model.storeys),
        "podium_floors": 0,
        "base_z": "4.5",
        "method": model.method.value,
        "drawing": "总平面图.dxf",
        **more,
    }
    return {name: value for name, value in values.items() if value is not None}, lists_of(model)


def shapes(buildings: int = 30, storeys: int = 34, homes: int = 8) -> list[tuple[str, dict[str, Any]]]:
    """Documents of towers of different sizes, each turned another way, the homes of a storey of different areas."""
    made = []
    for place in range(buildings):
        table = [replace(row, gross=60.0 + (place * 7 + row.line % homes * 13) % 71) for row in rows(storeys, homes)]
        polygon = affinity.rotate(outline(place, width=40.0 + place % 9, depth=14.0 + place % 4), place * 7.3)
        values, lists = form(tower(place, table=table, number=str(place + 1), polygon=polygon))
        parsed = form_of(BUILDING_MODEL, {"values": values, "children": lists, "files": {}})
        made.append((f"{place + 1}#", shape_of(parsed.values, parsed.children, {})))
    return made
