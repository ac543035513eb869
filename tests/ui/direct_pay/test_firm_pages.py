"""The firm at its desk: the inbox and its count, a bill with its computed rent, a workbook, taking back, ending."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from nicegui import ui as web
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User
from sqlmodel import select

from models.direct_pay import Entrustment, PaymentTermination, RentBill
from models.direct_pay_codes import BillState, EntrustState, TermReason, TermState
from services.direct_pay.bill_workbook import HEADS
from services.engine.notices import my_notices, notify
from tests.files_made import xlsx
from tests.ui.direct_pay.firm import HERE, KEY, LOGIN, Firm
from tests.ui.people import Crowd, page_of, until
from tests.ui.tenancy.hands import (
    WAIT,
    choose,
    enter,
    home_lines,
    key,
    open_figure,
    pick,
    press,
    put,
    put_instead,
    rows,
    see_home,
)
from ui.shell.workspace import MOST_TABS


def tell(firm: Firm, row: Any, subject: str) -> None:
    firm.world.act(lambda work: notify(work, subject, "请查看", about=row, to_enterprise=firm.mandates.firms[HERE]))


def bills_of(firm: Firm, mandate_id: UUID) -> list[RentBill]:
    found = firm.world.read(
        lambda work: work.session.exec(select(RentBill).where(RentBill.entrustment_id == mandate_id)).all()
    )
    return list(found)


async def at_mandate(crowd: Crowd, firm: Firm, mandate_id: UUID) -> User:
    number = firm.mandates.row(Entrustment, mandate_id).entrust_no
    user = await crowd.open(LOGIN, f"/?open=firm_mandates&number={number}")
    await user.should_see("共 1 条", retries=WAIT)
    await user.should_see(marker="submit-bill", retries=WAIT)
    return user


def value(user: User, field: str) -> str:
    control: Any = user.find(marker=f"field-{field}").elements.pop()
    return str(control.value or "")


@pytest.mark.row(17)
async def test_a_new_mandate_is_unread_counted_acknowledged_and_opened(crowd: Crowd, firm: Firm) -> None:
    one = firm.mandate(state=EntrustState.PUSHED)
    tell(firm, firm.mandates.row(Entrustment, one), "收到公积金直付委托")
    user = await crowd.open(LOGIN, "/?open=firm_inbox&unread=unread")
    await user.should_see("第 1 / 1 页", retries=WAIT)
    await user.should_see(marker="inbox-count", retries=WAIT)
    line = next(row for row in rows(user, "grid") if row["state"] == "已推送企业")
    assert line["read"] == "未读"
    pick(user, "grid", line["id"])
    key(user, "f8")
    await user.should_see("已确认收到 1 条", retries=WAIT)
    assert firm.mandates.row(Entrustment, one).state is EntrustState.ACKED
    assert line["id"] not in {row["id"] for row in rows(user, "grid")}

    again = await crowd.open(LOGIN, "/?open=firm_inbox")
    await again.should_see("第 1 / 1 页", retries=WAIT)
    enter(again, "grid", line["id"])
    await again.should_see(marker="时间线", retries=WAIT)
    assert "确认收到委托书" in {row["what"] for row in rows(again, "时间线")}
    await again.should_not_see("重新发送")


async def test_a_message_on_the_home_opens_its_mandate(crowd: Crowd, firm: Firm) -> None:
    one = firm.mandate()
    tell(firm, firm.mandates.row(Entrustment, one), "工作台上的委托消息")
    user = await crowd.open(LOGIN, "/?open=home")
    await see_home(user)
    line = next(entry for entry in home_lines(user, "消息") if entry.label == "工作台上的委托消息")
    await open_figure(user, line.figure.key)
    await user.should_see(marker="时间线", retries=WAIT)


async def test_a_message_that_no_page_is_left_for_stays_unread(crowd: Crowd, firm: Firm) -> None:
    subject = "打不开的委托消息"
    tell(firm, firm.mandates.row(Entrustment, firm.mandate()), subject)
    user = await crowd.open(LOGIN, "/?open=firm_bills")
    client = page_of(user)
    workspace = client.request.scope["state"]["workspace"]
    with client:
        for key in list(workspace.modules)[:MOST_TABS]:
            if len(workspace.places) < MOST_TABS:
                await workspace.open(key)
    assert len(workspace.places) == MOST_TABS
    line = next(one for one in firm.world.door.ask(my_notices, firm.world.caller(LOGIN), 30) if one.subject == subject)
    user.find(marker="bell").click()
    await user.should_see(marker=f"bell-{line.id}", retries=WAIT)
    press(user, f"bell-{line.id}")
    await user.should_see(f"最多同时打开{MOST_TABS}个页面", retries=WAIT)
    told = firm.world.door.ask(my_notices, firm.world.caller(LOGIN), 30)
    assert not next(one for one in told if one.id == line.id).read


@pytest.mark.row(18)
async def test_a_bill_is_proposed_with_its_rent_and_sent(crowd: Crowd, firm: Firm) -> None:
    one = firm.mandate()
    row = firm.mandates.row(Entrustment, one)
    user = await at_mandate(crowd, firm, one)
    assert value(user, "rent_fee") == f"{row.monthly_rent.normalize():f}"
    assert value(user, "bill_no").startswith(f"{row.entrust_no}-")
    key(user, "f8")
    await user.should_see("报送这笔账单？送达公积金中心后不能修改或撤销。", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已接收（核验通过）", retries=WAIT)
    (bill,) = bills_of(firm, one)
    assert (bill.state, bill.rent_fee, bill.total_amount) == (BillState.CHECKED, row.monthly_rent, row.monthly_rent)


@pytest.mark.row(18)
async def test_the_rent_follows_the_period_somebody_types(crowd: Crowd, firm: Firm) -> None:
    one = firm.mandate()
    row = firm.mandates.row(Entrustment, one)
    user = await at_mandate(crowd, firm, one)
    start = value(user, "period_start")
    put_instead(user, "period_end", start[:8] + "10")
    user.find(marker="field-period_end").trigger("blur")
    assert await until(lambda: value(user, "rent_fee") not in ("", f"{row.monthly_rent.normalize():f}"))
    key(user, "f8")
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已接收（核验通过）", retries=WAIT)


@pytest.mark.row(18)
async def test_what_is_wrong_with_a_bill_stands_beside_its_field(crowd: Crowd, firm: Firm) -> None:
    one = firm.mandate()
    user = await at_mandate(crowd, firm, one)
    put_instead(user, "rent_fee", "999999")
    key(user, "f8")
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("账单未接收：账单金额与备案租金不符", retries=WAIT)
    (bill,) = bills_of(firm, one)
    assert bill.state is BillState.REFUSED


@pytest.mark.row(18)
async def test_a_bill_is_taken_back_before_it_is_sent(crowd: Crowd, firm: Firm) -> None:
    one = firm.mandate()
    row_id = firm.mandates.bill(one, state=BillState.CHECKED, sent_at=None)
    number = firm.mandates.row(RentBill, row_id).bill_no
    user = await crowd.open(LOGIN, f"/?open=firm_bills&number={number}")
    await user.should_see("共 1 条", retries=WAIT)
    await user.should_see("核验通过 1")
    pick(user, "grid", row_id)
    key(user, "f9")
    await user.should_see("撤销这笔账单？撤销后该账期可以重新报送。", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see(f"账单 {number} 已撤销", retries=WAIT)
    assert firm.mandates.row(RentBill, row_id).state is BillState.CANCELLED


@pytest.mark.row(18)
async def test_a_workbook_is_answered_row_by_row(crowd: Crowd, firm: Firm) -> None:
    one = firm.mandate()
    row = firm.mandates.row(Entrustment, one)
    number, rent = row.entrust_no, float(row.monthly_rent)
    start = f"{row.draw_from}-01"
    lines = [
        ("GZ-1", number, start, start[:8] + "20", 1, 0, 0, 1, "房租"),
        ("GZ-2", number, start, start[:8] + "20", rent, 0, 0, rent, "房租"),
        ("GZ-3", number, "不是日期", start[:8] + "20", rent, 0, 0, rent, "房租"),
    ]
    user = await crowd.open(LOGIN, "/?open=firm_bills")
    await user.should_see("共 ", retries=WAIT)
    await upload(user, xlsx((HEADS, *lines)))
    await user.should_see("上传结果：3 行，接收 1 笔，未接收 2 笔", retries=WAIT)
    told = {line["bill_no"]: line for line in rows(user, "上传结果")}
    assert "G07" in told["GZ-2"]["reasons"]
    assert told["GZ-3"]["reasons"].startswith("账期起：")
    assert [bill.bill_no for bill in bills_of(firm, one) if bill.state is BillState.CHECKED] == ["GZ-1"]


@pytest.mark.row(18)
async def test_a_file_that_is_no_workbook_is_told_with_what_to_do(crowd: Crowd, firm: Firm) -> None:
    user = await crowd.open(LOGIN, "/?open=firm_bills")
    await user.should_see("共 ", retries=WAIT)
    await upload(user, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    await user.should_see("工作簿未接收", retries=WAIT)
    await user.should_see("请用Excel或WPS另存为")


async def upload(user: User, content: bytes) -> None:
    element = user.find(web.upload).elements.pop()
    with page_of(user):
        await element.handle_uploads([SmallFileUpload(name="账单.xlsx", content_type="", _data=content)])


@pytest.mark.row(21)
async def test_an_end_is_asked_for_with_the_firms_key(crowd: Crowd, firm: Firm) -> None:
    one = firm.mandate()
    number = firm.mandates.row(Entrustment, one).entrust_no
    today = firm.world.door.clock.today()
    user = await crowd.open(LOGIN, f"/?open=firm_terminations&entrust_no={number}")
    await user.should_see("申请终止直付", retries=WAIT)
    choose(user, "reason", str(TermReason.ARREARS))
    put(user, "reason_on", (today - timedelta(days=3)).isoformat())
    choose(user, "effective_month", f"{today:%Y-%m}")
    key(user, "f8")
    await user.should_see("提交终止申请？送公积金中心审核后不能撤回。", retries=WAIT)
    await user.should_see(KEY)
    press(user, "dialog-yes")
    await user.should_see("已提交，等待公积金中心审核", retries=WAIT)
    row = firm.world.read(
        lambda work: work.session.exec(select(PaymentTermination).where(PaymentTermination.entrustment_id == one)).one()
    )
    assert (row.state, row.reason) == (TermState.CHECKED, TermReason.ARREARS)


@pytest.mark.row(21)
async def test_an_end_the_lease_speaks_against_is_refused_with_what_to_do(crowd: Crowd, firm: Firm) -> None:
    one = firm.mandate()
    number = firm.mandates.row(Entrustment, one).entrust_no
    user = await crowd.open(LOGIN, f"/?open=firm_terminations&entrust_no={number}")
    await user.should_see("申请终止直付", retries=WAIT)
    choose(user, "reason", str(TermReason.MOVE_OUT))
    choose(user, "effective_month", f"{firm.world.door.clock.today():%Y-%m}")
    key(user, "f8")
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("请先办理备案注销，再申请终止直付", retries=WAIT)


@pytest.mark.row(21)
async def test_another_firms_mandate_is_not_found(crowd: Crowd, firm: Firm) -> None:
    foreign = firm.mandates.row(Entrustment, firm.mandates.mandate("310104")).entrust_no
    user = await crowd.open(LOGIN, f"/?open=firm_terminations&entrust_no={foreign}")
    await user.should_see("申请终止直付", retries=WAIT)
    choose(user, "reason", str(TermReason.MOVE_OUT))
    choose(user, "effective_month", f"{firm.world.door.clock.today():%Y-%m}")
    key(user, "f8")
    await user.should_see("没有查到本企业的这份委托", retries=WAIT)


async def test_staff_have_no_firms_pages_and_firms_no_staffs(crowd: Crowd, firm: Firm) -> None:
    clerk = await crowd.open("shi01", "/?open=firm_bills")
    await clerk.should_see("没有这个功能，或您的岗位不能使用", retries=WAIT)
    user = await crowd.open(LOGIN, "/?open=direct_pay_progress")
    await user.should_see("没有这个功能，或您的岗位不能使用", retries=WAIT)


async def test_the_template_is_downloaded(crowd: Crowd, firm: Firm) -> None:
    firm.mandate()
    user = await crowd.open(LOGIN, "/?open=firm_bills")
    await user.should_see("共 ", retries=WAIT)
    user.find("下载预填模板").click()
    await user.should_see("模板已下载", retries=WAIT)
