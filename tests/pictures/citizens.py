"""A citizen with a phone: a home that fails and one that passes, the materials, and a case in the making (rows 3, 4)."""

from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.pictures.album import Album
from tests.pictures.people import PHONE, visiting
from tests.services.tenancy.counter import LI, WANG, Flat, Person, fixtures

#: A home of the fixtures that is free in the demo, by its name there.
HOME = "H-11"
_PAPER = Path(__file__).resolve().parents[2] / "deploy" / "demo" / "data" / "pictures" / "paper.png"


def sign_in(page: Page, person: Person) -> None:
    """Sign in at the portal, which the page has opened."""
    page.get_by_label("姓名").fill(person.name)
    page.get_by_label("证件号码").fill(person.id_no)
    page.get_by_role("button", name="登录", exact=True).press("Enter")


def check(page: Page, flat: Flat, owner: Person) -> None:
    """Fill in the precheck and send it."""
    page.get_by_label("权属证明编号").fill(flat.cert_no)
    page.get_by_label("权利人（出租人）姓名或名称").fill(owner.name)
    page.get_by_label("权利人证件号码").fill(owner.id_no)
    page.get_by_role("button", name="核验").press("Enter")


def apply(browser: Browser, url: str, album: Album, day: str) -> None:
    """From the precheck to the accepted case, on a phone."""
    flat = fixtures()[HOME]
    with visiting(browser, url, screen=PHONE) as page:
        page.goto(f"{url}/bl/check")
        sign_in(page, LI)
        check(page, flat, WANG)
        page.get_by_role("heading", name="核验未通过").wait_for()
        album.take(page, "citizen-check")
        check(page, flat, flat.owners[0])
        page.get_by_role("link", name="填写申请").press("Enter")
        page.get_by_role("button", name="保存并继续").press("Enter")
        page.get_by_label("房屋坐落").fill(flat.line["address"])
        for label in ("合同签订日期", "起租日期"):
            page.get_by_label(label).fill(day)
        page.get_by_label("止租日期").fill(f"{int(day[:4]) + 1}{day[4:]}")
        page.get_by_label("月租金（元）").fill("5200")
        page.get_by_role("button", name="保存并继续").press("Enter")
        for material in ("住房权属证明", "租赁合同"):
            page.get_by_label(material, exact=True).set_input_files(_PAPER)
            page.get_by_role("button", name=f"上传{material}").press("Enter")
            page.get_by_text("已上传").first.wait_for()
        album.take(page, "citizen-materials")
        page.get_by_role("link", name="下一步").press("Enter")
        page.get_by_label("以上内容和材料真实有效").press("Space")
        page.get_by_role("button", name="提交申请").press("Enter")
        page.get_by_text("办件编号：").wait_for()
        album.take(page, "citizen-case")
