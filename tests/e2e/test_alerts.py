"""A representative changes in the registry: the city asks anew, the head company is warned and explains, the city closes."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Server
from tests.pictures.people import PHONE, signed_in

#: 江海城市开发, a head company of the demo.
HEAD, UNSEEN = "91310104MAYHA0025J", "江海城市开发有限公司"


def registry(server: Server) -> str:
    """Where the product's simulated registry answers, as its log tells."""
    found = re.search(r"法人库（模拟） (http://\S+)", server.log.read_text(encoding="utf-8"))
    assert found is not None
    return found.group(1)


@pytest.mark.row(52)
@pytest.mark.row(54)
@pytest.mark.night
def test_an_alert_arrives_when_the_registry_names_another_representative(browser: Browser, live_server: Server) -> None:
    with signed_in(browser, live_server.url, "shichu01") as city:
        city.open("company_changes", UNSEEN)
        city.page.locator("tr", has_text=UNSEEN).first.click()
        city.see("变更时间轴")
        httpx.post(f"{registry(live_server)}/sim/change", json={"uscc": HEAD, "legal_rep": "沈听澜"}).raise_for_status()
        city.button("立即更新")
        city.see("沈听澜")
    with signed_in(browser, live_server.url, "jianghai_admin", screen=PHONE) as head:
        head.open(f"alerts&text={UNSEEN}", "法定代表人12个月内再次变更")
        head.page.locator("tr", has_text="再次变更").first.click()
        head.see("沈听澜")
        # Opened by its address it is brought into view from below the list.
        head.page.reload()
        expect(head.page.locator("[aria-label=预警详情] .sf-head").first).to_be_in_viewport()
        head.button("确认收到")
        head.said("已确认，请在处理期限前提交说明")
        head.page.get_by_role("button", name="确认收到（F9）").wait_for(state="detached")
        head.page.get_by_label("情况说明").last.fill("正常换届，已办理授权变更")
        head.button("提交说明")
        head.said("说明已提交")
    with signed_in(browser, live_server.url, "shishen01") as city:
        city.open(f"alerts&text={UNSEEN}", "再次变更")
        city.page.locator("tr", has_text="再次变更").first.click()
        city.see("正常换届，已办理授权变更")
        city.button("关闭预警")
        city.page.locator(".sf-dialog textarea").fill("说明属实，予以关闭")
        city.page.locator(".sf-dialog").get_by_role("button", name="关闭预警").click()
        city.said("预警已关闭")
        city.open("relations", "江海实业集团有限公司")
        graph = city.page.locator(".sf-rel-wide")
        graph.wait_for()
        expect(graph.get_by_role("button", name=re.compile("总公司 江海城市开发有限公司"))).to_be_visible()
