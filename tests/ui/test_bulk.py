"""Many rows of a list at once: ticked ones, or all rows of the filter over all pages, with a result for each."""

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from models.alarms import Alarm, AlarmState
from services.engine.alarms import raise_alarm
from services.engine.list_declaration import RowResult
from services.engine.list_outcomes import Outcomes, outcomes_book
from services.engine.refusals import Rejected
from services.operations.alarms import see_alarm
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, press
from tests.world import World

PAGE = "/?open=alarms&size=20"


@pytest.fixture
def alarms(world: World) -> list[UUID]:
    """Sixty open alarms, more than a page and more than an order, and none beside them."""

    def make(work: Any) -> None:
        for row in work.session.exec(select(Alarm)).all():
            work.session.delete(row)
        for _ in range(60):
            raise_alarm(work, "BACKUP.OVERDUE", "备份逾期", kind="test", key=uuid4().hex)

    world.act(make)
    return list(world.read(lambda work: work.session.exec(select(Alarm.id).order_by(col(Alarm.id))).all()))


def counted(world: World) -> dict[AlarmState, int]:
    found = world.read(lambda work: work.session.exec(select(Alarm.state)).all())
    return {state: found.count(state) for state in set(found)}


def tick(user: Any, count: int) -> None:
    grid = user.find(marker="grid").elements.pop()
    user.find(marker="grid").trigger("ticks", [row["id"] for row in grid.rows[:count]])


async def test_all_rows_of_the_filter_are_settled_over_all_pages(
    crowd: Crowd, world: World, alarms: list[UUID]
) -> None:
    world.door.perform(see_alarm, world.caller("xitong01"), alarms[0])
    user = await crowd.open("xitong01", PAGE)
    await user.should_see("共 60 条", retries=WAIT)
    tick(user, 2)
    await user.should_see("已勾选 2 条", retries=WAIT)
    press(user, "choose-all")
    await user.should_see("已全选本筛选下的 60 条", retries=WAIT)
    press(user, "page-next")
    await user.should_see("第 2 / 3 页", retries=WAIT)
    await user.should_see("已全选本筛选下的 60 条", retries=WAIT)
    user.find("接手所选").click()
    await user.should_see("本筛选下的全部 60 条", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("接手所选：完成 59 件，未办理 1 件", retries=WAIT)
    await user.should_see(marker="outcomes-export")
    assert counted(world) == {AlarmState.SEEN: 60}


async def test_only_the_ticked_rows_are_settled_with_the_words_given(
    crowd: Crowd, world: World, alarms: list[UUID]
) -> None:
    user = await crowd.open("xitong01", PAGE)
    await user.should_see("共 60 条", retries=WAIT)
    tick(user, 20)
    press(user, "choose-all")
    await user.should_see("已全选本筛选下的 60 条", retries=WAIT)
    # Who takes a tick away means the ticked rows of the page in view.
    tick(user, 3)
    await user.should_see("已勾选 3 条", retries=WAIT)
    user.find("关闭所选").click()
    await user.should_see("勾选的 3 条", retries=WAIT)
    user.find(marker="dialog-text").type("已补做备份")
    press(user, "dialog-yes")
    await user.should_see("关闭所选：完成 3 件", retries=WAIT)
    assert counted(world) == {AlarmState.CLOSED: 3, AlarmState.OPEN: 57}


async def test_another_filter_chooses_nothing(crowd: Crowd, alarms: list[UUID]) -> None:
    user = await crowd.open("xitong01", PAGE)
    await user.should_see("共 60 条", retries=WAIT)
    tick(user, 1)
    press(user, "choose-all")
    await user.should_see("已全选本筛选下的 60 条", retries=WAIT)
    user.find(marker="filter-closed").elements.pop().set_value("closed")  # type: ignore[attr-defined]
    await user.should_see("共 0 条", retries=WAIT)
    await user.should_not_see("已全选")


def test_the_list_of_what_was_done_is_a_file_with_those_refused_first(world: World) -> None:
    done, refused = RowResult(uuid4(), True, "", "甲"), RowResult(uuid4(), False, "告警已关闭", "乙")
    book = world.door.perform(outcomes_book, world.caller("xitong01"), Outcomes("alarms", "接手所选", (done, refused)))
    head, *rows = load_workbook(BytesIO(book)).worksheets[0].iter_rows(values_only=True)
    assert head[:5] == ("序号", "编号", "结果", "说明", "办理事项")
    assert [row[1:5] for row in rows] == [
        ("乙", "未办理", "告警已关闭", "接手所选"),
        ("甲", "完成", None, "接手所选"),
    ]
    with pytest.raises(Rejected):
        world.door.perform(outcomes_book, world.caller("xitong01"), Outcomes("alarms", "接手所选", ()))
