"""A building's model as the lists of its record and as the document pages read, with typical plans kept once (row 81)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.geometry import Geometry
from models.space_models import DivisionMethod, MatchedBy
from services.engine.late import shapely
from services.space.building_model import NO_ROOM, BuildingModel, Home, Method, Part, PlannedHome, Storey
from services.space.geometry_field import geometry_of, polygons_of
from services.space.room_matches import MatchReport
from services.space.storey_division import CORE

Lines = list[dict[str, Any]]
_VERSION = 1


def lists_of(model: BuildingModel) -> dict[str, Lines]:
    """The storeys, plans and homes of a model as lines of a form; storeys with the same parts share a plan."""
    on: dict[int, list[Part]] = {storey.number: [] for storey in model.storeys}
    for part in _parts(model):
        on[part.storey].append(part)
    plans: dict[Any, int] = {}
    storeys: Lines = []
    parts: Lines = []
    for storey in model.storeys:
        whole = _joined(on[storey.number])
        signature = tuple((key, polygon.wkb) for key, polygon in whole.items())
        number = plans.get(signature)
        if number is None:
            number = plans[signature] = len(plans) + 1
            for key, polygon in whole.items():
                parts.append({"plan_no": number, "part_no": key, "outline": str(geometry_of(polygon))})
        storeys.append(
            {
                "storey_no": storey.number,
                "nominal_floor": storey.label,
                "base_z": _metres(storey.base),
                "height": _metres(storey.height),
                "plan_no": number,
                "method": storey.method.value,
            }
        )
    units = [_unit(home, part) for home in model.homes for part in home.parts]
    order = {storey.number: place for place, storey in enumerate(model.storeys)}
    units.sort(key=lambda line: (order[line["storey_no"]], line["part_no"]))
    return {"storeys": storeys, "parts": parts, "units": units}


def _parts(model: BuildingModel) -> Iterator[Part]:
    for home in model.homes:
        yield from home.parts
    yield from model.common


def _joined(parts: Sequence[Part]) -> dict[str, Any]:
    """The polygons of a storey by their places; pieces of one place are one."""
    found: dict[str, Any] = {}
    for part in sorted(parts, key=lambda one: (one.key == CORE, one.key)):
        known = found.get(part.key)
        found[part.key] = part.polygon if known is None else shapely.union(known, part.polygon)
    return found


def _unit(home: Home, part: Part) -> dict[str, Any]:
    line: dict[str, Any] = {"storey_no": part.storey, "part_no": part.key, "room_no": home.room}
    if home.row is not None and home.row.code:
        line |= {"house_code": home.row.code, "matched_by": home.matched_by or "KEY"}
    return line


def _metres(value: float) -> str:
    return f"{Decimal(str(round(value, 3))).normalize():f}"


# ------------------------------------------------------------------ from the lists


def planned_homes(parts: Sequence[Mapping[str, Any]], units: Sequence[Mapping[str, Any]]) -> list[PlannedHome]:
    """The homes of a storey's plan as they were drawn or cut, each with the room it has there."""
    rooms = {line["part_no"]: _as_drawn(line) for line in units}
    return [
        PlannedHome(rooms[line["part_no"]], polygons_of(line["outline"]), line["part_no"])
        for line in parts
        if line["part_no"] in rooms
    ]


def _as_drawn(unit: Mapping[str, Any]) -> str:
    """The room that a plan itself has for a home; one tied by hand or by order is named after its partner in the table."""
    if unit.get("matched_by") not in (MatchedBy.MANUAL, MatchedBy.ORDER):
        return unit.get("room_no") or ""
    place = str(unit["part_no"]).partition("#")[0]
    return "" if place.startswith(NO_ROOM) else place


def storey_outline(parts: Sequence[Mapping[str, Any]]) -> Any:
    """The outline of a storey: the parts of its plan together."""
    return shapely.union_all([polygons_of(line["outline"]) for line in parts], grid_size=0.001)


def model_of(values: Mapping[str, Any], lists: Mapping[str, Sequence[Mapping[str, Any]]]) -> BuildingModel:
    """The model that parsed lines describe, for checks and exports; rows of the building table are not in it."""
    model = BuildingModel(values.get("building_no"), Method(values["method"].value), report=MatchReport())
    model.footprint = polygons_of(values["footprint"]) if values.get("footprint") else None
    model.base = float(values.get("base_z") or 0)
    plans: dict[int, list[Mapping[str, Any]]] = {}
    for line in lists["parts"]:
        plans.setdefault(line["plan_no"], []).append(line)
    units = {(line["storey_no"], line["part_no"]): line for line in lists["units"]}
    homes: dict[str, Home] = {}
    for line in lists["storeys"]:
        number, base, height = line["storey_no"], float(line["base_z"]), float(line["height"])
        of_plan = plans.get(line["plan_no"], [])
        method = Method(line["method"].value)
        outline = storey_outline(of_plan) if of_plan else shapely.Polygon()
        divided = method is not Method.UNDIVIDED
        model.storeys.append(Storey(number, line["nominal_floor"], base, height, outline, divided, method))
        for one in of_plan:
            part = Part(number, base, height, polygons_of(one["outline"]), one["part_no"])
            unit = units.get((number, one["part_no"]))
            if unit is None:
                model.common.append(part)
                continue
            code = unit.get("house_code") or ""
            known = homes.get(code) if code else None
            if known is not None:
                known.parts.append(part)
                continue
            home = Home(unit.get("room_no") or "", number, line["nominal_floor"], parts=[part])
            home.code, home.matched_by = code, unit["matched_by"].value if unit.get("matched_by") else ""
            model.homes.append(home)
            if code:
                homes[code] = home
    return model


# ------------------------------------------------------------------ for pages


def shape_of(
    values: Mapping[str, Any], lists: Mapping[str, Sequence[Mapping[str, Any]]], ids: Mapping[str, UUID]
) -> dict[str, Any]:
    """The document of a model: millimetres from its origin, every plan once, homes by the ids of the building table."""
    footprint: Geometry = values["footprint"]
    centre = polygons_of(footprint).centroid
    origin = (math.floor(centre.x) * 1000, math.floor(centre.y) * 1000)
    plans: dict[int, list[Any]] = {}
    for line in lists["parts"]:
        plans.setdefault(line["plan_no"], []).append([line["part_no"], _rings(line["outline"], origin)])
    numbers = {plan_no: place for place, plan_no in enumerate(plans)}
    return {
        "v": _VERSION,
        "origin": origin,
        "base": round(values["base_z"] * 1000),
        "method": values["method"].value,
        "footprint": _rings(footprint, origin),
        "plans": list(plans.values()),
        "storeys": [
            [
                line["storey_no"],
                line["nominal_floor"],
                round(line["base_z"] * 1000),
                round(line["height"] * 1000),
                numbers[line["plan_no"]],
                line["method"] is DivisionMethod.AUTO_SPLIT,
            ]
            for line in lists["storeys"]
        ],
        "units": [
            [
                line["storey_no"],
                line["part_no"],
                line.get("room_no") or "",
                str(ids.get(line.get("house_code") or "", "")),
            ]
            for line in lists["units"]
        ],
    }


def _rings(outline: Geometry, origin: tuple[int, int]) -> list[list[list[int]]]:
    """Polygons as rings of flat numbers, east and north by turns."""
    return [
        [[value for e, n in ring for value in (e - origin[0], n - origin[1])] for ring in area]
        for area in outline.polygons
    ]
