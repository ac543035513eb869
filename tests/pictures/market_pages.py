"""What people of the market see when they look around: the inbox, companies, land, a project's desk, warnings."""

from playwright.sync_api import Browser

from tests.pictures import market as story
from tests.pictures.album import Album
from tests.pictures.people import Person, signed_in, visiting


def take(browser: Browser, url: str, album: Album) -> None:
    """The whole story with its pictures, on a demo nobody has touched."""
    with signed_in(browser, url, story.CITY) as city:
        _authority(city, album)
    with signed_in(browser, url, story.HEAD) as head:
        _head(head, album)
    with signed_in(browser, url, story.COMPANY_ADMIN) as company:
        _company(company, album)
    with visiting(browser, url) as page:
        receipt = story.apply(page, url, album)
    with signed_in(browser, url, story.DISTRICT_REVIEWER) as district:
        story.approve(district, album, story.COMPANY, "market-review")
    with visiting(browser, url) as page:
        story.standing(page, url, receipt)
        album.take(page, "admission-standing")
    with signed_in(browser, url, story.CITY_REVIEWER) as city:
        story.approve(city, album, story.COMPANY)
    with signed_in(browser, url, story.CITY) as city:
        story.open_account(city, album, "huating01")
    _land_to_project(browser, url, album)


def _land_to_project(browser: Browser, url: str, album: Album) -> None:
    with signed_in(browser, url, story.HEAD) as head:
        story.claim(head, album)
    with signed_in(browser, url, story.BUREAU) as bureau:
        story.confirm(bureau, album, "parcel_links", "已确认")
    with signed_in(browser, url, story.HEAD) as head:
        story.assign(head, album)
    with (
        signed_in(browser, url, story.DISTRICT_REVIEWER) as reviewer,
        signed_in(browser, url, story.COMPANY_ADMIN) as company,
    ):
        story.confirm(company, album, "parcel_assignments", "项目草稿已自动生成")
        story.fill_project(company, album)
        story.send_back(reviewer, album)
        story.put_right(company, album)
        story.approve(reviewer, album, story.PROJECT)
        story.update(company, album)
        story.approve(reviewer, album, story.PROJECT, "record-review")
        story.compare(company, album)


def _authority(city: Person, album: Album) -> None:
    city.open("inbox", "需要做什么")
    city.page.locator("tbody tr").first.wait_for()
    album.take(city.page, "market-inbox")
    city.open("companies", "信用代码")
    city.page.locator("tbody tr").first.wait_for()
    album.take(city.page, "market-companies")
    city.open("parcel_unlinked", "已关联（%）")
    city.page.locator("tbody tr").first.click()
    album.take(city.page, "parcel-unlinked")
    city.open("alerts", "首次发现")
    city.page.locator("tbody tr").first.click()
    city.see("关闭预警")
    album.take(city.page, "market-alert")
    city.open("relations", "申浦控股集团有限公司")
    city.page.locator(".sf-rel-wide").wait_for()
    album.take(city.page, "market-relations")
    city.open("company_changes", "变更前")
    city.page.locator("tbody tr").first.click()
    city.see("变更时间轴")
    album.take(city.page, "market-changes")


def _head(head: Person, album: Album) -> None:
    head.open("parcel_calendar", "应付日期")
    head.page.locator("tbody tr").first.wait_for()
    album.take(head.page, "parcel-calendar")
    head.open("companies&kind=project_company", "信用代码")
    head.page.locator("tbody tr", has_text=story.BUILDER).first.press("Enter")
    head.page.get_by_text("打开档案").first.wait_for()
    head.page.wait_for_load_state("networkidle")
    album.take(head.page, "market-company")


def _company(company: Person, album: Album) -> None:
    company.open("list-project", "项目")
    company.page.locator("tbody tr").first.wait_for()
    album.take(company.page, "project-list")
    company.open("cockpit", "申浦滨江雅苑")
    company.page.locator("tbody tr", has_text="申浦滨江雅苑").first.press("Enter")
    company.see("前后置关系")
    album.take(company.page, "project-cockpit")
