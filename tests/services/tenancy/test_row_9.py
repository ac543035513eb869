"""Row 9: a party comes with his card, sees his lease, and goes home with a print that is counted."""

import io
from typing import Any
from uuid import UUID

import pypdf
import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from models.documents import IssuedDocument, PaperKind, PrintLog
from models.tenancy import LeaseContract
from services.documents.print_log import PrintPaper, print_paper, reprint_count
from services.documents.stored_papers import open_paper
from services.engine.orders import Decide
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.tenancy.contract_page import contract_preview
from services.tenancy.contract_search import (
    AskByPapers,
    FindContract,
    ask_by_papers,
    find_contract,
    paper_requests,
    seen_papers,
)
from services.tenancy.contract_views import ContractView, contract_view
from services.tenancy.intake import OpenLease, ReadPerson, open_lease, read_person
from services.tenancy.papers import IssueRecordSheet, issue_record_sheet
from tests.services.tenancy.counter import ZHOU, Counter, Filed, party, somebody

pytestmark = pytest.mark.row(9)

#: The office that filed; the person comes to another one.
THERE = "xuhui01"


def filed_elsewhere(counter: Counter, **changes: Any) -> Filed:
    return counter.filed(None, counter.clerk(THERE), **changes)


def find(counter: Counter, number: str, id_no: str, login: str = "huamu01") -> list[UUID]:
    found = counter.world.door.perform(find_contract, counter.clerk(login), FindContract(number, id_no))
    return [one.id for one in found]


def view(counter: Counter, contract_id: UUID, login: str = "huamu01") -> ContractView:
    return counter.world.door.ask(contract_view, counter.clerk(login), contract_id)


def paper(counter: Counter, contract_id: UUID) -> IssuedDocument:
    """The contract's paper."""
    statement = select(IssuedDocument).where(
        IssuedDocument.object_id == contract_id, IssuedDocument.kind == PaperKind.CONTRACT
    )
    found: IssuedDocument = counter.world.read(lambda work: work.session.exec(statement).one())
    return found


def text_of(pdf: bytes | None) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf or b"")).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


# Whose lease it is


def test_a_party_is_shown_his_lease_with_himself_in_clear_and_the_other_side_masked(counter: Counter) -> None:
    filed = filed_elsewhere(counter)
    assert find(counter, filed.decision.contract_no, filed.tenant.id_no) == [filed.contract_id]
    shown = {one.side: one for one in view(counter, filed.contract_id).parties}
    assert shown["承租人"].id_no == filed.tenant.id_no
    assert shown["出租人"].id_no != filed.landlord.id_no
    assert "*" in shown["出租人"].name


def test_a_stranger_gets_the_same_answer_as_if_there_were_no_lease(counter: Counter) -> None:
    filed = filed_elsewhere(counter)
    told = []
    for number, id_no in ((filed.decision.contract_no, ZHOU.id_no), ("HT3101152703019999990", filed.tenant.id_no)):
        with pytest.raises(NotFound) as refused:
            find(counter, number, id_no)
        told.append((type(refused.value), refused.value.message, refused.value.findings))
    assert told[0] == told[1]
    with pytest.raises(NotFound):
        view(counter, filed.contract_id)


def test_a_refused_stranger_is_in_the_audit_without_his_number(counter: Counter) -> None:
    filed = filed_elsewhere(counter)
    with pytest.raises(NotFound):
        find(counter, filed.decision.contract_no, ZHOU.id_no)
    last = select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)
    event = counter.world.read(lambda work: work.session.exec(last).one())
    assert (event.act, event.result) == ("tenancy.find_contract", "deny")
    assert ZHOU.id_no not in event.body


def test_who_merely_lives_there_is_no_party(counter: Counter) -> None:
    resident = somebody("同住人")
    living = [{"name": resident.name, "id_no": resident.id_no, "relation": "FRIEND"}]
    filed = filed_elsewhere(counter, residents=living)
    with pytest.raises(NotFound):
        find(counter, filed.decision.contract_no, resident.id_no)
    counter.world.door.perform(read_person, counter.clerk(), ReadPerson(resident.id_no))
    with pytest.raises(NotFound):
        counter.world.door.perform(open_lease, counter.clerk(), OpenLease(filed.contract_id, resident.id_no))


def test_an_agent_whose_mandate_is_on_the_lease_is_shown_it(counter: Counter) -> None:
    agent, flat, tenant = somebody("代理人"), counter.free_flat(), somebody()
    mandate = {
        "agent_kind": "ENTRUSTED",
        "agent_name": agent.name,
        "agent_id_no": agent.id_no,
        "agent_mandate": True,
    }
    raw = counter.form(flat, tenant, lessees=[party(tenant, **mandate)])
    contract_id = counter.sign(raw, counter.clerk(THERE))
    decision = counter.submit(contract_id, counter.clerk(THERE))
    assert find(counter, decision.contract_no, agent.id_no) == [contract_id]


def test_who_was_entered_as_agent_without_a_mandate_is_not(counter: Counter) -> None:
    agent, flat, tenant = somebody("旧代理人"), counter.free_flat(), somebody()
    idle = {"agent_kind": "NONE", "agent_name": agent.name, "agent_id_no": agent.id_no}
    raw = counter.form(flat, tenant, lessees=[party(tenant, **idle)])
    drawn = counter.draw_up(raw, counter.clerk(THERE))
    own = {**raw, "lessees": [party(tenant)]}
    counter.confirm(own, drawn, counter.clerk(THERE))
    decision = counter.submit(drawn.contract_id, counter.clerk(THERE))
    with pytest.raises(NotFound):
        find(counter, decision.contract_no, agent.id_no)


def test_from_the_card_to_the_lease_in_two_steps(counter: Counter) -> None:
    filed = filed_elsewhere(counter)
    with pytest.raises(Rejected, match="请先读取或输入当事人的证件号码"):
        counter.world.door.perform(open_lease, counter.clerk(), OpenLease(filed.contract_id, filed.tenant.id_no))
    overview = counter.world.door.perform(read_person, counter.clerk(), ReadPerson(filed.tenant.id_no, how="CARD"))
    assert [line.contract_id for line in overview.leases] == [filed.contract_id]
    counter.world.door.perform(open_lease, counter.clerk(), OpenLease(filed.contract_id, filed.tenant.id_no))
    assert view(counter, filed.contract_id).contract.id == filed.contract_id


def test_what_the_match_opened_is_closed_the_next_day(counter: Counter) -> None:
    filed = filed_elsewhere(counter)
    find(counter, filed.decision.contract_no, filed.tenant.id_no)
    counter.world.stand_at(2027, 3, 2)
    with pytest.raises(NotFound):
        view(counter, filed.contract_id)


def test_the_match_opens_nothing_to_the_colleague(counter: Counter) -> None:
    filed = filed_elsewhere(counter)
    find(counter, filed.decision.contract_no, filed.tenant.id_no)
    with pytest.raises(NotFound):
        view(counter, filed.contract_id, "huamu02")


# Heirs and courts


def asked(counter: Counter, filed: Filed, login: str = "huamu01") -> UUID:
    order = AskByPapers(filed.decision.contract_no, "HEIR", "（2027）沪公证字第123号")
    return counter.world.door.perform(ask_by_papers, counter.clerk(login), order)


@pytest.mark.proves("H20")
def test_an_heir_needs_a_second_clerk(counter: Counter) -> None:
    filed = filed_elsewhere(counter)
    request = asked(counter, filed)
    with pytest.raises(NotFound):
        view(counter, filed.contract_id)
    with pytest.raises(NotAllowed, match="另一名工作人员复核"):
        counter.world.door.perform(seen_papers, counter.clerk(), Decide(request, True))
    counter.world.door.perform(seen_papers, counter.clerk("huamu02"), Decide(request, True))
    assert view(counter, filed.contract_id).contract.id == filed.contract_id
    with pytest.raises(NotFound):
        view(counter, filed.contract_id, "huamu02")


def test_the_second_clerk_may_disagree(counter: Counter) -> None:
    filed = filed_elsewhere(counter)
    counter.world.door.perform(seen_papers, counter.clerk("huamu02"), Decide(asked(counter, filed), False))
    with pytest.raises(NotFound):
        view(counter, filed.contract_id)


def test_the_second_clerk_is_of_the_same_office_and_day(counter: Counter) -> None:
    request = asked(counter, filed_elsewhere(counter))
    with pytest.raises(NotFound):
        counter.world.door.perform(seen_papers, counter.clerk("longhua01"), Decide(request, True))
    counter.world.stand_at(2027, 3, 2)
    with pytest.raises(Rejected, match="已过当日"):
        counter.world.door.perform(seen_papers, counter.clerk("huamu02"), Decide(request, True))
    assert counter.world.door.ask(paper_requests, counter.clerk(), None) == []


def test_papers_for_a_lease_that_is_not_there_are_answered_alike(counter: Counter) -> None:
    order = AskByPapers("HT3101152703019999990", "COURT", "（2027）沪01执123号")
    request = counter.world.door.perform(ask_by_papers, counter.clerk(), order)
    assert counter.world.door.perform(seen_papers, counter.clerk("huamu02"), Decide(request, True)) is None


@pytest.mark.parametrize(("capacity", "papers"), [("FRIEND", "（2027）沪公证字第1号"), ("HEIR", "无")])
def test_without_papers_nobody_asks(counter: Counter, capacity: str, papers: str) -> None:
    with pytest.raises(Rejected):
        counter.world.door.perform(ask_by_papers, counter.clerk(), AskByPapers("HT1", capacity, papers))


# Preview and print


def test_the_preview_carries_the_clerk_and_is_no_issued_paper(counter: Counter) -> None:
    drawn = counter.draw_up(counter.form(counter.free_flat(), somebody()))
    pdf = contract_preview(counter.world.door, counter.clerk(), drawn.contract_id)
    assert "李敏" in text_of(pdf)
    papers = select(IssuedDocument.id).where(IssuedDocument.object_id == drawn.contract_id)
    assert counter.world.read(lambda work: work.session.exec(papers).all()) == []


def test_a_stranger_previews_nothing(counter: Counter) -> None:
    drawn = counter.draw_up(counter.form(counter.free_flat(), somebody()))
    with pytest.raises(NotFound):
        contract_preview(counter.world.door, counter.clerk("longhua01"), drawn.contract_id)


def test_every_print_is_kept_with_who_printed_it_what_for(counter: Counter) -> None:
    filed = counter.filed()
    contract = paper(counter, filed.contract_id)
    open_paper(counter.world.door, counter.clerk(), contract.id)
    for purpose in ("", "", "办理居住登记"):
        counter.world.door.perform(print_paper, counter.clerk(), PrintPaper(contract.id, "一号机", purpose))
    newest = select(PrintLog).where(PrintLog.document_id == contract.id).order_by(col(PrintLog.copy_no).desc())
    lines = counter.world.read(lambda work: work.session.exec(newest).all())
    assert [(line.copy_no, reprint_count(contract.kind, line.copy_no), line.purpose) for line in lines] == [
        (3, 1, "办理居住登记"),
        (2, 0, ""),
        (1, 0, ""),
    ]


def test_more_prints_a_day_than_usual_are_flagged(counter: Counter) -> None:
    filed = counter.filed()
    contract = paper(counter, filed.contract_id)
    clerk = counter.clerk("huamu02")
    open_paper(counter.world.door, clerk, contract.id)
    for _ in range(21):
        counter.world.door.perform(print_paper, clerk, PrintPaper(contract.id, "一号机", "补打"))
    flags = select(AuditEvent.seq).where(
        AuditEvent.act == "papers.print.many", AuditEvent.account == str(clerk.account_id)
    )
    assert len(counter.world.read(lambda work: work.session.exec(flags).all())) == 1


def test_a_filing_of_a_paper_lease_prints_its_record_sheet(counter: Counter) -> None:
    flat = counter.free_flat()
    filed = counter.filed(flat, paper_lease=True, materials=["不动产权证", "租赁合同"])
    order = IssueRecordSheet(filed.contract_id, "办理居住登记")
    sheet = counter.world.door.perform(issue_record_sheet, counter.clerk(), order)
    pdf = open_paper(counter.world.door, counter.clerk(), sheet.paper_id).content
    assert filed.decision.filing_no in text_of(pdf)
    with pytest.raises(Rejected, match="该合同有电子文本"):
        counter.world.door.perform(
            issue_record_sheet, counter.clerk(), IssueRecordSheet(counter.filed().contract_id, "存档")
        )


def test_very_long_terms_are_printed_to_the_last_word(counter: Counter) -> None:
    terms = "".join(f"第{number}条双方另行约定事项；" for number in range(1, 240))
    filed = counter.filed(other_terms=terms)
    pdf = open_paper(counter.world.door, counter.clerk(), paper(counter, filed.contract_id).id).content
    printed = text_of(pdf)
    assert all(f"第{number}条双方另行约定事项" in printed for number in (1, 120, 239))


def test_the_text_that_is_kept_is_sealed(counter: Counter) -> None:
    filed = counter.filed()

    def token(work: Work) -> str:
        return (
            work.session.exec(select(LeaseContract).where(LeaseContract.id == filed.contract_id)).one().form.token or ""
        )

    assert counter.world.read(token).startswith("e1:")


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        ("paper-signature-page:QZ0001", "签字页：编号QZ0001"),
        ("paper-signature-scan:" + "a1" * 32, "签字页：扫描件摘要a1a1"),
    ],
)
def test_the_printed_contract_says_how_it_was_signed(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, signature: str, words: str
) -> None:
    monkeypatch.setattr("tests.services.tenancy.counter.SIGNATURE", signature)
    filed = filed_elsewhere(counter)
    find(counter, filed.decision.contract_no, filed.tenant.id_no)
    assert words in text_of(
        open_paper(counter.world.door, counter.clerk(), paper(counter, filed.contract_id).id).content
    )


def test_a_court_is_shown_a_lease_once_a_second_clerk_has_seen_its_paper(counter: Counter) -> None:
    filed = filed_elsewhere(counter)
    order = AskByPapers(filed.decision.contract_no, "COURT", "（2027）沪01执123号")
    request = counter.world.door.perform(ask_by_papers, counter.clerk(), order)
    with pytest.raises(NotFound):
        view(counter, filed.contract_id)
    counter.world.door.perform(seen_papers, counter.clerk("huamu02"), Decide(request, True))
    assert view(counter, filed.contract_id).contract.id == filed.contract_id
