"""A morning at the counter: a lease is taken in, filed, printed, found again and cancelled; pictures on the way."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.pictures.album import Album
from tests.pictures.people import Person

#: Places of the demo's cards: the landlord of H-1, his tenant, the owner of the office H-4.
LANDLORD, TENANT, OFFICE_OWNER = "1", "2", "4"
TENANT_NO = "310104199506150028"
HOUSE, SEIZED = "南泉路1201弄3号302室", "商城路1088弄7号1201室"


@dataclass(frozen=True)
class Filed:
    """What the clerk holds at the end: the lease's number and the two papers."""

    filing_no: str
    notice: bytes
    contract: bytes


def take_in(clerk: Person, album: Album) -> None:
    """The landlord's card, and what is known of him."""
    clerk.open("intake", "演示证件")
    clerk.press("F4")
    clerk.see("请将证件放在读卡器上")
    album.take(clerk.page, "card-reader")
    clerk.press("Escape")
    clerk.page.locator(".sf-dialog").wait_for(state="detached")
    clerk.card(LANDLORD)
    clerk.said("房屋")
    album.take(clerk.page, "intake")


def file_lease(clerk: Person, album: Album, silence: Callable[[], AbstractContextManager[None]]) -> Filed:
    """The eight steps of the filing form, from the house in hand to the papers; within `silence` a source is mute."""
    clerk.page.get_by_role("row").filter(has_text=HOUSE).first.click()
    clerk.press("F2")
    clerk.step("1. ")
    clerk.see("未登记限制出租的情形")
    album.take(clerk.page, "filing-1-house")
    clerk.press("F8")
    clerk.step("2. ")
    clerk.card(TENANT)
    clerk.said("已读取证件")
    album.take(clerk.page, "filing-2-parties")
    clerk.press("F8")
    clerk.step("3. ")
    album.take(clerk.page, "filing-3-rooms")
    clerk.press("F8")
    clerk.step("4. ")
    _terms(clerk)
    album.take(clerk.page, "filing-4-terms")
    clerk.press("F8")
    clerk.step("5. ")
    _materials(clerk)
    album.take(clerk.page, "filing-5-materials")
    clerk.press("F8")
    clerk.step("6. ")
    clerk.said("核验通过")
    album.take(clerk.page, "filing-6-check")
    clerk.press("F8")
    clerk.step("7. ")
    _confirm(clerk, album)
    clerk.press("F8")
    clerk.step("8. ")
    clerk.see("提交后系统核验全部事项")
    with silence():
        clerk.press("F8")
        clerk.see("系统会自动重新核验")
        album.take(clerk.page, "filing-8-waiting")
    clerk.press("F8")
    number = clerk.page.locator("output.sf-number-big").inner_text().strip()
    clerk.said("备案成功")
    clerk.see("办理下一件")
    album.take(clerk.page, "filing-8-result")
    return Filed(number, _print(clerk, "住房租赁合同备案通知书"), _print(clerk, "住房租赁合同"))


def be_refused(clerk: Person, album: Album) -> None:
    """A flat that is seized: the form may be filled in, the check tells every reason."""
    clerk.open("intake", "演示证件")
    clerk.card(LANDLORD)
    clerk.page.get_by_role("row").filter(has_text=SEIZED).first.click()
    clerk.press("F2")
    clerk.button("仍要填写")
    clerk.step("1. ")
    clerk.see("权利限制")
    clerk.press("F8")
    clerk.step("2. ")
    clerk.card(TENANT)
    clerk.said("已读取证件")
    for step in ("3. ", "4. "):
        clerk.press("F8")
        clerk.step(step)
    _terms(clerk)
    for step in ("5. ", "6. "):
        clerk.press("F8")
        clerk.step(step)
    clerk.see("未通过的原因")
    album.take(clerk.page, "filing-6-stopped")


def _terms(clerk: Person) -> None:
    clerk.fill("止租日期", "+1y")
    clerk.fill("租金", "6500")
    clerk.page.locator(".sf-capitals").first.filter(has_text="陆仟伍佰").wait_for()


def _materials(clerk: Person) -> None:
    for box in clerk.page.get_by_role("group", name="应当提交的材料").locator("input:not(:disabled)").all():
        box.check()
    clerk.see("材料已齐全")


def _confirm(clerk: Person, album: Album) -> None:
    for who, said in (("landlord", "出租人已确认"), ("tenant", "双方均已确认")):
        clerk.page.locator("canvas.sf-pad-sign").wait_for()
        clerk.page.locator("canvas.sf-pad-sign").scroll_into_view_if_needed()
        clerk.sign()
        if who == "landlord":
            album.take(clerk.page, "filing-7-confirm")
        clerk.press("F8")
        clerk.said(said)


def _print(clerk: Person, title: str) -> bytes:
    return clerk.printed(clerk.page.get_by_role("button", name=f"打印{title}", exact=True).click)


def find_lease(clerk: Person, album: Album, filing_no: str) -> None:
    """A number and a party's card, then the lease."""
    clerk.open("contract_find", "查找合同")
    clerk.fill("编号", filing_no)
    clerk.fill("证件号码", TENANT_NO)
    album.take(clerk.page, "contract-find")
    clerk.page.get_by_label("证件号码", exact=True).first.press("Enter")
    # The note below says these words, too, before the parties are there.
    clerk.page.locator(".sf-badge").get_by_text("今日已核对证件").first.wait_for()
    album.take(clerk.page, "contract")


def cancel_lease(clerk: Person, album: Album) -> bytes:
    """Both sides end the lease in hand before its time."""
    clerk.press("F9")
    clerk.see("到场当事人")
    clerk.card(LANDLORD)
    clerk.said("已记为到场")
    clerk.card(TENANT)
    clerk.page.locator(".sf-badge").get_by_text("到场", exact=True).nth(1).wait_for()
    clerk.fill("解约协议", "JY-2027-0001")
    clerk.press("F9")
    clerk.said("预检通过")
    album.take(clerk.page, "cancel")
    clerk.press("F8")
    clerk.see("请输入“注销”以确认")
    clerk.page.get_by_label("确认内容").fill("注销")
    album.take(clerk.page, "cancel-confirm")
    notice = clerk.printed(clerk.page.locator(".sf-dialog").get_by_role("button", name="提交注销").click)
    clerk.see("备案注销通知书已签发")
    clerk.said("备案已注销")
    album.take(clerk.page, "cancel-result")
    return notice


def query(clerk: Person, album: Album) -> bytes:
    """An owner with filings, then one without: the paper says that there is none."""
    clerk.open("filing_query", "申请人与查询范围")
    clerk.card(LANDLORD)
    clerk.see("查询结果：")
    album.take(clerk.page, "query")
    clerk.open("filing_query", "申请人与查询范围")
    clerk.card(OFFICE_OWNER)
    clerk.see("未查询到有效备案信息")
    album.take(clerk.page, "query-none")
    return clerk.printed(lambda: clerk.press("Control+p"))


def filings(clerk: Person, album: Album) -> None:
    """The filings of a whole district."""
    clerk.open("filings", "备案编号")
    clerk.page.locator(".sf-grid tbody tr").first.wait_for()
    album.take(clerk.page, "filings")


def own_cases(clerk: Person, album: Album) -> None:
    """What was done today, and every rule's word on it."""
    clerk.open("home", "消息")
    album.take(clerk.page, "home")
    clerk.open("checks", "办件编号")
    clerk.page.get_by_role("row").filter(has_text=HOUSE).filter(has_text="办结").last.click()
    clerk.see("逐项核验")
    album.take(clerk.page, "checks")


def unanswered(clerk: Person, album: Album) -> None:
    """The counter while a source keeps silent."""
    clerk.open("intake", "演示证件")
    clerk.card(LANDLORD)
    clerk.see("暂时没有应答")
    album.take(clerk.page, "source-silent")


def cut_off(clerk: Person, album: Album) -> None:
    """The line to the server is gone for a while."""
    clerk.open("intake", "演示证件")
    clerk.page.evaluate("window.socket.disconnect()")
    clerk.see("正在重新连接")
    album.take(clerk.page, "line-cut")
