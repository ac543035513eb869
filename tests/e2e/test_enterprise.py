"""A rental firm's morning, all of it without the mouse: inbox, a bill with its rent, a workbook, an end; then the city looks."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.pictures.people import PATIENCE

WATCH = "window.__mouse = 0; addEventListener('mousedown', () => window.__mouse++, true);"


def sign_in(page: Page, login: str, module: str) -> None:
    page.add_init_script(WATCH)
    page.goto("/login")
    page.locator(f"button[value={login}]").press("Enter")
    page.wait_for_url("**/")
    page.goto(f"/?open={module}")
    page.wait_for_function("window.did_handshake === true")
    expect(page.get_by_text("共 ").first).to_be_visible()


def go(page: Page, module: str) -> None:
    page.goto(f"/?open={module}")
    page.wait_for_function("window.did_handshake === true")
    expect(page.get_by_text("共 ").first).to_be_visible()


def row(page: Page, words: str) -> Any:
    return page.locator("tbody tr").filter(has_text=words).first


def said(page: Page, words: str) -> None:
    expect(page.locator(".sf-message")).to_contain_text(words)


def agree(page: Page, button: str) -> None:
    """Press the button of the dialog by the keyboard."""
    dialog = page.locator(".sf-dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=button, exact=True).press("Enter")


def field(page: Page, label: str) -> Any:
    return page.get_by_label(label, exact=True).first


def pick(page: Page, words: str) -> None:
    """Take a row into hand by the space key."""
    row(page, words).press(" ")


@pytest.mark.row(17)
@pytest.mark.row(18)
@pytest.mark.row(23)
def test_a_firm_reads_bills_and_the_city_follows(page: Page) -> None:
    sign_in(page, "huyu01", "firm_inbox")
    unread = page.locator("[aria-label='收件箱'] tbody tr").first
    unread.press("Enter")
    expect(page.get_by_text("时间线（").first).to_be_visible()

    go(page, "firm_mandates&state=RUNNING")
    first = page.locator("tbody tr").first
    number = first.locator("td").first.inner_text()
    first.press(" ")
    expect(field(page, "账单编号")).to_have_value(f"{number}-{_month(page)}")
    assert field(page, "租金").input_value()
    bill = field(page, "账单编号").input_value()
    page.keyboard.press("F8")
    agree(page, "报送")
    said(page, f"账单 {bill} 已接收")

    go(page, f"firm_bills&number={bill}")
    expect(row(page, bill)).to_be_visible()
    # The worker hands it to the fund, which is a simulator here, after whatever else it has to do since its start; the
    # page is asked again until it says so.
    for _ in range(PATIENCE // 500):
        page.keyboard.press("F3")
        with suppress(AssertionError):
            expect(row(page, bill)).not_to_contain_text("核验通过", timeout=500)
            break
    expect(row(page, bill)).not_to_contain_text("核验通过", timeout=500)
    assert page.evaluate("window.__mouse") == 0

    city = page.context.browser.new_context(base_url=str(page.url).split("/?")[0]).new_page()  # type: ignore[union-attr]
    sign_in(city, "shi01", f"direct_pay_progress&number={bill}")
    expect(row(city, number)).to_be_visible()
    row(city, number).press("Enter")
    expect(city.get_by_text("账单已送公积金中心").first).to_be_visible()
    go(city, f"exchange_log&direction=OUT&business_key={number}:{bill}")
    row(city, "企业账单对接").press("Enter")
    expect(city.get_by_text("请求规范串").first).to_be_visible()
    expect(city.get_by_text("应答签名").first).to_be_visible()
    assert city.evaluate("window.__mouse") == 0
    city.context.close()


def _month(page: Page) -> str:
    return str(field(page, "账期起").input_value())[:7].replace("-", "")


@pytest.mark.row(18)
@pytest.mark.night
def test_a_prefilled_workbook_is_downloaded_filled_in_and_sent_back(page: Page, tmp_path: Path) -> None:
    sign_in(page, "huyu01", "firm_bills")
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载预填模板").press("Enter")
    book = openpyxl.load_workbook(BytesIO(Path(coming.value.path()).read_bytes()))
    sheet = book.worksheets[0]
    assert sheet.max_row >= 2
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, 1).value = f"MB-{line}"
    sheet.cell(sheet.max_row + 1, 1).value = "MB-BAD"
    filled = tmp_path / "账单.xlsx"
    book.save(filled)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="上传账单工作簿").press("Enter")
    chooser.value.set_files(filled)
    said(page, "未接收 1 笔")
    bad = row(page, "MB-BAD")
    expect(bad).to_contain_text("未接收")
    expect(bad).to_contain_text("委托书编号：请填写")
    expect(row(page, "MB-2")).to_be_visible()
    assert page.evaluate("window.__mouse") == 0


@pytest.mark.row(21)
@pytest.mark.night
def test_an_end_is_asked_for_and_refused_while_the_lease_runs(page: Page) -> None:
    sign_in(page, "huyu01", "firm_mandates&state=RUNNING")
    number = page.locator("tbody tr").first.locator("td").first.inner_text()
    pick(page, number)
    expect(page.get_by_text("开具账单：").first).to_be_visible()
    page.keyboard.press("F9")
    expect(field(page, "委托书编号")).to_have_value(number)
    field(page, "原因").focus()
    page.keyboard.type("承租人退租")
    page.keyboard.press("Enter")
    field(page, "停止提取月").focus()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.keyboard.press("F8")
    agree(page, "用密钥确认提交")
    said(page, "请先办理备案注销，再申请终止直付")
    assert page.evaluate("window.__mouse") == 0
