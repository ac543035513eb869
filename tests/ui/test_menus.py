"""Menus of at most nine lines, icons that differ, the manual behind F1, favourites, the bell and the tour."""

from decimal import Decimal
from itertools import groupby

import pytest

from models.access import Role
from models.normal import BadText
from services.engine.alarms import raise_alarm
from services.engine.notices import my_notices, notify, unread_notices
from tests.ui.people import Crowd, page_of, until
from tests.ui.tenancy.hands import WAIT, key
from tests.world import World
from ui import manual
from ui.catalogue import MODULES
from ui.shell.fields import _typed_money
from ui.shell.guide import Guide
from ui.shell.tree import Tree
from ui.shell.values import large_money

STAFF = [role for role in Role if role not in {Role.SYSTEM, Role.PARTNER}]
_LINES = 9


@pytest.mark.parametrize("role", STAFF)
def test_a_menu_has_at_most_nine_lines(role: Role) -> None:
    shown = [module for module in MODULES if role in module.roles and not module.hidden]
    long = {group: len(list(lines)) for group, lines in groupby(shown, key=lambda module: module.group)}
    assert {group: count for group, count in long.items() if count > _LINES} == {}


def test_no_two_lines_have_the_same_icon() -> None:
    by_icon: dict[str, list[str]] = {}
    for module in MODULES:
        if not module.hidden:
            by_icon.setdefault(module.icon, []).append(module.key)
    assert {icon: keys for icon, keys in by_icon.items() if len(keys) > 1} == {}


def test_every_page_has_its_part_of_the_manual_for_every_role() -> None:
    missing = [
        (module.key, role.name)
        for module in MODULES
        for role in module.roles & set(STAFF)
        if manual.part_about(module.key, {role}) is None
    ]
    assert missing == []


def test_what_the_manual_is_about_are_modules_and_roles_there_are() -> None:
    known, roles = {module.key for module in MODULES} | {"demo-clock"}, {role.name for role in Role}
    parts = manual._parts()
    assert set(parts) - known == set()
    assert {name for told in parts.values() for part in told for name in part.roles} - roles == set()


def test_a_user_s_own_part_comes_before_the_one_for_all() -> None:
    company, authority = manual.part_about("alerts", {Role.HEAD_USER}), manual.part_about("alerts", {Role.CITY_HANDLER})
    assert company is not None
    assert authority is not None
    assert (company.name, authority.name) == ("market-head", "market-authority")
    assert f'id="{authority.anchor}"' in manual.html_of(authority.name)


async def test_the_manual_is_read_in_the_product_by_who_is_signed_in(crowd: Crowd) -> None:
    browser = await crowd.browser("huamu01")
    contents = await browser.get("/manual")
    assert 'href="/manual/filing"' in contents.text
    page = await browser.get("/manual/filing")
    assert 'src="/manual/pictures/filing-1-house.png"' in page.text
    assert "F1" not in page.text
    assert (await browser.get("/manual/pictures/filing-1-house.png")).headers["content-type"] == "image/png"
    about = (await browser.get("/manual/about/cancel_applies")).text
    assert "登记对方异议" in about
    assert "恢复误注销" not in about
    assert "<img" not in (await browser.get("/manual/about/filing_form")).text
    assert (await browser.get("/manual/about/nothing")).status_code == 404
    for name in ("/manual/..%2FREADME", "/manual/nothing", "/manual/pictures/..%2F..%2FREADME.md"):
        assert (await browser.get(name)).status_code == 404
    browser.cookies.clear()
    assert (await browser.get("/manual/filing")).status_code in {303, 401}


async def test_f1_opens_the_part_that_belongs_to_the_page(crowd: Crowd) -> None:
    user = await crowd.open("huamu01", "/?open=cancel_lease")
    key(user, "f1")
    await user.should_see(marker="help", retries=WAIT)
    assert any("单方申请之后" in str(one.content) for one in user.find(marker="manual-page").elements)  # type: ignore[attr-defined]


async def test_an_empty_list_shows_what_the_manual_says_of_it_and_the_way_back_from_a_filter(crowd: Crowd) -> None:
    # Of the exports of a clerk for whom no test makes any.
    user = await crowd.open("longhua01", "/?open=exports&state=READY")
    await user.should_see(kind=Guide, retries=WAIT)
    user.find("去掉查询条件").click()
    await user.should_not_see("去掉查询条件", retries=WAIT)
    await user.should_see(kind=Guide)


async def test_favourites_are_kept_in_the_user_s_order(crowd: Crowd) -> None:
    user = await crowd.open("huamu02", "/?open=intake")
    user.find(marker="tree").trigger("star", "senseless")
    starred = (("filings", "已收藏“备案记录”"), ("intake", "已收藏“窗口受理”"), ("filings", "已取消收藏“备案记录”"))
    # A page that is still opening has the bar say so after it.
    await user.should_see(marker="intake-number", retries=WAIT)
    for module, words in (*starred, ("cancel_lease", "已收藏“合同注销”")):
        user.find(marker="tree").trigger("star", module)
        await user.should_see(words, retries=WAIT)
    again = await crowd.open("huamu02", "/?open=intake")
    await again.should_see("不用了", retries=WAIT)
    (tree,) = again.find(kind=Tree).elements
    assert tree.starred == ["intake", "cancel_lease"]


async def test_the_tour_is_offered_until_it_was_answered(crowd: Crowd) -> None:
    user = await crowd.open("longhua01", "/?open=intake")
    await user.should_see("不用了", retries=WAIT)
    user.find("不用了").click()
    await user.should_not_see("不用了", retries=WAIT)
    again = await crowd.open("longhua01", "/?open=intake")
    workspace = page_of(again).request.scope["state"]["workspace"]
    with page_of(again):
        await workspace.on_opened()
    await again.should_not_see("不用了")


async def test_the_bell_counts_and_opens_what_a_message_is_about(crowd: Crowd, world: World) -> None:
    clerk = world.caller("huamu02")
    before = world.door.ask(unread_notices, clerk, None)
    world.act(lambda work: notify(work, "铃里的消息", "请办理", to_account=clerk.account_id))
    assert world.door.ask(unread_notices, clerk, None) == before + 1
    user = await crowd.open("huamu02", "/?open=intake")
    user.find(marker="bell").click()
    await user.should_see("铃里的消息", retries=WAIT)
    (line,) = [one for one in world.door.ask(my_notices, clerk, 50) if one.subject == "铃里的消息"]
    user.find(marker=f"bell-read-{line.id}").click()
    await user.should_not_see("铃里的消息", retries=WAIT)
    assert world.door.ask(unread_notices, clerk, None) == before


def test_large_amounts_are_said_in_the_unit_of_authorities() -> None:
    assert large_money(Decimal("14323589620")) == "（143.24亿元）"
    assert large_money(Decimal("65000")) == "（6.50万元）"
    assert large_money(Decimal("9999.99")) == ""
    assert large_money("4,626,128,913.00") == "（46.26亿元）"
    assert large_money("约四十亿") == ""
    assert _typed_money("14,323,589,620.00") == Decimal("14323589620.00")
    with pytest.raises(BadText, match="不要带逗号"):
        _typed_money("1,00")


async def test_an_alarm_leads_to_what_it_is_about(crowd: Crowd, world: World) -> None:
    told = "外部系统连续无应答：会打开对象"
    alarm_id = world.act(lambda work: raise_alarm(work, "UPSTREAM.DOWN", told, kind="system", key="police").id)
    user = await crowd.open("shi01", f"/?open=alarms&id={alarm_id}")
    await user.should_see("告警详情", retries=WAIT)
    key(user, "f6")
    await user.should_see("对接日志", retries=WAIT)
    workspace = page_of(user).request.scope["state"]["workspace"]
    assert await until(lambda: workspace.front.module == "exchange_log")
