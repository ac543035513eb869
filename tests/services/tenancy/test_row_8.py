"""Row 8: contract and filing are cancelled together, once, for both sides, one side or a court."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from models.direct_pay import Entrustment
from models.direct_pay_codes import DrawCycle, EntrustState
from models.house import House
from models.sealed import Sealed
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import (
    CancelMode,
    CancelReason,
    CancelState,
    CaseState,
    ContractState,
    FilingState,
    LicenceState,
)
from services.engine.callers import SYSTEM
from services.engine.findings import Outcome
from services.engine.notices import my_notices
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Refusal, Rejected
from services.engine.work import Work
from services.tenancy.cancellation import (
    CancelDecision,
    CancelLease,
    DecideCancelling,
    Object,
    cancel_lease,
    decide_cancelling,
    object_to_cancelling,
    try_cancelling,
)
from services.tenancy.contract_search import FindContract, find_contract
from services.tenancy.contracts import void_contract
from services.tenancy.jobs import remind_of_ended_notices
from tests.services.tenancy.cancellings import apply_of, licence, notice_of, send_all, states
from tests.services.tenancy.counter import COURT_PAPER, ZHOU, Counter, Filed, codes, party, somebody
from tests.world import at_once

pytestmark = pytest.mark.row(8)


# Both sides


def test_both_sides_end_contract_and_filing_on_the_spot_with_a_notice(counter: Counter) -> None:
    filed = counter.filed()
    decision = counter.cancel(filed)
    assert decision.state is CancelState.APPROVED
    assert states(counter, filed) == (ContractState.TERMINATED, FilingState.CANCELLED)
    assert notice_of(counter, decision.apply_id).number == decision.apply_no
    assert decision.apply_no.startswith("ZX")


def test_the_part_is_free_again_for_another_period(counter: Counter) -> None:
    filed = counter.filed()
    counter.cancel(filed)
    assert [part.holds for part in counter.parts(filed.filing_id)] == [False]
    counter.world.stand_at(2027, 5, 1)
    assert counter.file(counter.form(filed.flat, somebody())).outcome is Outcome.PASS


def test_the_same_day_again_falls_under_the_interval(counter: Counter) -> None:
    filed = counter.filed()
    assert "C08" in codes(counter.cancel(filed))
    assert "F02" in codes(counter.judge(counter.form(filed.flat)))


def test_the_licence_is_recalled(counter: Counter) -> None:
    filed = counter.filed()
    send_all(counter, filed)
    decision = counter.cancel(filed)
    send_all(counter, filed, decision.apply_id)
    assert counter.filing(filed.filing_id).licence_state is LicenceState.REVOKED
    assert (licence(counter, filed) or {})["revoked"] is True


def test_a_licence_that_was_still_on_its_way_ends_recalled(counter: Counter) -> None:
    filed = counter.filed()
    counter.draw_papers(filed.filing_id)
    counter.world.fault("licence_library", "error", match=filed.decision.filing_no, times=1)
    counter.run("outbox.send")
    decision = counter.cancel(filed)
    send_all(counter, filed, decision.apply_id)
    counter.world.let_pass(minutes=2)
    send_all(counter, filed)
    assert counter.filing(filed.filing_id).licence_state is LicenceState.REVOKED
    assert (licence(counter, filed) or {})["revoked"] is True


def test_the_office_that_filed_is_told_when_another_cancels(counter: Counter) -> None:
    filed = counter.filed(caller=counter.clerk("longhua01"))
    found = FindContract(filed.decision.contract_no, filed.tenant.id_no)
    counter.world.door.perform(find_contract, counter.clerk(), found)
    decision = counter.cancel(filed)
    told = counter.world.door.ask(my_notices, counter.clerk("longhua01"), 20)
    assert any(decision.apply_no in notice.body for notice in told)


def both_show(counter: Counter, filed: Filed) -> None:
    for person in (filed.landlord, filed.tenant):
        counter.show_document(filed.contract_id, person.id_no)


def test_a_double_click_cancels_once_and_answers_the_same(counter: Counter) -> None:
    filed, request = counter.filed(), uuid4().hex
    both_show(counter, filed)
    clicks = at_once([lambda: counter.cancel(filed, request_id=request)] * 2)
    assert clicks[0] == clicks[1]
    assert clicks[0].state is CancelState.APPROVED


@pytest.mark.proves("H25")
def test_cancelling_twice_tells_that_it_is_over(counter: Counter) -> None:
    filed = counter.filed()
    counter.cancel(filed)
    again = counter.cancel(filed)
    assert (again.state, codes(again) & {"C02"}) == (CancelState.REJECTED, {"C02"})
    assert states(counter, filed) == (ContractState.TERMINATED, FilingState.CANCELLED)


def test_two_counters_cancel_the_same_lease_and_one_ends_it(counter: Counter) -> None:
    filed = counter.filed()
    both_show(counter, filed)
    results = at_once([lambda: counter.cancel(filed)] * 4)
    assert sorted(str(result.state) for result in results) == ["APPROVED", "REJECTED", "REJECTED", "REJECTED"]


def test_trying_writes_nothing(counter: Counter) -> None:
    filed = counter.filed()
    order = CancelLease(filed.contract_id, CancelMode.BOTH, CancelReason.EARLY_BOTH, date(2027, 3, 1), (ZHOU.id_no,))
    assert "C01" in codes(counter.world.door.ask(try_cancelling, counter.clerk(), order))
    assert states(counter, filed) == (ContractState.EFFECTIVE, FilingState.ACTIVE)


# Special contracts


def test_a_signed_lease_that_was_never_filed_is_cancelled(counter: Counter) -> None:
    flat, tenant = counter.free_flat(), somebody()
    contract_id = counter.sign(counter.form(flat, tenant))
    order = CancelLease(
        contract_id,
        CancelMode.BOTH,
        CancelReason.EARLY_BOTH,
        date(2027, 3, 1),
        (flat.owners[0].id_no, tenant.id_no),
        agreement_digest="a1" * 32,
    )
    for number in order.applicants:
        counter.show_document(contract_id, number)
    decision = counter.world.door.perform(cancel_lease, counter.clerk(), order)
    assert (decision.state, counter.contract(contract_id).state) == (CancelState.APPROVED, ContractState.TERMINATED)


@pytest.mark.parametrize("ends", ["cancelled", "void"])
def test_a_case_that_was_stopped_ends_with_its_lease(counter: Counter, ends: str) -> None:
    flat, tenant = counter.free_flat(), somebody()
    expired = party(tenant, id_valid_to="2027-02-01")
    contract_id = counter.sign(counter.form(flat, tenant, lessees=[expired]))
    case_id = counter.submit(contract_id).case_id
    assert counter.case(case_id).state is CaseState.INTERCEPTED
    if ends == "void":
        counter.world.door.perform(void_contract, counter.clerk(), Reasoned(contract_id, "双方不再租赁"))
    else:
        order = CancelLease(
            contract_id,
            CancelMode.BOTH,
            CancelReason.EARLY_BOTH,
            date(2027, 3, 1),
            (flat.owners[0].id_no, tenant.id_no),
            agreement_digest="a1" * 32,
        )
        for number in order.applicants:
            counter.show_document(contract_id, number)
        assert counter.world.door.perform(cancel_lease, counter.clerk(), order).state is CancelState.APPROVED
    assert counter.case(case_id).state is CaseState.WITHDRAWN
    assert "F03" not in codes(counter.judge(counter.form(flat, somebody())))


def test_direct_rent_is_told_and_does_not_stop(counter: Counter) -> None:
    filed = counter.filed()
    counter.world.act(lambda work: work.add(_direct_rent(filed)))
    decision = counter.cancel(filed)
    assert (decision.state, "C04" in codes(decision)) == (CancelState.APPROVED, True)


def _direct_rent(filed: Filed) -> Entrustment:
    return Entrustment(
        entrust_no=uuid4().hex,
        district_code=filed.flat.line["district_code"],
        filing_no=filed.decision.filing_no,
        filing_id=filed.filing_id,
        tenant=Sealed.of(filed.tenant.name),
        tenant_id_no=Sealed.of(filed.tenant.id_no),
        payee_name="示范租赁公司",
        payee_bank="示范银行",
        payee_bank_code="0001",
        payee_account=Sealed.of("31000000000001"),
        pay_cycle=DrawCycle.MONTH,
        monthly_rent=Decimal(6500),
        draw_from="2027-03",
        draw_to="2027-12",
        signed_at=datetime(2027, 3, 1, tzinfo=UTC),
        signature_digest="a1" * 32,
        content_digest="b1" * 32,
        findings=Sealed.of_json([]),
        received_at=datetime(2027, 3, 1, tzinfo=UTC),
        state=EntrustState.RUNNING,
    )


def test_a_centralised_lease_is_sent_to_its_own_menu(counter: Counter) -> None:
    filed = counter.filed()
    counter.world.act(lambda work: _into_a_project(work, filed))
    with pytest.raises(Rejected, match="集中式网签备案"):
        counter.cancel(filed)


def _into_a_project(work: Work, filed: Filed) -> None:
    house = work.session.exec(select(House).where(House.house_code == filed.flat.code)).one()
    house.project_id = uuid4()
    work.add(house)


def test_a_lease_of_another_district_is_found_by_number_and_party_and_recorded(counter: Counter) -> None:
    filed = counter.filed(caller=counter.clerk("xuhui01"))
    with pytest.raises(NotFound):
        counter.cancel(filed)
    order = FindContract(filed.decision.contract_no, filed.landlord.id_no)
    found = counter.world.door.perform(find_contract, counter.clerk(), order)
    assert [one.id for one in found] == [filed.contract_id]
    decision = counter.cancel(filed)
    apply = apply_of(counter, decision.apply_id)
    assert (apply.state, apply.unit_id) == (CancelState.APPROVED, counter.clerk().unit_id)
    assert apply.district_code == filed.flat.line["district_code"]


@pytest.mark.parametrize("by", ["contract_no", "filing_no", "cert_no", "cert_and_name"])
def test_a_lease_is_found_by_an_exact_match_only(counter: Counter, by: str) -> None:
    filed = counter.filed(caller=counter.clerk("xuhui01"))
    numbers = {
        "contract_no": FindContract(filed.decision.contract_no.lower(), filed.tenant.id_no),
        "filing_no": FindContract(filed.decision.filing_no, filed.tenant.id_no.lower()),
        "cert_no": FindContract(filed.flat.cert_no, filed.landlord.id_no),
        "cert_and_name": FindContract(filed.flat.cert_no, name=filed.landlord.name),
    }
    found = counter.world.door.perform(find_contract, counter.clerk(), numbers[by])
    assert [one.id for one in found] == [filed.contract_id]


@pytest.mark.parametrize("number", ["", "%", "_", "HT", "' OR 1=1 --"])
def test_part_of_a_number_finds_nothing(counter: Counter, number: str) -> None:
    filed = counter.filed()
    with pytest.raises(Refusal):
        counter.world.door.perform(find_contract, counter.clerk(), FindContract(number, filed.tenant.id_no))


# Who may not


def test_a_stranger_cancels_nothing(counter: Counter) -> None:
    filed = counter.filed()
    decision = counter.cancel(filed, applicants=(ZHOU.id_no,), commitment_digest="c1" * 32)
    assert (decision.state, "C01" in codes(decision)) == (CancelState.REJECTED, True)
    assert states(counter, filed) == (ContractState.EFFECTIVE, FilingState.ACTIVE)
    assert counter.case(apply_of(counter, decision.apply_id).case_id or filed.filing_id).state is CaseState.RETURNED


def test_an_agent_stands_for_him_whose_mandate_he_brings(counter: Counter) -> None:
    filed = counter.filed()
    decision = counter.cancel(filed, applicants=(ZHOU.id_no, filed.tenant.id_no), principals=(filed.landlord.id_no,))
    assert decision.state is CancelState.APPROVED


def test_one_of_two_sides_is_not_both(counter: Counter) -> None:
    decision = counter.cancel(counter.filed(), applicants=(somebody().id_no,))
    assert decision.state is CancelState.REJECTED


@pytest.mark.parametrize(
    ("mode", "reason"), [("SYSTEM", "EARLY_BOTH"), ("BOTH", "EXPIRED"), ("BOTH", "REFILED"), ("BOTH", "FALSE")]
)
def test_what_only_the_system_or_the_city_does_is_no_counters_matter(counter: Counter, mode: str, reason: str) -> None:
    filed = counter.filed()
    with pytest.raises(Refusal):
        counter.cancel(filed, mode=CancelMode.of(mode), reason=CancelReason.of(reason), applicants=())
    assert states(counter, filed) == (ContractState.EFFECTIVE, FilingState.ACTIVE)


@pytest.mark.parametrize("day", [date(2027, 2, 28), date(2027, 4, 1), date(2029, 1, 1)])
def test_a_termination_outside_the_term_or_too_far_ahead_is_put_right(counter: Counter, day: date) -> None:
    decision = counter.cancel(counter.filed(), terminated_on=day)
    assert (decision.state, "C05" in codes(decision)) == (CancelState.REJECTED, True)


def test_an_expired_filing_needs_no_cancelling(counter: Counter) -> None:
    filed = counter.filed(start="2027-03-01", end="2027-04-15")
    counter.world.stand_at(2027, 4, 20)
    decision = counter.cancel(filed, terminated_on=date(2027, 4, 10))
    assert (decision.state, "C02" in codes(decision)) == (CancelState.REJECTED, True)


def test_a_frozen_filing_stays(counter: Counter) -> None:
    filed = counter.filed()
    counter.world.act(lambda work: _freeze(work, filed.filing_id))
    decision = counter.cancel(filed)
    assert (decision.state, "C07" in codes(decision)) == (CancelState.REJECTED, True)


def _freeze(work: Work, filing_id: UUID) -> None:
    filing = work.session.exec(select(LeaseFiling).where(LeaseFiling.id == filing_id)).one()
    filing.state = FilingState.FROZEN
    work.add(filing)


def test_a_court_paper_ends_the_lease_without_the_parties(counter: Counter) -> None:
    filed = counter.filed()
    without = counter.cancel(filed, mode=CancelMode.COURT, reason=CancelReason.COURT, applicants=())
    assert (without.state, "C01" in codes(without)) == (CancelState.REJECTED, True)
    with_paper = counter.cancel(
        filed, mode=CancelMode.COURT, reason=CancelReason.COURT, applicants=(), court_digest=COURT_PAPER
    )
    assert with_paper.state is CancelState.APPROVED


# One side


def test_one_side_without_a_commitment_is_sent_back(counter: Counter) -> None:
    decision = counter.cancel_alone(counter.filed(), commitment_digest="")
    assert (decision.state, "C03" in codes(decision)) == (CancelState.REJECTED, True)


def agree(counter: Counter, decision: CancelDecision) -> None:
    """The district centre's word after the time to object."""
    order = DecideCancelling(decision.apply_id, True, "期满无异议，同意注销")
    counter.world.door.perform(decide_cancelling, counter.clerk("pudong01"), order)


def test_one_side_waits_five_working_days_and_the_district_then_decides(counter: Counter) -> None:
    filed = counter.filed(counter.free_flat("310115"))
    decision = counter.cancel_alone(filed)
    assert (decision.state, decision.objection_until) == (CancelState.NOTICE, date(2027, 3, 8))
    assert states(counter, filed) == (ContractState.EFFECTIVE, FilingState.ACTIVE)
    counter.world.stand_at(2027, 3, 8)
    with pytest.raises(Rejected, match="期满后方可审定"):
        agree(counter, decision)
    counter.world.stand_at(2027, 3, 9)
    counter.run("cancel.remind")
    assert apply_of(counter, decision.apply_id).state is CancelState.NOTICE
    agree(counter, decision)
    assert apply_of(counter, decision.apply_id).state is CancelState.APPROVED
    assert states(counter, filed) == (ContractState.TERMINATED, FilingState.CANCELLED)


def test_the_notice_tells_when_the_other_side_was_told(counter: Counter) -> None:
    decision = counter.cancel_alone(counter.filed(counter.free_flat("310115")))
    counter.world.stand_at(2027, 3, 9)
    agree(counter, decision)
    page = notice_of(counter, decision.apply_id).page.plain
    assert "异议期至2027-03-08" in page


def test_the_district_is_reminded_once_when_the_time_is_over(counter: Counter) -> None:
    decisions = [counter.cancel_alone(counter.filed(counter.free_flat("310115"))) for _ in range(3)]
    counter.world.stand_at(2027, 3, 8)
    assert counter.world.door.perform(remind_of_ended_notices, SYSTEM, 100) == 0
    counter.world.stand_at(2027, 3, 9)
    assert counter.world.door.perform(remind_of_ended_notices, SYSTEM, 100) >= 3
    assert counter.world.door.perform(remind_of_ended_notices, SYSTEM, 100) == 0
    told = [line.object_id for line in counter.world.door.ask(my_notices, counter.clerk("pudong01"), 200)]
    assert {one.apply_id for one in decisions} <= set(told)


def test_a_second_application_of_one_side_waits_for_the_first(counter: Counter) -> None:
    filed = counter.filed()
    first = counter.cancel_alone(filed)
    with pytest.raises(Conflict, match=first.apply_no):
        counter.cancel_alone(filed)


def test_both_sides_together_end_what_one_side_began(counter: Counter) -> None:
    filed = counter.filed()
    alone = counter.cancel_alone(filed)
    together = counter.cancel(filed)
    assert together.state is CancelState.APPROVED
    first = apply_of(counter, alone.apply_id)
    assert first.state is CancelState.REJECTED
    assert counter.case(first.case_id or filed.filing_id).state not in {CaseState.ACCEPTED, CaseState.CHECKING}


def test_an_objection_stops_the_clock_until_the_district_has_spoken(counter: Counter) -> None:
    filed = counter.filed()
    decision = counter.cancel_alone(filed)
    objection = Object(decision.apply_id, "合同仍在履行", filed.landlord.id_no)
    counter.world.door.perform(object_to_cancelling, counter.clerk(), objection)
    counter.world.stand_at(2027, 3, 20)
    counter.run("cancel.remind")
    assert apply_of(counter, decision.apply_id).state is CancelState.NOTICE
    assert "C06" in codes(counter.cancel(filed))


@pytest.mark.parametrize(("agree", "state"), [(False, CancelState.REJECTED), (True, CancelState.APPROVED)])
def test_the_district_upholds_or_dismisses_the_objection(counter: Counter, agree: bool, state: CancelState) -> None:
    filed = counter.filed(counter.free_flat("310115"))
    decision = counter.cancel_alone(filed)
    objection = Object(decision.apply_id, "合同仍在履行", filed.landlord.id_no)
    counter.world.door.perform(object_to_cancelling, counter.clerk(), objection)
    order = DecideCancelling(decision.apply_id, agree, "经核实，请双方协商或诉讼解决")
    counter.world.door.perform(decide_cancelling, counter.clerk("pudong01"), order)
    apply = apply_of(counter, decision.apply_id)
    assert (apply.state, apply.decided_by) == (state, counter.clerk("pudong01").account_id)
    assert (states(counter, filed)[1] is FilingState.CANCELLED) is agree


@pytest.mark.proves("H25")
def test_the_district_does_not_agree_before_the_time_to_object_is_over(counter: Counter) -> None:
    decision = counter.cancel_alone(counter.filed(counter.free_flat("310115")))
    order = DecideCancelling(decision.apply_id, True, "同意注销该备案")
    with pytest.raises(Rejected, match="期满后方可审定"):
        counter.world.door.perform(decide_cancelling, counter.clerk("pudong01"), order)


def test_another_district_does_not_decide(counter: Counter) -> None:
    decision = counter.cancel_alone(counter.filed(counter.free_flat("310115")))
    order = DecideCancelling(decision.apply_id, False, "同意注销该备案")
    with pytest.raises(NotFound):
        counter.world.door.perform(decide_cancelling, counter.clerk("xuhui01"), order)
    with pytest.raises(NotAllowed):
        counter.world.door.perform(decide_cancelling, counter.clerk("huamu01"), order)


def test_an_objection_after_its_time_is_too_late(counter: Counter) -> None:
    filed = counter.filed()
    decision = counter.cancel_alone(filed)
    counter.world.stand_at(2027, 3, 9)
    with pytest.raises(Rejected, match="异议期已过"):
        counter.world.door.perform(
            object_to_cancelling, counter.clerk(), Object(decision.apply_id, "合同仍在履行", filed.landlord.id_no)
        )


@pytest.mark.parametrize("reminded", [False, True])
def test_a_notice_ends_with_its_lease_and_both_sides_are_told(counter: Counter, reminded: bool) -> None:
    filed = counter.filed(counter.free_flat("310115"), end="2027-04-10")
    decision = counter.cancel_alone(filed)
    assert decision.state is CancelState.NOTICE, codes(decision)
    if reminded:
        counter.world.stand_at(2027, 3, 9)
        counter.run("cancel.remind")
    counter.world.stand_at(2027, 4, 11)
    counter.run("tenancy.expire")
    apply = apply_of(counter, decision.apply_id)
    assert (apply.state, states(counter, filed)[0]) == (CancelState.REJECTED, ContractState.EXPIRED)
    assert apply.case_id
    assert counter.case(apply.case_id).state is CaseState.WITHDRAWN
    for login in ("huamu01", "pudong01"):
        told = counter.world.door.ask(my_notices, counter.clerk(login), 200)
        assert [one.subject for one in told if one.object_id == apply.id][:1] == ["单方注销申请已结束"]


def test_a_notice_left_behind_by_an_ended_lease_is_closed_at_night(counter: Counter) -> None:
    filed = counter.filed(counter.free_flat("310115"))
    decision = counter.cancel_alone(filed)
    counter.world.stand_at(2027, 3, 9)
    counter.run("cancel.remind")
    counter.world.act(lambda work: _expired(work, filed.contract_id))
    counter.world.stand_at(2027, 3, 10)
    counter.run("cancel.remind")
    assert apply_of(counter, decision.apply_id).state is CancelState.REJECTED


def _expired(work: Work, contract_id: UUID) -> None:
    """A lease that ended before notices ended with it."""
    contract = work.session.exec(select(LeaseContract).where(LeaseContract.id == contract_id)).one()
    contract.state = ContractState.EXPIRED
    work.add(contract)


def test_only_the_other_side_objects(counter: Counter) -> None:
    filed = counter.filed()
    decision = counter.cancel_alone(filed)
    for number in (filed.tenant.id_no, "310112197912310059"):
        with pytest.raises(Rejected, match="未申请注销的一方"):
            counter.world.door.perform(
                object_to_cancelling, counter.clerk(), Object(decision.apply_id, "合同仍在履行", number)
            )
