"""Row 8: a cancelling done by mistake is undone by the city within its time (3.4)."""

from datetime import date

import pytest

from models.documents import PaperState
from models.tenancy_codes import (
    CancelMode,
    CancelReason,
    CancelState,
    ContractState,
    FilingState,
    LicenceState,
)
from services.engine.findings import Outcome
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.tenancy.cancel_views import apply_view
from services.tenancy.cancellation import (
    CancelLease,
    DecideCancelling,
    Object,
    cancel_lease,
    decide_cancelling,
    object_to_cancelling,
    undo_cancelling,
)
from tests.services.tenancy.cancellings import apply_of, licence, notice_of, restore, send_all, states
from tests.services.tenancy.counter import Counter, somebody

pytestmark = pytest.mark.row(8)


def test_a_cancelling_done_by_mistake_is_undone_by_the_city(counter: Counter) -> None:
    filed = counter.filed()
    decision = counter.cancel(filed)
    restore(counter, decision.apply_id)
    assert states(counter, filed) == (ContractState.EFFECTIVE, FilingState.ACTIVE)
    assert [part.holds for part in counter.parts(filed.filing_id)] == [True]
    assert notice_of(counter, decision.apply_id).state is PaperState.REPLACED
    assert apply_of(counter, decision.apply_id).state is CancelState.RESTORED


def test_a_restored_filing_has_its_licence_again(counter: Counter) -> None:
    filed = counter.filed()
    send_all(counter, filed)
    decision = counter.cancel(filed)
    send_all(counter, filed, decision.apply_id)
    restore(counter, decision.apply_id)
    send_all(counter, filed)
    assert counter.filing(filed.filing_id).licence_state is LicenceState.ISSUED
    assert (licence(counter, filed) or {})["revoked"] is False


def test_a_restored_filing_can_be_cancelled_again(counter: Counter) -> None:
    filed = counter.filed()
    restore(counter, counter.cancel(filed).apply_id)
    again = counter.cancel(filed)
    assert again.state is CancelState.APPROVED
    send_all(counter, filed, again.apply_id)
    assert counter.filing(filed.filing_id).licence_state is LicenceState.REVOKED


def test_a_refusal_is_taken_back_by_who_spoke_it_within_the_minute(counter: Counter) -> None:
    filed = counter.filed(counter.free_flat("310115"))
    apply_id = counter.cancel_alone(filed).apply_id
    objection = Object(apply_id, "合同仍在履行", filed.landlord.id_no)
    counter.world.door.perform(object_to_cancelling, counter.clerk(), objection)
    district = counter.clerk("pudong01")
    counter.world.door.perform(decide_cancelling, district, DecideCancelling(apply_id, False, "请双方协商"))
    assert undo_cancelling.name in counter.world.door.ask(apply_view, district, apply_id).may
    assert undo_cancelling.name not in counter.world.door.ask(apply_view, counter.clerk("pudong02"), apply_id).may
    counter.world.door.perform(undo_cancelling, district, OneRow(apply_id))
    apply = apply_of(counter, apply_id)
    assert (apply.state, apply.decided_by) == (CancelState.NOTICE, None)
    assert apply.case_id is not None
    assert counter.case(apply.case_id).decided_at is None
    counter.world.door.perform(decide_cancelling, district, DecideCancelling(apply_id, True, "经核实同意注销"))
    assert states(counter, filed)[1] is FilingState.CANCELLED
    with pytest.raises(Conflict):
        counter.world.door.perform(undo_cancelling, district, OneRow(apply_id))


def test_only_the_city_undoes(counter: Counter) -> None:
    decision = counter.cancel(counter.filed())
    with pytest.raises(NotAllowed):
        restore(counter, decision.apply_id, "huamu01")


def test_nothing_is_undone_once_the_part_is_filed_anew(counter: Counter) -> None:
    counter.world.stand_at(2027, 3, 1)
    filed = counter.filed()
    counter.world.stand_at(2027, 5, 3)
    decision = counter.cancel(filed)
    assert counter.file(counter.form(filed.flat, somebody())).outcome is Outcome.PASS
    with pytest.raises(Rejected, match="该房屋已有新的备案，不能恢复"):
        restore(counter, decision.apply_id)


def test_nothing_is_undone_after_five_working_days(counter: Counter) -> None:
    late, in_time = counter.cancel(counter.filed()), counter.cancel(counter.filed())
    counter.world.stand_at(2027, 3, 8)
    restore(counter, in_time.apply_id)
    counter.world.stand_at(2027, 3, 9)
    with pytest.raises(Rejected, match="不能恢复"):
        restore(counter, late.apply_id)


def test_the_days_to_undo_count_from_the_day_in_shanghai(counter: Counter) -> None:
    counter.world.let_pass(hours=-9, minutes=-30)
    assert counter.world.door.clock.today() == date(2027, 3, 1)
    decision = counter.cancel(counter.filed())
    counter.world.stand_at(2027, 3, 8)
    restore(counter, decision.apply_id)


def test_a_lease_never_filed_is_signed_again_after_undoing(counter: Counter) -> None:
    flat, tenant = counter.free_flat(), somebody()
    contract_id = counter.sign(counter.form(flat, tenant))
    order = CancelLease(
        contract_id,
        CancelMode.BOTH,
        CancelReason.ERROR,
        date(2027, 3, 1),
        (flat.owners[0].id_no, tenant.id_no),
        agreement_digest="a1" * 32,
    )
    for number in order.applicants:
        counter.show_document(contract_id, number)
    restore(counter, counter.world.door.perform(cancel_lease, counter.clerk(), order).apply_id)
    assert counter.contract(contract_id).state is ContractState.SIGNED
    assert counter.submit(contract_id).outcome is Outcome.PASS


@pytest.mark.proves("H25")
def test_undoing_twice_is_refused(counter: Counter) -> None:
    decision = counter.cancel(counter.filed())
    restore(counter, decision.apply_id)
    with pytest.raises(Conflict):
        restore(counter, decision.apply_id)
