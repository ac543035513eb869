"""A citizen with a phone: somebody looked up, his card, and a code that is none of ours."""

from playwright.sync_api import Browser

from tests.pictures.album import Album
from tests.pictures.people import PHONE, visiting

#: A firm of the demo with people of its own.
FIRM = "沪寓公寓管理有限公司"
_FORGED = "q1.pc.1." + "A" * 22 + "." + "A" * 22


def look_up(browser: Browser, url: str, album: Album) -> None:
    """Three pages that need no sign-in."""
    with visiting(browser, url, screen=PHONE) as page:
        page.goto(f"{url}/c/people")
        page.get_by_label("企业名称").fill(FIRM)
        page.get_by_role("button", name="查询").click()
        page.get_by_role("heading", name="查到").wait_for()
        album.take(page, "public-people")
        page.locator(".found a").first.click()
        page.get_by_role("heading", name="有效").wait_for()
        page.wait_for_load_state("networkidle")
        album.take(page, "public-card")
        page.goto(f"{url}/c/{_FORGED}")
        page.get_by_role("heading", name="非本系统签发").wait_for()
        album.take(page, "public-forged")
