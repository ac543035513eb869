"""A project from its permits to its keys: works and ties, the building table, sums, progress, completion, delivery."""

from playwright.sync_api import Browser

from tests.pictures.album import Album
from tests.pictures.people import Person, signed_in

#: A project that is topped out and ties its first houses to the building table, and its company.
COMPANY, PROJECT = "binjiang_admin", "申浦星河湾里"
HEAD_OF_STAGE = "前后置关系"


def take(browser: Browser, url: str, album: Album) -> None:
    """The pages of a project's later stages, on a demo nobody has touched."""
    with signed_in(browser, url, COMPANY) as company:
        _works(company, album)
        _buildings(company, album)
        _months(company, album)
        _completion(company, album)
        _delivery(company, album)


def overview(person: Person) -> None:
    """Open the page of the project."""
    person.open("cockpit", PROJECT)
    person.page.locator("tbody tr", has_text=PROJECT).first.press("Enter")
    person.see(HEAD_OF_STAGE)


def _go(person: Person, stage: str, wait: str) -> None:
    overview(person)
    person.page.get_by_role("button", name=stage, exact=True).first.click()
    person.see(wait)
    person.page.wait_for_timeout(600)


def _works(person: Person, album: Album) -> None:
    _go(person, "施工许可证", "延期、停工、复工")
    person.button("单位工程")
    person.see("1#住宅楼")
    album.take(person.page, "construction-units")
    overview(person)
    person.button("关联规划建筑物")
    person.see("地下车库")
    person.page.wait_for_timeout(600)
    album.take(person.page, "construction-ties")


def _buildings(person: Person, album: Album) -> None:
    overview(person)
    person.button("打开项目")
    person.button("楼盘表")
    person.see("方向键移动")
    person.page.wait_for_timeout(600)
    album.take(person.page, "construction-building")
    person.press("F2")
    person.see("再关联一个单位工程")
    album.take(person.page, "construction-candidates")


def _months(person: Person, album: Album) -> None:
    _go(person, "工程款", "业务编号")
    person.page.locator("tbody tr").first.press("Enter")
    person.button("支付曲线")
    person.page.locator(".sf-dialog svg").wait_for()
    person.page.wait_for_timeout(1200)
    album.take(person.page, "construction-curve")


def _completion(person: Person, album: Album) -> None:
    _go(person, "竣工验收备案", "规划面积与实测面积")
    for kind, number in (("竣工验收备案", "浦竣备0005号"), ("竣工规划资源验收", "浦规验0005号")):
        part = person.page.get_by_role("region", name=kind, exact=True)
        part.get_by_role("button", name="新增").click()
        key = part.locator(".sf-prefill input")
        key.fill(number)
        key.press("Enter")
        part.get_by_text("来源：资源共享平台").wait_for()
    album.take(person.page, "completion-together")


def _delivery(person: Person, album: Album) -> None:
    _go(person, "交付使用许可证", "许可交付的楼幢")
    key = person.page.locator(".sf-prefill input").first
    key.fill("浦交付0005号")
    key.press("Enter")
    person.see("来源：资源共享平台")
    for item in ("土地合同或用地批准文件", "工程规划许可证及附图附表", "供水", "供电"):
        person.page.get_by_role("checkbox", name=item).click()
    person.see("尚缺").scroll_into_view_if_needed()
    album.take(person.page, "delivery-checks")
