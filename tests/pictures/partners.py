"""Direct payment and the exchange with partners: a firm's desk, the city's progress, the registry; on a server of its own.

The simulated partners answer here, which they do only where the product starts them itself; `python -m tests.pictures.partners`.
"""

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from playwright.sync_api import Browser, expect, sync_playwright

from deploy.setup import find_browser
from tests.browser import QUIET, ROOT, running_server
from tests.pictures.album import Album
from tests.pictures.people import Person, signed_in

PICTURES = ROOT / "docs" / "manual" / "pictures"


def take(browser: Browser, album: Album) -> None:
    """Every picture of the chapters on direct payment and exchange."""
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'shenfang.db'}"
        with running_server(database, Path(folder), settings={"MODE": "demo"}) as server:
            url = server.url
            with signed_in(browser, url, "huyu01") as firm:
                _inbox(firm, album)
                bill = _bill(firm, album)
                _workbook(firm, album)
                _termination(firm, album)
            with signed_in(browser, url, "shi01") as city:
                _progress(city, album)
                _orphans(city, album)
                _log(city, album, bill)
                _line_test(city, album)
            with signed_in(browser, url, "xitong01") as keeper:
                _propose(keeper)
            with signed_in(browser, url, "anquan01") as other:
                other.open("partners", "徐汇区长租公寓平台")
                album.take(other.page, "partners-confirm")


def _first(who: Person) -> None:
    who.page.locator(".sf-panel .sf-grid tbody tr").filter(visible=True).first.click()


def _inbox(firm: Person, album: Album) -> None:
    firm.open("firm_inbox", "共 ")
    firm.page.get_by_text("收件箱 ").filter(visible=True).first.wait_for()
    album.take(firm.page, "firm-inbox")


def _bill(firm: Person, album: Album) -> str:
    """The next bill of a running mandate; gives its number once it is sent."""
    firm.open("firm_mandates&state=RUNNING", "该账期可收取")
    album.take(firm.page, "firm-bill")
    number = firm.page.get_by_label("账单编号", exact=True).first.input_value()
    firm.press("F8")
    firm.page.locator(".sf-dialog").get_by_role("button", name="报送", exact=True).click()
    firm.said("已接收")
    return number


def _workbook(firm: Person, album: Album) -> None:
    firm.open("firm_bills", "共 ")
    with firm.page.expect_download() as coming:
        firm.button("下载预填模板")
    book = openpyxl.load_workbook(BytesIO(Path(coming.value.path()).read_bytes()))
    sheet = book.worksheets[0]
    last = sheet.max_row
    for line in range(2, last + 1):
        sheet.cell(line, 1).value = f"2027-{line:03d}"
    unknown: tuple[str | int, ...] = ("2027-900", "WT00000000", "2027-03-01", "2027-03-31", 4650, 0, 0, 4650)
    for column, value in enumerate(unknown, 1):
        sheet.cell(last + 1, column).value = value
    sheet.cell(last + 2, 1).value = "2027-901"
    with TemporaryDirectory() as folder:
        filled = Path(folder) / "账单.xlsx"
        book.save(filled)
        with firm.page.expect_file_chooser() as chooser:
            firm.button("上传账单工作簿")
        chooser.value.set_files(filled)
        firm.said("工作簿处理完毕")
    album.take(firm.page, "firm-workbook")


def _termination(firm: Person, album: Album) -> None:
    firm.open("firm_mandates&state=RUNNING", "共 ")
    _first(firm)
    firm.see("开具账单：")
    firm.press("F9")
    firm.see("不能撤回")
    firm.choose("原因", "承租人欠付租金")
    firm.see("发生日期")
    album.take(firm.page, "firm-termination")


def _progress(city: Person, album: Album) -> None:
    city.open("direct_pay_progress", "共 ")
    album.take(city.page, "direct-pay-progress")
    city.open("direct_pay_progress&state=RUNNING&abnormal=UNPAID", "共 ")
    city.page.locator(".sf-panel .sf-grid tbody tr").first.press("Enter")
    city.see("时间线（")
    album.take(city.page, "direct-pay-mandate")


def _orphans(city: Person, album: Album) -> None:
    city.open("orphans", "共 ")
    _first(city)
    city.see("可对应的账单")
    album.take(city.page, "direct-pay-orphans")


def _log(city: Person, album: Album, bill: str) -> None:
    """Wait until the worker has handed the bill to the fund."""
    city.open("exchange_log&direction=OUT&outcome=DONE", "共 ")
    sent = city.page.locator("tbody tr").filter(has_text=bill)
    for _ in range(60):
        city.press("F3")
        if sent.count():
            break
        city.page.wait_for_timeout(500)
    sent.first.click()
    city.see("请求规范串")
    album.take(city.page, "exchange-log")
    city.open("association_ledger", "信息不一致")
    city.page.locator("tbody tr").filter(has_text="待核对").first.click()
    city.see("与我方登记比对")
    album.take(city.page, "association-ledger")


def _line_test(city: Person, album: Album) -> None:
    city.open("partners", "gjj-center")
    city.page.locator("tbody tr").filter(has_text="gjj-center").first.click()
    city.see("接口权限")
    city.press("F9")
    city.said("线路正常")
    album.take(city.page, "partners")


def _propose(keeper: Person) -> None:
    keeper.open("partners", "gjj-center")
    keeper.press("F2")
    keeper.fill("应用标识", "district-310104")
    keeper.fill("名称", "徐汇区长租公寓平台")
    keeper.choose("类别", "区级平台", within=".sf-form")
    keeper.choose("区", "徐汇区", within=".sf-form")
    box = keeper.page.get_by_role("checkbox", name="入住、退租和在住房间")
    # On a busy machine the box follows the press a moment later.
    box.click()
    expect(box).to_be_checked()
    keeper.button("提出")
    keeper.said("已提出")


def main() -> int:
    """Take the pictures of these chapters only."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=find_browser(), args=QUIET)
        take(browser, Album(PICTURES))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
