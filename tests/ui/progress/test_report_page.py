"""A monthly report at the desk of a clerk who fills it in for another to submit (row 74)."""

import pytest

from services.engine.cycle import acts
from services.engine.cycle_orders import Begin
from tests.site import Site
from tests.ui.people import Crowd
from tests.ui.records.hands import open_record, saved, type_in
from tests.ui.tenancy.hands import WAIT, key, rows

pytestmark = [pytest.mark.row(74), pytest.mark.asyncio(loop_scope="session")]


async def test_a_report_bears_its_project_s_name_and_says_who_submits(crowd: Crowd, site: Site) -> None:
    market, kind = site.land.market, "progress_report"
    begun = market.world.door.perform(acts(kind).begin, market.caller("binjiang01"), Begin(site.project))
    user = await open_record(crowd, "binjiang01", begun.record_id, kind)
    type_in(user, "period", "2026-01")
    await saved(user)
    named = market.world.door.ask(acts(kind).record, market.caller("binjiang01"), begun.record_id).title
    await user.should_see(f"进度填报 {named}"[:24])
    key(user, "f8")
    await user.should_see("请项目公司管理员提交", retries=WAIT)
    await user.open("/?open=list-progress_report")
    await user.should_see("第 1 /", retries=WAIT)
    assert [row["project_name"] for row in rows(user, "grid") if row["id"] == str(begun.record_id)] == [named]
