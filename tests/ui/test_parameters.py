"""参数管理: one proposes, another confirms, and the page offers each only what he may."""

from datetime import date

from sqlmodel import select

from models.engine import Parameter, ParameterState
from services.engine.parameters import ProposeParameter, propose_parameter, thresholds_on
from services.engine.work import Work
from tests.market_rules import set_parameter
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import key
from tests.world import World

KEY = "filing.deadline_days"


def states(world: World) -> list[tuple[str, ParameterState]]:
    def read(work: Work) -> list[tuple[str, ParameterState]]:
        rows = work.session.exec(select(Parameter).where(Parameter.key == KEY)).all()
        return [(row.value, row.state) for row in rows]

    found: list[tuple[str, ParameterState]] = world.read(read)
    return found


async def test_a_proposal_waits_for_a_second_person(crowd: Crowd, world: World) -> None:
    author = await crowd.open("shi01", f"/?open=parameters&id={KEY}")
    await author.should_see("未曾修改，按默认值执行", retries=30)
    author.find(marker="field-value").type("45")
    author.find(marker="field-reason").type("按新办法调整备案期限")
    author.find("提交复核").click()
    await author.should_see("已提出，待另一位同事复核后生效", retries=30)
    assert states(world) == [("45", ParameterState.PROPOSED)]
    await author.should_not_see(marker="agree")
    key(author, "f8")
    await author.should_see("没有等您复核的修改", retries=30)

    second = await crowd.open("shi02", f"/?open=parameters&id={KEY}")
    await second.should_see("待复核", retries=30)
    second.find(marker="agree").click()
    await second.should_see("确定同意此项修改？生效后的受理按新值执行。", retries=30)
    second.find(marker="dialog-yes").click()
    await second.should_see("已复核", retries=30)
    assert states(world) == [("45", ParameterState.CONFIRMED)]
    await second.should_see("45 天", retries=30)


async def test_faults_of_a_proposal_are_told(crowd: Crowd) -> None:
    user = await crowd.open("shi01", f"/?open=parameters&id={KEY}")
    await user.should_see("提出修改", retries=30)
    user.find(marker="field-value").type("-3")
    user.find(marker="field-reason").type("试")
    user.find("提交复核").click()
    await user.should_see("的值不正确，请按整数填写", retries=30)


async def test_a_clerk_reads_and_changes_nothing(crowd: Crowd, world: World) -> None:
    order = ProposeParameter("print.daily_flag", "30", date(2099, 1, 1), "测试只读的页面")
    world.door.perform(propose_parameter, world.caller("shi01"), order)
    user = await crowd.open("huamu01", "/?open=parameters&id=print.daily_flag")
    await user.should_see("待复核", retries=30)
    await user.should_not_see("提交复核")
    await user.should_not_see("同意")


async def test_a_parameter_is_found_by_its_name_or_its_source(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=parameters&words=首次口令")
    await user.should_see("共 1 条", retries=30)
    user = await crowd.open("shi01", "/?open=parameters&words=业务约定")
    await user.should_see("第 1 /", retries=30)
    await user.should_not_see("共 1 条")


async def test_a_value_for_one_district_says_so(crowd: Crowd, world: World) -> None:
    order = ProposeParameter("projects.finish_red_days", "60", date(2099, 1, 1), "浦东先行试点", "310115")
    change = world.door.perform(propose_parameter, world.caller("shi01"), order)
    # As the message to the second person opens it.
    second = await crowd.open("shi02", f"/?open=parameters&id={change}")
    await second.should_see("浦东新区", retries=30)
    await second.should_see("90 天")
    key(second, "f8")
    await second.should_see("确定同意此项修改？生效后的受理按新值执行。", retries=30)


async def test_a_district_is_offered_only_where_districts_may_differ(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=parameters&id=projects.finish_red_days")
    await user.should_see("适用范围", retries=30)
    other = await crowd.open("shi01", f"/?open=parameters&id={KEY}")
    await other.should_see("提出修改", retries=30)
    await other.should_not_see("适用范围")


async def test_a_district_s_value_is_taken_back_by_two_people(crowd: Crowd, world: World) -> None:
    key = "projects.start_red_days"
    set_parameter(world, key, "300", "310115")
    author = await crowd.open("shi01", f"/?open=parameters&id={key}")
    await author.should_see("恢复按全市", retries=30)
    author.find(marker="take-back").click()
    await author.should_see("确定提出恢复按全市执行", retries=30)
    author.find(marker="dialog-text").type("按全市统一执行")
    author.find(marker="dialog-yes").click()
    await author.should_see("已提出，待另一位同事复核后生效", retries=30)
    await author.should_not_see(marker="take-back")

    second = await crowd.open("shi02", f"/?open=parameters&id={key}")
    await second.should_see(marker="agree", retries=30)
    second.find(marker="agree").click()
    await second.should_see(marker="dialog-yes", retries=30)
    second.find(marker="dialog-yes").click()
    await second.should_see("已复核", retries=30)
    of = world.read(lambda work: thresholds_on(work.session, world.door.clock.today()))
    assert of.over("310115").integer(key) == of.integer(key)
