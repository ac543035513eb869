"""What progress looks like: a month reported from a telephone, photos beside last month's, the board and its paper (rows 74, 75)."""

from playwright.sync_api import Browser

from tests.pictures.album import Album
from tests.pictures.people import PHONE, signed_in

COMPANY, REVIEWER, PROJECT = "binjiang01", "pdshen01", "申浦星河湾里"


def take(browser: Browser, url: str, album: Album) -> None:
    """Every picture of the chapter on progress, on a demo nobody has touched."""
    with signed_in(browser, url, COMPANY, screen=PHONE) as company:
        company.open("list-progress_report", "共")
        company.page.locator("tbody tr", has_text="2026-").nth(1).dblclick()
        company.button("更正")
        company.page.locator(".sf-dialog textarea").fill("补充现场照片")
        company.page.locator(".sf-dialog").get_by_role("button").last.click()
        company.page.locator(".sf-photo-box").wait_for()
        company.page.locator("#files-photos").scroll_into_view_if_needed()
        album.take(company.page, "progress-phone")
        company.button("删除草稿")
        company.page.locator(".sf-dialog").get_by_role("button").last.click()
    with signed_in(browser, url, REVIEWER) as reviewer:
        reviewer.open("progress-board", "最高级别")
        reviewer.page.locator("tbody tr").first.wait_for()
        album.take(reviewer.page, "progress-board")
        reviewer.page.locator("tbody tr", has_text=PROJECT).first.dblclick()
        reviewer.page.locator(".sf-gantt svg").wait_for()
        album.take(reviewer.page, "progress-gantt")
        month = reviewer.page.evaluate("new Date(Date.now() - 27 * 864e5).toISOString().slice(0, 7)")
        paper = reviewer.page.context.request.get(f"{url}/progress/summary/{month}.pdf").body()
        album.take_paper(bytes(paper), "progress-summary")
        reviewer.open("record_review", "进度填报")
        reviewer.page.locator("tbody tr", has_text="进度填报").first.click()
        reviewer.page.locator(".sf-photo-sides img").first.wait_for()
        reviewer.page.locator(".sf-photo-sides").scroll_into_view_if_needed()
        album.take(reviewer.page, "progress-photos")
