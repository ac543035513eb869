"""The grid of a list in a browser: the mouse, copied rows, what is marked in it, and reasons on a telephone (rows 67, 68, 75)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pictures.people import PHONE
from tests.units_page import serving


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


@pytest.fixture
def rows(page: Page, address: str) -> Locator:
    page.goto(f"{address}/lines")
    page.wait_for_function("window.did_handshake === true")
    found = page.locator(".sf-child tbody tr")
    expect(found).to_have_count(1)
    return found


@pytest.mark.row(67)
def test_a_press_of_the_mouse_reaches_its_button_though_a_hint_goes_with_the_keyboard(
    page: Page, rows: Locator
) -> None:
    page.get_by_label("证书编号").focus()
    hint = page.locator(".sf-asks").first
    expect(hint).to_be_visible()
    place = page.get_by_role("button", name="添加一行").bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 8, place["y"] + 4)
    page.mouse.down()
    page.wait_for_timeout(150)
    page.mouse.up()
    expect(rows).to_have_count(2)
    expect(hint).to_be_hidden()


@pytest.mark.row(68)
def test_a_copied_row_counts_on_in_its_number_and_its_name(page: Page, rows: Locator) -> None:
    for _ in range(2):
        page.get_by_role("button", name="复制").click()
    cells = [[row.locator("td").nth(at).inner_text() for at in (1, 2)] for row in rows.all()[:2]]
    assert cells == [["1#", "1号住宅楼"], ["2#", "2号住宅楼"]]
    expect(rows).to_have_count(3)
    assert rows.nth(2).locator("td").nth(2).inner_text() == "3号住宅楼"


@pytest.mark.row(68)
def test_a_hint_is_marked_otherwise_than_a_fault(page: Page, rows: Locator) -> None:
    page.locator("#mark").click()
    fault, hint = rows.locator("td[title='编号重复']"), rows.locator("td[title='面积合计不一致']")
    expect(fault).to_have_class("sf-cell-wrong")
    expect(hint).to_have_class("sf-right sf-cell-hint")
    ground = "getComputedStyle(arguments[0]).backgroundColor"
    colours = [one.evaluate(f"(cell) => {ground.replace('arguments[0]', 'cell')}") for one in (fault, hint)]
    assert colours[0] != colours[1]


@pytest.mark.row(68)
def test_what_is_picked_from_the_options_of_a_cell_stays_in_its_row(page: Page, rows: Locator) -> None:
    rows.locator("td[data-label='工程类别']").click()
    page.keyboard.type("住宅")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.keyboard.press("Tab")
    expect(rows.locator("td[data-label='工程类别']")).to_contain_text("住宅")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)


@pytest.mark.row(75)
def test_reasons_stand_below_each_other_on_a_telephone(page: Page, rows: Locator) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    link, why = page.locator(".sf-reasons .sf-link"), page.locator(".sf-reasons span").last
    above, below = link.bounding_box(), why.bounding_box()
    assert above is not None
    assert below is not None
    assert below["y"] >= above["y"] + above["height"]
    assert below["width"] > 200
