"""The review of an intercepted filing: named rules waived and the number at once, or a written reason (row 11)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, or_, select

from models.access import Role, UnitKind
from models.forced_review import OPEN_REVIEWS, REVIEW, TO_DECIDE, ForcedReview, ReviewState
from models.sealed import Sealed
from models.streets import LinkDuty
from models.tenancy import GovCase, LeaseContract
from models.tenancy_codes import CASE, CaseState, ContractState
from services.access.visibility import CLERKS, is_own_office
from services.engine.door import Gathering
from services.engine.events import on
from services.engine.findings import Finding, Outcome
from services.engine.jobs import repeated
from services.engine.notices import notify
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.review_parts import LEAST_REASON, free_to_decide, give_back, mark_overdue, speak, take_in_hand
from services.engine.steps import take_step
from services.engine.undo import keep_for_undo, undoing
from services.engine.words import enough_words
from services.engine.work import Work
from services.forced_review.applications import MOVED, end_review, tell_reviewers
from services.forced_review.case_rules import rules_of
from services.forced_review.papers import issue_opinion
from services.forced_review.stopped_case import Lease, form_of_case, held_lease
from services.forced_review.takers import civil_case_of, did_not_take_it
from services.forced_review.waivable import for_district, stops_of, waivable
from services.tenancy.cancellation import district_centre
from services.tenancy.contracts import OVER
from services.tenancy.fact_sources import OutsideFacts
from services.tenancy.filing import Waiver, decide, lock_house

REVIEWERS = CLERKS | {Role.DISTRICT_BUREAU}
HOLD_MINUTES = "forced.hold_minutes"
SECOND, SECOND_STREET = "forced.second_person", "forced.second_person_street"


def decides_here(work: Work, row: ForcedReview) -> bool:
    """Return whether the caller's office has the next word on a review."""
    if row.state is ReviewState.ESCALATED:
        districts = {scope.code for scope in work.caller.scope_of(Role.DISTRICT_BUREAU)}
        return row.district_code in districts
    if not work.caller.has(*CLERKS) or not is_own_office(work, row.review_unit_id):
        return False
    # In a street handlers accept, and reviewers also review (row 50).
    return not work.caller.has(Role.STREET_CLERK) or work.caller.duty is LinkDuty.REVIEW


def _open(work: Work, review_id: UUID) -> ForcedReview:
    """Lock a review that the caller may decide now; its house first, as those do who end a lease."""
    lock_house(work, work.get(ForcedReview, review_id).house_id)
    row: ForcedReview = work.hold(ForcedReview, review_id)
    if row.state not in TO_DECIDE:
        raise Conflict(f"该申请当前状态为“{row.state.label}”，不能审核，请刷新")
    if not decides_here(work, row):
        raise NotAllowed("该申请由受理的社区中心的审核人员，或者房屋所在区审核")
    again = row.state is not ReviewState.ACCEPTED
    free_to_decide(work, row, again=again, minutes=work.thresholds.integer(HOLD_MINUTES))
    civil = civil_case_of(work, row.case_id)
    if civil is not None:
        did_not_take_it(work, civil)
    return row


@action("forced_review.take", "打开强制核验（备案）", roles=REVIEWERS)
def take_review(work: Work, order: OneRow) -> None:
    """Take a review in hand; for half an hour no other reviewer decides it."""
    take_in_hand(work, _open(work, order.id), "forced_review.take")


@dataclass(frozen=True)
class DecideReview:
    """A reviewer's word: `agree` waives `waive`, which are rules of the application; otherwise the opinion is the reason."""

    review_id: UUID
    agree: bool
    opinion: str = ""
    waive: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decided:
    """Result: the filing, a refusal, a second word awaited, or what stopped it when everything was run again."""

    state: ReviewState
    filing_no: str = ""
    filing_id: UUID | None = None
    waived: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    paper_id: UUID | None = None


def _gather(gathering: Gathering, order: DecideReview) -> OutsideFacts:
    case_id = gathering.look(lambda work: work.get(ForcedReview, order.review_id).case_id)
    return form_of_case(gathering, case_id, seen=False)


@action("forced_review.decide", "审核强制核验（备案）", roles=REVIEWERS, gather=_gather)
def decide_review(work: Work, order: DecideReview, outside: OutsideFacts) -> Decided:
    """Waive the named rules and run all others again: the filing number at once, or a written reason."""
    row = _open(work, order.review_id)
    opinion = enough_words(order.opinion, "审核意见", least=0 if order.agree else LEAST_REASON)
    lease = held_lease(work, work.session.get_one(GovCase, row.case_id))
    # A lease that was cancelled meanwhile held the house before us; then nothing is left to decide.
    if lease.contract.state is not ContractState.SIGNED or lease.case.state is not CaseState.INTERCEPTED:
        both = f"合同{lease.contract.state.label}、办件{lease.case.state.label}"
        raise Conflict(f"当前{both}，强制核验已经终止，请刷新")
    if not order.agree:
        return _refuse(work, row, lease, opinion)
    codes = _waived(work, row, order.waive)
    if row.state is ReviewState.ACCEPTED and _asks_for_second(work, row):
        speak(work, row, opinion, again=False)
        row.waived_codes = ",".join(codes)
        take_step(work, row, REVIEW, "second", act="forced_review.second")
        work.then(lambda: tell_reviewers(work, row))
        return Decided(row.state)
    return _agree(work, row, lease, opinion, codes, outside)


def _waived(work: Work, row: ForcedReview, named: tuple[str, ...]) -> tuple[str, ...]:
    """The rules to be waived; only rules of the application that may be forced, and by this office."""
    asked = set(row.codes.split(",")) - {""}
    foreign = set(named) - asked
    if foreign:
        raise Rejected(f"{'、'.join(sorted(foreign))}不在申请复核的规则内，不能豁免")
    if never := set(named) - waivable(named):
        raise Rejected(f"{'、'.join(sorted(never))}不能强制核验，不得豁免")
    above = for_district(named)
    if above and row.state is not ReviewState.ESCALATED and work.caller.unit_kind is UnitKind.STREET_CENTER:
        raise Rejected(f"{'、'.join(above)}须由区房屋管理局审核，请按“提请区局”")
    return tuple(sorted(named))


def _asks_for_second(work: Work, row: ForcedReview) -> bool:
    street = work.caller.unit_kind is UnitKind.STREET_CENTER
    return work.thresholds.over(work.caller.district_code).flag(SECOND_STREET if street else SECOND)


def _agree(
    work: Work, row: ForcedReview, lease: Lease, opinion: str, codes: tuple[str, ...], outside: OutsideFacts
) -> Decided:
    waiver = Waiver(row.id, frozenset(codes))
    rules, conflicts = rules_of(work, lease.case)
    decided = decide(
        work,
        lease.case,
        lease.contract,
        lease.house,
        lease.form,
        outside,
        rules=rules,
        conflicts=conflicts,
        waiver=waiver,
    )
    judgement, row.run_id = decided.judgement, decided.run.id
    if judgement.outcome is Outcome.PENDING:
        raise Conflict("有数据来源暂时没有应答，未豁免的事项不能核验，请稍后再审核")
    if decided.filing is None:
        # Another rule stops it: the opinion does not count, and the reviewer sees what is new.
        work.add(row)
        work.trail.tell("DATA.STATE", "forced_review.return", about=row)
        return Decided(row.state, findings=tuple(stops_of(judgement)))
    filing = decided.filing
    speak(work, row, opinion, again=row.reviewer_id is not None)
    row.waived_codes, row.filing_id = ",".join(judgement.waived), filing.id
    if not judgement.waived:
        row.closed_note = "审核时原因已消失，自动通过"
    take_step(work, row, REVIEW, "pass", act="forced_review.decide")
    work.trail.tell(
        "DATA.STATE",
        "forced_review.waive",
        about=filing,
        detail={"review": str(row.id), "waived": row.waived_codes, "named": ",".join(codes)},
    )
    MOVED.happened(work, row)
    work.then(lambda: _tell(work, row, f"强制核验已同意，备案编号{filing.filing_no}"))
    return work.later(
        lambda: Decided(
            row.state, filing.filing_no, filing.id, judgement.waived, paper_id=issue_opinion(work, row, lease.house)
        )
    )


def _refuse(work: Work, row: ForcedReview, lease: Lease, opinion: str) -> Decided:
    keep_for_undo(work, row, "refuse")
    speak(work, row, opinion, again=row.reviewer_id is not None)
    row.waived_codes = ""
    take_step(work, row, REVIEW, "refuse", act="forced_review.decide", reason="REFUSED")
    take_step(work, lease.case, CASE, "refuse_review", act="forced_review.decide")
    lease.case.decided_at = work.now
    MOVED.happened(work, row)
    work.then(lambda: _tell(work, row, f"强制核验未同意：{opinion}"))
    return work.later(lambda: Decided(row.state, paper_id=issue_opinion(work, row, lease.house)))


#: A refusal can be taken back; a filing number once given is ended by cancelling.
undo_review, _ = undoing(
    ForcedReview, REVIEW, "forced_review.decide", "强制核验（备案）审核", REVIEWERS, about=lambda row: (row.case_id,)
)


def _tell(work: Work, row: ForcedReview, words: str) -> None:
    told = f"{row.apply_no}：{words}。"
    for unit in {row.unit_id, row.review_unit_id} - {None, work.caller.unit_id}:
        notify(work, "备案强制核验办结", told, about=row, to_unit=unit)
    notify(work, "备案强制核验办结", told, about=row, to_enterprise=row.enterprise_id)
    if row.review_unit_id != district_centre(work, row.district_code):
        # Accepted and decided by a community service centre: the district of the house learns what came of it.
        notify(work, "备案强制核验办结", told, about=row, to_district=row.district_code)


@action("forced_review.escalate", "提请区局审核", roles=CLERKS, step=Step(REVIEW, "escalate"))
def escalate_review(work: Work, order: Reasoned) -> None:
    """Hand a review to the bureau of the house's district, with what the centre thinks of it."""
    row = _open(work, order.id)
    opinion = enough_words(order.reason, "提请意见")
    if row.reviewer_id is None:
        speak(work, row, opinion, again=False)
    else:
        row.opinion = Sealed.of_json(
            "；".join(str(one) for one in (row.opinion and row.opinion.json(), opinion) if one)
        )
    row.decided_at, row.waived_codes = None, ""
    take_step(work, row, REVIEW, "escalate", act="forced_review.escalate")
    MOVED.happened(work, row)
    work.then(lambda: tell_reviewers(work, row))


@action("forced_review.step_back", "退回初审", roles=REVIEWERS, step=Step(REVIEW, "step_back"))
def step_back_review(work: Work, order: Reasoned) -> None:
    """Give a review back to the office that spoke first, with what it is to look at again."""
    row = _open(work, order.id)
    words = enough_words(order.reason, "退回初审的意见")
    give_back(work, row, words, "备案强制核验")
    row.waived_codes = ""
    take_step(work, row, REVIEW, "step_back", act="forced_review.step_back", reason=words[:100])
    MOVED.happened(work, row)
    work.then(lambda: tell_reviewers(work, row))


# ------------------------------------------------------------------ what happens meanwhile


@on(OVER)
def close_reviews(work: Work, contract: LeaseContract) -> None:
    """A lease that is over is reviewed no more: both sides cancelled it, or it was void."""
    waiting = select(ForcedReview).where(
        ForcedReview.contract_id == contract.id, col(ForcedReview.state).in_(OPEN_REVIEWS)
    )
    # One in another's hands is being decided; what stays is closed at night.
    for row in work.free(waiting).all():
        _close(work, row, f"合同{contract.state.label}")


def _close(work: Work, row: ForcedReview, why: str) -> None:
    end_review(work, row, "close", f"{why}，强制核验终止")
    words = f"{row.apply_no}：{why}，不再审核。"
    for unit in {row.unit_id, row.review_unit_id} - {None}:
        notify(work, "备案强制核验终止", words, about=row, to_unit=unit)
    notify(work, "备案强制核验终止", words, about=row, to_enterprise=row.enterprise_id)


@action("forced_review.watch", "备案强制核验超期提醒", roles={Role.SYSTEM}, event="")
def flag_overdue(work: Work, limit: int) -> int:
    """Mark reviews past their day, and tell once the bureau of the district and the city."""
    late = mark_overdue(work, ForcedReview, TO_DECIDE, limit, label="备案强制核验", act="forced_review.overdue")
    left = (
        select(ForcedReview, LeaseContract, GovCase)
        .join(LeaseContract, col(LeaseContract.id) == ForcedReview.contract_id)
        .join(GovCase, col(GovCase.id) == ForcedReview.case_id)
        .where(
            col(ForcedReview.state).in_(OPEN_REVIEWS),
            or_(LeaseContract.state != ContractState.SIGNED, GovCase.state != CaseState.INTERCEPTED),
        )
        .limit(limit)
    )
    for row, contract, case in work.session.exec(left).all():
        over = contract.state is not ContractState.SIGNED
        _close(work, row, f"合同{contract.state.label}" if over else f"办件{case.state.label}")
    return len(late)


repeated("forced_review.watch", "备案强制核验超期提醒", flag_overdue, 100, at="00:51")
