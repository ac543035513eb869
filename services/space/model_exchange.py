"""Models of a project as CityJSON 2.0: out of those in force, in as drafts; both files are kept (row 81)."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.documents import Attachment
from models.normal import normal_building_no
from models.projects import Project
from models.records import InForceState
from models.space_models import BuildingModel, DrawingReading, DrawingUse, ModelPlane
from services.documents.attachments import Examined, KeepAttachment, examined, goes_with, store_attachment
from services.engine.child_lines import lines_in_force
from services.engine.door import Gathering
from services.engine.kinds import MARKET_OFFICES
from services.engine.late import shapely
from services.engine.proposals import values_of
from services.engine.refusals import NotFound
from services.engine.registry import action, query
from services.engine.work import Work
from services.files.file_refusals import FileRefused
from services.files.inspection import Inspected
from services.space.building_model import FloorPlan, Method, PlannedHome
from services.space.city_json import CitySpace, write_city_json
from services.space.drawing_answers import city_of
from services.space.drawing_queue import answer_to
from services.space.geometry_field import geometry_of
from services.space.model_content import model_of
from services.space.model_kind import BUILDING_MODEL, OPERATORS
from services.space.plan_outlines import PlanOutline, PlanRead, ReadPlanAnswer, answer_of, seen_project
from services.space.planes import GK40, SH2000
from services.space.unit_table import storey_number

_PLANES = {ModelPlane.SH2000: SH2000, ModelPlane.CGCS2000_GK3_40: GK40}


#: `Attachment.object_kind` of files that were given out.
GIVEN_OUT = "city_json"
goes_with(GIVEN_OUT, Project)


@dataclass(frozen=True)
class GivenOut:
    """A CityJSON file that was given out and is kept."""

    content: bytes
    digest: str


def _written(gathering: Gathering, project_id: UUID) -> tuple[bytes, Examined]:
    content = gathering.look(lambda work: _city_json(work, project_id))
    return content, examined(gathering, content, Inspected("application/city+json", "json"))


@action(
    "building_models.city_json",
    "导出CityJSON",
    roles=set(MARKET_OFFICES.readers),
    gather=_written,
    event="EXPORT.FILE",
)
def city_json(work: Work, project_id: UUID, made: tuple[bytes, Examined]) -> GivenOut:
    """Give the models in force of a project out as a file, which is kept with its digest; equal content is kept once."""
    seen_project(work, project_id)
    content, found = made
    same = work.has(
        Attachment,
        Attachment.object_kind == GIVEN_OUT,
        Attachment.object_id == project_id,
        Attachment.digest == found.digest,
    )
    if not same:
        kept = KeepAttachment("CityJSON", "建筑模型.city.json", content)
        store_attachment(work, kept, found, object_kind=GIVEN_OUT, object_id=project_id)
    return GivenOut(content, found.digest)


def _city_json(work: Work, project_id: UUID) -> bytes:
    """Write the models in force of a project as one CityJSON file, all in the plane of the first."""
    rows = work.rows(
        work.visible(BuildingModel),
        BuildingModel.project_id == project_id,
        BuildingModel.in_force == InForceState.EFFECTIVE,
        by=BuildingModel.building_no,
    )
    if not rows:
        raise NotFound("本项目还没有生效的三维模型")
    first = rows[0]
    models = []
    for row in rows:
        if row.plane is first.plane:
            lists = {
                child.name: [values_of(line) for line in lines_in_force(work, child, row.id)]
                for child in BUILDING_MODEL.children
            }
            models.append(model_of(values_of(row), lists))
    document = write_city_json(models, _PLANES[first.plane], base=float(first.base_z))
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class KeptFile:
    """A CityJSON file that was given out before."""

    id: UUID
    at: datetime
    size: int
    digest: str


@query("building_models.given_out", "已导出的CityJSON", roles=set(MARKET_OFFICES.readers))
def files_given_out(work: Work, project_id: UUID) -> tuple[KeptFile, ...]:
    """Return the files given out for a project that the caller sees, the newest first."""
    seen_project(work, project_id)
    columns: Any = (Attachment.id, Attachment.created_at, Attachment.size, Attachment.digest)
    rows = work.session.exec(
        select(*columns)
        .where(Attachment.object_kind == GIVEN_OUT, Attachment.object_id == project_id)
        .order_by(col(Attachment.created_at).desc(), col(Attachment.id).desc())
        .limit(10)
    ).all()
    return tuple(KeptFile(*row) for row in rows)


@dataclass(frozen=True)
class CityAnswer:
    """The buildings of a file as the outlines of a drawing, the plans of each by storey, and what was not read."""

    read: ReadPlanAnswer
    plans: tuple[dict[int, FloorPlan], ...]
    ignored: tuple[tuple[str, int], ...]


@query("building_models.read_city_json", "读取CityJSON", roles=set(OPERATORS))
def read_city(work: Work, reading_id: UUID) -> CityAnswer:
    """Return the buildings of a file that the worker read, their homes as floor plans, to be drafted like outlines."""
    file = city_of(answer_to(work, reading_id, DrawingUse.CITY_JSON))
    project_id = work.get(DrawingReading, reading_id).project_id
    assert project_id is not None
    groups: dict[str, list[CitySpace]] = defaultdict(list)
    for space in file.spaces:
        groups[space.building].append(space)
    if not groups:
        raise FileRefused("CITYJSON", "文件中没有可读取的分户空间")
    outlines = []
    plans = []
    for number, spaces in groups.items():
        outline, storeys = _building(number, spaces)
        outlines.append(outline)
        plans.append(storeys)
    places = [space.bottom.centroid for space in file.spaces]
    plane = next(
        (code for code, one in _PLANES.items() if one.box.has_all((place.x, place.y) for place in places)), None
    )
    read = answer_of(work, project_id, PlanRead(tuple(outlines), tuple(file.findings), (), plane))
    return CityAnswer(read, tuple(plans), tuple(file.ignored.items()))


def _building(number: str, spaces: Sequence[CitySpace]) -> tuple[PlanOutline, dict[int, FloorPlan]]:
    """A building's outline, which is that of its widest storey, and its homes by storey."""
    storeys: dict[int, list[CitySpace]] = defaultdict(list)
    for space in spaces:
        storeys[storey_number(space.storey)].append(space)
    whole = shapely.union_all([space.bottom for space in spaces], grid_size=0.001)
    plans = {
        storey: FloorPlan(Method.CAD_FLOOR_PLAN, tuple(PlannedHome(one.room, one.bottom) for one in homes))
        for storey, homes in storeys.items()
    }
    above, below = max((*storeys, 0)), -min((*storeys, 0))
    top = max(space.base + space.height for space in spaces)
    ground = min((space.base for space in spaces if storey_number(space.storey) > 0), default=top)
    height = round(top - ground, 3) if above else None
    return PlanOutline(normal_building_no(number), above, below, height, geometry_of(whole)), plans
