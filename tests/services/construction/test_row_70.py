"""楼盘表: candidates, ties, storeys and labels, duplexes, surveys that arrive, buildings tied elsewhere (row 70)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from integrations.building_table.client import told_building
from integrations.building_table.simulator import read_buildings
from models.building_tables import SaleRole
from services.construction.building_table_views import building_table, buildings_of_project, unit_detail
from services.construction.building_tables import TakeBuilding, candidates, role_of, store_building, take_building
from services.engine.refusals import NotFound, Rejected
from tests.building import natural_building, tie
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import Site

pytestmark = pytest.mark.row(70)
KIND = "unit_natural_link"


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def stored(land: Land, number: str) -> None:
    """Take a building of the simulator over, whatever parcel it lies on."""
    land.market.world.act(lambda work: store_building(work, told_building(read_buildings()[number])).id)


def said(desk: Desk, site: Site, unit: UUID, building: str) -> set[tuple[str, str]]:
    values = {"unit_engineering_id": str(unit), "natural_building_no": building, "linked_on": "2027-02-01"}
    begun = desk.begin(site.project, values)
    try:
        desk.submit(begun.revision_id)
    except Rejected as no:
        return {(one.code, str(one.severity)) for one in no.findings}
    return set()


def table_of(desk: Desk, site: Site) -> Any:
    (one,) = desk.ask(buildings_of_project, "binjiang01", site.project).buildings
    return desk.ask(building_table, "binjiang01", one.id)


def test_labels_without_fourth_and_fourteenth_floors_and_a_duplex(desk: Desk, site: Site, land: Land) -> None:
    number = "310115001001GB00001F0001"
    stored(land, number)
    tie(site, site.unit(site.permit(site.planning()), "1#"), number)
    table = table_of(desk, site)
    labels = [label for _, label in table.floors]
    assert labels[-1] == "-1"
    assert "0" not in labels
    assert {"3A", "13A"} <= set(labels)
    assert not {"4", "14"} & set(labels)
    duplex = [one for one in table.units if one.floor_from != one.floor_to]
    assert [(one.floor_from, one.floor_to, one.column) for one in duplex] == [(17, 18, 0)]


def test_two_logical_buildings_and_a_unit_without_a_number(desk: Desk, site: Site, land: Land) -> None:
    works = site.permit(site.planning())
    for unit_no, number in (("1#", "310115001001GB00001F0002"), ("2#", "310115001001GB00001F0003")):
        stored(land, number)
        tie(site, site.unit(works, unit_no), number)
    two, three = desk.ask(buildings_of_project, "binjiang01", site.project).buildings
    table = desk.ask(building_table, "binjiang01", two.id)
    logical = {desk.ask(unit_detail, "binjiang01", one.id).shown["逻辑幢"] for one in table.units[:80]}
    assert len(logical) == 2
    unnamed = [one for one in desk.ask(building_table, "binjiang01", three.id).units if not one.label]
    assert [(one.floor_from, one.column) for one in unnamed] == [(5, 2)]


def test_a_building_tied_by_another_project_is_refused(desk: Desk, site: Site, land: Land) -> None:
    building = natural_building(land.market.world)
    other = Site.begun(land)
    tie(other, other.unit(other.permit(other.planning()), "1#"), building)
    unit = site.unit(site.permit(site.planning()), "1#")
    assert said(desk, site, unit, building) == {("CON-08", "REFUSE")}


def test_two_who_tie_one_building_at_once_do_not_both_have_it(desk: Desk, site: Site, land: Land) -> None:
    building = natural_building(land.market.world)
    other = Site.begun(land)
    drafts = []
    for one in (site, other):
        unit = one.unit(one.permit(one.planning()), "1#")
        values = {"unit_engineering_id": str(unit), "natural_building_no": building, "linked_on": "2027-02-01"}
        begun = desk.begin(one.project, values)
        desk.submit(begun.revision_id)
        drafts.append(begun)
    desk.approve(drafts[0].revision_id)
    with pytest.raises(Rejected) as refused:
        desk.approve(drafts[1].revision_id)
    assert {one.code for one in refused.value.findings} == {"CON-08"}


def test_area_and_sets_that_differ_warn(desk: Desk, site: Site, land: Land) -> None:
    unit = site.unit(site.permit(site.planning()), "1#")
    building = natural_building(land.market.world, forecast_area="10900.00")
    assert said(desk, site, unit, building) == {("CON-08", "WARN")}
    assert said(desk, site, unit, "310115001001GB00001T9999") == {("FMT", "REFUSE")}


def test_surveys_that_arrive_replace_the_forecast_and_keep_it(desk: Desk, site: Site, land: Land) -> None:
    number = "310115001001GB00001F0004"
    stored(land, number)
    tie(site, site.unit(site.permit(site.planning()), "1#"), number)
    told = told_building(read_buildings()[number])
    first, *others = told.units
    surveyed = replace(first, surveyed_gross=Decimal("240.00"))
    land.market.world.act(lambda work: store_building(work, replace(told, units=(surveyed, *others[1:]))).id)
    table = table_of(desk, site)
    units = {one.label: one for one in table.units}
    view = desk.ask(unit_detail, "binjiang01", units[first.room_no].id)
    assert (view.shown["预测面积"], view.shown["实测面积"]) == ("120.00 ㎡", "240.00 ㎡")
    assert [one[1:] for one in view.surveys] == [("120.00 ㎡", "")]
    # What the building table has no more stays, marked.
    assert [one.label for one in table.units if one.gone] == [others[0].room_no]


def test_candidates_are_those_of_the_projects_land(desk: Desk, site: Site) -> None:
    assert desk.ask(candidates, "binjiang01", site.project) == []
    with pytest.raises(Rejected, match="不在本项目的地块上"):
        desk.perform(take_building, "binjiang01", TakeBuilding(site.project, "310115001001GB00001F0001"))
    with pytest.raises(NotFound):
        desk.ask(candidates, "xincheng_admin", site.project)


@pytest.mark.parametrize(
    ("use", "role"),
    [
        ("住宅", SaleRole.FOR_SALE),
        ("商业", SaleRole.FOR_SALE),
        ("车位", SaleRole.PARKING),
        ("物业管理用房", SaleRole.OWNERS_COMMON),
        ("养老服务用房", SaleRole.PUBLIC_FACILITY),
    ],
)
def test_the_role_of_a_unit_follows_its_use(use: str, role: SaleRole) -> None:
    assert role_of(use) is role
