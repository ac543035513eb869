"""Staff at the progress of direct payment: a mandate is found and opened, a dead push sent again, an orphan given its bill."""

from datetime import timedelta

import pytest
from nicegui import ui as web
from sqlmodel import select

from models.direct_pay import Entrustment, PaymentResult, RentBill
from models.direct_pay_codes import BillState, EntrustState, ResultState
from models.documents import IssuedDocument
from models.engine import Outgoing, OutgoingState
from models.privacy import ExportRequest
from tests.services.direct_pay.mandates import TENANT_NO, Mandates
from tests.ui.people import Crowd, was_told
from tests.ui.tenancy.hands import WAIT, answer, enter, key, pick, press, rows
from tests.world import World


@pytest.fixture(scope="session")
def mandates(world: World) -> Mandates:
    return Mandates(world)


@pytest.mark.row(23)
async def test_a_mandate_is_found_by_its_number_and_its_time_line_opens(crowd: Crowd, mandates: Mandates) -> None:
    one = mandates.mandate()
    row = mandates.row(Entrustment, one)
    mandates.bill(one, state=BillState.UNPAID)
    user = await crowd.open("pudong01", f"/?open=direct_pay_progress&number={row.filing_no}")
    await user.should_see("共 1 条", retries=WAIT)
    (line,) = rows(user, "grid")
    assert (line["abnormal"], line["unpaid"]) == ("未支付", "1")
    assert TENANT_NO not in str(line)
    enter(user, "grid", one)
    await user.should_see(f"委托书 {row.entrust_no}", retries=WAIT)
    assert "签署委托书" in {event["what"] for event in rows(user, "时间线")}
    await user.should_not_see("重新发送")


@pytest.mark.row(23)
async def test_persons_searched_for_never_enter_the_address(crowd: Crowd, mandates: Mandates) -> None:
    mandates.mandate()
    user = await crowd.open("shi01", "/?open=direct_pay_progress")
    await user.should_see("第 1 / ", retries=WAIT)
    user.find(marker="filter-id_no").type(TENANT_NO)
    user.find(marker="filter-enterprise").type("没有这家企业")
    press(user, "search")
    await user.should_see("没有符合条件的委托", retries=WAIT)
    assert await was_told(user, "enterprise=")
    assert not await was_told(user, TENANT_NO)


@pytest.mark.row(23)
async def test_one_character_of_a_name_is_refused_in_words(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=direct_pay_progress")
    await user.should_see("第 1 / ", retries=WAIT)
    user.find(marker="filter-tenant").type("欧")
    press(user, "search")
    await user.should_see("姓名请至少输入2个字", retries=WAIT)


@pytest.mark.row(23)
async def test_pages_are_turned_forth_and_back_without_losing_a_line(crowd: Crowd, mandates: Mandates) -> None:
    long_ago = mandates.world.door.clock.now() - timedelta(days=4000)
    day = (long_ago + timedelta(hours=8)).date().isoformat()
    made = {str(mandates.mandate(received_at=long_ago)) for _ in range(45)}
    user = await crowd.open("shi01", f"/?open=direct_pay_progress&size=20&since={day}&until={day}")
    await user.should_see("第 1 / 3 页", retries=WAIT)
    seen = {1: {line["id"] for line in rows(user, "grid")}}
    for page in (2, 3):
        press(user, "page-next")
        await user.should_see(f"第 {page} / 3 页", retries=WAIT)
        seen[page] = {line["id"] for line in rows(user, "grid")}
    assert set().union(*seen.values()) == made
    press(user, "page-back")
    await user.should_see("第 2 / 3 页", retries=WAIT)
    assert {line["id"] for line in rows(user, "grid")} == seen[2]


@pytest.mark.row(23)
async def test_a_push_that_failed_is_sent_again_from_the_time_line(crowd: Crowd, mandates: Mandates) -> None:
    one = mandates.mandate(state=EntrustState.PUSH_FAILED)
    message = mandates.message(Entrustment, one)
    user = await crowd.open("shi01", f"/?open=mandate&id={one}")
    await user.should_see("报文（1）", retries=WAIT)
    key(user, "f8")
    await user.should_see("对方已收到的不会重复生效", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已重新排队发送 1 条", retries=WAIT)
    assert mandates.row(Outgoing, message).state is OutgoingState.WAITING
    mandates.world.rewrite(Outgoing, Outgoing.id == message, state=OutgoingState.SENT)


@pytest.mark.row(23)
async def test_the_progress_in_view_is_printed(crowd: Crowd, mandates: Mandates) -> None:
    user = await crowd.open("pudong01", f"/?open=mandate&id={(one := mandates.mandate())}")
    await user.should_see("报文（0）", retries=WAIT)
    key(user, "ctrl+p")
    await user.should_see("已送浏览器打印：第1份", retries=WAIT)
    papers = mandates.world.read(lambda work: work.rows(IssuedDocument, IssuedDocument.object_id == one))
    assert [(paper.title, paper.copies, bool(paper.digest)) for paper in papers] == [("直付房租进度单", 1, True)]


@pytest.mark.row(23)
async def test_the_list_in_view_is_asked_for_as_a_file(crowd: Crowd, mandates: Mandates) -> None:
    row = mandates.row(Entrustment, mandates.mandate())
    user = await crowd.open("pdju01", f"/?open=direct_pay_progress&number={row.entrust_no}")
    await user.should_see("共 1 条", retries=WAIT)
    user.find(kind=web.button, content="导出").click()
    await user.should_see("导出“公积金直付进度”", retries=WAIT)
    await answer(user, "核对直付进度")
    await user.should_see("共1条，正在生成", retries=WAIT)
    asked = mandates.world.read(
        lambda work: work.session.exec(select(ExportRequest).where(ExportRequest.listing == "direct_pay")).all()
    )
    assert [one.criteria.json() for one in asked] == [{"number": row.entrust_no}]


@pytest.mark.row(19)
async def test_an_orphan_is_given_to_the_bill_it_meant(crowd: Crowd, mandates: Mandates) -> None:
    one = mandates.mandate()
    number = mandates.row(Entrustment, one).entrust_no
    bill = mandates.bill(one)
    result = mandates.result(number, bill_no="ZD-MISSPELT", state=ResultState.ORPHAN)
    user = await crowd.open("shi01", f"/?open=orphans&number={number}")
    # The one line is in hand at once; chosen again, it would be drawn anew under the bill.
    await user.should_see(marker="可对应的账单", retries=WAIT)
    pick(user, "可对应的账单", bill)
    key(user, "f8")
    await answer(user, "账单编号登记有误，已核实")
    await user.should_see("已对应到账单", retries=WAIT)
    assert mandates.row(RentBill, bill).state is BillState.PAID
    assert mandates.row(PaymentResult, result).bill_id == bill


@pytest.mark.row(19)
async def test_an_orphan_without_any_bill_is_closed_with_a_reason(crowd: Crowd, mandates: Mandates) -> None:
    result = mandates.result("WT-NOBODY", state=ResultState.ORPHAN)
    user = await crowd.open("shi01", "/?open=orphans&number=WT-NOBODY")
    await user.should_see("共 1 条", retries=WAIT)
    pick(user, "grid", result)
    await user.should_see("没有可对应的账单，只能退回公积金中心核实", retries=WAIT)
    key(user, "f9")
    await answer(user, "公积金中心确认误推")
    await user.should_see("已退回核实", retries=WAIT)
    assert mandates.row(PaymentResult, result).state is ResultState.HANDLED


async def test_the_bureau_sees_orphans_and_changes_none(crowd: Crowd, mandates: Mandates) -> None:
    user = await crowd.open("shiju01", "/?open=orphans")
    await user.should_see("第 1 / ", retries=WAIT)
    await user.should_not_see("对应到账单")
    district = await crowd.open("pudong01", "/?open=orphans")
    await district.should_see("没有这个功能，或您的岗位不能使用", retries=WAIT)
