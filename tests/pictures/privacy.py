"""Personal data looked at for a reason, exported with a superior's consent, and who has looked; pictures on the way."""

from tests.pictures.administrators import agree, pick
from tests.pictures.album import Album
from tests.pictures.people import Person


def reveal(who: Person, album: Album, number: str, id_no: str) -> None:
    """One field of a party in clear, for a stated reason."""
    who.open("contract_find", "查找合同")
    who.fill("编号", number)
    who.fill("证件号码", id_no)
    who.page.get_by_label("证件号码", exact=True).first.press("Enter")
    who.see("今日已核对证件")
    who.page.get_by_label("当事人", exact=True).locator("tbody tr").filter(has_not_text="今日已核对证件").first.click()
    who.button("查看完整信息")
    dialog = who.page.locator(".sf-dialog")
    dialog.locator("textarea").fill("电话核对合同当事人")
    album.take(who.page, "privacy-reveal")
    dialog.get_by_role("button", name="查看", exact=True).click()
    who.said("已显示明文")
    album.take(who.page, "privacy-revealed")


def export(who: Person, album: Album) -> None:
    """The list in view is asked for as a file; a long one waits."""
    who.open("filings", "备案编号")
    who.page.locator(".sf-grid tbody tr").first.wait_for()
    who.button("导出")
    dialog = who.page.locator(".sf-dialog")
    dialog.locator("textarea").fill("报送区局季度统计")
    album.take(who.page, "privacy-export")
    dialog.get_by_role("button", name="导出", exact=True).click()
    who.said("已提交上级单位审批")


def approve(who: Person, album: Album) -> None:
    """The superior unit looks at what for, and agrees."""
    who.open("exports", "申请号")
    pick(who, "报送区局季度统计")
    who.press("F9")
    who.see("批准这次导出？")
    album.take(who.page, "privacy-approve")
    agree(who, "批准")
    who.said("已批准")


def download(who: Person, album: Album) -> None:
    """The file is there for who asked for it."""
    who.open("exports", "申请号")
    who.see("可下载")
    pick(who, "报送区局季度统计")
    album.take(who.page, "privacy-download")


def who_looked(who: Person, album: Album, card: str) -> None:
    """What a citizen at the counter is shown."""
    who.open("who_looked", "请读取证件或输入证件号码")
    who.card(card)
    who.said("共")
    album.take(who.page, "privacy-who-looked")
