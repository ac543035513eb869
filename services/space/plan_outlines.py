"""A site plan read for an operator: its outlines, each with the building of the project it is proposed for (row 81)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import col

from models.building_tables import NaturalBuilding
from models.geometry import Geometry
from models.normal import normal_building_no
from models.planning import EngineeringPlanningPermit, PlannedBuilding
from models.projects import Project
from models.records import OPEN_STATES, InForceState, Revision, RevisionState
from models.space_models import BuildingModel, ModelPlane
from services.engine.kinds import MARKET_OFFICES
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.space.geometry_field import geometry_of
from services.space.model_kind import KIND_NAME
from services.space.model_report import floor_plan_of
from services.space.planes import GK40, SH2000
from services.space.site_plan import SitePlan
from services.space.space_findings import SpaceFinding
from services.space.table_rows import project_buildings


@dataclass(frozen=True)
class PlanOutline:
    """An outline of a drawing with what its label says, and the buildings of equal number."""

    number: str
    above: int | None
    below: int | None
    height: float | None
    outline: Geometry
    podium: str = ""
    ground: int = 0
    #: Homes drawn inside it: room and outline.
    homes: tuple[tuple[str, Geometry], ...] = ()
    natural_no: str = ""
    planned_no: str = ""
    #: What is there of this number already: a model in force, one on its way, or nothing.
    standing: str = ""
    #: Height of its ground floor above the datum; a plan of a site does not say it.
    base: float | None = None


@dataclass(frozen=True)
class PlanRead:
    """Outlines and findings of a drawing by themselves; `plane` is the system its coordinates lie in, where they tell."""

    outlines: tuple[PlanOutline, ...]
    findings: tuple[SpaceFinding, ...]
    layers: tuple[tuple[str, int], ...]
    plane: ModelPlane | None


@dataclass(frozen=True)
class ReadPlanAnswer:
    """Outlines and findings of a drawing; `plane` is the system the coordinates lie in, where they tell."""

    outlines: tuple[PlanOutline, ...]
    findings: tuple[SpaceFinding, ...]
    layers: tuple[tuple[str, int], ...]
    plane: ModelPlane | None
    naturals: tuple[tuple[str, str], ...]
    planned: tuple[tuple[str, str], ...]


def answer_of(work: Work, project_id: UUID, read: PlanRead) -> ReadPlanAnswer:
    """The content of a drawing, each outline with the building of the project it is proposed for."""
    naturals = project_buildings(work, project_id)
    planned = planned_buildings(work, project_id)
    return ReadPlanAnswer(
        tuple(_proposed(work, project_id, one, naturals, planned) for one in read.outlines),
        read.findings,
        read.layers,
        read.plane,
        tuple((one.natural_building_no, one.building_name) for one in naturals),
        tuple((one.building_no, one.name or "") for one in planned),
    )


def seen_project(work: Work, project_id: UUID) -> Project:
    """A project in force that the caller sees; any other is not found."""
    found = work.first(work.visible(Project), Project.id == project_id, Project.in_force == InForceState.EFFECTIVE)
    if found is None:
        raise NotFound
    return found


def planned_buildings(work: Work, project_id: UUID) -> Sequence[PlannedBuilding]:
    """Return the planned buildings of a project's planning permits in force."""
    permits = work.rows(
        EngineeringPlanningPermit.id,
        EngineeringPlanningPermit.project_id == project_id,
        EngineeringPlanningPermit.in_force == InForceState.EFFECTIVE,
    )
    return work.rows(PlannedBuilding, col(PlannedBuilding.record_id).in_(permits), by=PlannedBuilding.place)


def plane_of(plan: SitePlan) -> ModelPlane | None:
    """The plane system whose box holds all buildings of a drawing; None where neither does."""
    places = [(one.polygon.centroid.x, one.polygon.centroid.y) for one in plan.buildings]
    known = ((ModelPlane.CGCS2000_GK3_40, GK40), (ModelPlane.SH2000, SH2000))
    return next((code for code, plane in known if places and plane.box.has_all(places)), None)


def plain_read(plan: SitePlan) -> PlanRead:
    """The outlines and findings of a drawing, whatever project it is of."""
    return PlanRead(
        tuple(_outline(plan, place) for place in range(len(plan.buildings))),
        tuple(plan.findings),
        tuple(plan.layers.items()),
        plane_of(plan),
    )


def _outline(plan: SitePlan, place: int) -> PlanOutline:
    one = plan.buildings[place]
    podium = plan.buildings[one.podium] if one.podium is not None else None
    return PlanOutline(
        normal_building_no(one.number) if one.number else "",
        one.above,
        one.below,
        one.height,
        geometry_of(one.polygon),
        podium.number or "" if podium is not None else "",
        podium.above or 0 if podium is not None else 0,
        tuple((home.room, geometry_of(home.polygon)) for home in floor_plan_of(plan, one)),
    )


def _proposed(
    work: Work,
    project_id: UUID,
    one: PlanOutline,
    naturals: Sequence[NaturalBuilding],
    planned: Sequence[PlannedBuilding],
) -> PlanOutline:
    same = [found for found in naturals if normal_building_no(found.building_name) == one.number]
    return replace(
        one,
        natural_no=same[0].natural_building_no if len(same) == 1 else "",
        planned_no=next((found.building_no for found in planned if one.number and found.building_no == one.number), ""),
        standing=standing_of(work, project_id, one.number),
    )


def standing_of(work: Work, project_id: UUID, number: str) -> str:
    """Say what there is of a building's model already."""
    row = model_in_force(work, project_id, number) if number else None
    if row is None:
        return ""
    draft = work.has(
        Revision,
        Revision.kind == KIND_NAME,
        Revision.record_id == row.id,
        col(Revision.state).in_(OPEN_STATES),
    )
    return f"{row.record_no}第{row.version_no}版" + ("，新版在办" if draft else "")


def model_in_force(work: Work, project_id: UUID, number: str) -> BuildingModel | None:
    """Return the model in force of a building's number."""
    return work.first(
        BuildingModel,
        BuildingModel.project_id == project_id,
        BuildingModel.building_no == number,
        BuildingModel.in_force == InForceState.EFFECTIVE,
    )


# ------------------------------------------------------------------ what a project has


@dataclass(frozen=True)
class ModelLine:
    """A model of a project: the version in force, or the one on its way."""

    record_id: UUID
    revision_id: UUID
    number: str
    version_no: int
    state: RevisionState


@dataclass(frozen=True)
class ProjectModels:
    """The models of a project in force and on their way, and its buildings that have none."""

    project: str
    lines: tuple[ModelLine, ...]
    in_force: tuple[BuildingModel, ...]
    tables_alone: tuple[tuple[str, str], ...]
    planned_alone: tuple[str, ...]


@query("building_models.of_project", "项目的三维模型", roles=set(MARKET_OFFICES.readers))
def project_models(work: Work, project_id: UUID) -> ProjectModels:
    """Return the models of a project that the caller sees, and its natural and planned buildings without one."""
    project = seen_project(work, project_id)
    rows = work.rows(
        work.visible(BuildingModel),
        BuildingModel.project_id == project_id,
        BuildingModel.in_force == InForceState.EFFECTIVE,
        by=BuildingModel.building_no,
    )
    versions = work.rows(
        work.visible(Revision),
        Revision.kind == KIND_NAME,
        Revision.project_id == project_id,
        col(Revision.state).in_((*OPEN_STATES, RevisionState.EFFECTIVE)),
        by=(Revision.record_id, Revision.version_no),
    )
    lines = [
        ModelLine(one.record_id, one.id, str(one.title.json() or ""), one.version_no, one.state) for one in versions
    ]
    lines.sort(key=lambda line: (len(line.number), line.number, line.version_no))
    naturals = {row.natural_building_no for row in rows}
    planned = {row.planned_no for row in rows} | {row.building_no for row in rows}
    return ProjectModels(
        project.name,
        tuple(lines),
        tuple(rows),
        tuple(
            (one.natural_building_no, one.building_name)
            for one in project_buildings(work, project_id)
            if one.natural_building_no not in naturals
        ),
        tuple(one.building_no for one in planned_buildings(work, project_id) if one.building_no not in planned),
    )
