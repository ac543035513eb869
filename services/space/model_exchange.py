"""Models of a project as CityJSON 2.0: out of those in force, in as drafts; both files are kept (row 81)."""

import json
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
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
from services.space.building_model import FloorPlan, Method, PlannedHome, StoreyPlans
from services.space.city_json import CityShell, CitySpace, write_city_json
from services.space.drawing_answers import city_of
from services.space.drawing_queue import answer_to
from services.space.geometry_field import geometry_of
from services.space.model_content import model_of
from services.space.model_drafts import SAME
from services.space.model_kind import BUILDING_MODEL, OPERATORS
from services.space.plan_outlines import PlanOutline, PlanRead, ReadPlanAnswer, answer_of, seen_project
from services.space.planes import GK40, SH2000
from services.space.unit_table import storey_number

_PLANES = {ModelPlane.SH2000: SH2000, ModelPlane.CGCS2000_GK3_40: GK40}


#: Metres that homes of a file are apart where they are meant to meet.
_GAP = 0.01
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
    document = write_city_json(models, _PLANES[first.plane])
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
    """The buildings of a file as the outlines of a drawing, what it says of the storeys of each, and what was not read."""

    read: ReadPlanAnswer
    storeys: tuple[StoreyPlans, ...]
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
    found = [
        read_building(number, spaces, [one for one in file.shells if one.building == number])
        for number, spaces in groups.items()
    ]
    places = [space.bottom.centroid for space in file.spaces]
    plane = next(
        (code for code, one in _PLANES.items() if one.box.has_all((place.x, place.y) for place in places)), None
    )
    read = answer_of(
        work, project_id, PlanRead(tuple(outline for outline, _ in found), tuple(file.findings), (), plane)
    )
    return CityAnswer(read, tuple(storeys for _, storeys in found), tuple(file.ignored.items()))


def read_building(
    number: str, spaces: Sequence[CitySpace], shells: Sequence[CityShell]
) -> tuple[PlanOutline, StoreyPlans]:
    """A building's outline, which without one in the file is that of its storeys or homes together, and its storeys."""
    homes: dict[int, list[CitySpace]] = defaultdict(list)
    for space in spaces:
        homes[storey_number(space.storey)].append(space)
    drawn: dict[int, list[CityShell]] = defaultdict(list)
    for shell in shells:
        # A roof or a mezzanine has no number; homes on it would have refused the file.
        with suppress(FileRefused):
            if shell.storey:
                drawn[storey_number(shell.storey)].append(shell)
    whole = [shell.bottom for shell in shells if not shell.storey]
    footprint = shapely.union_all(whole) if whole else evened([one.bottom for one in shells or spaces])
    top = max([one.base + one.height for one in spaces] + [one.base + one.height for one in shells])
    ground = min((one.base for one in spaces if storey_number(one.storey) > 0), default=top)
    ground = min((one.base for no, found in drawn.items() for one in found if no > 0), default=ground)
    storeys = StoreyPlans()
    for no, here in homes.items():
        schematic = any(shell.method == Method.AUTO_SPLIT.value for shell in drawn.get(no, ()))
        method = Method.AUTO_SPLIT if schematic else Method.CAD_FLOOR_PLAN
        storeys.plans[no] = FloorPlan(method, tuple(PlannedHome(one.room, one.bottom, one.place) for one in here))
    for no, found in drawn.items():
        storeys.levels[no] = (round(found[0].base - ground, 3), round(found[0].height, 3))
        outline = shapely.union_all([one.bottom for one in found])
        if outline.symmetric_difference(footprint).area > SAME:
            storeys.outlines[no] = outline
    above, below = max((*storeys.plans, *storeys.levels, 0)), -min((*storeys.plans, *storeys.levels, 0))
    height = round(top - ground, 3) if above else None
    outline = geometry_of(footprint)
    return PlanOutline(normal_building_no(number), above, below, height, outline, base=round(ground, 3)), storeys


def evened(bottoms: Sequence[Any]) -> Any:
    """The outline of homes together, without gaps and steps of a centimetre that they leave where they meet."""
    grown = shapely.union_all(bottoms, grid_size=0.001).buffer(_GAP, join_style="mitre")
    return shapely.set_precision(grown.buffer(-_GAP, join_style="mitre").simplify(_GAP), 0.001)
