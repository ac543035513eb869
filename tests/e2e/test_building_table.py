"""The building table in a browser: by key alone, with its legend, and what a reader of the screen is told (rows 70, 76, 82)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.units_page import serving

pytestmark = pytest.mark.row(70)
#: 18 storeys with 3A, 12A and 12B, a duplex at the top, shops on the ground, parking below.
ODD = "310115006006GB00006F0001"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


def drawn(page: Page, address: str, *, ticks: bool = False) -> Locator:
    page.goto(f"{address}/?building={ODD}&ticks={str(ticks).lower()}")
    page.wait_for_function("window.did_handshake === true")
    page.locator("#draw").click()
    grid = page.get_by_role("grid", name="楼盘表")
    expect(grid).to_be_visible()
    return grid


def at(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.querySelector('b')?.textContent || document.activeElement.textContent")
    )


def test_keys_lead_through_storeys_sections_and_a_duplex(page: Page, address: str) -> None:
    grid = drawn(page, address)
    # One stop of the tab key for the whole table: the unit at its upper left.
    assert grid.locator("td[tabindex='0']").count() == 1
    grid.locator("td[tabindex='0']").focus()
    page.keyboard.press("Control+Home")
    assert at(page) == "1701"
    # The duplex reaches over the two upper storeys, so right of it is the lower or upper neighbour, and below it 1601.
    page.keyboard.press("ArrowDown")
    assert at(page) == "1601"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert at(page) == "1601"
    page.keyboard.press("End")
    assert at(page) == "1602"
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert at(page) == "12A02"
    page.keyboard.press("Control+End")
    assert at(page).startswith("车位")
    page.keyboard.press("PageUp")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("picked")
    expect(page.locator("td[aria-current='true']")).to_be_focused()


def test_a_reader_is_told_room_colour_use_and_area(page: Page, address: str) -> None:
    grid = drawn(page, address)
    cell = grid.get_by_role("gridcell", name="3A01 可售 住宅", exact=False).first
    cell.click()
    expect(cell).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("status")).to_contain_text("当前：3A01 可售 住宅 2室2厅 111.47㎡")
    expect(grid.get_by_role("rowheader", name="12A层", exact=True)).to_be_visible()
    assert grid.locator("td[role=gridcell] i").all_inner_texts()[0] == "可"


def test_the_legend_counts_and_filters_and_keys_pass_over_what_is_faded(page: Page, address: str) -> None:
    grid = drawn(page, address)
    page.get_by_role("radio", name="销售属性").press("ArrowRight")
    expect(page.get_by_role("radio", name="用途")).to_be_focused()
    shops = page.get_by_role("button", name="商业，4户")
    shops.click()
    expect(shops).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#told")).to_contain_text("filtered 101 101 102 102")
    expect(page.get_by_role("status")).to_have_text("显示4户")
    grid.locator("td[tabindex='0']").focus()
    assert at(page) == "101"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    assert at(page) == "101"
    page.get_by_role("button", name="全部显示").click()
    expect(page.locator("#told")).to_contain_text("filtered all")
    # A filter from outside counts in the legend.
    page.locator("#keep").click()
    expect(page.get_by_role("button", name="商业，0户")).to_be_visible()


def test_units_are_ticked_by_key_by_block_by_storey_and_by_section(page: Page, address: str) -> None:
    grid = drawn(page, address, ticks=True)
    expect(grid).to_have_attribute("aria-multiselectable", "true")
    told = page.locator("#told")
    grid.get_by_role("gridcell", name="901 可售", exact=False).first.focus()
    page.keyboard.press(" ")
    expect(told).to_have_text(";ticked 901")
    page.keyboard.down("Shift")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.up("Shift")
    expect(told).to_contain_text("ticked 801 802 901 902")
    expect(page.get_by_role("status")).to_have_text("已勾选4户")
    page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_have_text("没有勾选")
    grid.get_by_role("rowheader", name="3A层", exact=True).click()
    expect(told).to_contain_text("ticked 3A01 3A01 3A02 3A02")
    page.get_by_role("columnheader", name="地下车库").click()
    expect(page.get_by_role("status")).to_have_text("已勾选10户")
    page.locator("td[aria-selected='true']").first.focus()
    page.keyboard.press("Control+a")
    expect(page.get_by_role("status")).to_have_text("已勾选77户")


def test_python_chooses_and_the_keyboard_goes_on_from_there(page: Page, address: str) -> None:
    grid = drawn(page, address)
    page.locator("#choose").click()
    expect(page.locator("td[aria-current='true']")).to_have_count(1)
    expect(page.locator("td[aria-current='true']")).to_be_in_viewport()
    assert grid.locator("td[tabindex='0']").get_attribute("aria-current") == "true"
