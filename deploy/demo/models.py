"""The demo's building models: a tower for every natural building, divided by its table, and outlines of planned ones (row 81)."""

from __future__ import annotations

from typing import Any

from deploy.demo.kept import put_kept
from models.access import Role
from models.building_tables import NaturalBuilding
from models.projects import Project
from models.records import InForceState
from models.red_lines import RedLine
from models.space_models import BuildingModel
from services.engine.kinds import Owner
from services.engine.late import shapely
from services.engine.registry import action
from services.engine.work import Work
from services.space.building_model import BuildingModel as BuiltModel
from services.space.building_model import FloorPlan, Method, PlannedHome
from services.space.geometry_field import geometry_of, polygons_of
from services.space.model_content import lists_of
from services.space.model_drafts import Standing, modelled
from services.space.model_kind import KIND_NAME
from services.space.overlaps import in_plane
from services.space.plan_outlines import planned_buildings
from services.space.planes import SH2000, forward
from services.space.red_line_checks import plane_of
from services.space.table_rows import units_of

#: Metres: a tower's depth, its usual width, and what is between two towers.
_DEPTH, _WIDTH, _APART = 15.0, 36.0, 26.0
#: A field near the river for projects without a red line, a kilometre apart.
_FIELD = (121.62, 31.18)


@action("demo.models", "载入演示三维模型", roles={Role.SYSTEM}, event="")
def load_models(work: Work, order: None) -> int:
    """Put a model in force for each natural building of a project, before there are any for each planned one.

    Returns how many are new.
    """
    known = set(work.rows(BuildingModel.natural_building_no))
    projects = work.rows(Project, Project.in_force == InForceState.EFFECTIVE, by=Project.record_no)
    made = 0
    for place, project in enumerate(projects):
        buildings = work.rows(
            NaturalBuilding, NaturalBuilding.project_id == project.id, by=NaturalBuilding.natural_building_no
        )
        land = _land(work, project, place)
        planned = () if buildings else planned_buildings(work, project.id)
        # A user of the demo ties further buildings, of names that models bear already.
        named_so = set(work.rows(BuildingModel.building_no, BuildingModel.project_id == project.id))
        places = _places(land, len(buildings) or len(planned))
        for number, (building, area) in enumerate(zip(buildings, places, strict=False)):
            if building.natural_building_no not in known and building.building_name not in named_so:
                _model(work, project, building, area, by_hand=not number)
                made += 1
        if not work.has(BuildingModel, BuildingModel.project_id == project.id):
            for one, area in zip(planned, places, strict=True):
                named = {"building_no": one.building_no, "planned_no": one.building_no}
                _keep(work, project, area, named, one.floors_above or 1, one.floors_below or 0)
                made += 1
    return made


def _land(work: Work, project: Project, place: int) -> Any:
    """Return the land that the towers of a project stand on: within its red line, or a field."""
    line = work.first(RedLine, RedLine.project_id == project.id, RedLine.in_force == InForceState.EFFECTIVE)
    if line is not None:
        return in_plane(polygons_of(line.outline), plane_of(line.plane_system), SH2000)
    e, n = (at + 1000 * step for at, step in zip(forward(_FIELD, SH2000), (place % 5, place // 5), strict=True))
    return shapely.box(e, n, e + 500, n + 500)


def _places(land: Any, count: int) -> list[Any]:
    """Return the outlines of towers in rows over the whole land, closer to each other where it is small."""
    west, south, east, north = (round(edge) for edge in land.bounds)
    for apart in (_APART, _APART / 2, _APART / 4):
        corners = [
            (e, n) for n in range(south, north, round(_DEPTH + apart)) for e in range(west, east, round(_WIDTH + apart))
        ]
        towers = [shapely.box(e, n, e + _WIDTH, n + _DEPTH) for e, n in corners]
        if len(within := [one for one in towers if land.covers(one)]) >= count:
            return [within[at * len(within) // count] for at in range(count)]
    raise ValueError("the land is too small for its towers")


def _model(work: Work, project: Project, building: NaturalBuilding, area: Any, *, by_hand: bool) -> None:
    units = units_of(work, building.id)
    above = max((building.floors_above or 1, *(unit.actual_floor_to for unit in units)))
    below = -min((0, *(unit.actual_floor_from for unit in units)))
    below = max(below, building.floors_below or 0)
    tied = {"natural_building_no": building.natural_building_no}
    _keep(work, project, area, {"building_no": building.building_name, **tied}, above, below, by_hand=by_hand)


def _keep(
    work: Work, project: Project, area: Any, named: dict[str, str], above: int, below: int, *, by_hand: bool = False
) -> None:
    values = {
        **named,
        "plane": "SH2000",
        "footprint": str(geometry_of(area)),
        "floors_above": above,
        "floors_below": below,
        "podium_floors": 0,
        "height_m": str(above * 3),
        "base_z": "4.5",
        "drawing": "演示总平面图.dxf",
    }
    model = modelled(work, project.id, values, area, Standing())
    if by_hand:
        # Walls cut by hand: homes in which lengths and areas are measured.
        model = modelled(work, project.id, values, area, _cut(model))
    owner = Owner(project.district_code, project.head_company_id, project.project_company_id, project.id)
    values["method"] = model.method.value
    put_kept(work, KIND_NAME, values, owner, children=lists_of(model))


def _cut(model: BuiltModel) -> Standing:
    """Return the homes of a model as if they had been cut and matched by hand."""
    homes: dict[int, list[PlannedHome]] = {}
    codes = {}
    for home in model.homes:
        for part in home.parts:
            homes.setdefault(part.storey, []).append(PlannedHome(home.room, part.polygon, part.key))
            if home.row is not None:
                codes[part.storey, part.key] = home.row.code
    plans = {storey: FloorPlan(Method.MANUAL, tuple(found)) for storey, found in homes.items()}
    return Standing(plans, by_hand=codes)
