"""楼盘表: candidates, ties, storeys and labels, duplexes, surveys that arrive, buildings tied elsewhere (row 70)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest

from integrations.building_table.client import told_building
from integrations.building_table.simulator import read_buildings
from models.alerts import Alert
from models.building_tables import SaleRole, UnitNaturalLink
from models.construction import UnitEngineering
from models.records import InForceState
from services.construction.building_table_views import building_table, buildings_of_project, unit_detail
from services.construction.building_tables import (
    TakeBuilding,
    refresh_tied,
    role_of,
    store_building,
    take_building,
)
from services.construction.natural_candidates import candidates, most_like
from services.construction.ties import NewTie, TieUnits, tie_units
from services.engine.refusals import Conflict, NotFound, Rejected
from services.sales.watch import watch_all
from tests.building import natural_building, tie
from tests.land import PARCEL_LISTS, Land
from tests.services.projects.desk import Desk
from tests.site import Site
from tests.world import at_once

pytestmark = pytest.mark.row(70)
KIND = "unit_natural_link"
DAY = date(2027, 1, 1)


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


def test_one_who_ties_a_building_in_two_tabs_is_told_that_it_is_tied(desk: Desk, site: Site, land: Land) -> None:
    building = natural_building(land.market.world)
    unit = site.unit(site.permit(site.planning()), "1#")
    values = {"unit_engineering_id": str(unit), "natural_building_no": building, "linked_on": "2027-02-01"}
    first, second = (desk.begin(site.project, values) for _ in range(2))
    for one in (first, second):
        desk.submit(one.revision_id)
    desk.approve(first.revision_id)
    with pytest.raises(Rejected) as refused:
        desk.approve(second.revision_id)
    (told,) = refused.value.findings
    assert (told.field, "已与该自然幢关联" in told.message) == ("natural_building_no", True)
    assert said(desk, site, unit, building) == {("FMT", "REFUSE")}


def test_area_and_sets_that_differ_warn(desk: Desk, site: Site, land: Land) -> None:
    unit = site.unit(site.permit(site.planning()), "1#")
    building = natural_building(land.market.world, forecast_area="10900.00")
    assert said(desk, site, unit, building) == {("CON-08", "WARN")}
    assert said(desk, site, unit, "310115001001GB00001T9999") == {("FMT", "REFUSE")}


def test_the_tables_sets_are_those_planned(desk: Desk, site: Site, land: Land) -> None:
    planning = site.planning()
    unit = site.unit(site.permit(planning), "1#")
    site.tie(unit, planning, "1#")
    off, same = (natural_building(land.market.world, sets_total=sets) for sets in (71, 72))
    assert said(desk, site, unit, off) == {("CON-09", "WARN")}
    assert said(desk, site, unit, same) == set()


def test_two_who_approve_at_the_same_moment_give_it_to_one(desk: Desk, site: Site, land: Land) -> None:
    building = natural_building(land.market.world)
    drafts = []
    for one in (site, Site.begun(land)):
        unit = one.unit(one.permit(one.planning()), "1#")
        values = {"unit_engineering_id": str(unit), "natural_building_no": building, "linked_on": "2027-02-01"}
        drafts.append(desk.begin(one.project, values).revision_id)
        desk.submit(drafts[-1])
    done = at_once([partial(desk.approve, one) for one in drafts])
    ties = land.market.world.read(
        lambda work: work.rows(
            UnitNaturalLink,
            UnitNaturalLink.natural_building_no == building,
            UnitNaturalLink.in_force == InForceState.EFFECTIVE,
        )
    )
    assert len(ties) == 1
    assert sum(one is None for one in done) == 1


def test_surveys_that_arrive_at_night_replace_the_forecast_and_keep_it(desk: Desk, site: Site, land: Land) -> None:
    world = land.market.world
    number = "310115008008GB00008F0002"
    stored(land, number)
    tie(site, site.unit(site.permit(site.planning()), "1#"), number)
    first, second, gone = (one.house_code for one in read_buildings()[number].units[:3])
    order = {"number": number, "surveyed_on": "2027-01-20", "percent": "1", "otherwise": {second: "-4"}}
    address = f"{world.simulators.base_url('building_table')}/sim/change"
    httpx.post(address, json={**order, "left_out": [gone]}).raise_for_status()
    # A night without an answer leaves the table as it is.
    world.fault("building_table", "error")
    refresh_tied(world.door)
    assert not any(one.surveyed for one in table_of(desk, site).units)
    world.heal()
    assert refresh_tied(world.door)
    refresh_tied(world.door)
    table = table_of(desk, site)
    units = {(one.section, one.label): one for one in table.units}
    # The unit that left the table is kept, marked; its areas stay the forecast.
    assert {one.label for one in table.units if one.gone} == {one.label for one in table.units if not one.surveyed}
    assert [one.label for one in table.units if one.off] == ["102"]
    assert table.shown["面积差异较大"] == "1户"
    view = desk.ask(unit_detail, "binjiang01", units["1", "102"].id)
    assert view.shown["实测建筑面积"] == "101.14 ㎡"
    assert view.shown["面积差异"] == "-4.00%，超过3%"
    # Kept once, though two nights passed.
    assert [one.shown for one in view.past] == [{"预测建筑面积": "105.35 ㎡", "预测套内面积": "82.17 ㎡"}]
    other = desk.ask(unit_detail, "binjiang01", units["1", "101"].id).shown
    assert (other["房屋编码"], other["面积差异"]) == (first, "+1.00%")


def test_units_that_differ_after_a_survey_raise_an_alert(desk: Desk, site: Site, land: Land) -> None:
    world = land.market.world
    number = "310115008008GB00008F0001"
    stored(land, number)
    tie(site, site.unit(site.permit(site.planning()), "1#"), number)
    watch_all(world.door)
    survey = {"number": number, "surveyed_on": "2027-01-20", "percent": "3.01"}
    address = f"{world.simulators.base_url('building_table')}/sim/change"
    httpx.post(address, json=survey).raise_for_status()
    world.let_pass(days=1)
    refresh_tied(world.door)
    watch_all(world.door)
    watch_all(world.door)
    alerts = world.read(lambda work: work.rows(Alert, Alert.rule_code == "CMP-09"))
    assert [one.title for one in alerts if "80户" in one.title] == ["80户面积差异较大"]


def test_a_building_goes_from_the_land_to_an_open_table(desk: Desk, land: Land) -> None:
    site = Site.begun(land)
    cadastres = [{"cadastral_code": "310115003003GB00003"}]
    parcel = land.given("P-1", lists={**PARCEL_LISTS, "cadastres": cadastres})
    lines = [{"parcel_id": str(parcel), "used_area": "10000.00"}]
    land.side("project_parcels", site.project, {}, {"parcels": lines})
    unit = site.unit(site.permit(site.planning()), "2#", floors_above=15, floors_below=1)
    found = {one.building_name: one for one in desk.ask(candidates, "binjiang01", site.project)}
    assert set(found) == {"1#", "2#"}
    likely = found["2#"].likely
    assert likely is not None
    assert (likely.id, likely.alike) == (unit, ("幢号", "地上层数", "地下层数"))
    number = found["2#"].natural_building_no
    desk.perform(take_building, "binjiang01", TakeBuilding(site.project, number))
    # Until the tie is approved the table is nobody's.
    assert desk.ask(buildings_of_project, "binjiang01", site.project).buildings == ()
    values = {"unit_engineering_id": str(unit), "natural_building_no": number, "linked_on": "2027-02-01"}
    begun = desk.begin(site.project, values)
    desk.submit(begun.revision_id, {"CON-08": "分摊口径不同"})
    desk.approve(begun.revision_id)
    table = table_of(desk, site)
    assert (len(table.units), [one.unit_no for one in table.works]) == (90, ["2#"])
    after = {one.natural_building_no: one for one in desk.ask(candidates, "binjiang01", site.project)}
    assert (after[number].tied_to, after[number].likely) == (("2#",), None)
    # A work that is tied to a building elsewhere is proposed for none.
    other = site.unit(site.permit(site.planning()), "1#", floors_above=15, floors_below=1)
    first = found["1#"].natural_building_no
    assert likely_of(desk, site, first) == other
    tie(site, other, natural_building(land.market.world))
    assert likely_of(desk, site, first) is None


def likely_of(desk: Desk, site: Site, number: str) -> UUID | None:
    """The work that is proposed for a natural building."""
    found = desk.ask(candidates, "binjiang01", site.project)
    (likely,) = [one.likely for one in found if one.natural_building_no == number]
    return likely.id if likely is not None else None


def test_a_building_that_another_project_has_is_shown_as_taken(desk: Desk, site: Site, land: Land) -> None:
    number = "310115001001GB00001F0004"
    stored(land, number)
    tie(site, site.unit(site.permit(site.planning()), "1#"), number)
    other = Site.begun(land)
    lines = [{"parcel_id": str(land.given("P-1")), "used_area": "10000.00"}]
    land.side("project_parcels", other.project, {}, {"parcels": lines})
    found = desk.ask(candidates, "binjiang01", other.project)
    assert found[-1].natural_building_no == number
    assert (found[-1].taken, found[-1].likely) == (True, None)


def test_of_works_that_are_equally_like_a_building_none_is_proposed() -> None:
    told = told_building(read_buildings()["310115001001GB00001F0001"])
    works = [
        UnitEngineering(unit_no=number, name="", gfa=Decimal(1), floors_above=18, planned_start=DAY, planned_finish=DAY)
        for number in ("7#", "8#")
    ]
    assert most_like(told, works, Decimal(3)) is None
    assert most_like(told, works[:1], Decimal(3)) is not None
    assert most_like(told, [], Decimal(3)) is None
    garage = works[0].model_copy(update={"floors_above": 0, "floors_below": told.floors_below})
    assert most_like(told, [garage], Decimal(3)) is None


def test_a_planned_building_with_a_work_whose_table_is_open_is_not_dropped(site: Site, land: Land) -> None:
    planning = site.planning()
    building = site.building(planning, "1#")
    unit = site.unit(site.permit(planning), "1#")
    drafting = Desk(land, "engineering_planning_permit")
    drafting.perform(tie_units, "binjiang01", TieUnits((NewTie(unit, building.id),)))
    tie(site, unit, natural_building(land.market.world))
    begun = drafting.update(planning)
    view = drafting.view(begun.revision_id)
    rest = [line for line in view.children["buildings"] if line["building_no"] != "1#"]
    drafting.save(begun.revision_id, {"gfa_total": "16500.00"}, {"buildings": rest})
    with pytest.raises((Rejected, Conflict)) as refused:
        drafting.submit(begun.revision_id)
    assert "单位工程1#" in str(refused.value) + str(getattr(refused.value, "findings", ""))


def test_labels_left_out_parking_below_and_shops_on_the_ground(desk: Desk, site: Site, land: Land) -> None:
    number = "310115001001GB00001F0003"
    stored(land, number)
    tie(site, site.unit(site.permit(site.planning()), "3#"), number)
    table = table_of(desk, site)
    labels = [label for _, label in table.floors]
    assert labels[9:13] == ["15", "12B", "12A", "12"]
    assert labels[-3:] == ["1", "-1", "-2"]
    roles = {one.use: one.role for one in table.units}
    assert roles == {"住宅": SaleRole.FOR_SALE, "商业": SaleRole.FOR_SALE, "车位": SaleRole.PARKING}
    assert {one.floor_from for one in table.units if one.use == "车位"} == {-1, -2}
    (line,) = desk.ask(buildings_of_project, "binjiang01", site.project).buildings
    assert len(line.spots) == len(table.units)


def test_a_duplex_says_up_to_which_label_it_reaches(desk: Desk, site: Site, land: Land) -> None:
    number = "310115002002GB00002F0001"
    told = told_building(read_buildings()[number])
    top = max(one.actual_floor for one in told.storeys)
    units = tuple(
        replace(one, actual_floor_to=top) if one.actual_floor_from == top - 1 and one.column_index == 1 else one
        for one in told.units
    )
    storeys = tuple(replace(one, nominal_floor="15A") if one.actual_floor == top else one for one in told.storeys)
    land.market.world.act(lambda work: store_building(work, replace(told, units=units, storeys=storeys)).id)
    tie(site, site.unit(site.permit(site.planning()), "1#"), number)
    duplex = next(one for one in table_of(desk, site).units if one.floor_from != one.floor_to)
    assert desk.ask(unit_detail, "binjiang01", duplex.id).shown["层"] == "15（跃层至15A层）"


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
        ("地下车库", SaleRole.PARKING),
        ("设备用房", SaleRole.OWNERS_COMMON),
        ("公共租赁住房", SaleRole.AFFORDABLE),
        ("征收安置住房", SaleRole.RELOCATION),
        ("自持租赁住房", SaleRole.SELF_HELD),
    ],
)
def test_the_role_of_a_unit_follows_its_use(use: str, role: SaleRole) -> None:
    assert role_of(use) is role
