"""Leases signed elsewhere and ends of stays, pushed by a partner: judged by the counter's rules and carried out in one step (rows 13, 14, 24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.cancellation import CancelApply
from models.codes import Code
from models.house import House
from models.tenancy import Confirmation, ContractParty, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CancelMode, CancelReason, Channel, ContractState, Situation
from services.engine.findings import Judgement, Outcome, judge
from services.engine.steps import begin_in
from services.engine.work import Work
from services.tenancy.cancellation import CancelLease, apply_row, cancel_facts, carry_out
from services.tenancy.cases import decide_case, open_case
from services.tenancy.contracts import add_parties, new_contract
from services.tenancy.fact_sources import OutsideFacts, filing_facts
from services.tenancy.filing import Decided, decide, lock_house
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.lease_form import LeaseForm
from services.tenancy.rules.catalogue import CANCEL_RULES, FILING_RULES

#: What a pushed lease has come to by an outcome; by any other it is refused.
_STATES = {Outcome.PASS: "FILED", Outcome.PENDING: "WAITING", Outcome.INTERCEPT: "INTERCEPTED"}
#: The step into a state, by its value.
STEPS = {"FILED": "file", "WAITING": "wait", "INTERCEPTED": "intercept", "REFUSED": "refuse"}
State = TypeVar("State", bound=Code)


def state_for(states: type[State], outcome: Outcome) -> State:
    """The state of a push or a stay after an outcome."""
    return states.of(_STATES.get(outcome, "REFUSED"))


def undecided(work: Work, decided: Decided, table: Any, channel: Channel, states: Sequence[Code]) -> Any:
    """The push or stay of a case decided after its answer was sent; None where nothing is new."""
    outcome = decided.judgement.outcome
    if decided.case.channel is not channel or outcome is Outcome.PENDING or work.caller.has(Role.PARTNER):
        return None
    row = work.first(table, table.case_id == decided.case.id, col(table.state).in_(states))
    return None if row is None or row.state is state_for(type(row.state), outcome) else row


def numbers_of(work: Work, row: Any) -> dict[str, str]:
    """The numbers of filing, contract and case of a push or a stay, as far as there are any."""
    filing = work.session.get(LeaseFiling, row.filing_id) if row.filing_id else None
    contract = work.session.get(LeaseContract, row.contract_id) if row.contract_id else None
    case = work.session.get(GovCase, row.case_id) if row.case_id else None
    return {
        "filing_no": filing.filing_no if filing else "",
        "contract_no": (contract.contract_no or "") if contract else "",
        "case_no": case.case_no if case else "",
    }


@dataclass(frozen=True)
class PushedLease:
    """A pushed lease: form, channel, responsible firm, and the SM3 of the text both sides signed."""

    form: LeaseForm
    channel: Channel
    firm_id: UUID | None
    firm_uscc: str
    signed_text: str


def judge_pushed(work: Work, pushed: PushedLease, outside: OutsideFacts) -> Judgement:
    """Every rule on a form that cannot become a case: its house is unknown, or it may not be sent at all."""
    return judge(facts_of(work, pushed, outside), FILING_RULES)


def facts_of(work: Work, pushed: PushedLease, outside: OutsideFacts) -> FilingFacts:
    return filing_facts(
        work.session,
        pushed.form,
        outside,
        today=work.today,
        thresholds=work.thresholds,
        caller_enterprise=pushed.firm_uscc,
        counter=False,
    )


def file_pushed(work: Work, pushed: PushedLease, house: House, outside: OutsideFacts) -> Decided:
    """Write the lease down as signed, open its case, and file it or keep every reason; the house is locked."""
    form = pushed.form
    contract = new_contract(work, form, house, pushed.channel)
    contract.enterprise_id = pushed.firm_id
    # Both sides signed before it came: no party confirms here, and what they signed is known by its digest.
    begin_in(contract, ContractState.SIGNED)
    work.add(contract)
    _keep_signatures(work, contract, add_parties(work, contract, form), pushed.signed_text)
    case = open_case(work, Situation.NEW, contract, house, side=form.applicant, channel=pushed.channel)
    # F17 knows a firm by its record; one without is reported by the rule on its record.
    firm = pushed.firm_uscc if pushed.firm_id else ""
    return decide(work, case, contract, house, form, outside, pushed_by=firm)


def _keep_signatures(work: Work, contract: LeaseContract, signing: Sequence[ContractParty], signed_text: str) -> None:
    for party in signing:
        work.add(
            Confirmation(
                contract_id=contract.id,
                party_id=party.id,
                text_version=contract.text_version,
                text_digest=contract.text_digest,
                way="PARTNER",
                signature_digest=signed_text,
                at=work.now,
            )
        )


def may_move_out(work: Work, filing: LeaseFiling, left_on: date) -> Judgement:
    """Return what the cancellation rules say of ending a filing for 退租 on a day; nothing is written."""
    contract = work.only(LeaseContract, LeaseContract.id == filing.contract_id)
    return judge(cancel_facts(work, contract, _order(contract, left_on)), CANCEL_RULES)


def _order(contract: LeaseContract, left_on: date, note: str = "") -> CancelLease:
    return CancelLease(
        contract.id, CancelMode.SYSTEM, CancelReason.MOVE_OUT, terminated_on=left_on, applicants=(), note=note
    )


def move_out(
    work: Work, filing: LeaseFiling, left_on: date, *, channel: Channel, note: str = ""
) -> tuple[Judgement, CancelApply | None]:
    """Cancel a filing for 退租, judged by the cancellation rules; without an application when they stop it."""
    contract = work.only(LeaseContract, LeaseContract.id == filing.contract_id)
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
