"""Pages of companies: the directory and a company's page, both sides agreeing, accounts kept (rows 51-54)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from nicegui.testing import User
from sqlmodel import col, select

from models.access import Account, AccountState, OrgUnit, UnitKind
from models.companies import HeadCompany, SubjectApplication
from models.records import PactState, Revision, RevisionState
from services.companies.joint import Offer, offer
from services.engine.work import Work
from tests.conformance.story import Story
from tests.market import Market
from tests.people_made import id_number
from tests.ui.people import Crowd, page_of, until
from tests.ui.records.hands import open_record
from tests.ui.tenancy.hands import WAIT, answer, choose, enter, key, pick, press, put, rows
from ui.shell.workspace import Workspace

GRID = "grid"


def shown(user: User, column: str) -> list[str]:
    """What stands in a column of the list."""
    return [row[column] for row in rows(user, GRID)]


def drafted(companies: Market, *, by: str = "shenpu_admin") -> Story:
    """A whole draft of a project company, not sent to anybody yet."""
    story = Story.of(companies, "project_company")
    story.sample = replace(story.sample, agreed=None, drafter=by, submitter=by, about=companies.shenpu)
    return story.begin().fill()


def offered(companies: Market) -> tuple[Story, UUID]:
    story = drafted(companies)
    order = Offer(story.revision_id, story.version(), story.sample.reasons)
    return story, companies.world.door.perform(offer, story.submitter, order).id


def application_of(companies: Market, story: Story) -> SubjectApplication | None:
    found: SubjectApplication | None = companies.world.read(
        lambda work: work.session.exec(
            select(SubjectApplication).where(SubjectApplication.record_id == story.record_id)
        ).first()
    )
    return found


@pytest.mark.row(51)
async def test_the_directory_leads_to_a_company(crowd: Crowd, companies: Market) -> None:
    user = await crowd.open("shichu01", "/?open=companies")
    await user.should_see("集团公司覆盖率", retries=WAIT)
    assert await until(lambda: companies.lines["H-1"]["name"] in shown(user, "name"))
    enter(user, GRID, companies.shenpu)
    await user.should_see("登记信息", retries=WAIT)
    press(user, "part-relations")
    await user.should_see(companies.lines["P-1"]["name"], retries=WAIT)


@pytest.mark.row(51)
async def test_a_competitor_sees_neither_list_nor_page(crowd: Crowd, companies: Market) -> None:
    user = await crowd.open("jianghai01", f"/?open=company&kind=head_company&id={companies.shenpu}")
    await user.should_see("没有查到符合条件的记录", retries=WAIT)
    other = await crowd.open("jianghai01", "/?open=companies")
    assert await until(lambda: bool(shown(other, "name")))
    assert shown(other, "name") == [companies.lines["H-2"]["name"]]


@pytest.mark.row(53)
async def test_a_draft_is_sent_to_the_other_side_from_its_page(crowd: Crowd, companies: Market) -> None:
    story = drafted(companies)
    user = await open_record(crowd, "shenpu_admin", story.record_id, "project_company")
    key(user, "f9")
    await user.should_see(marker="field-SUB-02", retries=WAIT)
    box: Any = user.find(marker="field-SUB-02").elements.pop()
    box.set_value("已核对营业执照原件")
    press(user, "dialog-yes")
    await user.should_see("已发送", retries=WAIT)
    row = application_of(companies, story)
    assert row is not None
    assert row.state is PactState.OFFERED


@pytest.mark.row(53)
async def test_the_other_side_confirms_and_it_goes_to_review(crowd: Crowd, companies: Market) -> None:
    story, application = offered(companies)
    user = await crowd.open("pdchu01", f"/?open=company_joint&id={application}")
    await user.should_see("待业务部门确认", retries=WAIT)
    await user.should_see(story.sample.values["name"])
    press(user, "joint-confirm")
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    assert await until(lambda: companies.row(Revision, story.revision_id).state is RevisionState.SUBMITTED)
    await user.should_see("待区级审核", retries=WAIT)


@pytest.mark.row(53)
async def test_a_refusal_says_why(crowd: Crowd, companies: Market) -> None:
    _, application = offered(companies)
    user = await crowd.open("pdchu01", f"/?open=company_joint&id={application}")
    await user.should_see(marker="joint-decline", retries=WAIT)
    press(user, "joint-decline")
    await answer(user, "持股比例与登记不符")
    assert await until(lambda: companies.row(SubjectApplication, application).state is PactState.DECLINED)
    await user.should_see("持股比例与登记不符", retries=WAIT)


@pytest.mark.row(54)
async def test_the_city_changes_how_many_accounts_a_head_company_has(crowd: Crowd, companies: Market) -> None:
    row_id = companies.shenpu
    before = companies.row(HeadCompany, row_id).account_quota
    user = await crowd.open("shichu01", f"/?open=company&kind=head_company&id={row_id}&part=accounts")
    await user.should_see(f"账号（名额{before}个）", retries=WAIT)
    user.find("调整账号名额").click()
    await user.should_see(marker="field-quota", retries=WAIT)
    user.find(marker="field-quota").clear().type(str(before + 5))
    put(user, "reason", "按项目数量核定")
    press(user, "dialog-yes")
    await user.should_see(f"账号名额已调整为{before + 5}个", retries=WAIT)
    await user.should_see(f"账号（名额{before + 5}个）", retries=WAIT)
    assert companies.row(HeadCompany, row_id).account_quota == before + 5
    head = await crowd.open("shenpu_admin", f"/?open=company&kind=head_company&id={row_id}")
    await head.should_see("登记信息", retries=WAIT)
    await head.should_not_see("调整账号名额")


@pytest.mark.row(54)
async def test_a_head_company_opens_and_ends_an_account(crowd: Crowd, companies: Market) -> None:
    user = await crowd.open("shenpu_admin", "/?open=company_accounts")
    assert await until(lambda: "binjiang01" in shown(user, "login"))
    assert "xincheng01" not in shown(user, "login")
    key(user, "f2")
    await user.should_see(marker="open-account", retries=WAIT)
    choose(user, "company_id", str(companies.binjiang))
    put(user, "login", "binjiang09")
    put(user, "name", "柳新枝")
    put(user, "id_no", id_number(5409))
    put(user, "mobile", "19300005409")
    choose(user, "role", "PROJ_USER")
    press(user, "open-account")
    await user.should_see(marker="first-link", retries=WAIT)
    await user.should_see("/first/")
    press(user, "handed-out")
    await user.should_see("账号已开立", retries=WAIT)

    def account() -> Account:
        found: Account = companies.world.read(
            lambda work: work.session.exec(select(Account).where(Account.login == "binjiang09")).one()
        )
        return found

    pick(user, GRID, account().id)
    await user.should_see("193****5409", retries=WAIT)
    await user.should_not_see("19300005409")
    before = account().link_digest
    press(user, "reset")
    await answer(user, "原链接没有收到")
    await user.should_see(marker="handed-out", retries=WAIT)
    press(user, "handed-out")
    assert await until(lambda: account().link_digest not in (None, before))
    await user.should_see("新链接已生成", retries=WAIT)
    press(user, "reveal")
    await user.should_see(marker="field-field", retries=WAIT)
    user.find(marker="field-field").elements.pop().set_value("mobile")  # type: ignore[attr-defined]
    await answer(user, "核对使用人身份")
    await user.should_see("19300005409", retries=WAIT)
    press(user, "disable")
    press(user, "disable")
    await answer(user, "人员离职不再使用")
    assert await until(lambda: account().state is AccountState.DISABLED)


async def revealed(user: User) -> None:
    """The telephone of the account in hand stands in clear."""
    press(user, "reveal")
    await user.should_see(marker="field-field", retries=WAIT)
    await user.should_see("账号使用人")
    await user.should_not_see("当事人")
    user.find(marker="field-field").elements.pop().set_value("mobile")  # type: ignore[attr-defined]
    await answer(user, "核对使用人身份")
    await user.should_see("已显示明文", retries=WAIT)


async def left(user: User, module: str) -> None:
    """Another tab comes to the front, which masks as the minute does."""
    workspace: Workspace = page_of(user).request.scope["state"]["workspace"]
    with page_of(user):
        await workspace.open(module)
    await user.should_see("完整信息已重新遮蔽", retries=WAIT)


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("keeper", "module", "other"),
    [("shenpu_admin", "company_accounts", "companies"), ("xitong01", "accounts", "units")],
)
async def test_masking_again_leaves_what_is_being_typed(
    crowd: Crowd, companies: Market, keeper: str, module: str, other: str
) -> None:
    account: Account = companies.world.read(
        lambda work: work.session.exec(select(Account).where(Account.login == "binjiang01")).one()
    )
    assert account.mobile is not None
    for form, marker in (("shown", "field-mobile"), ("new", "field-login")):
        user = await crowd.open(keeper, f"/?open={module}")
        await user.should_see(marker=GRID, retries=WAIT)
        assert await until(lambda user=user: "binjiang01" in shown(user, "login"))  # type: ignore[misc]
        pick(user, GRID, account.id)
        await user.should_see("binjiang01（", retries=WAIT)
        await user.should_see(marker="reveal", retries=WAIT)
        await revealed(user)
        await user.should_see(account.mobile.plain)
        if form == "new":
            key(user, "f2")
            await user.should_see(marker=marker, retries=WAIT)
        user.find(marker=marker).type("19300005")
        typed: Any = user.find(marker=marker).elements.pop()
        await left(user, other)
        assert (typed.is_deleted, typed.value) == (False, "19300005")
        await user.should_not_see(account.mobile.plain)


async def test_number_and_telephone_are_asked_where_the_unit_is_a_companys(crowd: Crowd, companies: Market) -> None:
    office, unit = companies.world.read(
        lambda work: [
            work.session.exec(
                select(OrgUnit).join(Account, col(Account.unit_id) == col(OrgUnit.id)).where(Account.login == login)
            ).one()
            for login in ("huamu01", "binjiang01")
        ]
    )
    user = await crowd.open("xitong01", "/?open=accounts")
    await user.should_see(marker=GRID, retries=WAIT)
    assert await until(lambda: "binjiang01" in shown(user, "login"))
    key(user, "f2")
    await user.should_see(marker="create-account", retries=WAIT)
    for chosen, asked in ((unit, True), (office, False), (unit, True)):
        await seek_unit(user, chosen)
        if asked:
            await user.should_see("身份证号码和手机号必填", retries=WAIT)
        else:
            await user.should_not_see("身份证号码和手机号必填", retries=WAIT)
    put(user, "login", "shaobian01")
    put(user, "name", "邵边")
    press(user, "create-account")
    await user.should_see("有2处填写有误：身份证号码、手机号", retries=WAIT)


async def seek_unit(user: User, unit: OrgUnit) -> None:
    """Type a unit's code and take what is found."""
    user.find(marker="field-unit_id").trigger("seek", unit.unit_code)
    picker: Any = user.find(marker="field-unit_id").elements.pop()
    assert await until(lambda: str(unit.id) in picker._labels)
    choose(user, "unit_id", str(unit.id))


async def test_a_unit_behind_hundreds_of_others_is_found_and_chosen(crowd: Crowd, companies: Market) -> None:
    """However many there are: of those that are shown when nothing is typed yet it is none."""

    def build(work: Work) -> None:
        for number in range(230):
            code = f"A{number:05d}"
            work.add(
                OrgUnit(unit_code=code, name=f"先排的单位{number}", kind=UnitKind.CITY_BUREAU, district_code="310000")
            )
        work.add(OrgUnit(unit_code="ZZ99999", name="排在最后的单位", kind=UnitKind.CITY_BUREAU, district_code="310000"))

    companies.world.act(build)
    last = companies.world.read(
        lambda work: work.session.exec(select(OrgUnit).where(OrgUnit.unit_code == "ZZ99999")).one()
    )
    user = await crowd.open("xitong01", "/?open=accounts")
    await user.should_see(marker=GRID, retries=WAIT)
    key(user, "f2")
    await user.should_see(marker="create-account", retries=WAIT)
    picker: Any = user.find(marker="field-unit_id").elements.pop()
    user.find(marker="field-unit_id").trigger("seek", "")
    assert await until(lambda: len(picker._labels) == 30)
    assert str(last.id) not in picker._labels
    user.find(marker="field-unit_id").trigger("seek", "最后的单位")
    assert await until(lambda: str(last.id) in picker._labels)
    choose(user, "unit_id", str(last.id))
    assert picker.label == "排在最后的单位（ZZ99999）"


@pytest.mark.row(54)
@pytest.mark.parametrize(("keeper", "module"), [("shenpu_admin", "company_accounts"), ("xitong01", "accounts")])
async def test_enabling_asks_for_number_and_telephone_first(
    crowd: Crowd, companies: Market, keeper: str, module: str
) -> None:
    def account() -> Account:
        found: Account = companies.world.read(
            lambda work: work.session.exec(select(Account).where(Account.login == "binjiang01")).one()
        )
        return found

    companies.world.rewrite(
        Account, Account.login == "binjiang01", id_no=None, mobile=None, state=AccountState.DISABLED
    )
    user = await crowd.open(keeper, f"/?open={module}")
    await user.should_see(marker=GRID, retries=WAIT)
    assert await until(lambda: "binjiang01" in shown(user, "login"))
    pick(user, GRID, account().id)
    await user.should_see("该账号缺身份证号码、手机号，请先补录，再启用", retries=WAIT)
    press(user, "enable")
    await answer(user, "人员返岗继续使用")
    await user.should_see("请先补录证件和手机，再启用", retries=WAIT)
    assert account().state is AccountState.DISABLED
    put(user, "id_no", id_number(5410))
    put(user, "mobile", "19300005410")
    press(user, "save-holder")
    await answer(user, "补录使用人信息")
    await user.should_see("193****5410", retries=WAIT)
    await user.should_not_see("该账号缺")
    press(user, "enable")
    await answer(user, "人员返岗继续使用")
    await user.should_see(marker="first-link", retries=WAIT)
    assert account().state is AccountState.ACTIVE


@pytest.mark.row(52)
async def test_an_exit_is_begun_from_the_companys_page(crowd: Crowd, companies: Market) -> None:
    company = companies.head_company()
    user = await crowd.open("shichu01", f"/?open=company&kind=head_company&id={company}")
    await user.should_see("已准入", retries=WAIT)
    user.find("申请退出").click()
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see(marker="record-state", retries=WAIT)
    await user.should_see("退出原因", retries=WAIT)
