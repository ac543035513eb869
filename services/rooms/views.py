"""Pages' views: a project with its buildings and titles, an application with what its project lacks, a room with its past."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from models.documents import IssuedDocument
from models.rooms import (
    ApplyKind,
    CentralBuilding,
    CentralProject,
    CentralRoom,
    LineKind,
    LineState,
    RoomApply,
    RoomApplyLine,
    TitleKind,
)
from services.engine.findings import Finding
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.rooms.applications import project_needs
from services.rooms.judged_lines import judged_lines, titles_of
from services.rooms.kept_rooms import fields_of
from services.rooms.listings import words_of
from services.rooms.opinion_paper import content_words, firm_name
from services.rooms.orders import BuildingForm
from services.rooms.visibility import READERS

_UNDECIDED = frozenset({LineState.DRAFT, LineState.RETURNED, LineState.BARRED, LineState.OPEN})


@dataclass(frozen=True)
class TitleView:
    """A title proof; the number of its certificate is masked."""

    id: UUID
    title_ref: str
    kind: TitleKind
    cert_no: str
    valid_to: date
    expired: bool
    file_id: UUID | None


@dataclass(frozen=True)
class ProjectView:
    """A project as its operator completes it, with what it still lacks."""

    project: CentralProject
    enterprise: str
    operator: str
    buildings: tuple[BuildingForm, ...]
    titles: tuple[TitleView, ...]
    needs: tuple[Finding, ...]
    manager: str = ""
    phone: str = ""


@query("rooms.project", "查看集中式项目", roles=READERS)
def view_project(work: Work, project_id: UUID) -> ProjectView:
    """Return a project; its safety manager is masked."""
    project = work.get(CentralProject, project_id)
    kept = select(CentralBuilding).where(CentralBuilding.project_id == project.id)
    buildings = work.session.exec(kept.order_by(col(CentralBuilding.name))).all()
    return ProjectView(
        project,
        firm_name(work, project.owner_id or project.enterprise_id),
        firm_name(work, project.enterprise_id),
        tuple(BuildingForm(one.name, one.floors, one.elevator) for one in buildings),
        tuple(
            TitleView(
                one.id,
                one.title_ref,
                one.kind,
                one.cert_no.masked() if one.cert_no is not None else "",
                one.valid_to,
                one.valid_to < work.today,
                one.file_id,
            )
            for one in titles_of(work, project.id)
        ),
        tuple(project_needs(work, project, None, ())),
        project.safety_manager.masked() if project.safety_manager is not None else "",
        project.safety_phone.masked() if project.safety_phone is not None else "",
    )


@dataclass(frozen=True)
class ApplyView:
    """An application with its lines, what stops its confirmation, and what its district will look at."""

    apply: RoomApply
    project: CentralProject
    operator: str
    reason: str
    opinion: str
    lines: tuple[RoomApplyLine, ...]
    needs: tuple[Finding, ...]
    #: Words of each line's content, in the order of the lines.
    contents: tuple[str, ...]
    more: int = 0
    #: The opinion it was decided with, and whether its bytes are made.
    paper_id: UUID | None = None
    paper_ready: bool = False


#: Lines of an application on its page; the rest are in its list.
_SHOWN = 200


@query("rooms.apply", "查看房源申请", roles=READERS)
def view_apply(work: Work, apply_id: UUID) -> ApplyView:
    """Return an application with its first lines."""
    apply = work.get(RoomApply, apply_id)
    project = work.session.get_one(CentralProject, apply.project_id)
    kept = select(RoomApplyLine).where(RoomApplyLine.apply_id == apply.id, RoomApplyLine.state != LineState.WITHDRAWN)
    lines = work.session.exec(kept.order_by(col(RoomApplyLine.line_no))).all()
    undecided = [line for line in lines if line.state in _UNDECIDED]
    needs: list[Finding] = []
    if apply.kind is ApplyKind.INTAKE and undecided:
        judged = judged_lines(work, apply, project, undecided, {})
        needs = project_needs(work, project, judged, undecided)
    issued = work.visible(IssuedDocument).where(IssuedDocument.object_id == apply.id)
    paper = work.session.exec(issued.order_by(col(IssuedDocument.issued_at).desc())).first()
    shown = tuple(lines[:_SHOWN])
    return ApplyView(
        apply,
        project,
        firm_name(work, apply.enterprise_id),
        words_of(apply.reason),
        words_of(apply.opinion),
        shown,
        tuple(needs),
        tuple(map(content_words, shown)),
        len(lines) - len(shown),
        paper.id if paper is not None else None,
        paper is not None and bool(paper.digest),
    )


@dataclass(frozen=True)
class RoomEvent:
    """A line of an application that was applied to a room."""

    apply_no: str
    kind: LineKind
    content: str
    at: datetime | None


@dataclass(frozen=True)
class RoomView:
    """A room of the library, its fields as texts, and its past, the latest first."""

    room: CentralRoom
    project: str
    fields: dict[str, str]
    past: tuple[RoomEvent, ...]


@query("rooms.room", "查看集中式房间", roles=READERS)
def view_room(work: Work, room_id: UUID) -> RoomView:
    """Return a room with the changes that were applied to it."""
    room = work.get(CentralRoom, room_id)
    project = work.session.get(CentralProject, room.project_id)
    if project is None:
        raise NotFound
    refs = {title.id: title.title_ref for title in titles_of(work, project.id)}
    rows = (
        select(RoomApplyLine, RoomApply)
        .join(RoomApply, col(RoomApply.id) == col(RoomApplyLine.apply_id))
        .where(RoomApplyLine.room_id == room.id, RoomApplyLine.state == LineState.APPLIED)
        .order_by(col(RoomApplyLine.decided_at).desc())
    )
    past = tuple(
        RoomEvent(apply.apply_no, line.kind, content_words(line), line.decided_at)
        for line, apply in work.session.exec(rows).all()
    )
    title_ref = refs.get(room.title_id, "") if room.title_id is not None else ""
    return RoomView(room, project.name, fields_of(room, title_ref), past)
