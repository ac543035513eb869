"""Withdrawal by the applicant before the decision: in a group only that member leaves (row 1)."""

from models.cancellation import CancelApply
from models.one_stop import StopCase
from models.one_stop_codes import STOP, UNDECIDED, StopAct, StopState
from models.tenancy import GovCase, LeaseContract
from models.tenancy_codes import CANCEL, CASE, CONTRACT, OPEN_CASES, CancelState, ContractState
from services.engine.orders import Reasoned
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.one_stop.case_log import move
from services.one_stop.lease_groups import HANDLERS, members_of, open_conflicts
from services.tenancy.cases import decide_case
from services.tenancy.contracts import end_lease


def withdraw(work: Work, case: StopCase, note: str = "申请人撤回") -> None:
    """End a case for its applicant; what only this case was about ends with it, the others of a group go on."""
    move(work, case, "withdraw", StopAct.WITHDRAW, note=note)
    case.retry_at = case.correct_by = None
    work.session.flush()
    others = _others(work, case)
    if case.contract_id is not None and not others:
        _drop_lease(work, case)
    if case.cancel_id is not None and not others:
        _drop_cancelling(work, case)
    if case.gov_case_id is not None:
        gov = work.session.get_one(GovCase, case.gov_case_id)
        if gov.state in OPEN_CASES:
            gov.retry_at = None
            decide_case(work, gov, "withdraw", reason=note)
    _free_the_contradicted(work, case)


def _others(work: Work, case: StopCase) -> list[StopCase]:
    if case.group_id is None:
        return []
    live = (*UNDECIDED, StopState.INTERCEPTED)
    return [one for one in members_of(work, case.group_id) if one.id != case.id and one.state in live]


def _drop_lease(work: Work, case: StopCase) -> None:
    contract = work.session.get_one(LeaseContract, case.contract_id)
    if contract.state in CONTRACT.open_to("void"):
        assert contract.state is not ContractState.EFFECTIVE
        end_lease(work, contract, "void", "申请人撤回")


def _drop_cancelling(work: Work, case: StopCase) -> None:
    apply = work.session.get_one(CancelApply, case.cancel_id)
    if apply.state is CancelState.NOTICE:
        take_step(work, apply, CANCEL, "reject", reason="申请人撤回")
        apply.decided_at = work.now
        work.add(apply)


def _free_the_contradicted(work: Work, case: StopCase) -> None:
    """Let an application go on that was stopped only because this one contradicted it (F13)."""
    if case.suggestion_id is None:
        return
    stopped = work.rows(StopCase, StopCase.suggestion_id == case.suggestion_id, StopCase.codes == "F13")
    for other in stopped:
        if other.state is StopState.INTERCEPTED and not open_conflicts(work, other):
            decide_anew(work, other, "对方申请已撤回，内容不再矛盾")


def decide_anew(work: Work, case: StopCase, note: str) -> None:
    """Put a stopped application back among those that wait for a decision."""
    move(work, case, "part", StopAct.PART, note=note)
    case.codes, case.warnings = "", ""
    if case.gov_case_id is not None:
        take_step(work, work.session.get_one(GovCase, case.gov_case_id), CASE, "reopen", reason=note[:100])
    work.add(case)


@action("one_stop.withdraw", "登记撤回", roles=HANDLERS, step=Step(STOP, "withdraw"))
def withdraw_at_counter(work: Work, order: Reasoned) -> None:
    """Withdraw an application on its applicant's word at the counter."""
    case = work.hold(StopCase, order.id)
    withdraw(work, case, enough_words(order.reason, "撤回说明", least=4, most=200))
