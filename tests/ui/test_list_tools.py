"""A user sets up a list: columns of his own and filters under a name, found again the next time."""

from typing import Any

import pytest

from services.engine.list_settings import LayOutList, PlacedColumn, lay_out_list
from tests.services.tenancy.counter import Counter, Filed
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, press, rows
from tests.world import World


@pytest.fixture(scope="module")
def lease(counter: Counter) -> Filed:
    return counter.filed()


def sheet(user: Any) -> Any:
    return user.find(marker="grid").elements.pop()


def columns(user: Any) -> list[str]:
    return [column["name"] for column in sheet(user)._props["columns"]]


async def test_chosen_columns_are_there_the_next_time(crowd: Crowd, lease: Filed) -> None:
    address = f"/?open=checks&number={lease.decision.case_no}"
    user = await crowd.open("huamu01", address)
    await user.should_see("共 1 条", retries=WAIT)
    before = columns(user)
    assert "unit" not in before
    # The column that names a row stays while the others scroll, until the user wants more of them to.
    assert sheet(user)._props["frozen"] == 1
    press(user, "choose-columns")
    await user.should_see("冻结左侧列数", retries=WAIT)
    user.find(marker="column-unit").click()
    user.find(marker="column-address").click()
    user.find(marker="frozen").elements.pop().set_value(2)  # type: ignore[attr-defined]
    press(user, "columns-save")
    await user.should_see("列的设置已保存", retries=WAIT)
    wanted = [*(key for key in before if key != "address"), "unit"]
    assert columns(user) == wanted
    assert rows(user, "grid")[0]["unit"]

    again = await crowd.open("huamu01", address)
    await again.should_see("共 1 条", retries=WAIT)
    assert (columns(again), sheet(again)._props["frozen"]) == (wanted, 2)
    press(again, "choose-columns")
    await again.should_see("冻结左侧列数", retries=WAIT)
    press(again, "columns-default")
    await again.should_see("已恢复默认的列", retries=WAIT)
    assert (columns(again), sheet(again)._props["frozen"]) == (before, 1)


async def test_a_dragged_width_is_kept_and_a_column_that_is_gone_is_left_out(
    crowd: Crowd, world: World, lease: Filed
) -> None:
    order = LayOutList("cases", (PlacedColumn("gone"), PlacedColumn("case_no", 90), PlacedColumn("state")))
    world.door.perform(lay_out_list, world.caller("huamu01"), order)
    user = await crowd.open("huamu01", f"/?open=checks&number={lease.decision.case_no}")
    await user.should_see("共 1 条", retries=WAIT)
    assert columns(user) == ["case_no", "state"]
    user.find(marker="grid").trigger("width", {"key": "state", "width": 210})
    again = await crowd.open("huamu01", f"/?open=checks&number={lease.decision.case_no}")
    await again.should_see("共 1 条", retries=WAIT)
    assert [column["set"] for column in sheet(again)._props["columns"]] == [90, 210]
    world.door.perform(lay_out_list, world.caller("huamu01"), LayOutList("cases"))


async def test_a_saved_filter_narrows_the_list_at_one_press(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open("huamu01", "/?open=checks")
    await user.should_see("全部", retries=WAIT)
    user.find(marker="filter-number").type(lease.decision.case_no)
    press(user, "search")
    await user.should_see("共 1 条", retries=WAIT)
    press(user, "save-filter")
    await user.should_see("保存当前查询条件", retries=WAIT)
    user.find(marker="field-name").type("我的一件")
    press(user, "dialog-yes")
    await user.should_see("已保存“我的一件”", retries=WAIT)

    again = await crowd.open("huamu01", "/?open=checks&state=DONE")
    await again.should_see("已通过", retries=WAIT)
    press(again, "saved-我的一件")
    await again.should_see("共 1 条", retries=WAIT)
    assert [row["case_no"] for row in rows(again, "grid")] == [lease.decision.case_no]
