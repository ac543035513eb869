"""Merging and parting by hand, with a reason: a clerk's verdict outweighs the system's (row 1)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from models.one_stop import StopCase, StopGroup
from models.one_stop_codes import STOP, UNDECIDED, GroupState, MatchVerdict, StopAct, StopState
from models.tenancy_codes import Situation
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import Step, action
from services.engine.words import enough_words
from services.engine.work import Work
from services.one_stop.case_log import log_step, move
from services.one_stop.lease_groups import HANDLERS, Match, compare, join, keep_match, members_of
from services.one_stop.withdrawal import decide_anew

_LIVE = (*UNDECIDED, StopState.INTERCEPTED)


@dataclass(frozen=True)
class MergeCases:
    """A case and the number of another that is about the same lease, with the reason."""

    case_id: UUID
    other_no: str
    reason: str


@action("one_stop.merge", "人工合并", roles=HANDLERS, step=Step(STOP, "merge"))
def merge_by_hand(work: Work, order: MergeCases) -> None:
    """Merge two open applications for a new filing of one house and part; the first accepted one's content is decided."""
    case = work.hold(StopCase, order.case_id)
    reason = enough_words(order.reason, "合并理由", least=4, most=300)
    other = work.find(
        work.visible(StopCase),
        StopCase.case_no == order.other_no.strip(),
        missing=Rejected("没有找到要合并的办件，请核对办件编号"),
    )
    if other.id == case.id:
        raise Rejected("不能与自己合并")
    if case.situation is not Situation.NEW or other.situation is not Situation.NEW:
        raise Rejected("只有新增备案的办件可以人工合并")
    if case.state not in _LIVE or other.state not in _LIVE:
        raise Conflict("只有已受理、尚未决定的办件可以合并")
    if case.house_id is None or (case.house_id, case.part_keys) != (other.house_id, other.part_keys):
        raise Rejected("两个办件的房屋或部位不同，不能合并")
    found = compare(case, other)
    match = Match(MatchVerdict.EXACT, found.conflict_fields, found.facts)
    keep_match(work, case, other, match, by_hand=True, reason=reason)
    work.session.flush()
    for one in (other, case):
        if one.state is StopState.INTERCEPTED:
            decide_anew(work, one, f"与办件 {(case if one is other else other).case_no} 人工合并")
    join(work, [other, case], by_hand=True, reason=reason)


@action("one_stop.part", "人工拆分", roles=HANDLERS, step=Step(STOP, "part"))
def part_by_hand(work: Work, order: Reasoned) -> None:
    """Part an application from its group or from those it contradicts: it is judged by itself from now on."""
    case = work.hold(StopCase, order.id)
    reason = enough_words(order.reason, "拆分理由", least=4, most=300)
    if case.group_id is None and case.suggestion_id is None:
        raise Conflict("该办件没有合并，也没有不一致的提示")
    others = _together(work, case)
    for other in others:
        found = compare(case, other)
        keep_match(
            work,
            case,
            other,
            Match(MatchVerdict.APART, found.conflict_fields, found.facts),
            by_hand=True,
            reason=reason,
        )
    work.session.flush()
    if case.state is StopState.INTERCEPTED:
        decide_anew(work, case, reason)
    elif case.state is StopState.GROUPED:
        move(work, case, "part", StopAct.PART, note=reason)
    group_id, case.group_id, case.suggestion_id = case.group_id, None, None
    work.add(case)
    work.session.flush()
    for other in others:
        _leave_alone(work, other, group_id, reason)


def _together(work: Work, case: StopCase) -> list[StopCase]:
    found = [*members_of(work, case.group_id)] if case.group_id else []
    if case.suggestion_id:
        found += work.rows(StopCase, StopCase.suggestion_id == case.suggestion_id, by=col(StopCase.accepted_at))
    known = {one.id: one for one in found if one.id != case.id and one.state in _LIVE}
    return list(known.values())


def _leave_alone(work: Work, other: StopCase, group_id: UUID | None, reason: str) -> None:
    """Let the last member of a group go on by itself, and one that was stopped only by the contradiction."""
    if other.state is StopState.GROUPED and group_id is not None:
        live = [one for one in members_of(work, group_id) if one.state in _LIVE]
        if len(live) == 1:
            move(work, other, "part", StopAct.PART, note=reason)
            group = work.session.get_one(StopGroup, group_id)
            if group.state is GroupState.OPEN:
                log_step(work, other, StopAct.PART, note="合并组只剩本办件")
    elif other.state is StopState.INTERCEPTED and other.codes == "F13":
        decide_anew(work, other, reason)
