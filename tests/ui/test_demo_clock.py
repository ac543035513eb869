"""演示日期: the city moves the business date for everybody, and puts it back."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from services.demo.clock import follow_clock, move_clock
from services.engine.callers import SYSTEM
from services.engine.clock import shanghai_day, system_now
from tests.ui.people import Crowd
from tests.world import World
from ui.catalogue import MODULES, modules_of

PAGE = "/?open=demo-clock"


@pytest.fixture(autouse=True)
def movable(world: World) -> Iterator[None]:
    """As main.py allows it in demo; afterwards the world stands where it stood."""
    before = world.door.clock.shift
    world.door.perform(move_clock, SYSTEM, None)
    follow_clock(world.door)
    yield
    world.door.perform(move_clock, SYSTEM, None)
    world.door.clock.shift = before


async def test_the_business_date_is_moved_and_put_back(crowd: Crowd, world: World) -> None:
    user = await crowd.open("shi01", PAGE)
    await user.should_see("实际日期", retries=30)
    user.find(marker="field-day").type("2027-08-15")
    user.find("调整日期").click()
    await user.should_see("确定调整业务日期？所有人的业务日期一起改变。", retries=30)
    user.find(marker="dialog-yes").click()
    await user.should_see("业务日期已调整为2027-08-15", retries=30)
    assert world.door.clock.today() == date(2027, 8, 15)
    user.find("回到今天").click()
    await user.should_see("业务日期已回到今天", retries=30)
    assert world.door.clock.today() == shanghai_day(system_now())


async def test_a_date_long_past_leaves_the_city_its_role(crowd: Crowd, world: World) -> None:
    world.stand_at(2020, 1, 2)
    user = await crowd.open("shi01", PAGE)
    await user.should_see("实际日期", retries=30)
    user.find("回到今天").click()
    await user.should_see("业务日期已回到今天", retries=30)


async def test_a_date_out_of_reach_moves_nothing(crowd: Crowd, world: World) -> None:
    user = await crowd.open("shi01", PAGE)
    await user.should_see("实际日期", retries=30)
    user.find(marker="field-day").type("2019-12-31")
    user.find("调整日期").click()
    await user.should_see("所有人的业务日期一起改变", retries=30)
    user.find(marker="dialog-yes").click()
    await user.should_see("请选择2020年至2099年之间的日期", retries=30)
    assert world.door.clock.shift == timedelta()


async def test_the_status_bar_tells_a_moved_date(crowd: Crowd, world: World) -> None:
    clerk = await crowd.open("huamu01", "/?open=parameters")
    await clerk.should_not_see("演示日期")
    world.stand_at(2027, 8, 15)
    moved = await crowd.open("huamu02", "/?open=parameters")
    await moved.should_see("演示日期", retries=30)


async def test_a_clerk_cannot_move_the_date(crowd: Crowd) -> None:
    user = await crowd.open("huamu01", PAGE)
    await user.should_see("没有这个功能，或您的岗位不能使用", retries=30)


@pytest.mark.parametrize(("mode", "movable_there"), [("demo", True), ("test", True), ("production", False)])
def test_only_demo_and_test_have_the_page(mode: str, movable_there: bool) -> None:
    keys = [module.key for module in modules_of(mode)]
    assert ("demo-clock" in keys) is movable_there
    assert keys[: len(MODULES)] == [module.key for module in MODULES]
