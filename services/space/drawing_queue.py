"""Site plans on their way: kept as attachments, read by the worker, whose steps the page shows that waits (row 81)."""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.access import Role
from models.documents import Attachment
from models.geometry import Geometry
from models.projects import Project
from models.sealed import Sealed
from models.space_models import DRAWING, DrawingReading, DrawingState, ModelPlane
from services.documents.attachments import Examined, KeepAttachment, examined, store_attachment
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.record_files import OF_RECORDS
from services.engine.refusals import NotFound, Refusal
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.work import Work, shown_with
from services.files.file_refusals import FileRefused
from services.files.inspection import Inspected
from services.space.drawing_layers import Wanted
from services.space.model_kind import OPERATORS
from services.space.plan_reading import PlanOutline, PlanRead, ReadPlanAnswer, answer_of, plain_read, seen_project
from services.space.site_plan import read_site_plan
from services.space.space_findings import SpaceFinding

log = logging.getLogger("shenfang.space")
#: A drawing of this size still opens within its limits.
LARGEST_DRAWING = 90 << 20
CATEGORY = "总平面图（DXF）"
_BROKEN = "读取图纸时出错，已记录；请核对图纸后重新上传，仍不行的请联系管理员"
_AT_ONCE = 4
shown_with(DrawingReading, "project_id", Project)


@dataclass(frozen=True)
class TakeDrawing:
    """A site plan of a project as it was handed in."""

    project_id: UUID
    file_name: str
    content: bytes = field(repr=False)
    layers: Wanted = field(default_factory=Wanted)


def _examine(gathering: Gathering, order: TakeDrawing) -> Examined:
    gathering.look(lambda work: seen_project(work, order.project_id))
    if len(order.content) > LARGEST_DRAWING:
        raise FileRefused("FILE-SIZE", f"图纸超过{LARGEST_DRAWING >> 20}MB，请只保留总平面图后上传")
    return examined(gathering, order.content, Inspected("image/vnd.dxf", "dxf"))


@action("building_models.take_drawing", "上传总平面图", roles=set(OPERATORS), gather=_examine, event="FILE.UPLOAD")
def take_drawing(work: Work, order: TakeDrawing, found: Examined) -> UUID:
    """Keep a drawing; the worker reads it, and its models cite the file."""
    seen_project(work, order.project_id)
    kept = KeepAttachment(CATEGORY, order.file_name, order.content)
    file = store_attachment(work, kept, found, object_kind=OF_RECORDS, object_id=order.project_id)
    reading = DrawingReading(
        project_id=order.project_id,
        attachment_id=file.id,
        account_id=work.caller.account_id,
        layers=asdict(order.layers),
    )
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


@query("building_models.drawing", "总平面图读取进度", roles=set(OPERATORS))
def drawing_status(work: Work, reading_id: UUID) -> DrawingStatus:
    """Return how far a drawing is; once it is read, its outlines with the buildings they are proposed for."""
    row = work.get(DrawingReading, reading_id)
    before = select(func.count()).where(
        DrawingReading.state == DrawingState.WAITING, col(DrawingReading.updated_at) < row.updated_at
    )
    ahead = work.session.exec(before).one() if row.state is DrawingState.WAITING and not row.step else 0
    read = answer_of(work, row.project_id, _unpacked(row.answer.json())) if row.answer is not None else None
    return DrawingStatus(row.state, row.step, ahead, row.refusal, read)


def drawing_file(work: Work, reading_id: UUID) -> UUID:
    """The attachment of a drawing that the caller sees."""
    return work.get(DrawingReading, reading_id).attachment_id


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


@job("space.drawings", "读取总平面图", every=2)
def read_drawings(door: Door) -> int:
    """Read the drawings that wait, those handed in first before the others; returns how many."""
    waiting = door.look(
        SYSTEM,
        lambda work: work.rows(
            DrawingReading.id,
            DrawingReading.state == DrawingState.WAITING,
            by=(DrawingReading.updated_at, DrawingReading.id),
            most=_AT_ONCE,
        ),
    )
    for reading_id in waiting:
        _read(door, reading_id)
    return len(waiting)


def _read(door: Door, reading_id: UUID) -> None:
    """Read one drawing; what goes wrong with it does not keep the others waiting."""
    content, layers = door.look(SYSTEM, partial(_opened, reading_id=reading_id))
    answer, refusal = None, ""
    try:
        plan = read_site_plan(
            content, layers, told=lambda step: door.perform(tell_step, SYSTEM, TellStep(reading_id, step))
        )
        answer = _packed(plain_read(plan))
    except Refusal as problem:
        refusal = problem.message
    except Exception:
        log.exception("drawing %s could not be read", reading_id)
        refusal = _BROKEN
    door.perform(keep_reading, SYSTEM, KeepReading(reading_id, answer, refusal))


def _opened(work: Work, reading_id: UUID) -> tuple[bytes, Wanted]:
    row = work.get(DrawingReading, reading_id)
    file = work.first(Attachment, Attachment.id == row.attachment_id)
    if file is None:
        raise NotFound("图纸文件不存在")
    return work.sealer.open_file(file.content, str(file.id)), Wanted(**{k: str(v) for k, v in row.layers.items()})


def _packed(read: PlanRead) -> dict[str, Any]:
    """The answer as it is stored."""
    return {
        "outlines": [
            {**vars(one), "outline": str(one.outline), "homes": [[room, str(area)] for room, area in one.homes]}
            for one in read.outlines
        ],
        "findings": [asdict(one) for one in read.findings],
        "layers": list(read.layers),
        "plane": read.plane.value if read.plane is not None else "",
    }


def _unpacked(kept: Mapping[str, Any]) -> PlanRead:
    def outline(one: dict[str, Any]) -> PlanOutline:
        homes = tuple((room, Geometry.of(area)) for room, area in one["homes"])
        return PlanOutline(**{**one, "outline": Geometry.of(one["outline"]), "homes": homes})

    def finding(one: dict[str, Any]) -> SpaceFinding:
        place = tuple(one["place"]) if one["place"] else None
        return SpaceFinding(**{**one, "place": place, "handles": tuple(one["handles"])})

    return PlanRead(
        tuple(map(outline, kept["outlines"])),
        tuple(map(finding, kept["findings"])),
        tuple((name, count) for name, count in kept["layers"]),
        ModelPlane.of(kept["plane"]) if kept["plane"] else None,
    )
