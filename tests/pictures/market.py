"""A head company from its application to a project in force and updated; what the market's people see on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import FilePayload, Page

from tests.files_made import pdf
from tests.people_made import id_number
from tests.pictures.album import Album
from tests.pictures.people import Person

#: Known to the registry and to nobody else.
USCC, COMPANY = "91310101MAYCA00120", "华亭城市建设发展有限公司"
#: Free land of the demo in 浦东, and who takes part in what becomes of it.
PARCEL_NO = "B18-40"
HEAD, COMPANY_ADMIN, BUREAU = "shenpu_admin", "binjiang_admin", "pdchu01"
DISTRICT_REVIEWER, CITY_REVIEWER, CITY = "pdshen01", "shishen01", "shichu01"
BUILDER = "上海申浦滨江置业有限公司"
PROJECT = "申浦花木晴岚苑"
WATCH = "window.__mouse = 0; addEventListener('mousedown', () => window.__mouse++, true);"
OPINION = "总投资与资金安排不一致，请核对后重新提交"


@dataclass(frozen=True)
class Receipt:
    """What the public page shows once."""

    number: str
    code: str


def paper(name: str) -> FilePayload:
    """A PDF to hand in."""
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": pdf()}


# ------------------------------------------------------------------ admission


def apply(page: Page, url: str, album: Album) -> Receipt:
    """Anybody's browser: the code, the form with what the registry knows, the receipt."""
    page.goto(f"{url}/c/admission")
    album.take(page, "admission-begin")
    page.get_by_label("统一社会信用代码").fill(USCC)
    page.get_by_role("button", name="下一步").click()
    page.get_by_text("已从法人库带入登记信息").wait_for()
    page.get_by_label("法定代表人").fill("华思远")
    page.get_by_label("所有制").select_option("混合")
    page.get_by_label("资质等级").select_option("二级")
    page.get_by_label("资质证书编号").fill("沪房开证字第00921号")
    page.get_by_label("资质有效期至").fill("2029-12-31")
    page.get_by_label("企业所在区").select_option("浦东新区")
    page.get_by_label("没有所属集团").check()
    page.get_by_label("联系人", exact=True).fill("纪怀瑾")
    page.get_by_label("联系电话").fill("13800000121")
    for label in ("营业执照", "授权书"):
        page.get_by_label(label).set_input_files(paper(label))
    page.evaluate("scrollTo(0, 0)")
    album.take(page, "admission-form")
    page.get_by_role("button", name="提交申请").click()
    page.get_by_role("heading", name="已收到准入申请").wait_for()
    number, code = (page.locator("table.long td").nth(at).inner_text() for at in (0, 1))
    album.take(page, "admission-received")
    return Receipt(number, code)


def standing(page: Page, url: str, receipt: Receipt) -> str:
    """What the public page tells of an application."""
    page.goto(f"{url}/c/admission/standing")
    page.get_by_label("申请号").fill(receipt.number)
    page.get_by_label("查询码").fill(receipt.code)
    page.get_by_role("button", name="查询").click()
    page.locator("table.long").wait_for()
    return page.locator("table.long").inner_text()


def approve(reviewer: Person, album: Album, title: str, picture: str = "") -> None:
    """Take a record of the queue into hand, look at it, pass it; by the keyboard."""
    take(reviewer, title)
    if picture:
        album.take(reviewer.page, picture)
    reviewer.press("p")
    reviewer.said("审核通过")


def take(reviewer: Person, title: str) -> None:
    """Into hand with a record of the queue."""
    reviewer.open("record_review", "待审核")
    reviewer.page.locator(".sf-review tbody tr", has_text=title).first.press("Enter")
    reviewer.page.get_by_role("button", name="放回（U）").wait_for()
    reviewer.see("办理经过")


def open_account(city: Person, album: Album, login: str) -> None:
    """The head company's first account, whose link is shown once."""
    city.open("company_accounts", "登录名")
    city.press("F2")
    city.choose("企业", COMPANY)
    city.fill("登录名", login)
    city.fill("姓名", "纪怀瑾")
    city.fill("身份证号码", id_number(4712))
    city.fill("手机号", "19300004712")
    album.take(city.page, "market-account")
    city.page.locator(".sf-buttons").get_by_role("button", name="开立账号").click()
    city.see("请交给账号使用人本人")
    city.page.locator(".sf-dialog").get_by_role("button").last.click()
    city.said("账号已开立")


# ------------------------------------------------------------------ land


def claim(head: Person, album: Album) -> None:
    """A parcel found by its number and claimed with the deal's paper."""
    head.open("parcel_claim", "查找地块")
    head.choose("所在区", "浦东新区")
    head.fill("地块编号", PARCEL_NO)
    head.press("F3")
    head.see("可认领份额")
    with head.page.expect_file_chooser() as chooser:
        head.button("选择文件")
    chooser.value.set_files(paper("成交确认书"))
    head.see("已上传：成交确认书")
    album.take(head.page, "parcel-claim")
    head.page.locator("section[aria-label=认领]").get_by_role("button", name="认领").click()
    head.said("已提交认领")


def confirm(who: Person, album: Album, module: str, said: str) -> None:
    """The other side's word on what waits for it."""
    who.open(f"{module}&turn=1", PARCEL_NO)
    detail = who.page.locator("section[aria-label=关联详情]")
    # The first line is in hand by itself; taken once more, it would be drawn anew under the key.
    detail.get_by_text("双方记录").wait_for()
    row = who.page.locator("tbody tr", has_text=PARCEL_NO).first
    if row.get_attribute("aria-selected") != "true":
        row.press("Enter")
        detail.get_by_text(PARCEL_NO, exact=True).wait_for()
    agree = detail.get_by_role("button", name="确认（F8）")
    agree.wait_for()
    album.take(who.page, module.replace("_", "-"))
    agree.press("Enter")
    who.page.locator(".sf-dialog").get_by_role("button", name="确认", exact=True).press("Enter")
    who.said(said)


def assign(head: Person, album: Album) -> None:
    """The head's parcel goes to one of its project companies."""
    head.open("parcel_assign", "部分面积")
    head.choose("地块", PARCEL_NO)
    head.choose("项目公司", BUILDER)
    album.take(head.page, "parcel-assign")
    head.page.locator("section[aria-label=指派地块]").get_by_role("button", name="指派").click()
    head.said("已指派")


# ------------------------------------------------------------------ the project


def fill_project(company: Person, album: Album) -> None:
    """The draft the land brought: what is missing, then all of it, handed in; the mouse stays where it is."""
    page = company.page
    page.add_init_script(WATCH)
    company.open("list-project", PARCEL_NO)
    page.locator("tbody tr", has_text=PARCEL_NO).first.press("Enter")
    stand_in(page, "项目名称")
    company.press("F6")
    company.said("预检完成")
    stand_in(page, "项目代码")
    album.take(page, "project-missing")
    start, finish = (day_in(page, label) for label in ("计划开工日期", "计划竣工日期"))
    put(
        page,
        {
            "项目名称": PROJECT,
            "推广名": "晴岚苑",
            "项目代码": f"{start.year}-310115-70-03-200040",
            "住房类别": "商品住房",
            "总建筑面积": "145739.48",
            "地上建筑面积": "110408.70",
            "地下建筑面积": "35330.78",
            "总投资": "5200000000",
            "项目资本金": "1300000000",
            "计划预售日期": f"{start + (finish - start) / 2:%Y%m%d}",
            "计划交付日期": f"{finish + timedelta(days=90):%Y%m%d}",
            "联系人": "夏知微",
            "联系电话": "13800000155",
        },
    )
    page.get_by_role("button", name="添加一行").first.press("Enter")
    for cell in ("住宅", "94951", "880"):
        page.locator("input.sf-cell").wait_for()
        page.keyboard.type(cell)
        page.keyboard.press("Tab")
    company.press("F6")
    company.said("未发现需要修改的内容")
    album.take(page, "project-filled")
    company.press("F8")
    company.said("已提交，等待审核")
    # The form is gone; the keyboard is at the record it became.
    page.locator("h2.sf-title:focus", has_text=PROJECT).wait_for()
    assert page.evaluate("window.__mouse") == 0


def stand_in(page: Page, label: str) -> None:
    """Wait until the page has put the keyboard into a field; it would take it out of another one."""
    page.get_by_label(label, exact=True).and_(page.locator(":focus")).wait_for()


def day_in(page: Page, label: str) -> date:
    return date.fromisoformat(page.get_by_label(label, exact=True).input_value())


def put(page: Page, values: Mapping[str, str]) -> None:
    """Type over what stands in fields, and go on with Enter."""
    for label, value in values.items():
        box = page.get_by_label(label, exact=True).first
        box.focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(value)
        page.keyboard.press("Enter")


def send_back(reviewer: Person, album: Album) -> None:
    """Returned with an opinion, and the fields it is about."""
    take(reviewer, PROJECT)
    point = reviewer.page.get_by_role("checkbox", name="指出总投资")
    point.click()
    point.and_(reviewer.page.locator("[aria-checked=true]")).wait_for()
    reviewer.press("r")
    reviewer.page.get_by_role("combobox", name="常用退回意见").and_(reviewer.page.locator(":focus")).wait_for()
    words = reviewer.page.get_by_label("退回意见", exact=True)
    words.fill(OPINION)
    album.take(reviewer.page, "record-return")
    words.press("Enter")
    reviewer.said("已退回修改")


def put_right(company: Person, album: Album) -> None:
    """What was pointed at is mended and handed in again."""
    company.open("list-project&state=RETURNED", PROJECT)
    company.page.locator("tbody tr", has_text=PROJECT).first.press("Enter")
    company.see(OPINION)
    stand_in(company.page, "项目名称")
    album.take(company.page, "project-returned")
    # An amount is said with separators before anybody touches its field.
    company.page.locator(".sf-control[data-money='5,200,000,000.00 元，合 52.00 亿元']").wait_for()
    put(company.page, {"总投资": "5000000000"})
    company.press("F8")
    company.said("已提交，等待审核")


def update(company: Person, album: Album) -> None:
    """A new version over the one in force, which goes on standing for whoever looks."""
    company.open("list-project&state=EFFECTIVE", PROJECT)
    company.page.locator("tbody tr", has_text=PROJECT).first.press("Enter")
    company.page.get_by_role("button", name="更新").wait_for()
    company.press("F8")
    why = company.page.locator(".sf-dialog textarea")
    why.fill("推广名经营销部门调整")
    album.take(company.page, "record-update")
    company.page.locator(".sf-dialog").get_by_role("button", name="更新").press("Enter")
    company.said("已生成新的草稿")
    stand_in(company.page, "项目名称")
    put(company.page, {"推广名": "晴岚云庭"})
    company.press("F8")
    company.said("已提交，等待审核")


def stands(anybody: Person, version: int, name: str) -> None:
    """Of the project's versions this one is in force, and says so."""
    page = anybody.page
    anybody.open("list-project&state=EFFECTIVE", PROJECT)
    page.locator("tbody tr", has_text=PROJECT).first.press("Enter")
    line = page.get_by_role("table", name="版本").locator("tbody tr", has_text=f"第{version}版")
    line.filter(has_text="生效").press("Enter")
    page.locator(".sf-record-no", has_text=f"第{version}版").wait_for()
    page.get_by_text(name, exact=True).first.wait_for()


def compare(company: Person, album: Album) -> None:
    """Both versions side by side, after the newer one has taken effect."""
    company.open("list-project", PROJECT)
    company.page.locator("tbody tr", has_text=PROJECT).first.press("Enter")
    company.button("与上一版对比")
    compared = company.page.locator(".sf-compare")
    compared.get_by_text("晴岚云庭").wait_for()
    compared.get_by_text("晴岚苑", exact=True).wait_for()
    album.take(company.page, "record-compare")
