"""Cancellations: both sides' applications for one filing are one; a single side's waits for the notice period (row 2)."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col

from models.cancellation import CancelApply
from models.house import House
from models.one_stop import StopCase
from models.one_stop_codes import UNDECIDED, MatchVerdict, StopAct, StopState
from models.sealed import Sealed
from models.tenancy import GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CANCEL, CASE, CancelMode, CancelState, CaseState, FilingState, Situation
from models.working_days import calendar
from services.engine.events import on
from services.engine.findings import Finding, Severity, judge
from services.engine.steps import take_step
from services.engine.work import Work
from services.one_stop.cancel_facts import cancel_facts_of, cancel_order, contract_meant
from services.one_stop.case_log import log_step, move
from services.one_stop.lease_groups import Match, close_group, join, keep_match, suggest
from services.one_stop.messages import content_of
from services.one_stop.receipts import issue_result
from services.tenancy.cancellation import REFUSED, apply_row, carry_out, tell_of_notice
from services.tenancy.cases import RETURNED
from services.tenancy.cases import decide_case as decide_gov
from services.tenancy.contracts import OVER
from services.tenancy.filing import lock_house
from services.tenancy.rules.catalogue import CANCEL_RULES


def decide_cancelling_case(work: Work, case: StopCase) -> bool:
    """Refuse an application with every reason, pair it with the other side's, or begin its notice."""
    content = content_of(case.content.json() if case.content else None)
    contract = contract_meant(work, content)
    house: House | None = None
    if contract is not None:
        house = lock_house(work, contract.house_id)
        work.session.refresh(contract)
        _place(work, case, contract, house)
    facts = cancel_facts_of(work, case, content)
    skipped = set() if facts.filing_state is FilingState.ACTIVE else {"C05"}
    if contract is None:
        skipped |= {"C01", "C03"}
    stopping = judge(facts, [rule for rule in CANCEL_RULES if rule.code not in skipped]).stopping
    if stopping or contract is None or house is None:
        _refuse(work, case, contract, house, stopping)
        return True
    other = _waiting_for(work, case, contract)
    if other is not None and other.side is case.side:
        _join_same_side(work, case, other)
        return True
    other = other or _counterpart(work, case, contract, house)
    if other is None:
        _begin_notice(work, case, _apply_for(work, case, contract, house), contract, house)
    else:
        _pair(work, case, other, contract, house)
    return True


def _apply_for(work: Work, case: StopCase, contract: LeaseContract, house: House) -> CancelApply:
    """The counter's application to cancel for a case, made once."""
    if case.cancel_id is not None:
        return work.session.get_one(CancelApply, case.cancel_id)
    content = content_of(case.content.json() if case.content else None)
    apply = apply_row(work, contract, house, cancel_order(work, case, content, contract.id))
    apply.case_id, apply.unit_id = case.gov_case_id, case.unit_id
    case.cancel_id = apply.id
    work.add(case)
    return apply


def _place(work: Work, case: StopCase, contract: LeaseContract, house: House) -> None:
    case.contract_id, case.house_id = contract.id, house.id
    case.district_code, case.street_code = house.district_code, house.street_code
    filing = work.first(LeaseFiling, LeaseFiling.contract_id == contract.id, by=col(LeaseFiling.ticket).desc())
    case.filing_id = filing.id if filing else None
    work.add(case)
    gov = work.session.get_one(GovCase, case.gov_case_id)
    gov.contract_id, gov.house_id, gov.filing_id = contract.id, house.id, case.filing_id
    gov.district_code, gov.street_code = house.district_code, house.street_code
    work.add(gov)


def _refuse(
    work: Work, case: StopCase, contract: LeaseContract | None, house: House | None, stopping: Sequence[Finding]
) -> None:
    """Return an application with every reason; where a contract is meant, its refused application stays on record."""
    held_up = all(one.severity is Severity.INTERCEPT for one in stopping)
    if contract is not None and house is not None and not held_up:
        apply = _apply_for(work, case, contract, house)
        take_step(work, apply, CANCEL, "reject")
        apply.decided_at = work.now
    case.codes, case.decided_at = " ".join(sorted({one.code for one in stopping})), work.now
    gov = work.session.get_one(GovCase, case.gov_case_id)
    decide_gov(work, gov, *(("check", "intercept") if held_up else RETURNED))
    words = "；".join(dict.fromkeys(one.message for one in stopping))
    step = "intercept" if held_up else "return"
    move(work, case, step, StopAct.DECIDE, findings=stopping, note=words[:300])


def _waiting_for(work: Work, case: StopCase, contract: LeaseContract) -> StopCase | None:
    """The application for this contract whose notice runs: the same side's first, else the other's."""
    found = work.rows(
        StopCase,
        StopCase.situation == Situation.CANCEL,
        StopCase.contract_id == contract.id,
        col(StopCase.state).in_(UNDECIDED),
        col(StopCase.cancel_id).is_not(None),
        StopCase.id != case.id,
        by=(col(StopCase.accepted_at), StopCase.case_no),
    )
    return next((one for one in found if one.side is case.side), next(iter(found), None))


def _counterpart(work: Work, case: StopCase, contract: LeaseContract, house: House) -> StopCase | None:
    """The other side's accepted application for this contract whose turn to be decided has not come."""
    waiting = work.rows(
        StopCase,
        StopCase.situation == Situation.CANCEL,
        col(StopCase.state).in_(UNDECIDED),
        col(StopCase.cancel_id).is_(None),
        StopCase.lease_key == case.lease_key,
        StopCase.side != case.side,
        StopCase.id != case.id,
        by=(col(StopCase.accepted_at), StopCase.case_no),
    )
    for other in waiting:
        content = content_of(other.content.json() if other.content else None)
        if not judge(cancel_facts_of(work, other, content), CANCEL_RULES).stopping:
            _place(work, other, contract, house)
            return other
    return None


def _join_same_side(work: Work, case: StopCase, other: StopCase) -> None:
    """A second request of one side begins no second notice: it shares the first one's."""
    case.cancel_id = other.cancel_id
    keep_match(work, case, other, Match(MatchVerdict.EXACT, (), {"side": case.side.value}))
    join(work, [other, case])
    apply = work.session.get_one(CancelApply, other.cancel_id)
    log_step(work, case, StopAct.NOTICE, note=f"同一方已申请，告知期至 {apply.objection_until}")


def _begin_notice(work: Work, case: StopCase, apply: CancelApply, contract: LeaseContract, house: House) -> None:
    """Tell the other side, and wait until the last working day on which it may object."""
    days = work.thresholds.integer("cancel.objection_workdays")
    apply.objection_until = calendar().add_working_days(case.accepted_on or work.today, days)
    apply.notified_at = work.now
    take_step(work, apply, CANCEL, "notify")
    work.then(lambda: tell_of_notice(work, apply, contract, house))
    log_step(work, case, StopAct.NOTICE, note=f"已告知对方，异议期至 {apply.objection_until}")


def _pair(work: Work, case: StopCase, other: StopCase, contract: LeaseContract, house: House) -> None:
    """Both sides ask: one cancellation with the later day where the days are close, else both wait."""
    days = [one.terminated_on or work.today for one in (other, case)]
    facts = {"termination_date": [day.isoformat() for day in days], "sides": [other.side.value, case.side.value]}
    if abs((days[0] - days[1]).days) > work.thresholds.integer("one_stop.cancel_apart_days"):
        keep_match(work, case, other, Match(MatchVerdict.SUGGESTED, ("termination_date",), facts))
        suggest(work, [other, case], ("termination_date",))
        for one in (other, case):
            _hold(work, one, _apply_for(work, one, contract, house))
        return
    keep_match(work, case, other, Match(MatchVerdict.EXACT, (), facts))
    group = join(work, [other, case])
    # A notice that runs is answered by the other side's own application.
    apply = _apply_for(work, other, contract, house)
    numbers = [one.applicant_no.plain for one in (other, case) if one.applicant_no is not None]
    apply.mode, apply.terminated_on = CancelMode.BOTH, max(days)
    apply.applicants = Sealed.of_json(list(dict.fromkeys([*apply.applicants.json(), *numbers])))
    case.cancel_id = apply.id
    work.add(case)
    work.session.flush()
    carry_out(work, apply, contract, house)
    gov = work.session.get_one(GovCase, apply.case_id)
    if gov.decided_at is None:
        decide_gov(work, gov, "finish")
    close_group(work, group.id, case.filing_id)


def _hold(work: Work, case: StopCase, apply: CancelApply) -> None:
    """Let an application wait without a period where the days contradict each other: the district centre clears it."""
    if apply.state is CancelState.SUBMITTED:
        take_step(work, apply, CANCEL, "notify")
        apply.notified_at = work.now
    apply.objection_until = None
    work.add(apply)
    log_step(work, case, StopAct.NOTICE, note="双方申请的终止日期不一致，由区中心核实")


@on(OVER)
def follow_ending(work: Work, contract: LeaseContract) -> None:
    """Finish the applications for a lease that is over; what came of each its application to cancel says."""
    for case in _open_for(work, StopCase.contract_id == contract.id):
        settle_cancelling(work, case)


@on(REFUSED)
def follow_refusal(work: Work, apply: CancelApply) -> None:
    """Return the applications whose cancellation the district centre refused."""
    for case in _open_for(work, StopCase.cancel_id == apply.id):
        settle_cancelling(work, case)


def _open_for(work: Work, about: Any) -> Sequence[StopCase]:
    open_states = (*UNDECIDED, StopState.INTERCEPTED)
    wanted = (StopCase.situation == Situation.CANCEL, col(StopCase.state).in_(open_states), about)
    return work.rows(StopCase, *wanted, by=(col(StopCase.accepted_at), StopCase.case_no))


def settle_cancelling(work: Work, case: StopCase) -> None:
    """Take an application where its cancellation went: done, or returned."""
    apply = work.session.get(CancelApply, case.cancel_id) if case.cancel_id else None
    gov = work.session.get_one(GovCase, case.gov_case_id)
    if apply is not None and apply.state in (CancelState.SUBMITTED, CancelState.NOTICE):
        return
    case.decided_at = work.now
    approved = apply is not None and apply.state is CancelState.APPROVED
    if apply is not None and approved:
        move(work, case, "finish", StopAct.DECIDE, note=f"备案已注销，终止日期 {apply.terminated_on}")
        work.then(lambda: issue_result(work, case))
    else:
        case.codes = case.codes or "C02"
        move(work, case, "return", StopAct.DECIDE, note="注销申请未通过，或者备案已经失效")
    # The case that carries the counter's application is decided where that is.
    if gov.decided_at is None and (apply is None or gov.id != apply.case_id):
        if gov.state is CaseState.INTERCEPTED:
            take_step(work, gov, CASE, "reopen", log=False)
        decide_gov(work, gov, *(("finish",) if approved else RETURNED))
