"""Homes before they are advertised, and rooms that are let: verification, the review by force, projects, contracts filed again."""

import sys

from playwright.sync_api import Browser, sync_playwright

from deploy.setup import find_browser
from tests.browser import QUIET, ROOT
from tests.pictures.album import Album
from tests.pictures.gallery import STILL
from tests.pictures.people import signed_in

#: Who opens which page of the demo: words to wait for, a row to take in hand before the picture, and a key to press then.
PAGES = (
    ("huyu01", "verification_ask", "提交核验", "", "verification-ask"),
    ("huyu01", "verifications", "未通过规则", "V04", "verification-reasons"),
    ("huyu01", "verification_codes", "上架状态", "有效", "verification-codes"),
    ("huyu01", "refilings", "将到期", "", "refiling-list"),
    ("huyu01", "central_projects", "运营主体", "花木里", "rooms-project"),
    ("huyu01", "room_applies", "申请编号", "变更", "rooms-apply"),
    ("huyu01", "central_rooms", "使用面积", "", "rooms-library"),
    ("pdju01", "room_applies", "申请编号", "待审核", "rooms-review"),
    ("pdju01", "forced_reviews", "强制核验编号", "待审核", "forced-review"),
    ("pudong01", "forced_shelf", "上架状态", "强制上架", "forced-shelf"),
    ("pudong01", "verifications", "未通过规则", "H07", "forced-apply", "F8"),
    ("pudong02", "filing_reviews", "强制核验编号", "待审核", "filing-review", "F4"),
    ("pudong02", "forced_apply", "受理日期", "系统拦截", "filing-review-apply", "F8"),
    ("huamu01", "civil_cases", "受理编号", "强制核验中", "civil-cases"),
    ("shi01", "sublet_units", "", "", "sublets"),
    ("pdju01", "sublet_alerts", "", "", "sublet-alert"),
    ("shi01", "notice_templates", "修改内容", "草稿", "notice-templates"),
    ("shi01", "unmanaged_statistics", "居住", "", "unmanaged-statistics"),
)


def take(browser: Browser, url: str, album: Album) -> None:
    """Every picture of the chapters on listings, of the demo as it is loaded."""
    for login in dict.fromkeys(page[0] for page in PAGES):
        with signed_in(browser, url, login) as person:
            for _, module, words, row, name, *keys in (page for page in PAGES if page[0] == login):
                person.open(module, words or "查询")
                if row:
                    person.page.get_by_role("row").filter(has_text=row).first.click()
                person.page.evaluate(STILL)
                person.press(*keys)
                person.page.evaluate(STILL)
                album.take(person.page, name)
    with signed_in(browser, url, "pdju01") as district:
        district.open("list-unmanaged_report", "金桥蓝领公寓")
        district.page.get_by_role("row").filter(has_text="金桥蓝领公寓").first.press("Enter")
        district.see("办理经过")
        district.press("F8")
        district.page.locator(".sf-dialog textarea").fill("更新本月情况")
        district.page.locator(".sf-dialog").get_by_role("button", name="更新").click()
        district.said("已生成新的草稿")
        album.take(district.page, "unmanaged-form")


if __name__ == "__main__":
    with sync_playwright() as tool:
        take(
            tool.chromium.launch(executable_path=find_browser(), args=QUIET),
            sys.argv[1],
            Album(ROOT / "docs" / "manual" / "pictures"),
        )
