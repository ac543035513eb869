"""进度查询: found by everything a mandate is known by, one line each, abnormal kinds, time line, resend, export (row 23)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import select

from models.access import Role
from models.audit import AuditEvent
from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, RentBill
from models.direct_pay_codes import (
    BillState,
    EntrustState,
    FailCode,
    PaymentOutcome,
    ResultState,
    TermSide,
    TermState,
)
from models.engine import Outgoing, OutgoingState
from models.privacy import PersonAccess
from models.sealed import Sealed, index_of
from services.direct_pay.abnormal import Abnormal
from services.direct_pay.progress import PROGRESS
from services.direct_pay.progress_paper import issue_progress
from services.direct_pay.timeline import timeline
from services.documents.stored_papers import open_paper
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.listings import Line, ListPage
from services.engine.outbox import resend
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.export_files import make_export
from services.privacy.exports import RequestExport, request_export
from tests.printing.reading import text_of
from tests.services.direct_pay.mandates import TENANT, TENANT_NO, Mandates
from tests.world import World, running_world, sealer

pytestmark = pytest.mark.row(23)


@pytest.fixture(scope="module")
def mandates(database_url: str) -> Iterator[Mandates]:
    with running_world(database_url, houses=False) as world:
        world.stand_at(2027, 3, 1)
        yield Mandates(world)


@pytest.fixture
def world(mandates: Mandates) -> World:
    mandates.world.stand_at(2027, 3, 1)
    return mandates.world


def found(world: World, login: str = "shi01", **criteria: Any) -> ListPage:
    return world.listed(PROGRESS, login, **criteria)


def line_of(world: World, row_id: UUID, login: str = "shi01") -> Line:
    number = world.read(lambda work: work.session.exec(select(Entrustment).where(Entrustment.id == row_id)).one())
    (line,) = found(world, login, number=number.entrust_no).lines
    return line


def ids(page: ListPage) -> set[UUID]:
    return {line.id for line in page.lines}


def shown(world: World, row_id: UUID, login: str = "shi01") -> Line:
    view: Line = world.door.ask(timeline, world.caller(login), row_id)
    return view


# Finding


def test_a_mandate_is_found_by_each_of_its_numbers_and_by_a_bills(mandates: Mandates, world: World) -> None:
    one = mandates.mandate()
    mandates.mandate()
    row = mandates.row(Entrustment, one)
    bill = mandates.row(RentBill, mandates.bill(one))
    for number in (row.entrust_no, row.filing_no, row.contract_no, bill.bill_no, f" {row.filing_no.lower()} "):
        assert ids(found(world, number=number)) == {one}
    assert found(world, number=row.entrust_no[:-1]).total == 0


def test_a_tenant_is_found_by_his_whole_number_or_whole_name_only(mandates: Mandates, world: World) -> None:
    own: dict[str, Any] = {"tenant": Sealed.of("司马长风"), "tenant_id_no": Sealed.of("310112197912310059")}
    one = mandates.mandate(**own)
    assert ids(found(world, id_no="310112197912310059")) == {one}
    assert ids(found(world, tenant="司马长风")) == {one}
    assert found(world, id_no="31011219791231").total == 0
    assert found(world, tenant="司马").total == 0
    with pytest.raises(Rejected, match="姓名请至少输入2个字"):
        found(world, tenant="司")


def test_a_spouse_who_signed_along_is_found_too(mandates: Mandates, world: World) -> None:
    one = mandates.mandate(spouse=Sealed.of("诸葛明月"), spouse_id_no=Sealed.of("310101199901010018"))
    assert ids(found(world, id_no="310101199901010018")) == {one}
    assert ids(found(world, tenant="诸葛明月")) == {one}


def test_the_number_of_a_person_is_found_with_a_small_letter_at_its_end(mandates: Mandates, world: World) -> None:
    one = mandates.mandate(tenant_id_no=Sealed.of("11010519491231002X"))
    assert ids(found(world, id_no="11010519491231002x")) == {one}


def test_firms_and_projects_are_found_by_a_part_of_their_names(mandates: Mandates, world: World) -> None:
    here, there = mandates.mandate(), mandates.mandate("310104")
    assert there in ids(found(world, enterprise="安居", size=200))
    assert here not in ids(found(world, enterprise="安居", size=200))
    assert here in ids(found(world, project="青年公寓", size=200))
    assert found(world, project="没有这个项目").total == 0
    with pytest.raises(Rejected, match="企业名称请至少输入2个字"):
        found(world, enterprise="安")


@pytest.mark.proves("H26")
@pytest.mark.parametrize("word", ["%%", "__", "安%居", "' or 1=1 --", "\\\\"])
def test_signs_a_database_would_read_are_taken_as_they_stand(world: World, word: str) -> None:
    assert found(world, enterprise=word).total == 0
    assert found(world, project=word).total == 0
    assert found(world, number=word).total == 0


def test_states_are_those_of_the_machine(mandates: Mandates, world: World) -> None:
    one = mandates.mandate(state=EntrustState.ENDED)
    assert one in ids(found(world, state="ENDED", size=200))
    with pytest.raises(Rejected):
        found(world, state="GONE")


def test_days_are_those_of_shanghai(mandates: Mandates, world: World) -> None:
    late = datetime(2026, 5, 4, 23, 59, tzinfo=SHANGHAI)
    one = mandates.mandate(received_at=late)
    next_day = mandates.mandate(received_at=late + timedelta(minutes=2))
    assert ids(found(world, since=date(2026, 5, 4), until=date(2026, 5, 4))) == {one}
    assert ids(found(world, since=date(2026, 5, 5), until=date(2026, 5, 5))) == {next_day}


# Counts


def test_one_line_counts_the_bills_of_its_mandate(mandates: Mandates, world: World) -> None:
    one = mandates.mandate()
    for month, state in enumerate((BillState.PAID, BillState.PAID, BillState.UNPAID, BillState.SENT_TO_FUND), 1):
        paid = Decimal("4500.00") if state is BillState.PAID else None
        mandates.bill(one, month, state=state, paid_amount=paid)
    mandates.bill(one, 5, state=BillState.REFUSED)
    mandates.bill(one, 6, state=BillState.CANCELLED)
    line = line_of(world, one)
    assert (line.bills, line.paid, line.unpaid, line.waiting) == (4, 2, 1, 1)
    assert line.paid_sum == Decimal("9000.00")


def test_names_are_masked(mandates: Mandates, world: World) -> None:
    one = mandates.mandate()
    assert TENANT not in str(line_of(world, one))
    assert TENANT_NO not in str(shown(world, one))
    assert "6222021001123456789" not in str(shown(world, one))


# Abnormal kinds


def test_each_abnormal_kind_finds_its_own(mandates: Mandates, world: World) -> None:
    now = world.door.clock.now()
    sound = mandates.mandate()
    refused = mandates.mandate(state=EntrustState.REFUSED)
    failed = mandates.mandate(state=EntrustState.PUSH_FAILED)
    silent = mandates.mandate(state=EntrustState.PUSHED, pushed_at=now - timedelta(minutes=31))
    waiting = mandates.mandate(state=EntrustState.PUSHED, pushed_at=now - timedelta(minutes=29))
    unpaid, rejected = mandates.mandate(), mandates.mandate()
    mandates.bill(unpaid, state=BillState.UNPAID)
    mandates.bill(rejected, state=BillState.REFUSED_BY_FUND)
    running_out = mandates.mandate(unpaid_flagged=True)
    mandates.bill(running_out, state=BillState.UNPAID)
    orphaned = mandates.mandate()
    mandates.result(mandates.row(Entrustment, orphaned).entrust_no, state=ResultState.ORPHAN)
    stuck, asked = mandates.mandate(), mandates.mandate()
    mandates.termination(stuck, requested_at=now - timedelta(days=3, minutes=1))
    mandates.termination(asked, requested_at=now - timedelta(days=2, hours=23))
    expected = {
        Abnormal.CHECK_FAILED: {refused},
        Abnormal.PUSH_FAILED: {failed},
        Abnormal.ACK_MISSING: {silent},
        Abnormal.UNPAID: {unpaid, rejected, running_out},
        Abnormal.UNPAID_RUN: {running_out},
        Abnormal.ORPHAN: {orphaned},
        Abnormal.TERMINATION_STUCK: {stuck},
    }
    mine = {sound, waiting, asked}.union(*expected.values())
    for kind, wanted in expected.items():
        assert ids(found(world, abnormal=kind.value, size=200)) & mine == wanted, kind
    for row_id in mine:
        kinds = [kind for kind, wanted in expected.items() if row_id in wanted]
        assert list(line_of(world, row_id).abnormal) == kinds


def test_a_dead_message_about_anything_of_a_mandate_is_a_push_that_failed(mandates: Mandates, world: World) -> None:
    by_bill, by_result, by_term, alive = (mandates.mandate() for _ in range(4))
    mandates.message(RentBill, mandates.bill(by_bill))
    mandates.message(PaymentResult, mandates.result(mandates.row(Entrustment, by_result).entrust_no))
    mandates.message(PaymentTermination, mandates.termination(by_term))
    mandates.message(Entrustment, alive, OutgoingState.WAITING)
    hits = ids(found(world, abnormal="PUSH_FAILED", size=200))
    assert {by_bill, by_result, by_term} <= hits
    assert alive not in hits


def test_a_firm_silent_about_results_and_ends_is_told_too(mandates: Mandates, world: World) -> None:
    late = world.door.clock.now() - timedelta(minutes=31)
    about_result, about_end = mandates.mandate(), mandates.mandate()
    number = mandates.row(Entrustment, about_result).entrust_no
    mandates.result(number, state=ResultState.PUSHED_TO_ENTERPRISE, pushed_at=late)
    told: dict[str, Any] = {"side": TermSide.TENANT, "state": TermState.PUSHED_TO_ENTERPRISE, "pushed_at": late}
    mandates.termination(about_end, **told)
    assert {about_result, about_end} <= ids(found(world, abnormal="ACK_MISSING", size=200))


def test_one_mandate_may_be_wrong_in_several_ways(mandates: Mandates, world: World) -> None:
    one = mandates.mandate(state=EntrustState.PUSH_FAILED)
    mandates.bill(one, state=BillState.UNPAID)
    assert line_of(world, one).abnormal == (Abnormal.PUSH_FAILED, Abnormal.UNPAID)


# Scope


def test_a_district_sees_its_own_projects_only(mandates: Mandates, world: World) -> None:
    here, there = mandates.mandate("310115"), mandates.mandate("310104")
    for login in ("pudong01", "pdju01"):
        seen = ids(found(world, login, size=200))
        assert here in seen
        assert there not in seen
        with pytest.raises(NotFound):
            shown(world, there, login)
        assert shown(world, here, login).id == here
    for login in ("shi01", "shiju01"):
        assert {here, there} <= ids(found(world, login, size=200))


def test_numbers_of_another_district_find_nothing(mandates: Mandates, world: World) -> None:
    row = mandates.row(Entrustment, mandates.mandate("310104"))
    assert found(world, "pudong01", number=row.filing_no).total == 0
    assert found(world, "pudong01", id_no=TENANT_NO, number=row.entrust_no).total == 0


def test_a_street_and_an_administrator_may_not_ask(world: World) -> None:
    for login in ("huamu01", "xitong01", "anquan01", "shenji01"):
        with pytest.raises(NotAllowed):
            found(world, login)


def test_a_firm_opens_its_own_time_line_and_no_other(mandates: Mandates, world: World) -> None:
    own, other = mandates.mandate("310115"), mandates.mandate("310104")
    mandates.message(Entrustment, own)
    view: Line = world.door.ask(timeline, mandates.firm("310115"), own)
    assert view.messages == ()
    assert not any(event.what.endswith("发送失败") for event in view.events)
    with pytest.raises(NotFound):
        world.door.ask(timeline, mandates.firm("310115"), other)
    with pytest.raises(NotAllowed):
        world.listed(PROGRESS, mandates.firm("310115"))


# Looking is kept


def test_a_search_by_a_person_is_a_look_at_him(mandates: Mandates, world: World) -> None:
    number = "310106198505050019"
    one = mandates.mandate(tenant_id_no=Sealed.of(number))
    found(world, "pudong01", id_no=number)
    shown(world, one, "pudong01")
    looks = world.read(
        lambda work: work.session.exec(
            select(PersonAccess.act).where(PersonAccess.id_no_index == index_of(sealer(), "id_no", number))
        ).all()
    )
    assert set(looks) == {"direct_pay.list", "direct_pay.timeline"}


# Time line


def test_the_time_line_goes_from_the_signing_to_the_last_payment(mandates: Mandates, world: World) -> None:
    now = world.door.clock.now()
    one = mandates.mandate(
        signed_at=now - timedelta(days=60),
        received_at=now - timedelta(days=59),
        pushed_at=now - timedelta(days=59, minutes=-1),
        ack_at=now - timedelta(days=59, minutes=-5),
    )
    mandates.message(Entrustment, one, OutgoingState.SENT)
    bill = mandates.bill(
        one, received_at=now - timedelta(days=30), sent_at=now - timedelta(days=29), state=BillState.PAID
    )
    row = mandates.row(RentBill, bill)
    mandates.result(
        row.entrust_no,
        bill_no=row.bill_no,
        bill_id=bill,
        decided_at=now - timedelta(days=20),
        pushed_at=now - timedelta(days=20, minutes=-1),
        ack_at=now - timedelta(days=20, minutes=-2),
        state=ResultState.ACKED,
    )
    mandates.termination(one, requested_at=now - timedelta(days=1), sent_at=now - timedelta(hours=20))
    view = shown(world, one)
    assert [(event.who, event.what) for event in view.events] == [
        ("承租人", "签署委托书"),
        ("公积金中心", "推送委托书，核验通过"),
        ("本系统", "委托书已送达企业"),
        ("企业", "确认收到委托书"),
        ("企业", "提交账单"),
        ("本系统", "账单已送公积金中心"),
        ("公积金中心", "已支付"),
        ("本系统", "支付结果已送达企业"),
        ("企业", "确认收到支付结果"),
        ("企业", "申请终止委托"),
        ("本系统", "终止申请已送公积金中心"),
    ]
    receipts = {event.what: event.receipt for event in view.events}
    assert receipts["推送委托书，核验通过"] == mandates.row(Entrustment, one).receipt_no
    assert receipts["委托书已送达企业"] == "HZ-7"
    assert receipts["已支付"] == "LS0001"


def test_the_words_of_the_fund_and_the_reasons_of_a_check_are_kept(mandates: Mandates, world: World) -> None:
    reasons = [{"code": "G01", "message": "备案无效或已终止"}, {"code": "G03", "message": "不在试点范围"}]
    refused = mandates.mandate(state=EntrustState.REFUSED, findings=Sealed.of_json(reasons))
    view = shown(world, refused)
    assert view.findings == ("G01 备案无效或已终止", "G03 不在试点范围")
    assert "G01 备案无效或已终止；G03 不在试点范围" in {event.detail for event in view.events}
    unpaid = mandates.mandate()
    number = mandates.row(Entrustment, unpaid).entrust_no
    words = "公积金余额不足，当月未支付，请自行支付租金"
    told: dict[str, Any] = {"outcome": PaymentOutcome.FAIL, "fail_code": FailCode.BALANCE, "bill_no": "ZD-9"}
    mandates.result(number, reason=Sealed.of_json(words), **told)
    mandates.result(number, reason=Sealed.of_json(""), **told)
    details = [event.detail for event in shown(world, unpaid).events]
    assert f"ZD-9，{words}" in details
    assert "ZD-9，余额不足" in details


def test_an_orphan_stands_in_the_time_line_of_the_mandate_it_names(mandates: Mandates, world: World) -> None:
    one = mandates.mandate()
    number = mandates.row(Entrustment, one).entrust_no
    mandates.result(number, bill_no="ZD-404", state=ResultState.ORPHAN)
    assert ("结果没有对应的账单", "ZD-404") in {(event.what, event.detail) for event in shown(world, one).events}


# Paper


def test_the_progress_is_printed_as_it_is_seen_and_stays_with_whoever_printed_it(
    mandates: Mandates, world: World
) -> None:
    one = mandates.mandate(spouse=Sealed.of("司徒明"), spouse_id_no=Sealed.of("310104198805050013"))
    row = mandates.row(Entrustment, one)
    words = "公积金余额不足，当月未支付"
    bill = mandates.bill(one, state=BillState.UNPAID, reason=Sealed.of_json(words), decided_at=world.door.clock.now())
    mandates.message(Entrustment, one)
    door, clerk, firm = world.door, world.caller("pudong01"), mandates.firm()
    paper = door.perform(issue_progress, clerk, one)
    text = text_of(open_paper(door, clerk, paper).content or b"").replace("\n", "")
    for told in (row.entrust_no, row.filing_no, mandates.row(RentBill, bill).bill_no, words, "推送失败；未支付"):
        assert told in text
    assert "委托书发送失败" in text
    for hidden in (TENANT, TENANT_NO, "司徒明", "6222021001123456789"):
        assert hidden not in text
    own = door.perform(issue_progress, firm, one)
    text = text_of(open_paper(door, firm, own).content or b"").replace("\n", "")
    assert words in text
    assert "委托书发送失败" not in text
    # An office's paper says what a firm does not see; another district and another firm see neither.
    for caller, foreign in ((firm, paper), (mandates.firm("310104"), own), (world.caller("xhju01"), paper)):
        with pytest.raises(NotFound):
            open_paper(door, caller, foreign)
        if caller is not firm:
            with pytest.raises(NotFound):
                door.perform(issue_progress, caller, one)
    looks = world.read(lambda work: work.rows(PersonAccess.act, PersonAccess.id_no_index == row.spouse_id_no_index))
    assert "papers.bytes" in looks


# Resend


def test_a_push_that_failed_is_sent_again_by_the_city_and_told_to_the_audit(mandates: Mandates, world: World) -> None:
    one = mandates.mandate(state=EntrustState.PUSH_FAILED)
    message = mandates.message(Entrustment, one)
    view = shown(world, one)
    assert [(row.dead, row.state) for row in view.messages] == [(True, OutgoingState.DEAD)]
    assert "委托书发送失败" in {event.what for event in view.events}
    for login in ("pudong01", "pdju01"):
        with pytest.raises(NotAllowed):
            world.door.perform(resend, world.caller(login), message)
    world.door.perform(resend, world.caller("shi01"), message)
    (row,) = shown(world, one).messages
    assert (row.dead, row.attempts, row.request_id) == (False, 0, view.messages[0].request_id)
    told = world.read(
        lambda work: work.session.exec(
            select(AuditEvent).where(AuditEvent.act == "outbox.resend", AuditEvent.object_id == str(message))
        ).all()
    )
    assert len(told) == 1
    # Whoever presses twice sends once.
    world.door.perform(resend, world.caller("shi01"), message)
    assert mandates.row(Outgoing, message).state is OutgoingState.WAITING


# Paging


def walk(world: World, size: int, **criteria: Any) -> list[UUID]:
    seen: list[UUID] = []
    while True:
        after = str(seen[-1]) if seen else ""
        lines = found(world, size=size, after=after, **criteria).lines
        seen += [line.id for line in lines]
        if len(lines) < size:
            return seen


@pytest.mark.parametrize("oldest_first", [False, True])
def test_all_pages_together_are_everything_once_even_where_moments_are_equal(
    mandates: Mandates, world: World, oldest_first: bool
) -> None:
    moment = datetime(2025, 6, 1, 12, 0, tzinfo=SHANGHAI)
    day = date(2025, 6, 1 if oldest_first else 2)
    at = moment + timedelta(days=0 if oldest_first else 1)
    made = [mandates.mandate(received_at=at) for _ in range(23)]
    seen = walk(world, 5, since=day, until=day, sort="received_at" if oldest_first else "-received_at")
    assert sorted(seen) == sorted(made)
    assert found(world, since=day, until=day, size=5).total == 23


def test_what_comes_while_somebody_turns_pages_shifts_none(mandates: Mandates, world: World) -> None:
    at = datetime(2025, 7, 1, 12, 0, tzinfo=SHANGHAI)
    made = [mandates.mandate(received_at=at + timedelta(minutes=minute)) for minute in range(6)]
    first = found(world, until=date(2025, 7, 1), since=date(2025, 7, 1), size=3)
    mandates.mandate(received_at=at + timedelta(hours=1))
    order: dict[str, Any] = {"until": date(2025, 7, 1), "since": date(2025, 7, 1), "size": 3}
    second = found(world, **order, after=str(first.lines[-1].id))
    assert [line.id for line in (*first.lines, *second.lines)] == made[::-1]


def test_a_page_begins_after_no_line_but_one_the_caller_sees(mandates: Mandates, world: World) -> None:
    foreign = str(mandates.mandate("310104"))
    for login, mark in (("shi01", "x"), ("shi01", "0" * 32), ("pudong01", foreign)):
        with pytest.raises(Rejected, match="请返回第一页"):
            found(world, login, after=mark)


def test_pages_have_bounds(world: World) -> None:
    for page, size in ((0, 50), (1, 0), (1, 201)):
        with pytest.raises(Rejected):
            found(world, page=page, size=size)


# Export


def test_the_list_leaves_as_a_file_masked_under_the_rules_of_exports(mandates: Mandates, world: World) -> None:
    one = mandates.mandate("310104")
    row = mandates.row(Entrustment, one)
    mandates.bill(one, state=BillState.PAID, paid_amount=Decimal("4500.00"))
    clerk = world.caller("xhju01")
    order = RequestExport("direct_pay", {"number": row.entrust_no}, "xlsx", "核对直付进度")
    asked = world.door.perform(request_export, clerk, order)
    assert (asked.rows, asked.waits) == (1, False)
    world.door.perform(make_export, SYSTEM, asked.id)
    file = world.door.ask(download_export, clerk, DownloadExport(asked.id))
    book: list[Any] = list(CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python())
    assert book[0][0] == "委托书编号"
    assert book[1][0].startswith(row.entrust_no[:4])
    assert TENANT not in str(book)
    assert "4500" in str(book[1])


def test_an_export_of_another_district_or_of_a_street_is_refused(mandates: Mandates, world: World) -> None:
    row = mandates.row(Entrustment, mandates.mandate("310115"))
    order = RequestExport("direct_pay", {"number": row.entrust_no}, "xlsx", "核对直付进度")
    with pytest.raises(Rejected, match="没有符合条件的记录"):
        world.door.perform(request_export, world.caller("xhju01"), order)
    with pytest.raises(NotAllowed):
        world.door.perform(request_export, world.caller("huamu01"), order)


def test_roles_are_those_of_the_row() -> None:
    assert PROGRESS.query.roles == {Role.CITY_CENTER, Role.CITY_BUREAU, Role.DISTRICT_BUREAU, Role.DISTRICT_CLERK}
