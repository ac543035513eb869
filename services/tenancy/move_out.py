"""退租: at the operator's report the stay in a centralised room ends with its contract and filing (rows 14, 24)."""

from datetime import date

from sqlmodel import select

from models.cancellation import CancelApply
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import CancelMode, CancelReason, Channel, Situation
from services.engine.findings import Judgement, Outcome, judge
from services.engine.work import Work
from services.tenancy.cancellation import CancelLease, apply_row, cancel_facts, carry_out
from services.tenancy.cases import decide_case, open_case
from services.tenancy.filing import lock_house
from services.tenancy.rules.catalogue import CANCEL_RULES


def may_move_out(work: Work, filing: LeaseFiling, left_on: date) -> Judgement:
    """Return what the cancellation rules would say of it; nothing is done."""
    contract = work.session.exec(select(LeaseContract).where(LeaseContract.id == filing.contract_id)).one()
    return judge(cancel_facts(work, contract, _order(contract, left_on)), CANCEL_RULES)


def _order(contract: LeaseContract, left_on: date, note: str = "") -> CancelLease:
    return CancelLease(
        contract.id, CancelMode.SYSTEM, CancelReason.MOVE_OUT, terminated_on=left_on, applicants=(), note=note
    )


def move_out(
    work: Work, filing: LeaseFiling, left_on: date, *, channel: Channel, note: str = ""
) -> tuple[Judgement, CancelApply | None]:
    """Cancel a filing for 退租, judged by the cancellation rules; without an application when they stop it."""
    contract = work.session.exec(select(LeaseContract).where(LeaseContract.id == filing.contract_id)).one()
    house = lock_house(work, contract.house_id)
    work.session.refresh(contract)
    work.session.refresh(filing)
    order = _order(contract, left_on, note)
    judgement = judge(cancel_facts(work, contract, order), CANCEL_RULES)
    if judgement.outcome is not Outcome.PASS:
        return judgement, None
    apply = apply_row(work, contract, house, order)
    case = open_case(work, Situation.CANCEL, contract, house, channel=channel)
    case.filing_id, apply.case_id = filing.id, case.id
    carry_out(work, apply, contract, house)
    decide_case(work, case, "finish")
    return judgement, apply
