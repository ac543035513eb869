"""A whole filing by keyboard alone, and what must not be lost: a dead server, a sign-out, a second tab (row 6)."""

import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import LoadedDemo, free_port, running_server

WATCH = """
    addEventListener('mousedown', () => sessionStorage.setItem('mouse', 'used'), true);
    window.print = () => window.top.__printed = location.pathname;
"""
PAPER = re.compile(r"/papers/[0-9a-f-]{36}\.pdf$")
NUMBER = re.compile(r"^BA\d{19}$")
CHEN, LI = "310101199901010018", "310104199506150028"
#: What a filing with both cards read and everything else as usual may cost, its paper printed; with the five keys that lead
#: there from home at most 42.
MOST_KEYS = 37


class Hands:
    """Ten fingers and no mouse; counts what they press."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)


#: A page that looks late whether the next signer is drawn, as on a busy machine.
BUSY = """(() => {
    const plain = window.setTimeout;
    window.setTimeout = (task, after, ...more) => plain(task, after === 20 ? 1500 : after, ...more);
})()"""


def sit_down(page: Page, login: str = "huamu01", address: str = "/?open=intake") -> Hands:
    page.add_init_script(WATCH)
    page.route(PAPER, lambda route: route.fulfill(content_type="text/html", body="<p>paper</p>"))
    page.goto("/login")
    page.locator(f"button[value={login}]").press("Enter")
    page.wait_for_url("**/")
    look_at(page, address)
    return Hands(page)


def look_at(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function("window.did_handshake === true")


def step(page: Page, title: str) -> None:
    expect(page.locator(".sf-title")).to_contain_text(title)


def focus_is_on(page: Page, label: str) -> None:
    """Wait until the cursor stands in the field or on the button of that name."""
    page.wait_for_function(
        "(label) => { const at = document.activeElement;"
        " return (at.getAttribute('aria-label') || at.innerText || '').trim().startsWith(label); }",
        arg=label,
    )


def choose_house(hands: Hands, cert: str) -> None:
    """Go down the list of houses to the one with this certificate."""
    rows = hands.page.locator(".sf-rows").first.locator("tbody tr")
    expect(rows.first).to_be_focused()
    for _ in range(rows.count()):
        if cert in hands.page.locator("tbody tr:focus").inner_text():
            return
        hands.press("ArrowDown")
    raise AssertionError("the house is not in the list")


def read_cards_and_take_house(hands: Hands, cert: str) -> None:
    page = hands.page
    focus_is_on(page, "证件号码")
    hands.write("1")
    hands.press("Enter")
    choose_house(hands, cert)
    hands.press("Enter")
    step(page, "房屋与权属")
    focus_is_on(page, "下一步")


def message(page: Page) -> Any:
    return page.locator(".sf-message")


@pytest.mark.row(6)
def test_a_lease_is_filed_by_keyboard_alone(page: Page) -> None:
    page.add_init_script(BUSY)
    hands = sit_down(page)
    read_cards_and_take_house(hands, "012345号")
    expect(page.get_by_text("出租人陈晓明：与登记一致")).to_be_visible()
    hands.press("Enter")
    step(page, "当事人")
    focus_is_on(page, "姓名")
    hands.press("F4")
    focus_is_on(page, "证件号码")
    hands.write("2")
    hands.press("Enter")
    focus_is_on(page, "下一步")
    hands.press("Enter")
    step(page, "房间与居住人")
    focus_is_on(page, "出租方式")
    hands.press("PageDown")
    step(page, "租期")
    focus_is_on(page, "租金")
    hands.write("6500")
    hands.press("Enter")
    expect(page.get_by_text("陆仟伍佰元整").first).to_be_visible()
    hands.press("F8")
    step(page, "申请材料")
    expect(page.get_by_text("免提交").first).to_be_visible()
    focus_is_on(page, "下一步")
    hands.press("Enter")
    step(page, "核验")
    expect(message(page)).to_contain_text("核验通过")
    focus_is_on(page, "双方确认")
    hands.press("Enter")
    step(page, "双方确认")
    focus_is_on(page, "纸质签字页编号")
    # What is typed before the next signer is drawn waits for him.
    for sheet in ("QZ01", "QZ02"):
        hands.write(sheet)
        hands.press("F8")
    expect(page.locator(".sf-signers .sf-good").filter(has_text="已确认")).to_have_count(2)
    focus_is_on(page, "下一步")
    hands.press("Enter")
    step(page, "提交与结果")
    focus_is_on(page, "提交备案")
    hands.press("Enter")
    number = page.get_by_label("备案编号", exact=True)
    expect(number).to_have_text(NUMBER)
    focus_is_on(page, "打印")
    hands.press("Enter")
    page.wait_for_function("window.__printed")
    assert page.evaluate("sessionStorage.getItem('mouse')") is None
    assert hands.count <= MOST_KEYS


@pytest.mark.row(6)
@pytest.mark.night
def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(page: Page) -> None:
    hands = sit_down(page, address="/?open=filing_form")
    focus_is_on(page, "证明编号")
    hands.press("F8")
    expect(page.get_by_text("请填写权属证明编号").first).to_be_visible()
    hands.write("沪（2021）浦字不动产权第012345号")
    hands.press("Enter")
    expect(page.get_by_text("南泉路1201弄3号302室").first).to_be_visible()
    hands.press("PageDown")
    step(page, "当事人")
    said: list[tuple[str, int, str, str]] = [
        ("证件号码", 0, "３１０１０１１９９９０１０１００１３", "校验不通过"),
        ("证件号码", 0, CHEN, ""),
        ("联系电话", 0, "１３８０００００００１", ""),
        ("姓名", 0, "陈😀明", "无法打印"),
        ("姓名", 0, "陈\u0007明", "控制字符"),
        ("姓名", 0, "陈" * 101, "最多可填写100个字"),
        ("姓名", 0, "𠮷田", ""),
    ]
    for label, nth, text, sentence in said:
        box = page.get_by_label(label, exact=True).nth(nth)
        box.fill(text)
        box.press("Enter")
        wrong = box.locator("xpath=ancestor::div[contains(concat(' ', @class, ' '), ' sf-field ')]").locator(
            ".sf-wrong"
        )
        if sentence:
            expect(wrong).to_contain_text(sentence)
        else:
            expect(wrong).to_be_hidden()
        expect(box).to_have_value(text)
    for label, text in (("姓名", "李静"), ("证件号码", CHEN), ("联系电话", "13800000002")):
        page.get_by_label(label, exact=True).nth(1).fill(text)
    hands.press("F8")
    expect(page.get_by_text("出租人与承租人不能为同一人").first).to_be_visible()
    page.get_by_label("证件号码", exact=True).nth(1).fill(LI)
    hands.press("F8")
    step(page, "房间与居住人")
    hands.press("PageDown")
    step(page, "租期")
    rent = page.get_by_label("租金", exact=True)
    rent.fill("1" + "0" * 40)
    rent.press("Enter")
    expect(page.get_by_text("金额过大").first).to_be_visible()
    expect(rent).to_have_value("1" + "0" * 40)
    end = page.get_by_label("止租日期", exact=True)
    end.fill("2026-02-30")
    end.press("Enter")
    expect(page.get_by_text("没有2026年2月30日这一天").first).to_be_visible()
    end.fill("+6m")
    end.press("Enter")
    expect(end).not_to_have_value("+6m")


@pytest.mark.row(6)
@pytest.mark.night
def test_a_second_tab_is_told_and_keeps_its_text(page: Page, context: BrowserContext) -> None:
    hands = sit_down(page)
    read_cards_and_take_house(hands, "009012号")
    address = page.url
    other = context.new_page()
    look_at(other, address)
    step(other, "房屋与权属")
    focus_is_on(other, "下一步")
    first, second = (one.get_by_role("textbox", name="室号", exact=True) for one in (page, other))
    first.fill("503室甲")
    page.keyboard.press("Control+s")
    expect(message(page)).to_contain_text("草稿已保存")
    second.fill("503室乙")
    other.keyboard.press("Control+s")
    expect(other.get_by_text("已在另一页面中修改").first).to_be_visible()
    expect(second).to_have_value("503室乙")
    other.get_by_role("button", name="以本页内容另存为新草稿").press("Enter")
    other.wait_for_url(lambda url: url != address, wait_until="commit")
    expect(second).to_have_value("503室乙")


@pytest.mark.row(6)
def test_a_draft_survives_a_killed_server_and_a_sign_out(
    browser: Browser, loaded_demo: LoadedDemo, tmp_path: Path
) -> None:
    port, database = free_port(), f"sqlite:///{tmp_path / 'draft.db'}"
    loaded_demo.copy_to(tmp_path, tmp_path / "draft.db")
    # Nothing of it waits for a job.
    settings = {"RUN_WORKER": "false"}
    with running_server(database, tmp_path, port=port, settings=settings, demo=loaded_demo) as server:
        page = browser.new_page(base_url=server.url, locale="zh-CN")
        hands = sit_down(page)
        read_cards_and_take_house(hands, "009012号")
        hands.press("PageDown")
        step(page, "当事人")
        page.get_by_label("姓名", exact=True).nth(1).fill("𠮷田静香")
        page.keyboard.press("Control+s")
        expect(message(page)).to_contain_text("草稿已保存")
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        page.context.close()
    with running_server(database, tmp_path, port=port, settings=settings, demo=loaded_demo) as server:
        page = browser.new_page(base_url=server.url, locale="zh-CN")
        sit_down(page)
        page.evaluate("sfSignOut()")
        # Looked at again and again: the page may be on its way there twice at once.
        expect(page).to_have_url(re.compile("/login"))
        hands = sit_down(page)
        # The newest first; the demo has a draft of its own.
        rows = page.get_by_label("未完成的办理").locator("tbody tr")
        expect(rows).to_have_count(2)
        rows.first.focus()
        hands.press("Enter")
        step(page, "当事人")
        expect(page.get_by_label("姓名", exact=True).nth(1)).to_have_value("𠮷田静香")
        page.context.close()
