"""Facts of the lines of an application, from our own tables and the filing library (rows 33, 35, 36)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import col, select

from models.rooms import (
    CentralProject,
    CentralRoom,
    CentralTitle,
    FilingAnswer,
    LineKind,
    LineState,
    RoomApply,
    RoomApplyLine,
    RoomApplyState,
)
from services.engine.door import Gathering
from services.engine.work import Work
from services.ports.filing_library import FILING_LIBRARY, RoomQuestion
from services.rooms.change_rules import LineFacts
from services.rooms.kept_rooms import fields_of, filed_rooms, rooms_named, titles_by_ref
from services.rooms.registry import project_facts, title_facts
from services.rooms.room_judgement import Limits

#: Rooms in one question to the filing library.
_AT_ONCE = 200
Name = tuple[str, str]
Answers = Mapping[Name, FilingAnswer]


@dataclass(frozen=True)
class Judged:
    """The lines of an application with their facts, and the kept rooms they are about."""

    project: CentralProject
    rooms: Mapping[Name, CentralRoom]
    titles: Mapping[str, UUID]
    facts: Mapping[UUID, LineFacts]


def ask_library(gathering: Gathering, apply_id: UUID, states: frozenset[LineState]) -> Answers:
    """Ask the filing library about the rooms that lines change or cancel; silence is UNKNOWN."""
    library = gathering.systems.at(FILING_LIBRARY)
    number, names = gathering.look(lambda work: _asked(work, apply_id, states))
    answers: dict[Name, FilingAnswer] = {}
    for at in range(0, len(names), _AT_ONCE):
        part = names[at : at + _AT_ONCE]
        said = library.are_filed([RoomQuestion(number, *name) for name in part])
        filed = said.value if said.hit and said.value is not None else (None,) * len(part)
        answers |= dict(zip(part, map(_answer, filed), strict=True))
    return answers


def _answer(filed: bool | None) -> FilingAnswer:
    if filed is None:
        return FilingAnswer.UNKNOWN
    return FilingAnswer.ACTIVE if filed else FilingAnswer.NONE


def _asked(work: Work, apply_id: UUID, states: frozenset[LineState]) -> tuple[str, list[Name]]:
    apply = work.get(RoomApply, apply_id)
    number = select(CentralProject.project_no).where(CentralProject.id == apply.project_id)
    rows = select(col(RoomApplyLine.building), col(RoomApplyLine.room_no)).where(
        RoomApplyLine.apply_id == apply.id,
        RoomApplyLine.kind != LineKind.ADD,
        col(RoomApplyLine.state).in_(states),
    )
    names = sorted({(building, room_no) for building, room_no in work.session.exec(rows).all()})
    return work.session.exec(number).one(), names


def judged_lines(
    work: Work, apply: RoomApply, project: CentralProject, lines: Sequence[RoomApplyLine], answers: Answers
) -> Judged:
    """Gather the facts of some lines of an application; the rooms they are about are held."""
    rooms = rooms_named(work, project.id, {_name(line) for line in lines if line.kind is not LineKind.ADD})
    own = filed_rooms(work, rooms.values())
    titles = titles_by_ref(work, project.id)
    refs = dict(zip(titles.values(), titles, strict=True))
    about = project_facts(work, project)
    cited = {ref for line in lines if (ref := _cited(line))}
    proofs = {ref: title_facts(work, ref) for ref in cited}
    twice, pending = _twice(lines), _pending(work, apply, rooms)
    facts = {}
    for line in lines:
        name = _name(line)
        room = rooms.get(name)
        library = answers.get(name)
        if room is not None and own[room.id] is FilingAnswer.ACTIVE:
            library = FilingAnswer.ACTIVE
        facts[line.id] = LineFacts(
            line.kind,
            about,
            work.today,
            building=line.building,
            room_no=line.room_no,
            field=line.field,
            before=line.before,
            after=line.after,
            content=line.content or {},
            has_paper=bool(line.paper),
            room=None if room is None else fields_of(room, refs.get(room.title_id, "") if room.title_id else ""),
            room_state=None if room is None else room.state,
            library=library or (None if room is None else own[room.id]),
            title=proofs.get(_cited(line)),
            twice=line.id in twice,
            pending=room is not None and room.id in pending,
            limits=limits_of(work),
        )
    return Judged(project, rooms, titles, facts)


def limits_of(work: Work) -> Limits:
    """Return the thresholds of occupancy in force today."""
    return Limits(
        work.thresholds.integer("occupancy.room_max_persons"), work.thresholds.decimal("occupancy.min_usable_area")
    )


def as_new_rooms_come(facts: LineFacts, taken: set[Name]) -> LineFacts:
    """Return the facts of a line after earlier lines of its application have taken numbers."""
    about = replace(facts.project, taken={*facts.project.taken, *taken}) if taken else facts.project
    return replace(facts, project=about)


def _name(line: RoomApplyLine) -> Name:
    return line.building, line.room_no


def _cited(line: RoomApplyLine) -> str:
    if line.kind is LineKind.ADD:
        return (line.content or {}).get("title_ref", "")
    return line.after if line.field == "title_ref" else ""


def _twice(lines: Sequence[RoomApplyLine]) -> set[UUID]:
    """The lines about a room that is added twice, changed twice in a field, or cancelled beside anything else."""
    fields = Counter((_name(line), line.kind, line.field) for line in lines)
    cancelled = {_name(line) for line in lines if line.kind is LineKind.CANCEL}
    changed = {_name(line) for line in lines if line.kind is LineKind.CHANGE}
    # A number cancelled in the same application is not yet free: for the addition it is taken (Z03).
    rooms = {name for (name, _, _), count in fields.items() if count > 1} | (cancelled & changed)
    return {line.id for line in lines if _name(line) in rooms}


def _pending(work: Work, apply: RoomApply, rooms: Mapping[Name, CentralRoom]) -> set[UUID]:
    """The rooms that another application waits to change or cancel."""
    if not rooms:
        return set()
    waiting = (
        select(col(RoomApplyLine.room_id))
        .join(RoomApply, col(RoomApply.id) == col(RoomApplyLine.apply_id))
        .where(
            RoomApply.project_id == apply.project_id,
            RoomApply.id != apply.id,
            RoomApply.state == RoomApplyState.REVIEWING,
            RoomApplyLine.state == LineState.OPEN,
            col(RoomApplyLine.room_id).is_not(None),
        )
    )
    open_ones = set(work.session.exec(waiting).all())
    return {room.id for room in rooms.values()} & open_ones


def titles_of(work: Work, project_id: UUID) -> list[CentralTitle]:
    """Return the title proofs of a project."""
    rows = select(CentralTitle).where(CentralTitle.project_id == project_id)
    return list(work.session.exec(rows.order_by(col(CentralTitle.title_ref))).all())
