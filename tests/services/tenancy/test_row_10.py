"""Row 10: a right holder asks for the filings of his houses, sees his own time, and takes the result home on paper."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pypdf
import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from models.documents import IssuedDocument
from models.house import House
from models.sealed import Sealed
from models.tenancy import ContractParty, FilingQuery, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    ApplicantSide,
    Channel,
    ContractState,
    DealKind,
    FilingState,
    FilingWay,
    LeaseMode,
    PartyKind,
    Side,
)
from printing.query_result import NONE_FOUND
from services.documents.stored_papers import open_paper
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.tenancy.filing_search import FilingsFound, SearchFilings, search_filings
from services.tenancy.query_papers import IssuedResult, IssueResult, issue_result
from tests.services.tenancy.counter import CHEN, ZHOU, Counter, Filed, Flat, fixtures, somebody

pytestmark = pytest.mark.row(10)


def search(counter: Counter, id_no: str, login: str = "huamu01", **what: Any) -> FilingsFound:
    return counter.world.door.perform(search_filings, counter.clerk(login), SearchFilings(id_no, **what))


def issued(counter: Counter, id_no: str, picked: tuple[UUID, ...] = (), **what: Any) -> IssuedResult:
    order = IssueResult(SearchFilings(id_no, purpose="办理贷款", **what), picked)
    return counter.world.door.perform(issue_result, counter.clerk(), order)


def text_of(counter: Counter, result: IssuedResult) -> str:
    pdf = open_paper(counter.world.door, counter.clerk(), result.paper_id).content or b""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def numbers(found: FilingsFound) -> list[str]:
    return [line.filing_no for line in found.lines]


def change_title(counter: Counter, flat: Flat, **columns: str) -> None:
    """Rewrite a title in the register."""
    address = f"{counter.world.simulators.base_url('property_register')}/sim/change"
    httpx.post(address, json={"cert_no": flat.cert_no, "room": flat.line["room"], "set": columns}).raise_for_status()


def sell(counter: Counter, filed: Filed, buyer: Any, day: date) -> None:
    change_title(
        counter, filed.flat, owners=f"{buyer.name}/{buyer.id_no}/100/{day.isoformat()}", reg_date=day.isoformat()
    )


def test_the_owner_sees_every_filing_of_his_flat_with_the_tenants_masked(counter: Counter) -> None:
    filed = counter.filed(caller=counter.clerk("xuhui01"))
    found = search(counter, filed.landlord.id_no)
    assert (found.holder, numbers(found)) == (True, [filed.decision.filing_no])
    assert filed.tenant.name not in found.lines[0].tenants
    assert found.lines[0].tenants == "高*航"


def test_active_ended_and_cancelled_are_all_told(counter: Counter) -> None:
    filed = counter.filed()
    counter.cancel(filed)
    counter.world.stand_at(2027, 5, 3)
    second = counter.file(counter.form(filed.flat, somebody(), start="2027-05-03", end="2027-06-15"))
    counter.world.stand_at(2027, 7, 5)
    third = counter.file(counter.form(filed.flat, somebody()))
    found = search(counter, filed.landlord.id_no)
    assert [(line.filing_no, line.state) for line in found.lines] == [
        (third.filing_no, "有效"),
        (second.filing_no, "已到期"),
        (filed.decision.filing_no, "已注销"),
    ]


def test_a_time_asked_for_narrows_the_answer(counter: Counter) -> None:
    filed = counter.filed(start="2027-03-01", end="2027-06-30")
    assert numbers(search(counter, filed.landlord.id_no, since=date(2027, 6, 30))) == [filed.decision.filing_no]
    assert numbers(search(counter, filed.landlord.id_no, since=date(2027, 7, 1))) == []
    assert numbers(search(counter, filed.landlord.id_no, until=date(2027, 2, 28))) == []


def test_certificate_and_address_narrow_the_answer(counter: Counter) -> None:
    first = counter.filed(fixtures()["H-1"])
    second = counter.filed(fixtures()["H-9"])
    everything = numbers(search(counter, CHEN.id_no))
    assert {first.decision.filing_no, second.decision.filing_no} <= set(everything)
    assert numbers(search(counter, CHEN.id_no, cert_no=first.flat.cert_no)) == [first.decision.filing_no]
    assert numbers(search(counter, CHEN.id_no, address="田林路66弄")) == [second.decision.filing_no]
    assert search(counter, CHEN.id_no, address="%").lines == ()


def test_a_former_owner_sees_his_own_time_only(counter: Counter) -> None:
    filed = counter.filed(start="2027-03-01", end="2027-04-30")
    buyer = somebody("新权利人")
    sell(counter, filed, buyer, date(2027, 6, 1))
    counter.world.stand_at(2027, 7, 1)
    raw = counter.form(filed.flat, somebody())
    raw["lessors"] = [{**raw["lessors"][0], "name": buyer.name, "id_no": buyer.id_no}]
    later = counter.file(raw)
    assert later.filing_no
    assert numbers(search(counter, filed.landlord.id_no, cert_no=filed.flat.cert_no)) == [filed.decision.filing_no]
    assert later.filing_no in numbers(search(counter, buyer.id_no))


def test_each_of_two_owners_sees_the_flat(counter: Counter) -> None:
    filed = counter.filed(fixtures()["H-2"], house={"co_owner_consent": True})
    for owner in (CHEN, ZHOU):
        found = search(counter, owner.id_no, capacity="CO_OWNER", cert_no=filed.flat.cert_no)
        assert numbers(found) == [filed.decision.filing_no]


def test_an_agent_sees_what_his_principal_may_and_needs_a_mandate(counter: Counter) -> None:
    filed, agent = counter.filed(), somebody("代理人")
    with pytest.raises(Rejected, match="委托书"):
        search(counter, agent.id_no, capacity="AGENT", principal_id_no=filed.landlord.id_no)
    found = search(
        counter, agent.id_no, capacity="AGENT", principal_id_no=filed.landlord.id_no, mandate="（2027）委字第1号"
    )
    assert numbers(found) == [filed.decision.filing_no]


def test_another_persons_number_beside_the_own_is_no_mandate(counter: Counter) -> None:
    filed = counter.filed()
    found = search(counter, somebody().id_no, capacity="OWNER", principal_id_no=filed.landlord.id_no)
    assert (found.holder, found.lines) == (False, ())


def test_who_holds_nothing_learns_nothing(counter: Counter) -> None:
    filed = counter.filed()
    stranger = somebody().id_no
    foreign, unknown = (
        search(counter, stranger, cert_no=cert) for cert in (filed.flat.cert_no, "沪（2021）浦字不动产权第999999号")
    )
    assert (foreign.holder, foreign.total, foreign.lines, foreign.houses) == (False, 0, (), ())
    assert (unknown.holder, unknown.total, unknown.lines, unknown.houses) == (False, 0, (), ())
    with pytest.raises(Rejected, match="不是该房屋现在或所查期间的权利人"):
        issued(counter, stranger, cert_no=filed.flat.cert_no)


def test_a_certificate_of_the_old_form_leads_to_the_same_flat(counter: Counter) -> None:
    filed = counter.filed()
    change_title(counter, filed.flat, earlier_certs="沪房地浦字（2001）第077001号")
    found = search(counter, filed.landlord.id_no, cert_no="沪房地浦字(2001)第077001号")
    assert numbers(found) == [filed.decision.filing_no]


def test_without_the_register_our_own_snapshot_answers_and_says_so(counter: Counter) -> None:
    filed = counter.filed()
    counter.world.fault("property_register", "error")
    found = search(counter, filed.landlord.id_no)
    assert numbers(found) == [filed.decision.filing_no]
    assert [source.silent for source in found.sources] == [True, False]


def test_sixty_filings_come_in_pages_and_all_on_paper(counter: Counter) -> None:
    flat = counter.free_flat()
    counter.world.act(lambda work: _sixty(work, flat))
    pages = [search(counter, flat.owners[0].id_no, page=page) for page in (1, 2, 3, 4)]
    assert [(page.total, len(page.lines)) for page in pages] == [(60, 20), (60, 20), (60, 20), (60, 0)]
    every = [number for page in pages for number in numbers(page)]
    assert len(set(every)) == 60
    assert numbers(search(counter, flat.owners[0].id_no, size=0)) == every
    printed = text_of(counter, issued(counter, flat.owners[0].id_no))
    assert [number for number in every if number not in printed] == []


def _sixty(work: Work, flat: Flat) -> None:
    house = work.session.exec(select(House).where(House.house_code == flat.code)).one()
    for place in range(60):
        start = date(2012, 1, 1) + timedelta(days=60 * place)
        _old_filing(work, house, place + 1, start)


def _old_filing(work: Work, house: House, ticket: int, start: date) -> None:
    place: dict[str, Any] = {"district_code": house.district_code, "street_code": house.street_code}
    end = start + timedelta(days=50)
    contract = work.add(
        LeaseContract(
            **place,
            contract_no=f"LS{house.house_code}{ticket:04d}",
            house_id=house.id,
            mode=LeaseMode.WHOLE,
            deal=DealKind.SELF,
            start=start,
            end=end,
            signed_on=start,
            month_rent=Decimal(3000),
            deposit=Decimal(3000),
            form=Sealed.of_json({}),
            channel=Channel.BATCH,
            state=ContractState.EXPIRED,
        )
    )
    work.session.flush()
    tenant = somebody()
    work.add(
        ContractParty(
            contract_id=contract.id,
            side=Side.LESSEE,
            kind=PartyKind.PERSON,
            name=Sealed.of(tenant.name),
            id_type="11",
            id_no=Sealed.of(tenant.id_no),
        )
    )
    work.add(
        LeaseFiling(
            **place,
            filing_no=f"BL{house.house_code[-8:]}{ticket:04d}",
            contract_id=contract.id,
            house_id=house.id,
            ticket=ticket,
            mode=LeaseMode.WHOLE,
            part_keys="*",
            valid_from=start,
            valid_to=end,
            month_rent=Decimal(3000),
            leased_area=Decimal(50),
            persons=1,
            way=FilingWay.LEGACY,
            side=ApplicantSide.BOTH,
            deal=DealKind.SELF,
            channel=Channel.BATCH,
            filed_on=start,
            filed_at=work.now,
            state=FilingState.EXPIRED,
            retain_until=end,
        )
    )
    work.session.flush()


# On paper


def test_the_paper_lists_what_was_picked(counter: Counter) -> None:
    filed = counter.filed()
    counter.cancel(filed)
    counter.world.stand_at(2027, 5, 3)
    second = counter.file(counter.form(filed.flat, somebody()))
    assert second.filing_id is not None
    printed = text_of(counter, issued(counter, filed.landlord.id_no, (second.filing_id,)))
    assert second.filing_no in printed
    assert filed.decision.filing_no not in printed


def test_nobody_has_a_foreign_filing_put_on_his_paper(counter: Counter) -> None:
    mine, theirs = counter.filed(), counter.filed()
    with pytest.raises(NotFound):
        issued(counter, mine.landlord.id_no, (mine.filing_id, theirs.filing_id))


def test_without_any_filing_the_paper_says_so(counter: Counter) -> None:
    flat = counter.free_flat()
    result = issued(counter, flat.owners[0].id_no, cert_no=flat.cert_no)
    assert NONE_FOUND in text_of(counter, result)


def test_who_has_no_house_at_all_gets_a_paper_that_says_so(counter: Counter) -> None:
    result = issued(counter, somebody().id_no, name="张三")
    assert result.query_no.startswith("CX")
    assert NONE_FOUND in text_of(counter, result)


def test_every_query_is_issued_anew_and_kept_sealed(counter: Counter) -> None:
    filed = counter.filed()
    one, other = issued(counter, filed.landlord.id_no), issued(counter, filed.landlord.id_no)
    assert one.paper_id != other.paper_id
    assert one.query_no != other.query_no

    def kept(work: Work) -> FilingQuery:
        return work.session.exec(select(FilingQuery).where(FilingQuery.query_no == one.query_no)).one()

    row = counter.world.read(kept)
    assert (row.total, row.purpose) == (1, "办理贷款")
    assert row.requester.json()["id_no"] == filed.landlord.id_no
    assert filed.landlord.id_no not in row.requester.token


def test_a_paper_needs_a_purpose(counter: Counter) -> None:
    with pytest.raises(Rejected, match="请填写查询用途"):
        counter.world.door.perform(issue_result, counter.clerk(), IssueResult(SearchFilings(CHEN.id_no)))


def test_the_paper_shows_no_tenant_in_clear_and_the_asker_masked(counter: Counter) -> None:
    filed = counter.filed()
    result = issued(counter, filed.landlord.id_no, name=filed.landlord.name)
    printed = text_of(counter, result)
    assert filed.tenant.name not in printed
    assert filed.tenant.id_no not in printed
    assert filed.landlord.id_no not in printed


def test_another_office_does_not_see_the_paper(counter: Counter) -> None:
    result = issued(counter, counter.filed().landlord.id_no)
    with pytest.raises(NotFound):
        open_paper(counter.world.door, counter.clerk("longhua01"), result.paper_id)
    papers = select(IssuedDocument.id).where(IssuedDocument.id == result.paper_id)
    assert counter.world.read(lambda work: work.session.exec(papers).all()) == [result.paper_id]


def test_every_query_is_told_to_the_audit_without_the_number(counter: Counter) -> None:
    filed = counter.filed()
    search(counter, filed.landlord.id_no, purpose="核实")
    statement = select(AuditEvent).where(AuditEvent.act == "filings.search").order_by(col(AuditEvent.seq).desc())
    event = counter.world.read(lambda work: work.session.exec(statement).first())
    assert (event.event, event.account) == ("PII.READ", str(counter.clerk().account_id))
    assert filed.landlord.id_no not in event.body


@pytest.mark.parametrize("login", ["pdju01", "shi01"])
def test_only_counters_ask_for_a_right_holder(counter: Counter, login: str) -> None:
    with pytest.raises(NotAllowed):
        search(counter, CHEN.id_no, login)
