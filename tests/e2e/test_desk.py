"""The keyboard stays where the work is, and what is told goes with its cause (desk faults 8 to 10)."""

from playwright.sync_api import Browser, Page, expect

from tests.browser import Server
from tests.e2e.test_keys import sit_down
from tests.people_made import id_number
from tests.pictures.people import signed_in

ASSIGNED = "A13-29"
#: Label of what has the keyboard, and the heading of its section.
AT = """() => {
    const at = document.activeElement, heads = [...document.querySelectorAll(".sf-panel .sf-head")];
    const before = heads.filter((one) => one.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING);
    return [at.getAttribute("aria-label") || at.textContent.trim(), before.pop()?.textContent.trim() ?? ""];
}"""


def test_keys_after_f4_go_to_its_question_which_has_the_others_to_itself(page: Page) -> None:
    sit_down(page, "huamu01", "/?open=intake")
    field = page.get_by_label("证件号码").first
    expect(field).to_be_focused()
    number = id_number(4771)
    page.keyboard.press("F4")
    # A reader that is quicker than the page.
    page.keyboard.type(number)
    asked = page.locator(".sf-dialog").get_by_label("证件号码")
    expect(asked).to_have_value(number)
    expect(field).to_have_value("")
    page.keyboard.press("F2")
    page.wait_for_timeout(300)
    expect(page.get_by_role("tab")).to_have_count(1)
    expect(asked).to_be_focused()


def test_enter_walks_every_section_before_the_button(page: Page) -> None:
    sit_down(page, "huyu01", "/?open=firm_apply")
    expect(page.get_by_label("证件号码").first).to_be_focused()
    passed: list[list[str]] = []
    while len(passed) < 30:
        where = page.evaluate(AT)
        passed.append(where)
        if page.evaluate("document.activeElement.matches('button.sf-next')"):
            break
        page.keyboard.press("Enter")
        page.wait_for_function("(old) => JSON.stringify((" + AT + ")()) !== JSON.stringify(old)", arg=where)
    sections = list(dict.fromkeys(section for _, section in passed))
    assert sections[:2] == ["一、证件信息", "二、从业信息"], passed
    assert "提交" in passed[-1][0]
    # A text of several lines is left while it is empty, or on an empty last line.
    page.goto("/?open=firm_terminations")
    page.wait_for_function("window.did_handshake === true")
    words, after = page.get_by_label("说明", exact=True), page.get_by_label("企业密钥", exact=True)
    for typed in ("", "已退租\n另租\n"):
        words.focus()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(after).to_be_focused()
    expect(words).to_have_value("已退租\n另租")


def test_a_message_goes_when_its_fields_are_right_and_a_count_follows_the_answer(
    browser: Browser, live_server: Server, page: Page
) -> None:
    sit_down(page, "huamu01", "/?open=contract_find")
    expect(page.get_by_label("编号", exact=True).first).to_be_focused()
    page.keyboard.press("F3")
    told = page.locator(".sf-message")
    expect(told).to_contain_text("填写有误")
    page.keyboard.type("沪租31010520260000466")
    page.get_by_label("证件号码", exact=True).first.fill(id_number(4772))
    expect(told).to_have_text("就绪")
    with signed_in(browser, live_server.url, "binjiang_admin") as company:
        company.open("parcel_assignments&turn=1", ASSIGNED)
        count = company.page.locator(".sf-status .sf-alarms", has_text="待办")
        before = int(count.inner_text().split()[1])
        company.page.locator("tbody tr", has_text=ASSIGNED).first.press("Enter")
        detail = company.page.locator("section[aria-label=关联详情]")
        expect(detail).to_contain_text(ASSIGNED)
        dialog = company.asked_by(detail.get_by_role("button", name="拒绝"))
        dialog.locator("textarea").fill("该地块不由本公司开发")
        dialog.get_by_role("button", name="拒绝").press("Enter")
        company.said("已拒绝")
        # Well before the minute after which it is counted anyway.
        expect(count).to_have_text(f"待办 {before - 1}", timeout=20_000)


def test_a_page_whose_modules_have_not_come_speaks_chinese(page: Page) -> None:
    sit_down(page, "huamu01", "/")
    page.route("**/static/vue*", lambda route: route.abort())
    page.goto("/", wait_until="commit")
    expect(page.locator("#esm-fallback")).to_be_visible()
    said, own = page.evaluate(
        """() => { const at = document.getElementById("esm-fallback");
        return [getComputedStyle(at, "::before").content, getComputedStyle(at).fontSize]; }"""
    )
    assert said.startswith('"正在载入。')
    assert own == "0px"
