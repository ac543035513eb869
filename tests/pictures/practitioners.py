"""People brought in by their firm, inspected, activated, shown to the public, and one of them cancelled at the window."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page

from tests.drawn_portraits import drawn_portrait
from tests.files_made import xlsx
from tests.pictures.album import Album
from tests.pictures.people import Person
from tests.services.practitioners.desks.people import HUYU, sound_number

HEADS = (
    "姓名",
    "证件类型",
    "证件号码",
    "手机号",
    "岗位",
    "学历",
    "入职日期",
    "企业统一社会信用代码",
    "门店",
    "劳动合同起",
    "劳动合同止",
    "照片文件名",
    "备注",
)
#: The firm, an inspector of its district, and two at the window of the district's centre.
FIRM, INSPECTOR, CLERK, SECOND = "huyu01", "pdju01", "pudong01", "pudong02"


@dataclass(frozen=True)
class Somebody:
    """A person of the table."""

    name: str
    id_no: str
    mobile: str


def people() -> list[Somebody]:
    """Three people; the mobile of the second is a digit short."""
    mobiles = ("13800008801", "1380000880", "13800008803")
    names = ("梁思源", "崔婉宁", "柏松涛")
    return [Somebody(name, sound_number(), mobile) for name, mobile in zip(names, mobiles, strict=True)]


def table(some: list[Somebody], day: date) -> bytes:
    """Their workbook, hired a week before a day."""
    hired, ends = (day - timedelta(days=7)).isoformat(), (day + timedelta(days=720)).isoformat()
    rows = [
        (
            one.name,
            "居民身份证",
            one.id_no,
            one.mobile,
            "租赁顾问",
            "本科",
            hired,
            HUYU,
            "花木店",
            hired,
            ends,
            f"{number}.jpg",
            "",
        )
        for number, one in enumerate(some, 1)
    ]
    return xlsx((HEADS, *rows))


def photos(some: list[Somebody]) -> bytes:
    """Their photos in an archive."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for number in range(1, len(some) + 1):
            archive.writestr(f"{number}.jpg", drawn_portrait(number))
    return whole.getvalue()


def bring_in(firm: Person, album: Album, folder: Path, some: list[Somebody], day: date) -> None:
    """Upload, mend the one bad row in the browser, hand all in."""
    for name, content in (("人员.xlsx", table(some, day)), ("照片.zip", photos(some))):
        (folder / name).write_bytes(content)
    firm.open("imports", "上传表格")
    album.take(firm.page, "import-upload")
    firm.page.locator("input[type=file]").first.set_input_files([folder / "人员.xlsx", folder / "照片.zip"])
    firm.see("照片：照片.zip")
    firm.page.get_by_role("button", name="上传并核验").click()
    firm.see("可提交 2，待改正 1，已提交 0")
    firm.press("F6")
    firm.see("第 3 行")
    album.take(firm.page, "import-report")
    firm.fill("手机号", "13800008802")
    firm.page.get_by_role("button", name="保存并核验").click()
    firm.see("可提交 3，待改正 0，已提交 0")
    firm.press("F8")
    firm.page.locator(".sf-dialog").get_by_role("button", name="提交", exact=True).click()
    firm.see("可提交 0，待改正 0，已提交 3")


def apply_for_one(firm: Person, album: Album) -> None:
    """The form of one person, tried while it is empty."""
    firm.open("firm_applies", "申请编号")
    firm.page.locator(".sf-grid tbody tr").first.wait_for()
    album.take(firm.page, "card-applies")
    firm.press("F2")
    firm.see("一、证件信息")
    firm.press("F6")
    firm.see("试核验结果")
    album.take(firm.page, "card-apply")


def inspect(district: Person, album: Album, returned: Somebody, passed: list[Somebody]) -> None:
    """One goes back with a ready phrase, the others pass one after the other; all of it by keys."""
    district.open("card_inspection", "待验看")
    for one in (returned, *passed):
        _find(district, one)
        district.press("Enter")
        district.page.get_by_role("button", name="通过（P）").wait_for()
        district.see(one.id_no)
        if one is returned:
            album.take(district.page, "card-inspection")
            _return(district, album)
            district.said("已退回企业")
        else:
            district.press("p")
            district.said("验看通过")


def _find(district: Person, one: Somebody) -> None:
    """Search by the whole name and put the keyboard on the line."""
    district.fill("查找", one.name)
    district.page.get_by_label("查找", exact=True).press("Enter")
    district.see("共 1 条")
    district.page.locator(".sf-review tbody tr").first.focus()


def _return(district: Person, album: Album) -> None:
    district.press("r")
    box = district.page.get_by_role("combobox", name="常用退回原因")
    box.wait_for()
    box.fill("1")
    box.press("Enter")
    words = district.page.get_by_label("退回原因", exact=True)
    district.page.wait_for_function(
        "document.querySelector('.sf-review-reason textarea')?.value.includes('照片不清晰')"
    )
    album.take(district.page, "card-return")
    # The keyboard is in the words by now: Enter sends them.
    words.and_(district.page.locator(":focus")).wait_for()
    district.press("Enter")


def activate(firm: Person, album: Album, some: list[Somebody]) -> None:
    """Tick the cards of these people and put them in force."""
    firm.open("firm_activation", "最迟激活")
    for one in some:
        line = firm.page.locator("tbody tr").filter(has_text=f"{one.id_no[-4:]}")
        line.first.locator("input[type=checkbox]").check()
    album.take(firm.page, "card-activation")
    firm.press("F8")
    firm.page.locator(".sf-dialog").get_by_role("button", name="激活所选", exact=True).click()
    firm.said(f"完成 {len(some)} 件")
    firm.page.locator(".sf-dialog").get_by_role("button", name="关闭").click()


def card_of(firm: Person, one: Somebody) -> str:
    """The number of a person's card, as his firm reads it."""
    firm.open("firm_people", "卡号")
    line = firm.page.locator("tbody tr").filter(has_text=one.id_no[-4:]).first
    line.wait_for()
    return line.locator("td").nth(1).inner_text().strip()


def look_up(page: Page, url: str, card_no: str) -> str:
    """What the public page says of a card."""
    page.goto(f"{url}/c/people/{card_no}")
    return page.locator("main, body").first.inner_text()


def cancel_at_window(clerk: Person, album: Album, one: Somebody) -> None:
    """The holder's document on the reader, a receipt for him."""
    clerk.open("card_cancel", "持卡人本人持身份证件到场")
    clerk.card(f"{one.name} {one.id_no}")
    clerk.see("受理后打印回执交本人")
    album.take(clerk.page, "card-cancel")
    clerk.press("F8")
    receipt = clerk.printed(clerk.page.locator(".sf-dialog").get_by_role("button", name="受理并打印回执").click)
    assert receipt.startswith(b"%PDF")
    clerk.said("已受理")


def confirm(second: Person, album: Album, one: Somebody, card_no: str) -> None:
    """Another person's word."""
    second.open("card_cancel_confirm", "待复核")
    second.page.locator("tbody tr").filter(has_text=card_no).first.press(" ")
    second.page.get_by_role("button", name="确认注销（P）").wait_for()
    album.take(second.page, "card-cancel-confirm")
    second.press("p")
    second.page.locator(".sf-dialog").get_by_role("button", name="确认注销").click()
    second.said("信息卡已注销")


def brand(firm: Person, district: Person, album: Album) -> None:
    """A short name and its logo, put in and under review."""
    firm.open("firm_brand", "历次申报")
    firm.see("现行简称与图标")
    album.take(firm.page, "brand")
    district.open("brand_review", "待审核")
    district.page.locator("tbody tr").first.click()
    district.see("现行简称与图标")
    album.take(district.page, "brand-review")
