"""Rows 7, 8: a district freezes a filing and releases it, the city revokes one found false (leasing-domain 3.3)."""

from datetime import timedelta

import pytest

from models.direct_pay import FilingEnding
from models.direct_pay_codes import EndingKind
from models.enterprise import CreditEntry
from models.tenancy_codes import ContractState, FilingState, LicenceState, Side
from services.engine.orders import Reasoned
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.tenancy.frozen_filings import SHAM, RevokeFiling, freeze_filing, revoke_filing, unfreeze_filing
from tests.services.tenancy.cancellings import licence, send_all, states
from tests.services.tenancy.counter import Counter, codes

pytestmark = [pytest.mark.row(7), pytest.mark.row(8)]

WHY = "浦东法院（2026）沪0115执保12号协助执行通知书"


def test_a_frozen_filing_is_not_cancelled_until_it_is_released(counter: Counter) -> None:
    filed = counter.filed(counter.free_flat("310115"))
    bureau = counter.clerk("pdju01")
    counter.world.door.perform(freeze_filing, bureau, Reasoned(filed.filing_id, WHY))
    assert counter.filing(filed.filing_id).state is FilingState.FROZEN
    assert "C07" in codes(counter.cancel(filed))
    counter.world.door.perform(unfreeze_filing, bureau, Reasoned(filed.filing_id, "法院已解除保全，文号同上"))
    counter.cancel(filed)
    assert states(counter, filed) == (ContractState.TERMINATED, FilingState.CANCELLED)


def test_a_false_filing_is_revoked_with_its_lease_and_its_licence(counter: Counter) -> None:
    filed = counter.filed()
    send_all(counter, filed)
    counter.world.door.perform(
        revoke_filing, counter.clerk("shi01"), RevokeFiling(filed.filing_id, "区局查实房屋不存在，系虚假备案")
    )
    assert states(counter, filed) == (ContractState.TERMINATED, FilingState.REVOKED)
    assert [part.holds for part in counter.parts(filed.filing_id)] == [False]
    send_all(counter, filed)
    assert counter.filing(filed.filing_id).licence_state is LicenceState.REVOKED
    assert (licence(counter, filed) or {})["revoked"] is True
    ending = counter.world.read(lambda work: work.first(FilingEnding, FilingEnding.filing_id == filed.filing_id))
    assert ending is not None
    assert ending.kind is EndingKind.FALSE


def test_who_is_at_fault_gets_a_credit_record_that_stops_his_next_filing(counter: Counter) -> None:
    flat, other = counter.free_flat(), counter.free_flat()
    filed = counter.filed(flat)
    order = RevokeFiling(filed.filing_id, "区局查实承租人冒用他人房屋材料", frozenset({Side.LESSEE}))
    counter.world.door.perform(revoke_filing, counter.clerk("shi01"), order)
    entries = counter.world.read(lambda work: work.rows(CreditEntry, CreditEntry.kind == SHAM))
    today = counter.world.door.clock.today()
    until = today.replace(year=today.year + 5) - timedelta(days=1)
    of_both = {filed.landlord.id_no, filed.tenant.id_no}
    assert [(one.id_no.plain, one.since, one.until) for one in entries if one.id_no.plain in of_both] == [
        (filed.tenant.id_no, today, until)
    ]
    assert "P11" in codes(counter.judge(counter.form(other, filed.tenant)))
    assert "P11" not in codes(counter.judge(counter.form(flat)))


def test_each_authority_does_its_own_and_gives_its_reason(counter: Counter) -> None:
    filed = counter.filed(counter.free_flat("310115"))
    door = counter.world.door
    with pytest.raises(NotFound):
        door.perform(freeze_filing, counter.clerk("xhju01"), Reasoned(filed.filing_id, WHY))
    with pytest.raises(NotAllowed):
        door.perform(revoke_filing, counter.clerk("pdju01"), RevokeFiling(filed.filing_id, WHY))
    with pytest.raises(Rejected):
        door.perform(freeze_filing, counter.clerk("pdju01"), Reasoned(filed.filing_id, "冻结"))
    assert counter.filing(filed.filing_id).state is FilingState.ACTIVE
