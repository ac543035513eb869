"""What the counter's other pages ask: record sheets, applications, failed licences, the start page; each office its own."""

from dataclasses import replace
from uuid import uuid4

import pytest

from models.engine import OutgoingState
from models.tenancy_codes import CancelState, FilingState
from services.documents.paper_sets import set_pdf
from services.documents.preview import paper_preview
from services.documents.print_log import Requester
from services.engine.homes import HomeView
from services.engine.listings import BulkRows, ListRows
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.homes.queries import my_home
from services.tenancy.cancel_views import APPLIES, apply_view
from services.tenancy.cancellation import DecideCancelling, decide_cancelling, object_to_cancelling, restore_lease
from services.tenancy.endings import contract_of_filing
from services.tenancy.licences import FAILURES
from services.tenancy.listings import FILINGS
from services.tenancy.papers import IssueRecordSheet, issue_record_sheet
from services.tenancy.reprints import ReprintNotice, SetHandout, reprint_notice
from tests.printing.reading import text_of
from tests.services.tenancy.counter import Counter, Filed, fixtures
from tests.world import World

ELSEWHERE = "xuhui01"


def on_paper(counter: Counter) -> Filed:
    return counter.filed(paper_lease=True, way="FILING_ONLY", materials=["不动产权证", "租赁合同"])


def figures(world: World, login: str) -> dict[str, int]:
    view: HomeView = world.door.ask(my_home, world.caller(login))
    return {figure.key: figure.count for figure in view.figures()}


@pytest.mark.row(9)
def test_a_record_sheet_is_issued_anew_for_each_purpose(counter: Counter, world: World) -> None:
    lease = on_paper(counter)
    order = IssueRecordSheet(lease.contract_id, "子女入学")
    first = world.door.perform(issue_record_sheet, counter.clerk(), order)
    second = world.door.perform(issue_record_sheet, counter.clerk(), order)
    assert first.number != second.number
    assert first.number.startswith("JL")
    text = text_of(paper_preview(world.door, counter.clerk(), first.paper_id))
    assert lease.decision.filing_no in text
    assert "子女入学" in text
    assert lease.landlord.id_no not in text


@pytest.mark.row(9)
def test_a_record_sheet_needs_a_purpose_and_a_lease_on_paper(counter: Counter, world: World) -> None:
    with pytest.raises(Rejected, match="请选择打印用途"):
        world.door.perform(issue_record_sheet, counter.clerk(), IssueRecordSheet(on_paper(counter).contract_id, " "))
    with pytest.raises(Rejected, match="该合同有电子文本"):
        world.door.perform(issue_record_sheet, counter.clerk(), IssueRecordSheet(counter.filed().contract_id, "入学"))


def test_another_office_gets_no_sheet_no_preview_and_no_lease(counter: Counter, world: World) -> None:
    lease = on_paper(counter)
    sheet = world.door.perform(issue_record_sheet, counter.clerk(), IssueRecordSheet(lease.contract_id, "入学"))
    stranger = world.caller(ELSEWHERE)
    with pytest.raises(NotFound):
        world.door.perform(issue_record_sheet, stranger, IssueRecordSheet(lease.contract_id, "入学"))
    with pytest.raises(NotFound):
        paper_preview(world.door, stranger, sheet.paper_id)
    with pytest.raises(NotFound):
        world.door.ask(contract_of_filing, stranger, lease.filing_id)
    assert world.door.ask(contract_of_filing, counter.clerk(), lease.filing_id) == lease.contract_id


@pytest.mark.row(9)
def test_notices_of_many_filings_are_printed_again_as_one_document(counter: Counter, world: World) -> None:
    one, other, undrawn = counter.filed(), counter.filed(), counter.filed()
    counter.draw_papers(one.filing_id, other.filing_id)
    handout = SetHandout(uuid4(), Requester("陈立", "单位经办人"), "公积金提取")
    order = BulkRows(reprint_notice.name, (one.filing_id, other.filing_id, undrawn.filing_id), handout)
    done = world.door.perform(FILINGS.each, counter.clerk(), order)
    assert [(line.done, line.message) for line in done] == [
        (True, "已办理"),
        (True, "已办理"),
        (False, "文书正在生成，请稍候再打印"),
    ]
    text = text_of(set_pdf(world.door, counter.clerk(), handout.set_id))
    assert "陈立／单位经办人" in text
    assert [lease.decision.filing_no in text for lease in (one, other, undrawn)] == [True, True, False]
    order = replace(order, given=replace(handout, purpose=" "))
    unsaid = [world.door.perform(FILINGS.each, counter.clerk(), order)[0].message for _ in range(3)][-1]
    assert unsaid == "补打文书请填写用途"
    with pytest.raises(NotFound):
        world.door.perform(reprint_notice, world.caller(ELSEWHERE), ReprintNotice(one.filing_id, handout))


@pytest.mark.row(8)
def test_an_application_names_what_each_may_do_with_it(counter: Counter, world: World) -> None:
    lease = counter.filed(fixtures()["H-1"])
    apply_id = counter.cancel_alone(lease).apply_id
    assert world.door.ask(apply_view, counter.clerk(), apply_id).may == {object_to_cancelling.name}
    assert world.door.ask(apply_view, world.caller("pudong01"), apply_id).may == {
        object_to_cancelling.name,
        decide_cancelling.name,
    }
    assert world.door.ask(apply_view, world.caller("shi01"), apply_id).may == frozenset()
    with pytest.raises(NotFound):
        world.door.ask(apply_view, world.caller(ELSEWHERE), apply_id)
    done = counter.cancel(counter.filed()).apply_id
    view = world.door.ask(apply_view, world.caller("shi01"), done)
    assert view.may == {restore_lease.name}
    assert [paper.title for paper in view.papers] == ["住房租赁合同备案注销通知书"]
    assert lease.landlord.id_no not in str(view)


@pytest.mark.row(8)
def test_the_district_that_took_an_application_in_does_not_decide_on_anothers_house(
    counter: Counter, world: World
) -> None:
    pudong = world.caller("pudong01")
    lease = counter.filed(fixtures()["H-9"], pudong)
    apply_id = counter.cancel_alone(lease, pudong).apply_id
    world.let_pass(days=20)
    order = DecideCancelling(apply_id, True, "期满无异议")
    assert world.door.ask(apply_view, pudong, apply_id).may == frozenset()
    with pytest.raises(NotAllowed, match="由房屋所在区的住房租赁服务中心审定"):
        world.door.perform(decide_cancelling, pudong, order)
    world.door.perform(decide_cancelling, world.caller("xuhui01"), order)
    assert counter.filing(lease.filing_id).state is FilingState.CANCELLED


def test_applications_are_paged_and_sorted_by_declared_columns_only(counter: Counter, world: World) -> None:
    for _ in range(3):
        counter.cancel(counter.filed())
    order = ListRows({"state": CancelState.APPROVED.value}, Paging(1, 2, "apply_no"))
    first = world.door.ask(APPLIES.query, counter.clerk(), order)
    assert first.total >= 3
    assert len(first.lines) == 2
    assert first.lines[0].apply_no < first.lines[1].apply_no
    with pytest.raises(Rejected, match="不支持按该列排序"):
        world.door.ask(APPLIES.query, counter.clerk(), ListRows(paging=Paging(1, 2, "note")))
    assert world.door.ask(APPLIES.query, world.caller("longhua01"), ListRows()).total == 0


@pytest.mark.row(7)
def test_a_failing_licence_is_listed_for_the_office_of_its_filing(counter: Counter, world: World) -> None:
    lease = counter.filed()
    counter.run("papers.render")
    world.fault("licence_library", "error", match=lease.decision.filing_no)
    counter.run("outbox.send")
    (line,) = world.door.ask(FAILURES.query, counter.clerk(), ListRows()).lines
    assert (line.filing_no, line.state) == (lease.decision.filing_no, OutgoingState.WAITING)
    assert world.door.ask(FAILURES.query, counter.clerk(), ListRows({"dead": "dead"})).total == 0
    assert world.door.ask(FAILURES.query, world.caller(ELSEWHERE), ListRows()).total == 0


def test_the_start_page_counts_what_its_reader_sees(counter: Counter, world: World) -> None:
    before, elsewhere = figures(world, "huamu01"), figures(world, ELSEWHERE)
    counter.cancel_alone(counter.filed())
    counter.cancel(counter.filed())
    after = figures(world, "huamu01")
    assert after["filed"] == before["filed"] + 2
    assert after["notice"] == before["notice"] + 1
    assert figures(world, ELSEWHERE)["filed"] == elsewhere["filed"]
