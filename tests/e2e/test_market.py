"""A head company comes in by the public page; a parcel is claimed, passed on and becomes a project that is reviewed and updated."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Server
from tests.pictures import market as story
from tests.pictures.album import Unseen
from tests.pictures.people import PHONE, signed_in, visiting

UNSEEN = Unseen()


@pytest.mark.row(52)
@pytest.mark.night
def test_a_head_company_applies_and_is_admitted_by_district_and_city(browser: Browser, live_server: Server) -> None:
    url = live_server.url
    with visiting(browser, url) as page:
        receipt = story.apply(page, url, UNSEEN)
        assert "区级审核" in story.standing(page, url, receipt)
    with signed_in(browser, url, story.DISTRICT_REVIEWER) as district:
        story.approve(district, UNSEEN, story.COMPANY)
    with signed_in(browser, url, story.CITY_REVIEWER) as city:
        story.approve(city, UNSEEN, story.COMPANY)
    with visiting(browser, url) as page:
        assert "生效" in story.standing(page, url, receipt)
    with signed_in(browser, url, story.CITY) as city:
        story.open_account(city, UNSEEN, "huating01")
        expect(city.page.locator("tbody tr", has_text="huating01")).to_contain_text(story.COMPANY)


@pytest.mark.row(52)
def test_a_file_field_that_may_stay_empty_speaks_chinese_without_script(browser: Browser, live_server: Server) -> None:
    ours = "(one) => parseFloat(getComputedStyle(one.parentElement, '::after').width)"
    with visiting(browser, live_server.url, screen=PHONE) as page:
        page.goto(f"{live_server.url}/c/admission")
        page.get_by_label("统一社会信用代码").fill(story.USCC)
        page.get_by_role("button", name="下一步").click()
        field = page.get_by_label("其他材料")
        # The browser says in its own language that no file is chosen; our words lie over its own as long as it does.
        assert field.evaluate(ours) > 80
        field.set_input_files(story.paper("其他材料"))
        assert field.evaluate(ours) == 0
        field.set_input_files([])
        assert field.evaluate(ours) > 80


@pytest.mark.row(55)
@pytest.mark.row(57)
@pytest.mark.row(58)
def test_a_parcel_becomes_a_project_that_is_returned_approved_and_updated(
    browser: Browser, live_server: Server
) -> None:
    url = live_server.url
    with signed_in(browser, url, story.HEAD) as head:
        story.claim(head, UNSEEN)
    with signed_in(browser, url, story.BUREAU) as bureau:
        story.confirm(bureau, UNSEEN, "parcel_links", "已确认，地块已归属该总公司")
    with signed_in(browser, url, story.HEAD) as head:
        story.assign(head, UNSEEN)
    with signed_in(browser, url, story.DISTRICT_REVIEWER) as reviewer:
        with signed_in(browser, url, story.COMPANY_ADMIN) as company:
            story.confirm(company, UNSEEN, "parcel_assignments", "已确认，项目草稿已自动生成")
            story.fill_project(company, UNSEEN)
            story.send_back(reviewer, UNSEEN)
            story.put_right(company, UNSEEN)
            story.approve(reviewer, UNSEEN, story.PROJECT)
            story.update(company, UNSEEN)
        with signed_in(browser, url, story.HEAD) as head:
            story.stands(head, 1, "晴岚苑")
            story.approve(reviewer, UNSEEN, story.PROJECT)
            story.stands(head, 2, "晴岚云庭")
            story.compare(head, UNSEEN)
