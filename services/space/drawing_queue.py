"""Drawings on their way: kept as attachments, read by the worker, whose steps the page shows that waits (rows 80, 81)."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, select

from models.access import Role
from models.documents import Attachment
from models.projects import Project
from models.records import Revision
from models.sealed import Sealed
from models.space_models import DRAWING, DrawingReading, DrawingState, DrawingUse
from services.documents.attachments import Examined, KeepAttachment, examined, store_attachment
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.record_files import OF_RECORDS
from services.engine.refusals import NotFound, Refusal
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.work import Work, visible_rows
from services.files.file_refusals import FileRefused
from services.files.inspection import Inspected
from services.space.city_json import LARGEST as LARGEST_CITY
from services.space.drawing_answers import plan_of, read_for
from services.space.drawing_layers import LayerNames, Wanted
from services.space.model_kind import OPERATORS
from services.space.plan_outlines import ReadPlanAnswer, answer_of, seen_project
from services.space.red_line import RED_LINE

log = logging.getLogger("shenfang.space")
#: A drawing of this size still opens within its limits.
LARGEST_DRAWING = 90 << 20
_BROKEN = "读取图纸时出错，已记录；请核对图纸后重新上传，仍不行的请联系管理员"
_AT_ONCE = 4
#: The slots of a model for what was read.
SLOTS = {
    DrawingUse.SITE_PLAN: "drawing",
    DrawingUse.FLOOR_PLAN: "floor_plan",
    DrawingUse.CITY_JSON: "city_json",
}
#: Roles that hand in drawings: operators of spatial data, and companies for their red lines.
DRAFTERS = OPERATORS | RED_LINE.makers.draft


@visible_rows(DrawingReading)
def of_projects_and_versions(work: Work, table: Any) -> Any:
    """Show a drawing to those who see the project, or the version, that it was handed in for."""
    projects: Any = work.visible(Project).with_only_columns(col(Project.id))
    versions: Any = work.visible(Revision).with_only_columns(col(Revision.id))
    return sa.or_(col(table.project_id).in_(projects), col(table.revision_id).in_(versions))


@dataclass(frozen=True)
class TakeDrawing:
    """A site plan of a project as it was handed in, or a CityJSON file of its buildings."""

    project_id: UUID
    file_name: str
    content: bytes = field(repr=False)
    layers: Wanted = field(default_factory=Wanted)
    use: DrawingUse = DrawingUse.SITE_PLAN


def _examine_plan(gathering: Gathering, order: TakeDrawing) -> Examined:
    gathering.look(lambda work: seen_project(work, order.project_id))
    return _examined(gathering, order.content, order.use)


def _examined(gathering: Gathering, content: bytes, use: DrawingUse) -> Examined:
    if use is DrawingUse.CITY_JSON:
        if len(content) > LARGEST_CITY:
            raise FileRefused("CITYJSON-SIZE", f"CityJSON文件超过{LARGEST_CITY >> 20}MB，请按幢拆分")
        return examined(gathering, content, Inspected("application/city+json", "json"))
    if len(content) > LARGEST_DRAWING:
        raise FileRefused("FILE-SIZE", f"图纸超过{LARGEST_DRAWING >> 20}MB，请只保留{use.label}后上传")
    return examined(gathering, content, Inspected("image/vnd.dxf", "dxf"))


@action("building_models.take_drawing", "上传总平面图", roles=set(OPERATORS), gather=_examine_plan, event="FILE.UPLOAD")
def take_drawing(work: Work, order: TakeDrawing, found: Examined) -> UUID:
    """Keep a drawing; the worker reads it, and its models cite the file."""
    seen_project(work, order.project_id)
    layers = asdict(order.layers)
    return _kept(
        work, order, found, DrawingReading(use=order.use, project_id=order.project_id, layers=layers), order.project_id
    )


@dataclass(frozen=True)
class TakeVersionDrawing:
    """A drawing for a version in hand: a floor plan of its storeys, or the red line of its outline."""

    revision_id: UUID
    use: DrawingUse
    file_name: str
    content: bytes = field(repr=False)


def _examine_version(gathering: Gathering, order: TakeVersionDrawing) -> Examined:
    gathering.look(lambda work: work.get(Revision, order.revision_id))
    return _examined(gathering, order.content, order.use)


@action("drawings.take", "上传图纸", roles=set(DRAFTERS), gather=_examine_version, event="FILE.UPLOAD")
def take_version_drawing(work: Work, order: TakeVersionDrawing, found: Examined) -> UUID:
    """Keep a drawing for a version that the caller sees; the worker reads it."""
    row = work.get(Revision, order.revision_id)
    reading = DrawingReading(use=order.use, revision_id=row.id, layers=asdict(Wanted()))
    return _kept(work, order, found, reading, row.id)


def _kept(
    work: Work, order: TakeDrawing | TakeVersionDrawing, found: Examined, reading: DrawingReading, about: UUID
) -> UUID:
    kept = KeepAttachment(reading.read_as.label, order.file_name, order.content)
    file = store_attachment(work, kept, found, object_kind=OF_RECORDS, object_id=about)
    reading.attachment_id, reading.account_id = file.id, work.caller.account_id
    return work.add(reading).id


@dataclass(frozen=True)
class ReadAgain:
    """A drawing to be read with other layers."""

    reading_id: UUID
    layers: Wanted


@action("building_models.read_again", "按所选图层重新读取", roles=set(OPERATORS), step=Step(DRAWING, "again"))
def read_again(work: Work, order: ReadAgain) -> None:
    """Have the worker read a drawing again."""
    reading = work.hold(DrawingReading, order.reading_id)
    reading.layers, reading.answer, reading.refusal, reading.step = asdict(order.layers), None, "", ""
    take_step(work, reading, DRAWING, "again")


@dataclass(frozen=True)
class DrawingStatus:
    """A drawing on its way: the step in hand, the number of drawings before it, why it was refused, or what was read."""

    state: DrawingState
    step: str
    ahead: int
    refusal: str
    read: ReadPlanAnswer | None


@query("building_models.drawing", "总平面图读取进度", roles=set(DRAFTERS))
def drawing_status(work: Work, reading_id: UUID) -> DrawingStatus:
    """Return how far a drawing is; once it is read, its outlines with the buildings they are proposed for."""
    row = work.get(DrawingReading, reading_id)
    before = select(func.count()).where(
        DrawingReading.state == DrawingState.WAITING, col(DrawingReading.updated_at) < row.updated_at
    )
    ahead = work.session.exec(before).one() if row.state is DrawingState.WAITING and not row.step else 0
    read = None
    if row.answer is not None and row.read_as is DrawingUse.SITE_PLAN and row.project_id is not None:
        read = answer_of(work, row.project_id, plan_of(row.answer.json()))
    return DrawingStatus(row.state, row.step, ahead, row.refusal, read)


def answer_to(work: Work, reading_id: UUID, use: DrawingUse) -> Mapping[str, Any]:
    """The content that the worker read of a drawing that the caller sees; one not read yet, or for another use, is `NotFound`."""
    row = work.get(DrawingReading, reading_id)
    if row.read_as is not use or row.answer is None:
        raise NotFound("图纸还没有读取完成，请稍候")
    kept: Mapping[str, Any] = row.answer.json()
    return kept


def drawing_file(work: Work, reading_id: UUID) -> tuple[str, UUID]:
    """The attachment of a drawing that the caller sees, with the slot in which a model cites it."""
    row = work.get(DrawingReading, reading_id)
    return SLOTS[row.read_as], row.attachment_id


# ------------------------------------------------------------------ the worker


@dataclass(frozen=True)
class TellStep:
    """A step of reading that begins."""

    reading_id: UUID
    step: str


@action("building_models.tell_step", "图纸读取进度", roles={Role.SYSTEM}, event="")
def tell_step(work: Work, order: TellStep) -> None:
    """Store what the worker is at, for the page that waits."""
    row = work.hold(DrawingReading, order.reading_id)
    if row.state is DrawingState.WAITING:
        row.step = order.step
        work.add(row)


@dataclass(frozen=True)
class KeepReading:
    """The answer of the worker to a drawing, or why it has none."""

    reading_id: UUID
    answer: Mapping[str, Any] | None
    refusal: str = ""


@action("building_models.keep_reading", "保存图纸读取结果", roles={Role.SYSTEM}, event="")
def keep_reading(work: Work, order: KeepReading) -> None:
    """Store the answer; a drawing that waits again with other layers keeps waiting."""
    row = work.hold(DrawingReading, order.reading_id)
    if row.state is not DrawingState.WAITING:
        return
    row.step, row.refusal = "", order.refusal[:300]
    row.answer = Sealed.of_json(order.answer) if order.answer is not None else None
    take_step(work, row, DRAWING, "read" if order.answer is not None else "refuse", log=False)


def _waiting(work: Work) -> Sequence[UUID]:
    by = (DrawingReading.updated_at, DrawingReading.id)
    return work.rows(DrawingReading.id, DrawingReading.state == DrawingState.WAITING, by=by, most=_AT_ONCE)


@job("space.drawings", "读取图纸", every=2, due=_waiting)
def read_drawings(door: Door) -> int:
    """Read the drawings that wait, those handed in first before the others; returns how many."""
    waiting = door.look(SYSTEM, _waiting)
    for reading_id in waiting:
        _read(door, reading_id)
    return len(waiting)


def _read(door: Door, reading_id: UUID) -> None:
    """Read one drawing; what goes wrong with it does not keep the others waiting."""
    use, content, layers, names = door.look(SYSTEM, partial(_opened, reading_id=reading_id))
    answer, refusal = None, ""
    try:
        answer = read_for(
            use, content, layers, names, lambda step: door.perform(tell_step, SYSTEM, TellStep(reading_id, step))
        )
    except Refusal as problem:
        refusal = problem.message
    except Exception:
        log.exception("drawing %s could not be read", reading_id)
        refusal = _BROKEN
    door.perform(keep_reading, SYSTEM, KeepReading(reading_id, answer, refusal))


def _opened(work: Work, reading_id: UUID) -> tuple[DrawingUse, bytes, Wanted, LayerNames]:
    row = work.get(DrawingReading, reading_id)
    file = work.first(Attachment, Attachment.id == row.attachment_id)
    if file is None:
        raise NotFound("图纸文件不存在")
    layers = Wanted(**{name: str(value) for name, value in row.layers.items()})
    names = LayerNames.of(work.thresholds)
    return row.read_as, work.sealer.open_file(file.content, str(file.id)), layers, names
