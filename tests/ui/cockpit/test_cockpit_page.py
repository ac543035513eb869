"""A project's desk in front of its company, its head and the authority: everything leads to where it is done."""

import pytest
from nicegui.testing import User

from tests.land import Land
from tests.ui.people import Crowd, until, was_told
from tests.ui.records.hands import place_of
from tests.ui.tenancy.hands import WAIT, enter, key, pick, press, rows
from tests.world import World
from ui.cockpit.graph import Needs


async def at_desk(crowd: Crowd, login: str, project_id: object) -> User:
    user = await crowd.open(login, f"/?open=cockpit&id={project_id}")
    await user.should_see("前后置关系", retries=WAIT)
    return user


@pytest.mark.parametrize("login", ["binjiang01", "shenpu01", "pdshen01", "shichu01"])
async def test_a_desk_tells_stages_and_what_there_is_to_do(crowd: Crowd, land: Land, login: str) -> None:
    user = await at_desk(crowd, login, land.project("P-1", name=f"{login}看得见的项目"))
    await user.should_see("看得见的项目")
    for word in (
        "土地",
        "规划",
        "施工",
        "预售",
        "竣工",
        "交付",
        "预售许可",
        "电子开发项目手册",
        "待填报",
        "到期事项",
        "审核中",
        "预警",
        "楼盘表",
        "进度监测",
    ):
        await user.should_see(word)


@pytest.mark.parametrize(
    ("kind", "page"), [("presale_permit", "open=project-sale&id="), ("handbook", "open=handbooks&project=")]
)
async def test_what_is_no_kept_record_opens_its_page(crowd: Crowd, land: Land, kind: str, page: str) -> None:
    user = await at_desk(crowd, "binjiang01", land.project("P-1"))
    press(user, f"stage-{kind}")
    assert await was_told(user, page)


async def test_several_projects_are_chosen_from_and_sought(crowd: Crowd, land: Land) -> None:
    project = land.project("P-1", name="要找的花园")
    land.project("P-1", name="另一处花园")
    user = await crowd.open("binjiang01", "/?open=cockpit")
    await user.should_see(marker="filter-text", retries=WAIT)
    assert await until(lambda: "要找的花园" in {row["name"] for row in rows(user, "grid")})
    user.find(marker="filter-text").type("要找的")
    press(user, "search")
    assert await until(lambda: [row["name"] for row in rows(user, "grid")] == ["要找的花园"])
    enter(user, "grid", project)
    await user.should_see("前后置关系", retries=WAIT)
    key(user, "f2")
    await user.should_see(marker="filter-text", retries=WAIT)
    key(user, "f8")
    await user.should_see("请先选择一个项目", retries=WAIT)
    pick(user, "grid", project)
    await user.should_see("按 F8 或回车打开", retries=WAIT)
    key(user, "f8")
    await user.should_see("前后置关系", retries=WAIT)


async def test_what_is_missing_is_begun_from_the_desk(crowd: Crowd, land: Land) -> None:
    project = land.project("P-1", name="缺代建的项目")
    user = await at_desk(crowd, "binjiang01", project)
    user.find(kind=Needs).trigger("open", "project_builders")
    await user.should_see(marker="record-state", retries=WAIT)
    assert place_of(user).params["kind"] == "project_builders"


async def test_a_box_that_is_there_opens_its_record(crowd: Crowd, land: Land) -> None:
    project = land.project("P-1")
    user = await at_desk(crowd, "pdshen01", project)
    user.find(kind=Needs).trigger("open", "project")
    await user.should_see(marker="record-state", retries=WAIT)
    assert place_of(user).params["id"] == str(project)


async def test_who_keeps_nothing_is_told_and_begins_nothing(crowd: Crowd, land: Land) -> None:
    user = await at_desk(crowd, "shenpu01", land.project("P-1"))
    press(user, "stage-project_builders")
    await user.should_see("还没有项目代建单位", retries=WAIT)


async def test_a_foreign_project_is_not_found(crowd: Crowd, world: World, land: Land) -> None:
    project = land.project("P-1", name="别人的项目")
    for login in ("xincheng01", "jianghai01", "xhshen01"):
        user = await crowd.open(login, f"/?open=cockpit&id={project}")
        await user.should_see("没有查到", retries=WAIT)
        await user.should_not_see("别人的项目")
