"""A firm brings its people in, the district inspects, the firm activates, anybody looks them up, the window cancels one."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from services.engine.clock import SHANGHAI, system_now
from tests.browser import Server
from tests.pictures import practitioners as story
from tests.pictures.album import Unseen
from tests.pictures.people import signed_in, visiting

UNSEEN = Unseen()


@pytest.mark.row(39)
@pytest.mark.row(40)
@pytest.mark.row(41)
@pytest.mark.row(42)
@pytest.mark.row(43)
@pytest.mark.row(48)
@pytest.mark.night
def test_people_come_in_are_shown_and_one_is_cancelled(browser: Browser, live_server: Server, tmp_path: Path) -> None:
    url, some = live_server.url, story.people()
    returned, *passed = some
    with signed_in(browser, url, story.FIRM) as firm:
        story.bring_in(firm, UNSEEN, tmp_path, some, system_now().astimezone(SHANGHAI).date())
    with signed_in(browser, url, story.INSPECTOR) as district:
        story.inspect(district, UNSEEN, returned, passed)
    with signed_in(browser, url, story.FIRM) as firm:
        firm.open("firm_applies&state=RETURNED", "照片不清晰")
        story.activate(firm, UNSEEN, passed)
        holder = passed[0]
        card_no = story.card_of(firm, holder)
    with visiting(browser, url) as page:
        told = story.look_up(page, url, card_no)
        assert holder.name in told
        assert "有效" in told
        assert holder.id_no not in told
        assert holder.mobile not in told
    with signed_in(browser, url, story.CLERK) as clerk:
        story.cancel_at_window(clerk, UNSEEN, holder)
    with visiting(browser, url) as page:
        assert "有效" in story.look_up(page, url, card_no)
    with signed_in(browser, url, story.SECOND) as second:
        story.confirm(second, UNSEEN, holder, card_no)
    with visiting(browser, url) as page:
        told = story.look_up(page, url, card_no)
        assert "已注销" in told
        assert page.locator("img").count() == 0


@pytest.mark.row(40)
def test_an_inspector_needs_no_mouse_and_loses_nothing_when_the_line_drops(
    browser: Browser, live_server: Server
) -> None:
    with signed_in(browser, live_server.url, story.INSPECTOR) as district:
        page = district.page
        page.add_init_script("window.__mouse = 0; addEventListener('mousedown', () => window.__mouse++, true);")
        district.open("card_inspection", "待验看")
        lines = page.locator(".sf-review tbody tr")
        lines.first.wait_for()
        district.press("j")
        expect(lines.nth(0)).to_have_attribute("aria-selected", "true")
        district.press("j", "x")
        expect(lines.nth(1)).to_have_attribute("aria-selected", "true")
        expect(lines.nth(1).locator("input")).to_be_checked()
        expect(page.get_by_role("button", name="批量通过")).to_be_enabled()
        district.press("x", "k")
        expect(lines.nth(0)).to_be_focused()
        expect(page.get_by_role("button", name="批量通过")).to_be_disabled()
        district.see("核验结果（")
        district.press("Enter")
        page.get_by_role("button", name="退回（R）").wait_for()
        # A letter typed into a field is a letter.
        page.get_by_label("查找", exact=True).press("p")
        expect(page.get_by_role("button", name="退回（R）")).to_be_visible()
        page.get_by_label("查找", exact=True).fill("")
        lines.nth(0).focus()
        district.press("r")
        words = page.get_by_label("退回原因", exact=True)
        words.fill("照片与证件上的本人")
        # What is typed on a dropped line is named and not kept (decision 141).
        district.see("已暂存")
        page.evaluate("window.socket.disconnect()")
        district.see("正在重新连接")
        page.evaluate("window.socket.connect()")
        page.locator("#sf-cover").wait_for(state="detached")
        expect(words).to_have_value("照片与证件上的本人")
        # What was kept is there after the page is loaded anew, too, and the record is still in his hands.
        page.reload()
        expect(page.get_by_label("退回原因", exact=True)).to_have_value("照片与证件上的本人")
        page.get_by_label("退回原因", exact=True).fill("照片与证件上的本人不是一个人")
        page.get_by_label("退回原因", exact=True).press("Enter")
        district.said("已退回企业")
        assert page.evaluate("window.__mouse") == 0
