"""Who has looked: every way a person is shown leaves a row, the citizen sees it without clerks' names, reading counts too."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.audit import AuditEvent
from models.privacy import PersonAccess, Shown
from models.sealed import indexes_of
from services.engine.callers import Caller, Scope
from services.engine.listings import ListRows
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.privacy.field_reveal import RevealField, reveal_field
from services.privacy.who_looked import (
    AskWhoLooked,
    InvestigateLooks,
    Looks,
    access_sheet_pdf,
    investigate_looks,
    who_looked,
)
from services.tenancy.cancel_views import apply_view
from services.tenancy.contract_views import contract_view
from services.tenancy.filing_search import SearchFilings, search_filings
from services.tenancy.intake import ReadPerson, read_person
from services.tenancy.listings import FILINGS
from tests.services.privacy.test_revealing import REASON, party, rows
from tests.services.tenancy.counter import Counter, Filed
from tests.world import sealer


@pytest.fixture
def filed(counter: Counter) -> Filed:
    return counter.filed()


def looks_at(counter: Counter, id_no: str) -> list[PersonAccess]:
    return rows(counter.world, PersonAccess, col(PersonAccess.id_no_index).in_(indexes_of(sealer(), "id_no", id_no)))


def acts_on(counter: Counter, id_no: str) -> set[tuple[str, Shown]]:
    return {(look.act, look.what) for look in looks_at(counter, id_no)}


def asked(counter: Counter, id_no: str, login: str = "longhua01") -> Looks:
    return counter.world.door.perform(who_looked, counter.clerk(login), AskWhoLooked(id_no))


@pytest.mark.proves("D23")
def test_every_way_a_person_is_shown_is_kept(counter: Counter, filed: Filed) -> None:
    door, clerk, tenant = counter.world.door, counter.clerk(), filed.tenant.id_no
    door.ask(contract_view, clerk, filed.contract_id)
    # His card was read for this filing at this counter.
    assert acts_on(counter, tenant) == {("tenancy.contract", Shown.FULL)}
    door.perform(read_person, clerk, ReadPerson(tenant))
    door.ask(contract_view, clerk, filed.contract_id)
    door.perform(reveal_field, clerk, RevealField("contract_party", party(counter, filed), "mobile", REASON))
    door.ask(FILINGS.query, clerk, ListRows({"id_no": tenant}))
    order = SearchFilings(filed.landlord.id_no, purpose="核实", cert_no=filed.flat.cert_no)
    door.perform(search_filings, clerk, order)
    decision = counter.cancel_alone(filed)
    assert decision.apply_id is not None
    door.ask(apply_view, clerk, decision.apply_id)
    assert acts_on(counter, tenant) >= {
        ("intake.read_person", Shown.FULL),
        ("tenancy.contract", Shown.FULL),
        ("privacy.reveal", Shown.FULL),
        ("filings.list", Shown.MASKED),
        ("filings.search", Shown.MASKED),
        ("cancel.view", Shown.FULL),
    }
    assert ("filings.search", Shown.FULL) in acts_on(counter, filed.landlord.id_no)


def test_a_list_without_a_number_is_no_look_at_anybody(counter: Counter, filed: Filed) -> None:
    before = len(rows(counter.world, PersonAccess))
    counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows())
    assert len(rows(counter.world, PersonAccess)) == before


def test_a_page_drawn_again_is_the_same_look(counter: Counter, filed: Filed) -> None:
    for _ in range(3):
        counter.world.door.ask(contract_view, counter.clerk(), filed.contract_id)
    assert len(looks_at(counter, filed.tenant.id_no)) == 1
    counter.world.door.ask(contract_view, counter.clerk("huamu02"), filed.contract_id)
    assert len(looks_at(counter, filed.tenant.id_no)) == 2


@pytest.mark.proves("D23")
def test_the_citizen_sees_unit_post_time_purpose_and_a_surname(counter: Counter, filed: Filed) -> None:
    clerk = counter.clerk()
    counter.world.door.perform(
        reveal_field, clerk, RevealField("contract_party", party(counter, filed), "id_no", REASON)
    )
    found = asked(counter, filed.tenant.id_no)
    assert filed.tenant.id_no not in str(found)
    revealed = next(line for line in found.lines if line.act == "查看完整信息")
    assert (revealed.unit, revealed.role, revealed.purpose) == (clerk.unit_name, "街镇窗口人员", REASON)
    assert revealed.official == "李*"
    assert clerk.name not in str(found)


@pytest.mark.proves("D23")
def test_reading_it_is_a_look_itself(counter: Counter, filed: Filed) -> None:
    first = asked(counter, filed.tenant.id_no)
    assert first.lines[0].act == "查询本人信息查看记录"
    assert asked(counter, filed.tenant.id_no).total == first.total + 1
    told = rows(counter.world, AuditEvent, AuditEvent.act == "accesses.of_person")[-1]
    assert told.event == "PII.READ"
    assert filed.tenant.id_no not in told.body


def test_somebody_nobody_looked_at_is_told_so(counter: Counter) -> None:
    found = asked(counter, "310101199001011234")
    assert [line.act for line in found.lines] == ["查询本人信息查看记录"]


@pytest.mark.parametrize("number", ["", "123", "x" * 40])
def test_no_number_is_no_question(counter: Counter, number: str) -> None:
    with pytest.raises(Rejected):
        asked(counter, number)


def auditor(counter: Counter) -> Caller:
    home = counter.clerk("shi01")
    return Caller("审计员", (Scope(Role.AUDITOR, ScopeKind.CITY),), account_id=home.account_id, unit_id=home.unit_id)


@pytest.mark.proves("D23")
@pytest.mark.parametrize("who", ["city", "auditor"])
def test_an_investigation_sees_whole_names_for_a_reason(counter: Counter, filed: Filed, who: str) -> None:
    counter.world.door.ask(contract_view, counter.clerk(), filed.contract_id)
    caller = counter.clerk("shi01") if who == "city" else auditor(counter)
    with pytest.raises(Rejected, match="调查事由"):
        counter.world.door.perform(investigate_looks, caller, InvestigateLooks(filed.tenant.id_no, "查"))
    order = InvestigateLooks(filed.tenant.id_no, "核查市民投诉")
    found = counter.world.door.perform(investigate_looks, caller, order)
    assert f"{counter.clerk().name}（huamu01）" in {line.official for line in found.lines}
    with pytest.raises(NotAllowed):
        counter.world.door.perform(investigate_looks, counter.clerk(), order)
    assert "核查市民投诉" in {line.purpose for line in asked(counter, filed.tenant.id_no).lines}


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.proves("D23")
def test_the_sheet_is_printed_for_whoever_asked_and_nobody_else(counter: Counter, filed: Filed) -> None:
    counter.world.door.ask(contract_view, counter.clerk(), filed.contract_id)
    found = asked(counter, filed.tenant.id_no)
    text = text_of(access_sheet_pdf(counter.world.door, counter.clerk("longhua01"), found.look_id))
    assert "个人信息查看记录" in text
    assert counter.clerk().unit_name in text.replace("\n", "")
    assert filed.tenant.id_no not in text
    assert counter.clerk().name not in text
    for login in ("huamu01", "shi01"):
        with pytest.raises(NotFound):
            access_sheet_pdf(counter.world.door, counter.clerk(login), found.look_id)


def test_a_look_that_is_no_reading_prints_no_sheet(counter: Counter, filed: Filed) -> None:
    counter.world.door.ask(contract_view, counter.clerk(), filed.contract_id)
    look = looks_at(counter, filed.tenant.id_no)[0]
    with pytest.raises(NotFound):
        access_sheet_pdf(counter.world.door, counter.clerk(), look.id)


def test_yesterdays_reading_prints_no_sheet(counter: Counter, filed: Filed) -> None:
    found = asked(counter, filed.tenant.id_no)
    counter.world.act(lambda work: _age(work, found.look_id))
    with pytest.raises(Rejected, match="当日有效"):
        access_sheet_pdf(counter.world.door, counter.clerk("longhua01"), found.look_id)


def _age(work: Work, look_id: UUID) -> Any:
    row = work.session.exec(select(PersonAccess).where(PersonAccess.id == look_id)).one()
    row.at -= timedelta(days=1, seconds=1)
    return work.add(row)
