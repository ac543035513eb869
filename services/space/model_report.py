"""The answer to a site plan with a table of homes: a line of `main.py space model` for each building (row 81)."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.engine.late import shapely
from services.files.file_refusals import FileRefused
from services.space.building_model import (
    BuildingModel,
    Home,
    Method,
    Part,
    PlannedHome,
    Storey,
    StoreyPlans,
    build_model,
)
from services.space.drawing_layers import Wanted
from services.space.drawing_report import finding_line
from services.space.plan_labels import PlacedLabel
from services.space.site_plan import Building, SitePlan, read_site_plan
from services.space.space_findings import SpaceFinding
from services.space.unit_table import HomeRow, buildings_of, read_unit_table


def answer_model(
    file_name: str, content: bytes, units: bytes | None, wanted: Wanted | None = None
) -> Iterator[dict[str, Any]]:
    """Build the model of every building the table names; without a table, of every building, undivided."""
    try:
        rows = read_unit_table(units) if units is not None else []
        plan = read_site_plan(content, wanted)
    except FileRefused as refusal:
        refused = [finding_line(SpaceFinding(refusal.code, refusal.message))]
        yield _line(file_name, BuildingModel(None, Method.UNDIVIDED), refused)
        return
    of_plan = [finding_line(finding) for finding in plan.findings]
    named = buildings_of(rows)
    if not rows:
        for building in plan.buildings:
            yield _line(file_name, build_model(building, [], ground=_ground(plan, building)), of_plan)
        return
    for number in named:
        of_building = [row for row in rows if row.building == number]
        found = [one for one in plan.buildings if one.number == number or (not number and len(named) == 1)]
        if len(found) != 1:
            yield _without(file_name, number, of_building, of_plan, count=len(found))
            continue
        outlines = storey_outlines(plan, found[0], rows)
        homes = floor_plan_of(plan, found[0])
        ground = _ground(plan, found[0])
        model = build_model(found[0], of_building, own=StoreyPlans(outlines=outlines), floor_plan=homes, ground=ground)
        yield _line(file_name, model, of_plan)


def _ground(plan: SitePlan, building: Building) -> int:
    """The storeys of the podium under a building."""
    return plan.buildings[building.podium].above or 0 if building.podium is not None else 0


def storey_outlines(plan: SitePlan, building: Building, rows: Sequence[HomeRow]) -> dict[int, Any]:
    """The storeys on which a podium leaves room for towers whose homes are on the same storeys."""
    place = next(number for number, one in enumerate(plan.buildings) if one is building)
    outlines: dict[int, Any] = {}
    for tower in plan.buildings:
        if tower.podium != place:
            continue
        for storey in {row.storey for row in rows if row.building == tower.number and row.room}:
            outlines[storey] = outlines.get(storey, building.polygon).difference(tower.polygon)
    return outlines


def floor_plan_of(plan: SitePlan, building: Building) -> list[PlannedHome]:
    """The homes drawn inside a building, each with the room text in it."""
    inside = [one for one in plan.homes if one.intersection(building.polygon).area >= 0.9 * one.area]
    return homes_drawn(inside, plan.rooms)


def homes_drawn(outlines: Sequence[Any], rooms: Sequence[PlacedLabel]) -> list[PlannedHome]:
    """The outlines of homes, each with the room text in it."""
    homes = []
    for polygon in outlines:
        words = [room.words.strip() for room in rooms if polygon.contains(shapely.Point(room.place))]
        homes.append(PlannedHome(words[0] if words else "", polygon))
    return homes


def _without(
    file_name: str, number: str, rows: Sequence[HomeRow], of_plan: list[dict[str, Any]], *, count: int
) -> dict[str, Any]:
    """The line of a building that the drawing does not have, or has more than once."""
    message = f"图纸中没有楼号{number}的轮廓" if count == 0 else f"图纸中楼号{number}出现{count}次"
    model = BuildingModel(number, Method.UNDIVIDED)
    model.report.table_only = [row.line for row in rows if row.room]
    model.findings.append(SpaceFinding("BUILDING_MISSING", message, number))
    line = _line(file_name, model, of_plan)
    line["report"]["table_only"] = [row.room for row in rows if row.room]
    return line


def _line(file_name: str, model: BuildingModel, of_plan: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "file": file_name,
        "building": model.number,
        "method": model.method.value,
        "schematic": model.method is Method.AUTO_SPLIT,
        "findings": [*of_plan, *(finding_line(finding) for finding in model.findings)],
        "report": _report(model),
        "storeys": [_storey(model, storey) for storey in model.storeys],
        "homes": [_home(home) for home in model.homes],
        "common": [_part(part) for part in model.common],
    }


def _report(model: BuildingModel) -> dict[str, Any]:
    report = model.report
    unmatched = [home for home in model.homes if home.row is None]
    return {
        "matched": len(report.matches),
        "inferred": sum(1 for match in report.matches if match.how == "ORDER"),
        "rate": round(report.rate, 4),
        "model_only": [{"storey": home.storey, "room": home.room} for home in unmatched],
        "table_only": [{"line": line} for line in report.table_only],
        "double": len(report.double),
    }


def _storey(model: BuildingModel, storey: Storey) -> dict[str, Any]:
    homes = [part for home in model.homes for part in home.parts if part.storey == storey.number]
    common = [part for part in model.common if part.storey == storey.number]
    return {
        "storey": storey.number,
        "label": storey.label,
        "base_z": storey.base,
        "height": storey.height,
        "divided": storey.divided,
        "outline_m2": round(storey.outline.area, 2),
        "homes_m2": round(sum(part.polygon.area for part in homes), 2),
        "common_m2": round(sum(part.polygon.area for part in common), 2),
    }


def _home(home: Home) -> dict[str, Any]:
    return {
        "room": home.room,
        "storey": home.storey,
        "label": home.label,
        "entrance": home.entrance,
        "use": home.row.use if home.row else "",
        "matched": home.row is not None,
        "area_m2": round(home.area, 2),
        "volume_m3": round(home.volume, 2),
        "parts": [_part(part) for part in home.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "storey": part.storey,
        "base_z": part.base,
        "height": part.height,
        "area_m2": round(part.polygon.area, 2),
        "volume_m3": round(part.volume, 2),
        "polygon": shapely.to_wkt(part.polygon, rounding_precision=3, trim=True),
    }
