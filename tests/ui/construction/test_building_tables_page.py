"""The page of building tables in front of a project company and its authority (row 70)."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from nicegui.testing import User

from integrations.building_table.client import told_building
from integrations.building_table.simulator import read_buildings
from models.building_tables import HouseUnit, NaturalBuilding
from services.construction.building_tables import store_building
from tests.building import tie
from tests.land import PARCEL_LISTS, Land
from tests.site import Site
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, key, press
from ui.shell.unit_table import UnitTable
from ui.shell.unit_thumbs import UnitThumbs

pytestmark = pytest.mark.row(70)
NUMBER = "310115007007GB00007F0001"


@pytest.fixture(scope="module")
def site(land: Land) -> Site:
    """A project with two natural buildings, one of them surveyed."""
    site = Site.begun(land)
    permit = site.permit(site.planning())
    for unit_no, number in (("1#", NUMBER), ("2#", "310115002002GB00002F0002")):
        land.market.world.act(partial(_stored, number))
        tie(site, site.unit(permit, unit_no), number)
    lines = [
        {
            "parcel_id": str(land.given("P-1", lists={**PARCEL_LISTS, "cadastres": [{"cadastral_code": NUMBER[:19]}]})),
            "used_area": "10000.00",
        }
    ]
    land.side("project_parcels", site.project, {}, {"parcels": lines})
    return site


def _stored(number: str, work: Any) -> UUID:
    return store_building(work, told_building(read_buildings()[number])).id


async def opened(crowd: Crowd, login: str, site: Site, more: str = "") -> User:
    user = await crowd.open(login, f"/?open=building-tables&id={site.project}{more}")
    await user.should_see(kind=UnitTable, retries=WAIT)
    return user


def table(user: User) -> UnitTable:
    (found,) = user.find(kind=UnitTable).elements
    return found


def unit(land: Land, number: str, room: str) -> UUID:
    def found(work: Any) -> UUID:
        building = work.only(NaturalBuilding, NaturalBuilding.natural_building_no == number)
        row: HouseUnit = work.first(
            HouseUnit,
            HouseUnit.natural_building_id == building.id,
            HouseUnit.room_no == room,
            by=HouseUnit.column_index,
        )
        return row.id

    identity: UUID = land.market.world.read(found)
    return identity


@pytest.mark.parametrize("login", ["binjiang01", "pdshen01", "shenpu01"])
async def test_a_unit_is_picked_and_shown_beside_the_table(crowd: Crowd, land: Land, site: Site, login: str) -> None:
    user = await opened(crowd, login, site)
    units = table(user)
    assert len(units.ids) == 76
    place = units.ids.index(unit(land, NUMBER, "3A02"))
    user.find(kind=UnitTable).trigger("pick", place)
    await user.should_see("房屋详情 3A02", retries=WAIT)
    await user.should_see("100.35 ㎡", retries=WAIT)
    assert units.chosen == units.ids[place]
    # What the browser cannot have sent changes nothing.
    for strange in (-1, 76, "x", None, [1]):
        user.find(kind=UnitTable).trigger("pick", strange)
    assert units.chosen == units.ids[place]


async def test_an_address_leads_to_a_unit_of_a_building(crowd: Crowd, land: Land, site: Site) -> None:
    wanted = unit(land, "310115002002GB00002F0002", "1501")
    building = land.market.world.read(
        lambda work: work.only(NaturalBuilding.id, NaturalBuilding.natural_building_no == "310115002002GB00002F0002")
    )
    user = await opened(crowd, "pdshen01", site, f"&b={building}&u={wanted}")
    await user.should_see("房屋详情 1501", retries=WAIT)
    await user.should_see("+3.40%，超过3%", retries=WAIT)
    assert table(user).chosen == wanted


async def test_another_building_is_chosen_by_its_picture(crowd: Crowd, site: Site) -> None:
    user = await opened(crowd, "binjiang01", site)
    await user.should_see("地上19层，地下1层，76户", retries=WAIT)
    user.find(kind=UnitThumbs).trigger("pick", 1)
    await user.should_see("地上16层，地下1层，64户", retries=WAIT)
    # Units whose survey differs are one press of the legend away.
    survey = table(user).colourings["survey"]
    assert [look.label for look in survey.looks] == ["实测与预测相差较大"]


async def test_colours_are_switched_and_units_told_as_kept(crowd: Crowd, site: Site) -> None:
    user = await opened(crowd, "binjiang01", site)
    units = table(user)
    assert list(units.colourings) == ["role", "use", "size", "survey"]
    user.find(kind=UnitTable).trigger("colour", "size")
    assert await until(lambda: units.mode == "size")
    user.find(kind=UnitTable).trigger("colour", "of nobody")
    assert units.mode == "size"


async def test_a_candidate_is_tied_to_the_work_it_is_like(crowd: Crowd, site: Site) -> None:
    user = await opened(crowd, "binjiang01", site)
    key(user, "f2")
    await user.should_see("候选自然幢（2）", retries=WAIT)
    await user.should_see("已关联1#", retries=WAIT)
    press(user, f"tie-{NUMBER[:-1]}2")
    await user.should_see("单位工程与楼盘表关联", retries=WAIT)


async def test_the_table_is_asked_for_again_at_once(crowd: Crowd, site: Site) -> None:
    user = await opened(crowd, "binjiang01", site)
    user.find("更新本幢").click()
    await user.should_see("已按楼盘表更新1#", retries=WAIT)


async def test_of_another_company_nothing_is_seen(crowd: Crowd, site: Site) -> None:
    user = await crowd.open("xincheng_admin", f"/?open=building-tables&id={site.project}")
    await user.should_see("楼盘表", retries=WAIT)
    await user.should_not_see(kind=UnitTable)
