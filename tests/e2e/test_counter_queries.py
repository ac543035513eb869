"""Find, print, cancel, and the scan that then says so; the negative certificate; all of it without the mouse."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from models.identity import check_id_number
from models.own_data import DATA
from tests.files_made import pdf
from tests.printing.reading import rastered, text_of

# A headless browser breaks down when it is to print a PDF: what is printed is noted instead.
WATCH = """
    window.__mouse = 0;
    addEventListener('mousedown', () => window.__mouse++, true);
    window.print = () => window.top.__printed = location.pathname;
"""
PAPER = re.compile(r"/papers/[0-9a-f-]{36}\.pdf$")


@dataclass(frozen=True)
class Lease:
    """A lease of the demo's legacy data that runs for years, and its people."""

    contract_no: str
    landlord: str
    tenants: tuple[str, ...]


def leases() -> Iterator[Lease]:
    """Whole flats of one landlord that stay filed, the longest first."""
    with (DATA / "contracts_2000.csv").open(encoding="utf-8-sig", newline="") as source:
        lines = list(csv.DictReader(source))
    for line in sorted(lines, key=lambda one: one["end_date"], reverse=True):
        sound = line["expected_verdict"] == "pass" and not line["cancel_date"] and line["start_date"] < "2026-06-01"
        if sound and check_id_number(line["lessor_id"]).ok:
            tenants = tuple(one.split("/")[1] for one in line["lessees"].split(";"))
            yield Lease(line["contract_no"], line["lessor_id"], tenants)


@pytest.fixture(scope="module")
def some_leases() -> Iterator[Lease]:
    return leases()


@pytest.fixture
def lease(some_leases: Iterator[Lease]) -> Lease:
    """One no other test has touched."""
    return next(some_leases)


def sign_in(page: Page, login: str, address: str) -> None:
    page.add_init_script(WATCH)
    page.route(PAPER, lambda route: route.fulfill(content_type="text/html", body="<p>paper</p>"))
    page.goto("/login")
    page.locator(f"button[value={login}]").press("Enter")
    page.wait_for_url("**/")
    page.goto(address)
    page.wait_for_function("window.did_handshake === true")


def field(page: Page, label: str) -> Any:
    return page.get_by_label(label, exact=True).first


def type_into(page: Page, label: str, text: str) -> None:
    box = field(page, label)
    box.focus()
    box.fill("")
    page.keyboard.type(text)


def choose(page: Page, label: str, keys: str) -> None:
    """Choose by typing and Enter."""
    field(page, label).focus()
    page.keyboard.type(keys)
    page.keyboard.press("Enter")


def printed(page: Page, keys: str) -> bytes:
    """The paper a key sends to the print dialog."""
    page.evaluate("window.__printed = ''")
    page.keyboard.press(keys)
    page.wait_for_function("window.__printed")
    return page.request.get(page.evaluate("window.__printed")).body()


def scanned(pdf: bytes) -> str:
    """Where the paper's code leads."""
    (code,) = zxingcpp.read_barcodes(rastered(pdf, 1, 300))
    return str(code.text)


@pytest.mark.row(8)
@pytest.mark.row(9)
def test_a_lease_is_found_printed_and_cancelled_and_its_scan_says_so(page: Page, lease: Lease) -> None:
    sign_in(page, "pudong01", "/?open=contract_find")
    type_into(page, "编号", lease.contract_no)
    page.keyboard.press("Enter")
    page.keyboard.type(lease.tenants[0])
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"合同 {lease.contract_no}").first).to_be_visible()
    choose(page, "用途", "2")
    sheet = printed(page, "Control+p")
    address = scanned(sheet)
    assert lease.tenants[0] not in text_of(sheet)

    public = page.context.new_page()
    public.goto(address)
    expect(public.locator("body")).to_contain_text("有效")
    expect(public.locator("body")).not_to_contain_text("已注销")

    page.keyboard.press("F9")
    expect(field(page, "申请方式")).to_be_visible()
    for number in (lease.landlord, *lease.tenants):
        expect(field(page, "读取证件")).to_be_focused()
        page.keyboard.press("F4")
        expect(page.locator(".sf-dialog").get_by_label("证件号码")).to_be_focused()
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        expect(page.locator(".sf-dialog")).to_have_count(0)
        expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("到场")
    expect(field(page, "申请方式")).to_be_focused()
    type_into(page, "解约协议", "协2026-018")
    page.keyboard.press("F8")
    expect(page.get_by_text("注销后备案立即失效")).to_be_visible()
    expect(page.get_by_label("确认内容")).to_be_focused()
    page.keyboard.type("注销")
    notice = printed(page, "Enter")
    assert "备案注销通知书" in text_of(notice)
    expect(page.get_by_text("合同与备案已同时注销")).to_be_visible()
    expect(page.get_by_role("button", name="打印注销通知书")).to_be_focused()
    expect(field(page, "读取证件")).to_be_hidden()
    assert page.evaluate("window.__mouse") == 0

    public.goto(address)
    expect(public.locator("body")).to_contain_text("已注销")


@pytest.mark.row(10)
@pytest.mark.night
def test_rows_are_picked_with_the_space_bar_and_printed(page: Page, lease: Lease) -> None:
    sign_in(page, "huamu01", "/?open=filing_query")
    type_into(page, "证件号码", lease.landlord)
    page.keyboard.press("F3")
    expect(page.get_by_text(re.compile("查到 \\d+ 条备案"))).to_be_visible()
    # The first row takes the keyboard a moment after the words.
    page.wait_for_function("document.activeElement.closest('tr, table, [role=grid]') !== null")
    page.keyboard.press("Space")
    expect(page.get_by_text("已选 1 条")).to_be_visible()
    result = printed(page, "Control+p")
    assert "租赁备案信息查询结果" in text_of(result)
    assert lease.landlord not in text_of(result)
    assert page.evaluate("window.__mouse") == 0


@pytest.mark.row(10)
@pytest.mark.night
def test_an_owner_without_a_filing_takes_the_negative_certificate_home(page: Page) -> None:
    sign_in(page, "huamu01", "/?open=filing_query")
    type_into(page, "证件号码", "310151196001010063")
    type_into(page, "权属证明编号", "沪（2022）崇字不动产权第006789号")
    page.keyboard.press("F3")
    expect(page.get_by_text("未查询到有效备案信息").first).to_be_visible()
    certificate = printed(page, "Control+p")
    assert "未查询到有效备案信息" in text_of(certificate)
    page.goto(scanned(certificate))
    expect(page.locator("body")).to_contain_text("有效")


@pytest.mark.night
def test_no_page_of_this_area_mounts_more_than_it_may_or_overflows_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "pudong01", "/")
    for key in ("home", "contract_find", "cancel_lease", "filing_query", "checks", "cancel_applies", "filings"):
        page.goto(f"/?open={key}")
        page.wait_for_function("window.did_handshake === true")
        expect(page.locator(".sf-panel").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, key


@pytest.mark.night
def test_a_scan_is_taken_with_its_digest_and_what_is_none_is_refused(page: Page, lease: Lease) -> None:
    sign_in(page, "pudong01", "/?open=cancel_lease")
    type_into(page, "编号", lease.contract_no)
    page.keyboard.press("Enter")
    page.keyboard.type(lease.landlord)
    page.keyboard.press("Enter")
    expect(field(page, "申请方式")).to_be_visible()
    # The page puts the keyboard into the card's field when it is ready; a key before that would go there.
    expect(field(page, "读取证件")).to_be_focused()
    button = page.get_by_role("button", name="上传扫描件")
    for content, words in (
        (b"not a scan", "只接受PDF、JPG、PNG格式的文件"),
        (pdf(), "已收：协议.pdf（SM3 "),
    ):
        with page.expect_file_chooser() as chooser:
            button.press("Enter")
        chooser.value.set_files({"name": "协议.pdf", "mimeType": "application/pdf", "buffer": content})
        expect(page.get_by_text(words).first).to_be_visible()


@pytest.mark.night
def test_a_phone_shows_two_filters_and_the_lines_and_the_rest_on_demand(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "huamu01", "/?open=filings")
    expect(field(page, "备案编号")).to_be_visible()
    expect(field(page, "坐落")).to_be_hidden()
    more = page.get_by_role("button", name="更多条件")
    more.click()
    expect(field(page, "坐落")).to_be_visible()
    more.click()
    expect(field(page, "坐落")).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})
    # A wide page shows it at once, and keeps behind the button what figures of a home open by.
    expect(field(page, "坐落")).to_be_visible()
    street = field(page, "街镇")
    expect(street).to_be_hidden()
    more.click()
    expect(street).to_be_visible()
