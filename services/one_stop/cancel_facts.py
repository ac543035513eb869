"""An application to cancel as the counter's facts: the filing it means, and who asks (row 2)."""

from dataclasses import replace
from uuid import UUID

from models.one_stop import StopCase
from models.one_stop_codes import ApplicantRole, StopMaterialKind
from models.sealing import sm3_hex
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import CancelMode, CancelReason, ContractState, Situation
from services.engine.work import Work
from services.one_stop.applications import code_or, day_of
from services.one_stop.materials import given_materials
from services.one_stop.messages import Content
from services.tenancy.cancellation import COUNTER_REASONS, CancelLease, cancel_facts
from services.tenancy.filing_facts import CancelFacts
from services.tenancy.predicates import number_of

_NOWHERE = UUID(int=0)


def contract_meant(work: Work, content: Content) -> LeaseContract | None:
    """The contract that an application names by its filing's number, or by its own."""
    form = content.form
    filing = (
        work.first(LeaseFiling, LeaseFiling.filing_no == form.filing_no.strip()) if form.filing_no.strip() else None
    )
    if filing is not None:
        return work.only(LeaseContract, LeaseContract.id == filing.contract_id)
    number = form.contract_no.strip()
    return work.first(LeaseContract, LeaseContract.contract_no == number) if number else None


def cancel_order(work: Work, case: StopCase, content: Content, contract_id: UUID) -> CancelLease:
    """The counter's order for an application; an agent asks only with a mandate that covers the cancellation."""
    form, applicant = content.form, content.applicant
    materials = given_materials(work, case)
    principals: tuple[str, ...] = ()
    agent = applicant.role is ApplicantRole.AGENT and Situation.CANCEL in applicant.mandate_scope
    if agent and applicant.principal is not None:
        principals = (number_of(applicant.principal.id_no),)
    reason = code_or(CancelReason, form.reason, CancelReason.EARLY_ONE)
    return CancelLease(
        contract_id=contract_id,
        mode=mode_of(content),
        reason=reason if reason in COUNTER_REASONS else CancelReason.EARLY_ONE,
        terminated_on=day_of(form.termination_date) or work.today,
        applicants=(number_of(applicant.id_no),),
        principals=principals,
        agreement_digest=_digest(case, StopMaterialKind.AGREEMENT) if StopMaterialKind.AGREEMENT in materials else "",
        commitment_digest=_digest(case, StopMaterialKind.COMMITMENT)
        if StopMaterialKind.COMMITMENT in materials
        else "",
        note=f"一网通办办件 {case.case_no}",
    )


def mode_of(content: Content) -> CancelMode:
    """Return the mode that an application names; both sides apply by a case each."""
    return CancelMode.BOTH if content.form.mode == CancelMode.BOTH.value else CancelMode.ONE


def _digest(case: StopCase, kind: StopMaterialKind) -> str:
    # The file itself lies in the case library: what is kept here is which material of which version was seen.
    return sm3_hex(f"{case.case_no}:{case.content_version}:{kind.value}".encode())


def cancel_facts_of(work: Work, case: StopCase, content: Content) -> CancelFacts:
    """The facts of an application to cancel, without a contract too: then no filing is known."""
    contract = contract_meant(work, content)
    order = cancel_order(work, case, content, contract.id if contract else _NOWHERE)
    day = day_of(content.form.termination_date)
    # Where both sides ask, each by a case of its own, the other's application takes the commitment's place.
    commitment = bool(order.commitment_digest) or order.mode is CancelMode.BOTH
    if contract is not None:
        return replace(cancel_facts(work, contract, order), terminated_on=day, commitment=commitment)
    return CancelFacts(
        today=work.today,
        thresholds=work.thresholds,
        mode=order.mode,
        reason=order.reason,
        start=work.today,
        end=work.today,
        contract_state=ContractState.TERMINATED,
        filing_state=None,
        terminated_on=day,
        applicants=order.applicants,
        principals=order.principals,
        commitment=commitment,
    )
