"""Row 8: a party is present by his document, read or seen, and not because his number was typed."""

from datetime import date

import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from models.tenancy_codes import (
    CancelMode,
    CancelReason,
)
from services.engine.refusals import Refusal
from services.tenancy.cancellation import (
    CancelLease,
    try_cancelling,
)
from services.tenancy.contract_search import FindContract, find_contract
from services.tenancy.contract_views import contract_view
from services.tenancy.intake import ShowDocument, show_document
from tests.services.tenancy.counter import Counter

pytestmark = pytest.mark.row(8)


@pytest.mark.parametrize("shown", ["CARD", "ORIGINAL", ""])
def test_a_party_is_present_by_his_document_alone_not_by_his_number(counter: Counter, shown: str) -> None:
    filed = counter.filed(caller=counter.clerk("xuhui01"))
    clerk, door, tenant = counter.clerk(), counter.world.door, filed.tenant.id_no
    door.perform(find_contract, clerk, FindContract(filed.decision.contract_no, tenant))
    if shown:
        door.perform(show_document, clerk, ShowDocument(filed.contract_id, tenant, shown))
    order = CancelLease(
        filed.contract_id,
        CancelMode.ONE,
        CancelReason.EARLY_ONE,
        date(2027, 3, 1),
        (tenant,),
        commitment_digest="c1" * 32,
    )
    judged = door.ask(try_cancelling, clerk, order)
    assert ("C01" in {finding.code for finding in judged.stopping}) is not bool(shown)
    (party,) = (one for one in door.ask(contract_view, clerk, filed.contract_id).parties if one.side == "承租人")
    assert (party.open, party.seen) == (True, bool(shown))


def test_who_signed_at_this_counter_is_shown_in_clear_and_is_not_present_later(counter: Counter) -> None:
    filed = counter.filed()
    parties = counter.world.door.ask(contract_view, counter.clerk(), filed.contract_id).parties
    assert [(one.open, one.seen) for one in parties] == [(True, False), (True, False)]


@pytest.mark.parametrize(("how", "id_no"), [("TYPED", ""), ("CARD", "310101199901010018"), ("CARD", "1")])
def test_a_document_that_is_no_partys_or_only_typed_is_refused(counter: Counter, how: str, id_no: str) -> None:
    filed = counter.filed()
    order = ShowDocument(filed.contract_id, id_no or filed.tenant.id_no, how)
    with pytest.raises(Refusal):
        counter.world.door.perform(show_document, counter.clerk(), order)


def test_an_original_seen_is_audited_as_such(counter: Counter) -> None:
    filed = counter.filed(caller=counter.clerk("xuhui01"))
    counter.world.door.perform(
        find_contract, counter.clerk(), FindContract(filed.decision.contract_no, filed.tenant.id_no)
    )
    order = ShowDocument(filed.contract_id, filed.tenant.id_no, "ORIGINAL")
    counter.world.door.perform(show_document, counter.clerk(), order)
    last = select(AuditEvent).where(AuditEvent.act == "person.open").order_by(col(AuditEvent.seq).desc()).limit(1)
    assert '"ORIGINAL"' in counter.world.read(lambda work: work.session.exec(last).one()).body
