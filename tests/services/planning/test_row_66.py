"""项目小区信息管理: PLN-10 to PLN-12, figures beside the planned buildings, two estates of one project (row 66)."""

from typing import Any

import pytest

from models.planning import Community
from services.engine.refusals import NotFound, Rejected
from services.planning.community_figures import community_figures
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import Site, community

pytestmark = pytest.mark.row(66)


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, "community")


def found(desk: Desk, site: Site, values: dict[str, Any], lists: Any = None) -> list[tuple[str, str, str]]:
    begun = desk.begin(site.project, values, lists)
    try:
        desk.submit(begun.revision_id)
    except Rejected as no:
        return [(one.code, str(one.severity), one.field) for one in no.findings]
    return []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        # 0.2 % of 60,000 is 120: exactly is enough, less is not.
        ({"total_gfa": "60000.00", "pm_office_area": "120.00"}, [("PLN-06", "WARN", "total_gfa")]),
        (
            {"total_gfa": "60000.00", "pm_office_area": "119.99"},
            [("PLN-10", "WARN", "pm_office_area"), ("PLN-06", "WARN", "total_gfa")],
        ),
        ({"pm_office_area": "99.00"}, [("PLN-10", "WARN", "pm_office_area")]),
        ({"pm_office_area": ""}, [("PLN-10", "WARN", "pm_office_area")]),
        ({"owners_committee_area": "29.99"}, [("PLN-10", "WARN", "owners_committee_area")]),
        ({"property_area_code": ""}, [("PLN-11", "WARN", "property_area_code")]),
        ({"approved_place_name": ""}, [("PLN-12", "WARN", "approved_place_name")]),
        ({"sets_total": 143}, [("PLN-06", "WARN", "sets_total")]),
        ({"buildings_total": 4}, [("PLN-06", "WARN", "buildings_total")]),
    ],
)
def test_what_a_submission_finds(desk: Desk, land: Land, change: dict[str, Any], expected: list[Any]) -> None:
    site = Site.begun(land)
    site.planning()
    assert found(desk, site, community(**change)) == expected


def test_the_planning_permit_comes_first(desk: Desk, land: Land) -> None:
    assert found(desk, Site.begun(land), community())[0][:2] == ("DEP", "REFUSE")


def test_two_estates_divided_by_a_road_share_no_building(desk: Desk, land: Land) -> None:
    site = Site.begun(land)
    planning = str(site.planning())
    west = [{"planning_permit_id": planning, "building_no": "1＃"}]
    east = [{"planning_permit_id": planning, "building_no": one} for one in ("2#", "3#")]
    half = {"buildings_total": 1, "sets_total": 72, "total_gfa": "10500.00"}
    begun = desk.effective(site.project, community(**half), {"buildings": west})
    assert land.market.row(Community, begun.record_id).sets_total == 72
    both = {**half, "buildings_total": 3, "sets_total": 144, "total_gfa": "27000.00"}
    assert ("FMT", "REFUSE", "buildings.1.building_no") in found(
        desk, site, community(**both), {"buildings": [*west, *east]}
    )
    rest = {"buildings_total": 2, "sets_total": 72, "total_gfa": "16500.00"}
    assert found(desk, site, community(**rest), {"buildings": east}) == []
    # One that names no building has those that no other estate has.
    assert found(desk, site, community(**rest)) == []


def test_a_building_the_project_does_not_have_is_refused(desk: Desk, land: Land) -> None:
    site = Site.begun(land)
    planning = str(site.planning())
    lines = [{"planning_permit_id": planning, "building_no": "9#"}]
    assert ("FMT", "REFUSE", "buildings.1.building_no") in found(desk, site, community(), {"buildings": lines})


def test_a_facility_without_a_building_is_pointed_out(desk: Desk, land: Land) -> None:
    site = Site.begun(land)
    site.planning()
    facility = {"facility": "社区卫生服务点", "facility_area": "200.00"}
    for building, told in (("", "没有写明所在的幢"), ("9号楼", "规划建筑物中没有9#")):
        lines = {"facilities": [{**facility, **({"building_no": building} if building else {})}]}
        begun = desk.begin(site.project, community(), lines)
        with pytest.raises(Rejected) as no:
            desk.submit(begun.revision_id)
        (one,) = no.value.findings
        assert (one.code, one.field, told in one.message) == ("FMT", "facilities.1.building_no", True)
    assert found(desk, site, community(), {"facilities": [{**facility, "building_no": "2号楼"}]}) == []


def test_the_figures_stand_beside_those_of_the_buildings(desk: Desk, land: Land) -> None:
    site = Site.begun(land)
    site.planning()
    begun = desk.begin(site.project, community(sets_total=143, residential_gfa=""))
    figures = desk.ask(community_figures, desk.drafter, begun.revision_id)
    assert [(one.label, one.estate, one.planned, one.differs) for one in figures] == [
        ("总建筑面积", "27,000㎡", "27,000㎡", False),
        ("住宅建筑面积", "", "20,000㎡", False),
        ("总套数", "143套", "144套", True),
        ("幢数", "3幢", "3幢", False),
    ]
    with pytest.raises(NotFound):
        desk.ask(community_figures, "xincheng01", begun.revision_id)
