"""Review of an application by the district: all, some or none of its lines, applied together (row 36)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import select

from models.rooms import (
    PROJECT,
    ROOM_APPLY,
    ROOM_LINE,
    ApplyKind,
    CentralProject,
    LineKind,
    LineState,
    ProjectState,
    RoomApply,
    RoomApplyLine,
    RoomApplyState,
)
from models.sealed import Sealed
from services.engine.door import Gathering
from services.engine.events import Event
from services.engine.findings import Finding
from services.engine.look_ups import held
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words, some_words
from services.engine.work import Work
from services.rooms.applications import lines_of_apply
from services.rooms.change_rules import PASSING, judge_line, stops
from services.rooms.judged_lines import Answers, Judged, Name, as_new_rooms_come, ask_library, judged_lines
from services.rooms.kept_rooms import add_rooms, cancel_room, change_room
from services.rooms.opinion_paper import issue_opinion
from services.rooms.orders import Decide, ReturnApply
from services.rooms.records import tell_firm
from services.rooms.tenant_notice import text_tenants
from services.rooms.visibility import DISTRICT

#: The first rooms of a project have entered the library.
ADMITTED: Event[CentralProject] = Event("rooms.project_admitted")
_OPEN = frozenset({LineState.OPEN})
#: A line of these codes waits on; the others are refused.
_WAITS = frozenset({"FILING_UNKNOWN"})


@dataclass(frozen=True)
class Decided:
    """The numbers of lines applied, refused and still waiting."""

    applied: int
    refused: int
    waiting: int


def _ask(gathering: Gathering, order: Decide) -> Answers:
    return ask_library(gathering, order.id, _OPEN)


def _held(work: Work, order: Decide | ReturnApply) -> RoomApply:
    apply = held(work, RoomApply, order.id, order.version)
    if apply.state is not RoomApplyState.REVIEWING:
        raise Conflict(f"该申请现为“{apply.state.label}”，无需审核")
    if apply.submitted_by is not None and apply.submitted_by == work.caller.account_id:
        told = "不能审核本人提交的申请"
        raise NotAllowed(told, [Finding("SELF_REVIEW", told)])
    return apply


@action("rooms.decide", "审核房源申请", roles=DISTRICT, gather=_ask, step=Step(ROOM_APPLY, "approve"))
def decide_apply(work: Work, order: Decide, answers: Answers) -> Decided:
    """Apply the approved lines in one transaction, each judged again by what the library and the filings say now.

    A line that no longer holds is refused; one whose filings are unknown waits, and the application with it.
    """
    apply = _held(work, order)
    words = some_words(order.opinion, "审核意见", most=500)
    lines = lines_of_apply(work, apply.id, LineState.OPEN)
    if order.refused and not words and not order.opinions:
        raise Rejected("有不通过的行，请填写审核意见")
    project = held(work, CentralProject, apply.project_id)
    judged = judged_lines(work, apply, project, lines, answers)
    applied = _apply(work, order, apply, lines, judged)
    waiting = sum(line.state is LineState.OPEN for line in lines)
    _close(work, apply, lines, words)
    if applied and project.state is ProjectState.STARTED:
        take_step(work, project, PROJECT, "admit")
        ADMITTED.happened(work, project)
    refused = len(lines) - applied - waiting
    result = Decided(applied, refused, waiting)
    let = sum(line.state is LineState.APPLIED and not PASSING.isdisjoint(_codes(line)) for line in lines)
    work.then(lambda: _tell(work, apply, project, result, let))
    return result


def _apply(work: Work, order: Decide, apply: RoomApply, lines: Sequence[RoomApplyLine], judged: Judged) -> int:
    """Decide every line; returns how many were applied."""
    taken: set[Name] = set()
    added: list[RoomApplyLine] = []
    applied = 0
    for line in lines:
        words = some_words(order.opinions.get(line.id, ""), "审核意见", most=200)
        line.opinion = Sealed.of_json(words) if words else None
        faults = [] if line.id in order.refused else judge_line(as_new_rooms_come(judged.facts[line.id], taken))
        # A finding of the submission is not repeated.
        fresh = [fault for fault in faults if fault.code not in line.codes.split()]
        line.review_codes = " ".join(fault.code for fault in fresh)
        line.library = judged.facts[line.id].library
        if fresh:
            line.found = "；".join(fault.message for fault in fresh)[:300]
        if any(fault.code in _WAITS for fault in faults):
            work.add(line)
            continue
        line.decided_at = work.now
        if line.id in order.refused or stops(faults):
            take_step(work, line, ROOM_LINE, "refuse", log=False)
            continue
        take_step(work, line, ROOM_LINE, "apply", log=False)
        taken |= _names_taken(line)
        applied += 1
        if line.kind is LineKind.ADD:
            added.append(line)
        else:
            _change(work, line, judged)
            if any(fault.code in PASSING for fault in faults):
                text_tenants(work, apply, line, project=judged.project, room=judged.rooms[line.building, line.room_no])
    if added:
        ids = add_rooms(work, judged.project, [_content(line) for line in added])
        for line, room_id in zip(added, ids, strict=True):
            line.room_id = room_id
    return applied


def _names_taken(line: RoomApplyLine) -> set[Name]:
    if line.kind is LineKind.ADD:
        return {(line.building, line.room_no)}
    return {(line.building, line.after)} if line.field == "room_no" else set()


def _content(line: RoomApplyLine) -> dict[str, object]:
    note = Sealed.of_json(line.note.json()) if line.note is not None else None
    return {**(line.content or {}), "building": line.building, "room_no": line.room_no, "note": note}


def _change(work: Work, line: RoomApplyLine, judged: Judged) -> None:
    room = judged.rooms[line.building, line.room_no]
    if line.kind is LineKind.CANCEL:
        cancel_room(work, judged.project, room)
    else:
        change_room(work, room, line.field, line.after, judged.titles)
    detail = {"apply": str(line.apply_id), "line": line.line_no, "field": line.field}
    work.trail.tell("DATA.UPDATE", f"rooms.{line.kind.value.lower()}", about=room, detail=detail)


def _close(work: Work, apply: RoomApply, lines: Sequence[RoomApplyLine], words: str) -> None:
    """Settle the application once none of its lines waits."""
    apply.reviewed_by, apply.reviewed_at = work.caller.account_id, work.now
    apply.opinion = Sealed.of_json(words) if words else None
    work.add(apply)
    if any(line.state is LineState.OPEN for line in lines):
        return
    earlier = select(RoomApplyLine.id).where(
        RoomApplyLine.apply_id == apply.id, RoomApplyLine.state == LineState.APPLIED
    )
    some = any(line.state is LineState.APPLIED for line in lines) or work.session.exec(earlier).first() is not None
    take_step(work, apply, ROOM_APPLY, "approve" if some else "refuse", reason=words)


def _codes(line: RoomApplyLine) -> list[str]:
    return f"{line.codes} {line.review_codes}".split()


def _tell(work: Work, apply: RoomApply, project: CentralProject, result: Decided, let: int) -> None:
    waits = f"，{result.waiting}行待备案库答复" if result.waiting else ""
    body = f"{project.name}的申请{apply.apply_no}：生效{result.applied}行，不通过{result.refused}行{waits}。"
    if let:
        body += f"其中{let}行变更的房间在租，请告知承租人。"
    tell_firm(work, apply.enterprise_id, f"房源{ApplyKind.of(apply.kind).label}申请已审核", body, apply)
    if not result.waiting:
        issue_opinion(work, apply, project)


@action("rooms.return", "退回房源申请", roles=DISTRICT, step=Step(ROOM_APPLY, "return"))
def return_apply(work: Work, order: ReturnApply) -> None:
    """Send an application back with a reason of five characters or more; the firm corrects it and hands it in again."""
    reason = enough_words(order.reason, "退回原因", most=500)
    apply = _held(work, order)
    take_step(work, apply, ROOM_APPLY, "return", reason=reason)
    apply.reviewed_by, apply.reviewed_at = work.caller.account_id, work.now
    apply.opinion = Sealed.of_json(reason)
    work.add(apply)
    for line in lines_of_apply(work, apply.id, LineState.OPEN):
        take_step(work, line, ROOM_LINE, "return", log=False)
    tell_firm(work, apply.enterprise_id, "房源申请已退回", f"申请{apply.apply_no}已退回，原因：{reason}", apply)
