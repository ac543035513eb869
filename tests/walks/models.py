"""The walk's part for models of buildings: with the project they belong to (rows 81, 82)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from models.columns import new_id
from models.projects import Project
from models.records import Revision
from models.space_models import BuildingModel, DrawingReading, ModelPlane, ModelShape
from services.engine.work import Work
from services.space.estate_sums import Selection
from services.space.home_facts import EstateDay
from services.space.overlay import AreaKind, Overlay
from tests.walks.kinds import ORACLE as OF_KINDS
from tests.walks.kinds import SUBMITTED


def _with_model(city: Any, caller: Any, row: Any) -> bool:
    parent = next(iter(city.where(BuildingModel, "id", row.building_model_id)))
    return bool(OF_KINDS[BuildingModel](city, caller, parent))


def _of_drawing(city: Any, caller: Any, row: Any) -> bool:
    """A drawing goes with its project, or with the version it was handed in for."""
    parent = next(iter(city.where(Project, "id", row.project_id)), None)
    version = next(iter(city.where(Revision, "id", row.revision_id)), None)
    if version is not None and OF_KINDS[Revision](city, caller, version):
        return True
    return parent is not None and bool(OF_KINDS[Project](city, caller, parent))


ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {ModelShape: _with_model, DrawingReading: _of_drawing}
ORDERS: dict[str, Any] = {
    "building_models.city_json": (Project, lambda city, row_id: row_id),
    "estate.model": (Project, lambda city, row_id: row_id),
    "estate.stamp": (Project, lambda city, row_id: row_id),
    "estate.facts": (Project, lambda city, row_id: EstateDay(row_id)),
    "estate.sums": (Project, lambda city, row_id: Selection(row_id)),
    "estate.overlay": (Project, lambda city, row_id: Overlay(AreaKind.BUFFER, project_id=row_id)),
    "estate.overlay_file": (Project, lambda city, row_id: Overlay(AreaKind.BUFFER, project_id=row_id)),
    "building_models.given_out": (Project, lambda city, row_id: row_id),
    "building_models.of_project": (Project, lambda city, row_id: row_id),
    "building_models.view": (Revision, lambda city, row_id: _theirs_of(city, row_id)),
}
UNFOREIGN: dict[str, str] = dict.fromkeys(
    (
        f"building_models.{name}"
        for name in ("take_drawing", "read_again", "drawing", "read_city_json", "draft", "divide", "match")
    ),
    "spatial operators alone do it; one of another district is refused in tests/services/space/test_row_81.py",
)
UNFOREIGN |= dict.fromkeys(("building_models.tell_step", "building_models.keep_reading"), "the worker's own")
UNFOREIGN["drawings.take"] = "a version of another company is refused in tests/services/space/test_red_line.py"
UNFOREIGN["estate.ground"] = (
    "names no record; red lines are those the caller sees, as tests/services/space/test_map_ground.py shows"
)


def _theirs_of(city: Any, row_id: UUID) -> UUID:
    """The other side's version of a model in place of whatever version of theirs was found; an unknown id stays."""
    return SUBMITTED["building_model"] if city.where(Revision, "id", row_id) else row_id


def furnish(city: Any) -> None:
    """Each model in force has its document for pages."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for project in work.rows(Project):
        work.add(DrawingReading(project_id=project.id, attachment_id=new_id(), layers={}))
    for model in work.rows(BuildingModel):
        work.add(
            ModelShape(
                building_model_id=model.id,
                project_id=model.project_id or new_id(),
                plane=ModelPlane.SH2000,
                centre_e=0,
                centre_n=0,
                shape={},
            )
        )
