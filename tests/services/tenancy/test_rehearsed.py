"""签发前预览: what filing and cancelling would issue is seen first, and nothing of it stays (issue 19, rows 7 to 9)."""

from typing import Any

import pytest
from sqlmodel import SQLModel, col

from models.audit import AuditEvent
from models.cancellation import CancelApply
from models.documents import IssuedDocument
from models.engine import Notice, NumberCounter, Outgoing
from models.privacy import PersonAccess
from models.tenancy import CheckRun, LeaseFiling
from models.tenancy_codes import CancelMode, CancelReason, ContractState
from services.documents.rehearsal import Rehearse, rehearse_papers, rehearsed_papers
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.tenancy.cancellation import CancelLease, cancel_lease
from services.tenancy.filing import file_lease
from tests.printing.reading import text_of
from tests.services.tenancy.counter import AGREEMENT, Counter, party, somebody

pytestmark = pytest.mark.row(9)
LEFT = (IssuedDocument, LeaseFiling, CancelApply, CheckRun, Notice, Outgoing)


def seen(counter: Counter, act: Any, order: Any) -> str:
    """Return the text of what an act would issue, after making sure that nothing of the act is left."""

    def rows() -> list[Any]:
        counters = counter.world.read(lambda work: [(one.series, one.version) for one in work.rows(NumberCounter)])
        return [*(_count(counter, table) for table in LEFT), sorted(counters)]

    before = rows()
    preview_id = counter.world.door.ask(rehearse_papers, counter.clerk(), Rehearse(act, order))
    text = text_of(rehearsed_papers(counter.world.door, counter.clerk(), preview_id))
    assert rows() == before
    with pytest.raises(NotFound):
        rehearsed_papers(counter.world.door, counter.world.caller("xuhui01"), preview_id)
    return text


def _count(counter: Counter, table: type[SQLModel]) -> int:
    found: int = counter.world.read(lambda work: len(work.rows(table)))
    return found


def test_contract_and_notice_are_seen_before_the_filing_without_number_code_or_seal(counter: Counter) -> None:
    tenant = somebody("郑预览")
    contract_id = counter.sign(counter.form(counter.free_flat(), tenant))
    text = seen(counter, file_lease, contract_id)
    assert "住房租赁合同备案通知书" in text
    assert "签发时编号" in text
    assert "预览" in text
    assert tenant.id_no in text
    assert counter.contract(contract_id).state is ContractState.SIGNED
    looks = counter.world.read(lambda work: work.rows(PersonAccess, PersonAccess.act == "papers.rehearse"))
    events = counter.world.read(lambda work: work.rows(AuditEvent, col(AuditEvent.act) == "papers.rehearse"))
    assert looks
    assert [one.event for one in events if one.event != "DATA.ROWS"] == ["PII.READ"]
    assert counter.submit(contract_id).filing_no.startswith("BA")


def test_a_refusal_is_seen_with_every_reason_before_it_is_given(counter: Counter) -> None:
    raw = counter.form(counter.free_flat(), somebody(), lessors=[party(somebody("程外人"))])
    text = seen(counter, file_lease, counter.sign(raw))
    assert "拦截告知书" in text
    assert "H02" in text


def test_the_notice_of_a_cancelling_is_seen_and_one_that_is_refused_has_none(counter: Counter) -> None:
    filed = counter.filed()
    people = (filed.landlord.id_no, filed.tenant.id_no)
    for number in people:
        counter.show_document(filed.contract_id, number)
    order = CancelLease(
        filed.contract_id,
        CancelMode.BOTH,
        CancelReason.EARLY_BOTH,
        counter.world.door.clock.today(),
        people,
        agreement_digest=AGREEMENT,
    )
    text = seen(counter, cancel_lease, order)
    assert filed.decision.filing_no in text
    assert "签发时编号" in text
    assert counter.contract(filed.contract_id).state is ContractState.EFFECTIVE
    refused = CancelLease(filed.contract_id, CancelMode.BOTH, CancelReason.EARLY_BOTH, order.terminated_on, people[:1])
    with pytest.raises(Rejected, match="不会签发新的文书"):
        seen(counter, cancel_lease, refused)


def test_who_may_not_act_sees_no_paper_of_the_act(counter: Counter) -> None:
    contract_id = counter.sign(counter.form(counter.free_flat(), somebody()))
    with pytest.raises(NotAllowed):
        counter.world.door.ask(rehearse_papers, counter.world.caller("shenji01"), Rehearse(file_lease, contract_id))
    with pytest.raises(NotFound):
        counter.world.door.ask(rehearse_papers, counter.world.caller("xuhui01"), Rehearse(file_lease, contract_id))
