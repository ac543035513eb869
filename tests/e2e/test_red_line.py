"""A red line drawn with the mouse beside its neighbour, corrected by keyboard, and filled in where the browser has no map (row 80)."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import Server
from tests.pictures.people import Person, signed_in

pytestmark = pytest.mark.row(80)
MAKER, PROJECT, NEIGHBOUR = "binjiang01", "望江", "雅苑"
_MAP = ".sf-outline-map"
#: East and north of the neighbour's land, where the map is put.
_PLACE = [653_100, 3_454_880]
_CORNERS = """(name) => { const el = document.querySelector(".sf-outline-map"), map = el.outline, box = el.getBoundingClientRect();
  const one = map.around.getFeatures().find((f) => (f.get("name") ?? "").includes(name));
  return one && one.getGeometry().getCoordinates()[0].slice(0, 2).map((p) => { const q = map.map.getPixelFromCoordinate(p);
    return [q[0] + box.left, q[1] + box.top, p[0], p[1]]; }); }"""


def begun(me: Person) -> Page:
    """A new draft of the project."""
    me.open("list-red_line", "新增")
    me.press("F2")
    box = me.page.locator(".sf-dialog").get_by_role("combobox").first
    box.fill(PROJECT)
    me.page.get_by_role("option").first.wait_for()
    box.press("Enter")
    me.page.locator(".sf-dialog").get_by_role("button", name="新增").click()
    me.page.locator(".sf-outline-table").wait_for()
    return me.page


def said(page: Page) -> Any:
    return expect(page.locator(".sf-outline-said"))


@pytest.mark.night
def test_corners_snap_to_the_neighbour_and_keys_do_the_rest(browser: Browser, live_server: Server) -> None:
    with signed_in(browser, live_server.url, MAKER) as me:
        hosts = set()
        me.page.on("request", lambda asked: hosts.add(asked.url.split("/")[2]))
        page = begun(me)
        page.wait_for_function("document.querySelector('.sf-outline-map')?.outline")
        page.locator(_MAP).scroll_into_view_if_needed()
        # From here on no late answer moves the map.
        page.get_by_role("button", name="绘制地块").click()
        page.evaluate(
            "(place) => { const view = document.querySelector('.sf-outline-map').outline.map.getView();"
            " view.setCenter(place); view.setResolution(1); }",
            _PLACE,
        )
        page.wait_for_function(_CORNERS, arg=NEIGHBOUR)
        first, second = page.evaluate(_CORNERS, NEIGHBOUR)
        path = [(first[0] + 5, first[1] - 4), (second[0] - 4, second[1] + 5), (second[0], second[1] + 70)]
        for x, y in path:
            page.mouse.move(x, y, steps=4)
            page.mouse.click(x, y)
            # Two clicks within a quarter of a second would end the drawing.
            page.wait_for_timeout(300)
        page.mouse.dblclick(first[0], first[1] + 70)
        said(page).to_contain_text("4个界址点")
        shape = page.evaluate("document.querySelector('.sf-outline-map').outline.shape()")
        corners = [[round(one[2], 3), round(one[3], 3)] for one in (first, second)]
        assert [place for place in shape[0][0] if place in corners] == corners

        cut = page.get_by_role("button", name="分割", exact=True)
        cut.click()
        page.mouse.click(first[0] + 8, first[1] - 30)
        page.wait_for_timeout(300)
        page.mouse.dblclick(first[0] + 8, first[1] + 110)
        said(page).to_contain_text("已分割为2块")
        expect(cut).to_have_attribute("aria-pressed", "false")
        page.get_by_role("button", name="合并相邻块").click()
        said(page).to_contain_text("已合并为1块")
        page.get_by_role("button", name="撤销").click()
        page.get_by_role("button", name="撤销").click()
        said(page).to_contain_text("4个界址点")

        page.locator(".sf-outline-table input").first.focus()
        said(page).to_contain_text("选中外圈J1")
        me.press("Control+Insert")
        said(page).to_contain_text("选中外圈J2")
        expect(page.locator(".sf-outline-table tbody tr")).to_have_count(6)
        me.press("Control+z")
        expect(page.locator(".sf-outline-table tbody tr")).to_have_count(5)
        page.locator(".sf-outline-table input").first.fill("nan")
        me.press("Enter")
        said(page).to_contain_text("不是坐标")

        page.get_by_role("button", name="粘贴坐标").click()
        exchanged = ((653000, 3454100), (653100, 3454100), (653100, 3454000), (653000, 3454000))
        page.locator(".sf-dialog textarea").fill("\n".join(f"J{at} {e} {n}" for at, (e, n) in enumerate(exchanged, 1)))
        page.locator(".sf-dialog").get_by_role("button").last.click()
        page.get_by_role("button", name="全部修复并载入").focus()
        me.press("Enter")
        said(page).to_contain_text("面积10,000.00平方米")
        expect(page.locator(".sf-outline-scroll")).to_be_focused()
        assert hosts == {live_server.url.split("/")[2]}


def test_the_keyboard_alone_draws_measures_and_splits(browser: Browser, live_server: Server) -> None:
    with signed_in(browser, live_server.url, MAKER) as me:
        page = begun(me)
        page.wait_for_function("document.querySelector('.sf-outline-map')?.outline")

        def use(tool: str, *keys: str) -> None:
            page.get_by_role("button", name=tool, exact=True).focus()
            for key in ("Enter", *keys):
                page.keyboard.press(key)

        use("绘制地块")
        expect(page.locator(_MAP)).to_be_focused()
        page.evaluate(
            "() => { const view = document.querySelector('.sf-outline-map').outline.map.getView();"
            " view.setCenter([653000, 3454000]); view.setResolution(1); }"
        )
        # A step of the cross is twenty pixels, here metres; with Shift it is one.
        east, south, west, north = ([key] * 5 for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"))
        for key in (" ", *east, " ", *south, " ", "Shift+ArrowLeft", " ", "Backspace", *west, "Shift+ArrowRight", " "):
            page.keyboard.press(key)
        said(page).to_contain_text("第4点：X（北）3453900.000，Y（东）653000.000，到上一点100.00米")
        page.keyboard.press("Enter")
        said(page).to_contain_text("面积10,000.00平方米，4个界址点")
        use("测量", " ", *north, " ", *east, " ", "Enter")
        said(page).to_have_text("长200.00米，3点围成5,000.00平方米")

        use("按点号分割")
        dialog = page.locator(".sf-dialog")
        # Where it begins is proposed; the cursor stands where something is missing.
        expect(dialog.get_by_role("textbox", name="到点号")).to_be_focused()
        page.keyboard.type("J3")
        # The first Enter goes on to the button, the second presses it.
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("button", name="分割")).to_be_focused()
        page.keyboard.press("Enter")
        said(page).to_contain_text("已分割为2块")
        expect(page.get_by_role("button", name="按点号分割")).to_be_focused()
        use("撤销")
        said(page).to_contain_text("面积10,000.00平方米，4个界址点")


@pytest.mark.night
def test_where_the_browser_shows_no_map_the_table_remains_and_says_why(browser: Browser, live_server: Server) -> None:
    with signed_in(browser, live_server.url, MAKER) as me:
        me.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        page = begun(me)
        expect(page.locator(".sf-outline-absent")).to_contain_text("浏览器没有画布功能")
        expect(page.locator(_MAP)).to_be_hidden()
        page.get_by_role("button", name="逐点输入").click()
        for place, text in enumerate(("3454100", "653000", "3454100", "653100", "3454000", "653100")):
            page.locator(".sf-outline-table input").nth(place).fill(text)
            page.locator(".sf-outline-table input").nth(place).press("Tab")
        said(page).to_contain_text("面积5,000.00平方米")
        expect(page.locator(".sf-outline-area")).to_contain_text("面积5,000.00平方米")
