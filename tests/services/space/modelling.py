"""Models on their way, told shortly: site plans made, handed in, read, drafted and put in force (row 81)."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.building_tables import NaturalBuilding
from models.records import Revision
from models.space_models import (
    BuildingModel,
    DrawingUse,
    ModelPlane,
)
from services.engine.refusals import Rejected
from services.space.drawing_layers import Wanted
from services.space.drawing_queue import (
    DrawingStatus,
    TakeDrawing,
    TakeVersionDrawing,
    drawing_status,
    read_drawings,
    take_drawing,
    take_version_drawing,
)
from services.space.model_drafts import DraftModels, TiedOutline, draft_models
from services.space.model_view import ModelView, model_view
from services.space.plan_outlines import PlanOutline, ReadPlanAnswer
from tests.building import natural_building
from tests.services.projects.desk import Desk
from tests.services.space.drawings import building, content_of, drawing, outline
from tests.site import Site

REASONS = {"SPA-12": "相邻建筑共用墙体", "SPA-13": "层数已经核对", "SPA-14": "楼盘表待更新", "SPA-15": "面积已经核对"}


def plan(*buildings: tuple[Any, str], holes: tuple[Any, ...] = ()) -> bytes:
    """A site plan with outlines and their labels."""
    made = drawing()
    for corners, words in buildings:
        building(made.modelspace(), corners, words)
    for corners in holes:
        outline(made.modelspace(), corners)
    return content_of(made)


def taken(desk: Desk, site: Site, content: bytes, **layers: str) -> UUID:
    """A drawing that was handed in."""
    order = TakeDrawing(site.project, "总平面图.dxf", content, Wanted(**layers))
    reading: UUID = desk.perform(take_drawing, "pdkj01", order)
    return reading


def read(desk: Desk, site: Site, content: bytes, **layers: str) -> ReadPlanAnswer:
    """A drawing as the worker read it; one that was refused is refused here."""
    reading = taken(desk, site, content, **layers)
    read_drawings(desk.land.market.world.door)
    status: DrawingStatus = desk.ask(drawing_status, "pdkj01", reading)
    if status.read is None:
        raise Rejected(status.refusal)
    return status.read


def floor_plan(desk: Desk, revision: UUID, content: bytes) -> UUID:
    """A floor plan drawing of a version that was handed in."""
    order = TakeVersionDrawing(revision, DrawingUse.FLOOR_PLAN, "标准层.dxf", content)
    reading: UUID = desk.perform(take_version_drawing, "pdkj01", order)
    return reading


def table(site: Site, **more: Any) -> str:
    """A natural building of the site in the building table; returns its number."""
    world = site.land.market.world
    number = natural_building(world, **{"building_name": "1#", "forecast_area": None, **more})

    def belongs(work: Any) -> None:
        row = work.session.exec(select(NaturalBuilding).where(NaturalBuilding.natural_building_no == number)).one()
        row.project_id, row.district_code = site.project, "310115"
        work.add(row)

    world.act(belongs)
    return number


def tied(one: PlanOutline, **more: Any) -> TiedOutline:
    return TiedOutline(
        **{
            "outline": one,
            "number": one.number,
            "above": one.above or 0,
            "below": one.below or 0,
            "natural_no": one.natural_no,
            "planned_no": one.planned_no,
            **more,
        }
    )


def draft(desk: Desk, site: Site, *outlines: TiedOutline, **more: Any) -> Any:
    order = DraftModels(site.project, ModelPlane.CGCS2000_GK3_40, "总平面图.dxf", outlines, **more)
    return desk.perform(draft_models, "pdkj01", order)


def drafted(desk: Desk, site: Site, content: bytes, **more: Any) -> UUID:
    """The only building of a plan as a draft."""
    (one,) = read(desk, site, content).outlines
    made: UUID = draft(desk, site, tied(one, **more))[0].revision_id
    return made


def view(desk: Desk, revision_id: UUID) -> ModelView:
    seen: ModelView = desk.ask(model_view, "pdkj01", revision_id)
    return seen


def effective(desk: Desk, revision_id: UUID) -> None:
    desk.submit(revision_id, REASONS)
    desk.approve(revision_id, "pdshen01")
    desk.approve(revision_id, "pdkjshen01")


def row_of(desk: Desk, revision_id: UUID) -> BuildingModel:
    row: BuildingModel = desk.land.market.row(BuildingModel, desk.land.market.row(Revision, revision_id).record_id)
    return row


def refused(desk: Desk, revision_id: UUID) -> set[str]:
    with pytest.raises(Rejected) as no:
        desk.submit(revision_id)
    return {one.code for one in no.value.findings}
