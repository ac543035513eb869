"""Answers of the worker to drawings as they are stored: site plan, floor plan, red line, CityJSON (rows 80, 81)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from models.geometry import Geometry
from models.space_models import DrawingUse, ModelPlane
from services.space.boundary_file import Boundary, BoundaryFile, ListedPoint, ListedRing
from services.space.building_model import PlannedHome
from services.space.city_json import CityFile, CityShell, CitySpace, read_city_json
from services.space.drawing_layers import LayerNames, Wanted
from services.space.geometry_field import geometry_of, polygons_of
from services.space.model_report import homes_drawn
from services.space.plan_outlines import PlanOutline, PlanRead, plain_read
from services.space.red_line_drawing import read_red_line
from services.space.site_plan import STEPS, read_floor_plan, read_site_plan
from services.space.space_findings import SpaceFinding

Told = Callable[[str], object]


def read_for(use: DrawingUse, content: bytes, layers: Wanted, names: LayerNames, told: Told) -> dict[str, Any]:
    """Read a drawing for its use and return the answer as it is stored; `told` is called with each step that begins."""
    if use is DrawingUse.FLOOR_PLAN:
        plan = read_floor_plan(content, names, told=told)
        homes = homes_drawn(plan.homes, plan.rooms)
        return {"homes": [[home.room, str(geometry_of(home.polygon))] for home in homes]}
    if use is DrawingUse.RED_LINE:
        return asdict(read_red_line(content, names, told=told))
    if use is DrawingUse.CITY_JSON:
        told(STEPS[0])
        return _city(read_city_json(content))
    return _packed(plain_read(read_site_plan(content, layers, names, told=told)))


def homes_of(kept: Mapping[str, Any]) -> list[PlannedHome]:
    """The homes of a floor plan."""
    return [PlannedHome(room, polygons_of(Geometry.of(outline))) for room, outline in kept["homes"]]


def boundary_of(kept: Mapping[str, Any]) -> BoundaryFile:
    """The rings of a red line, to be checked and repaired like those of any coordinate file."""

    def ring(one: Mapping[str, Any]) -> ListedRing:
        points = [ListedPoint(point["number"], (point["place"][0], point["place"][1])) for point in one["points"]]
        return ListedRing(one["number"], points, list(one["edges"]), one["closed"])

    parcels = [Boundary(one["name"], rings=[ring(each) for each in one["rings"]]) for one in kept["parcels"]]
    return BoundaryFile(kept["kind"], parcels, findings=[_finding(one) for one in kept["findings"]])


def city_of(kept: Mapping[str, Any]) -> CityFile:
    """The homes of a CityJSON file."""
    spaces, shells = (
        [{**one, "bottom": polygons_of(Geometry.of(one["bottom"]))} for one in kept.get(name, ())]
        for name in ("spaces", "shells")
    )
    homes, others = [CitySpace(**one) for one in spaces], [CityShell(**one) for one in shells]
    return CityFile(homes, others, [_finding(one) for one in kept["findings"]], Counter(kept["ignored"]))


def _city(file: CityFile) -> dict[str, Any]:
    spaces, shells = (
        [{**vars(one), "bottom": str(geometry_of(one.bottom))} for one in some] for some in (file.spaces, file.shells)
    )
    return {
        "spaces": spaces,
        "shells": shells,
        "findings": [asdict(one) for one in file.findings],
        "ignored": dict(file.ignored),
    }


def _packed(read: PlanRead) -> dict[str, Any]:
    """A site plan as it is stored."""
    return {
        "outlines": [
            {**vars(one), "outline": str(one.outline), "homes": [[room, str(area)] for room, area in one.homes]}
            for one in read.outlines
        ],
        "findings": [asdict(one) for one in read.findings],
        "layers": list(read.layers),
        "plane": read.plane.value if read.plane is not None else "",
    }


def plan_of(kept: Mapping[str, Any]) -> PlanRead:
    """The outlines and findings of a site plan."""

    def outline(one: dict[str, Any]) -> PlanOutline:
        homes = tuple((room, Geometry.of(area)) for room, area in one["homes"])
        return PlanOutline(**{**one, "outline": Geometry.of(one["outline"]), "homes": homes})

    return PlanRead(
        tuple(map(outline, kept["outlines"])),
        tuple(map(_finding, kept["findings"])),
        tuple((name, count) for name, count in kept["layers"]),
        ModelPlane.of(kept["plane"]) if kept["plane"] else None,
    )


def _finding(one: Mapping[str, Any]) -> SpaceFinding:
    place = (one["place"][0], one["place"][1]) if one["place"] else None
    return SpaceFinding(**{**one, "place": place, "handles": tuple(one["handles"])})
