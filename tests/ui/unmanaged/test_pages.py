"""A district proposes a reported place for the managed library, and the city reads counts (row 37)."""

import pytest

from models.unmanaged import UnmanagedState
from tests.services.unmanaged.places import Places
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, command, press, rows
from tests.world import World

pytestmark = pytest.mark.row(37)


@pytest.fixture(scope="module")
def places(world: World) -> Places:
    return Places(world)


async def test_one_button_proposes_conversion(crowd: Crowd, places: Places) -> None:
    record_id = places.listed().record_id
    number = places.row(record_id).record_no
    user = await crowd.open("pdju01", f"/?open=record&kind=unmanaged_report&id={record_id}")
    await command(user, "提议转入纳管")
    await user.should_see("提议将该项目转入纳管？", retries=WAIT)
    await user.should_see(number)
    press(user, "dialog-yes")
    assert await until(lambda: places.row(record_id).stage is UnmanagedState.PROPOSED)
    await user.should_see("撤回纳管提议", retries=WAIT)


async def test_the_city_reads_counts_of_districts_and_no_people(crowd: Crowd, places: Places) -> None:
    places.listed({"resident_count": "31"})
    user = await crowd.open("shi01", "/?open=unmanaged_statistics")
    await user.should_see("在册 ", retries=WAIT)
    lines = {row["name"]: row for row in rows(user, "未纳管项目统计")}
    assert int(lines["浦东新区"]["residents"].replace(",", "")) >= 31
    await user.should_not_see("李安")
