"""Pages of street users: linking, choosing a street at sign-in, and the word for a user without one (row 50)."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from deploy.demo.offices import Person, add_account
from models.access import Account, OrgUnit, Role, ScopeKind
from models.streets import LinkDuty, StreetLink
from services.access.access_list_signature import sign_pending
from services.engine.orders import Reasoned
from services.engine.work import Work
from services.streets.links import LinkUser, end_link, link_user
from tests.ui.people import Crowd, form_token, sign_in, was_told
from tests.ui.tenancy.hands import WAIT, choose, key, press, put, rows
from tests.world import World, sealer
from ui.shell.open_pages import OpenPages

pytestmark = pytest.mark.row(50)
HUAMU, LUJIAZUI = "310115016", "310115005"
_NAMES = iter(f"jiezhen{number:02d}" for number in range(51, 99))


@pytest.fixture
def login(world: World) -> str:
    """A street user of 花木 with a button on the sign-in page."""
    name = next(_NAMES)

    def make(work: Work) -> None:
        unit = work.session.exec(select(OrgUnit).where(OrgUnit.unit_code == "ST310115005")).one()
        person = Person(name, "邹敏", "", Role.STREET_CLERK, ScopeKind.STREET, HUAMU)
        add_account(work, person, unit, sealer().hash_password("not-to-be-typed-by-anybody"))

    world.act(make)
    sign_pending(world.door)
    return name


def link_id(world: World, login: str) -> object:
    rows_of = select(StreetLink.id).where(
        col(StreetLink.account_id).in_(select(Account.id).where(Account.login == login))
    )
    return world.read(lambda work: work.session.exec(rows_of).one())


async def test_a_bureau_links_a_user_by_keyboard(world: World, crowd: Crowd, login: str) -> None:
    user = await crowd.open("pdju01", "/?open=street_links")
    key(user, "f2")
    await user.should_see(marker="field-street_code", retries=WAIT)
    put(user, "login", login)
    choose(user, "street_code", LUJIAZUI)
    choose(user, "duty", "REVIEW")
    put(user, "valid_from", world.door.clock.today().isoformat())
    press(user, "link-user")
    await user.should_see("已关联，用户下一次操作起生效", retries=WAIT)
    assert world.caller(login).streets == (HUAMU, LUJIAZUI)
    assert [one for one in rows(user, "grid") if one["login"] == login]


async def test_a_street_of_another_district_is_not_offered_to_a_bureau(crowd: Crowd) -> None:
    user = await crowd.open("xhju01", "/?open=street_links")
    key(user, "f2")
    await user.should_see(marker="field-street_code", retries=WAIT)
    offered = user.find(marker="field-street_code").elements.pop().options  # type: ignore[attr-defined]
    assert offered
    assert {code[:6] for code in offered} == {"310104"}


async def test_a_user_of_two_streets_chooses_at_sign_in_and_may_change_over(
    world: World, crowd: Crowd, login: str
) -> None:
    today = world.door.clock.today()
    world.door.perform(link_user, world.caller("shi01"), LinkUser(login, LUJIAZUI, LinkDuty.READ, today))
    browser = await crowd.browser(login)
    page = await browser.get("/street")
    assert "浦东新区花木街道 · 经办（主关联）" in page.text
    assert "浦东新区陆家嘴街道 · 查询" in page.text
    token = await form_token(browser, "/street")
    foreign = await browser.post("/street", data={"csrf": token, "street": "310104016"})
    assert (foreign.status_code, "没有关联这个街镇" in foreign.text) == (404, True)
    token = await form_token(browser, "/street")
    chosen = await browser.post("/street", data={"csrf": token, "street": LUJIAZUI})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
    page = await browser.get("/street")
    assert page.text.index("陆家嘴街道") > page.text.index("花木街道")
    assert f'value="{LUJIAZUI}" class="main"' in page.text


async def test_a_user_without_a_link_is_told_whom_to_ask(world: World, crowd: Crowd, login: str) -> None:
    world.door.perform(end_link, world.caller("shi01"), Reasoned(link_id(world, login), "已调离受理中心"))  # type: ignore[arg-type]
    browser = await crowd.browser(login)
    answer = await browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/street")
    page = await browser.get("/street")
    assert "目前没有可用的岗位" in page.text
    assert "进入工作台" not in page.text


async def test_a_user_of_one_street_goes_straight_to_work(crowd: Crowd, login: str) -> None:
    browser = await crowd.browser(login)
    assert (await sign_in(browser, login)).headers["location"] == "/"


async def test_a_link_that_ends_at_midnight_closes_the_open_page(world: World, crowd: Crowd, login: str) -> None:
    """The watch over open pages sends the page to sign in, and the next request finds no menu."""
    world.act(lambda work: _end_tonight(work, login))
    user = await crowd.open(login, "/?open=home")
    before = world.door.clock.shift
    world.let_pass(days=1)
    try:
        await OpenPages(crowd.book).sweep()
        assert await was_told(user, "sfOver('changed')")
        answer = await user.http_client.get("/")
        assert answer.headers.get("location") == "/street"
    finally:
        world.door.clock.shift = before


def _end_tonight(work: Work, login: str) -> None:
    account = work.only(Account.id, Account.login == login)
    link = work.only(StreetLink, StreetLink.account_id == account)
    link.valid_to = work.today
    work.add(link)
    assert link.valid_to < work.today + timedelta(days=1)
