"""Rows 3 and 4 on a phone's screen and without a mouse: from the entry to the accepted case, small pages, no socket."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.files_made import png
from tests.pictures.citizens import HOME, sign_in
from tests.pictures.people import PHONE
from tests.services.tenancy.counter import LI, fixtures

_MOST_BYTES = 60_000


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"viewport": PHONE, "has_touch": False}


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until an element has the focus, as somebody without a mouse does."""
    target.wait_for()
    for _ in range(80):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not come there")


def follow(page: Page, role: Any, name: str) -> None:
    tab_to(page, page.get_by_role(role, name=name).first)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def fits(page: Page) -> None:
    """The page is no wider than the phone, and every field of it has a name for the reader."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    nameless = "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((one) => !one.labels.length)"
    assert page.evaluate(f"{nameless}.map((one) => one.name)") == []
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.evaluate("document.querySelectorAll('h1').length") >= 1
    # The font is for a browser that has none for Chinese; every other one leaves it where it is.
    loaded = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
    weight = page.evaluate(
        f"{loaded}.filter((one) => !one.name.endsWith('.woff2')).reduce((sum, one) => sum + one.decodedBodySize, 0)"
    )
    assert 1_000 < weight < _MOST_BYTES
    assert page.evaluate("document.scripts.length") == 0


@pytest.mark.row(3)
@pytest.mark.row(4)
def test_a_citizen_files_a_lease_on_a_phone_without_a_mouse(page: Page) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    flat = fixtures()[HOME]
    page.goto("/bl")
    fits(page)
    follow(page, "link", "新增备案")
    page.get_by_role("heading", name="统一身份认证").wait_for()
    sign_in(page, LI)
    page.get_by_role("heading", name="先核验房屋").wait_for()
    fits(page)
    write(page, "权属证明编号", flat.cert_no)
    write(page, "权利人（出租人）姓名或名称", flat.owners[0].name)
    write(page, "权利人证件号码", flat.owners[0].id_no)
    follow(page, "button", "核验")
    page.get_by_role("heading", name="核验通过").wait_for()
    fits(page)
    follow(page, "link", "填写申请")
    page.get_by_role("heading", name="当事人").wait_for()
    fits(page)
    follow(page, "button", "保存并继续")
    write(page, "房屋坐落", flat.line["address"])
    page.get_by_role("heading", name="租期租金").wait_for()
    fits(page)
    for label in ("合同签订日期", "起租日期"):
        page.get_by_label(label).fill(page.evaluate("new Date().toLocaleDateString('sv')"))
    year = page.evaluate("new Date(Date.now() + 360 * 864e5).toLocaleDateString('sv')")
    page.get_by_label("止租日期").fill(year)
    write(page, "月租金（元）", "5200")
    follow(page, "button", "保存并继续")
    page.get_by_role("heading", name="材料").wait_for()
    fits(page)
    paper = {"name": "合同.png", "mimeType": "image/png", "buffer": png(40, 30)}
    for material in ("住房权属证明", "租赁合同"):
        field = page.get_by_label(material, exact=True)
        tab_to(page, field)
        # The browser's own words are in its language; ours are shown until there is a file, whose name is the browser's.
        expect(field).to_have_css("color", "rgba(0, 0, 0, 0)")
        field.set_input_files(paper)  # type: ignore[arg-type]
        expect(field).not_to_have_css("color", "rgba(0, 0, 0, 0)")
        follow(page, "button", f"上传{material}")
        page.locator("fieldset", has=page.get_by_role("button", name=f"上传{material}")).get_by_text(
            "已上传"
        ).wait_for()
    follow(page, "link", "下一步")
    page.get_by_role("heading", name="核对提交").wait_for()
    fits(page)
    tab_to(page, page.get_by_label("以上内容和材料真实有效"))
    page.keyboard.press("Space")
    follow(page, "button", "提交申请")
    page.get_by_text("办件编号：").wait_for()
    fits(page)
    assert sockets == []
