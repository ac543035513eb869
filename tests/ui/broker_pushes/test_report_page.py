"""The association's report: its figures open the list behind them, and an empty one says so (row 13)."""

import pytest

from tests.services.broker_pushes.association import Association, enter_member
from tests.services.tenancy.counter import Counter
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, pick, press, rows
from tests.world import World

pytestmark = pytest.mark.row(13)


@pytest.fixture(scope="session")
def pushed(world: World, counter: Counter) -> str:
    """A batch of today: two filed, one without a card. Gives the month."""
    world.act(enter_member)
    association = Association(counter)
    two, without = (association.item(), association.item()), association.item(card_no="")
    answer = association.push(*two, without, batch_no="页-1")
    assert [one.filing_no != "" for one in answer.items] == [True, True, False], answer
    return f"{world.door.clock.today():%Y-%m}"


async def test_a_figure_of_the_report_opens_exactly_its_lines(crowd: Crowd, pushed: str) -> None:
    user = await crowd.open("shi01", f"/?open=broker_report&by=member&since={pushed}&until={pushed}")
    await user.should_see("共报送 3 件，通过 2 件", retries=WAIT)
    lines = {row["label"]: row for row in rows(user, "协会报送统计")}
    assert (lines["安居经纪有限公司"]["pushed"], lines["合计"]["rate"]) == ("3", "66.67%")
    pick(user, "协会报送统计", lines["安居经纪有限公司"]["id"])
    press(user, "figure-passed")
    await user.should_see("共 2 条", retries=WAIT)
    assert {row["state"] for row in rows(user, "grid")} == {"已备案"}


async def test_a_report_without_a_push_says_so(crowd: Crowd, pushed: str) -> None:
    user = await crowd.open("xhju01", f"/?open=check_in_monitor&since={pushed}&until={pushed}")
    await user.should_see("所选期间没有入住信息", retries=WAIT)
