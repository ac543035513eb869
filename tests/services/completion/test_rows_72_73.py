"""竣工验收备案、竣工规划资源验收、交付使用许可证: days, areas, household acceptance, buildings, checklist (rows 72, 73)."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.completion import DeliveryPermit, PlanningAcceptance
from models.land_codes import ProjectStage
from models.progress import Milestone, MilestoneCode
from models.projects import Project
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.refusals import Rejected
from tests.building import file_completion, natural_building, tie, tied
from tests.conformance.samples_progress import CONDITIONS
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import COMPANY, USCC, Site

REASONS = {"CMP-01": "材料补正后备案", "CMP-02": "规划验收同期办理", "CMP-03": "阳台封闭所致", "CMP-06": "仅办公楼交付"}


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def found(desk: Desk, site: Site, values: dict[str, Any], lists: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Rule, severity and field of what is said at the submission."""
    begun = desk.begin(site.project, values, lists)
    try:
        desk.submit(begun.revision_id)
    except Rejected as no:
        return {(one.code, str(one.severity), one.field) for one in no.findings}
    return set()


def reached(land: Land, subject: UUID) -> dict[MilestoneCode, str]:
    wanted = select(Milestone).where(Milestone.subject_id == subject)
    rows = land.market.world.read(lambda work: work.session.exec(wanted).all())
    return {row.milestone: str(row.actual_on) for row in rows if row.actual_on}


def filing(**change: Any) -> dict[str, Any]:
    return {
        "filing_no": "2027PD00071",
        "builder": COMPANY,
        "builder_uscc": USCC,
        "filed_area": "10500.00",
        "accepted_on": "2027-01-10",
        "filed_on": "2027-01-25",
        "household_acceptance_done": True,
        **change,
    }


@pytest.mark.row(72)
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {("CMP-02", "WARN", "accepted_on")}),  # filed on day 15
        ({"filed_on": "2027-01-26"}, {("CMP-01", "WARN", "filed_on"), ("CMP-02", "WARN", "accepted_on")}),
        ({"filed_on": "2027-01-09"}, {("FMT", "REFUSE", "filed_on"), ("CMP-02", "WARN", "accepted_on")}),
        (
            {"household_acceptance_done": False},
            {("CMP-04", "REFUSE", "household_acceptance_done"), ("CMP-02", "WARN", "accepted_on")},
        ),
    ],
)
def test_a_filing_keeps_its_days_and_its_household_acceptance(
    land: Land, site: Site, change: dict[str, Any], expected: set[Any]
) -> None:
    unit = site.unit(site.permit(site.planning()), "1#")
    lists = {"works": [{"unit_engineering_id": str(unit)}]}
    assert found(Desk(land, "completion_filing"), site, filing(**change), lists) == expected


@pytest.mark.row(72)
def test_a_filing_sets_acceptance_and_filing_of_its_works_until_it_is_voided(land: Land, site: Site) -> None:
    permit = site.permit(site.planning())
    unit, other = site.unit(permit, "1#"), site.unit(permit, "2#")
    desk = Desk(land, "completion_filing")
    lists = {"works": [{"unit_engineering_id": str(unit)}]}
    begun = desk.effective(site.project, filing(filing_no="2027PD00072"), lists, reasons=REASONS)
    days = {MilestoneCode.M17: "2027-01-10", MilestoneCode.M19: "2027-01-25"}
    assert (reached(land, unit), reached(land, other)) == (days, {})
    assert land.market.row(Project, site.project).stage is ProjectStage.COMPLETION
    said = found(desk, site, filing(filing_no="2027PD00073"), lists)
    assert ("FMT", "REFUSE", "works.1.unit_engineering_id") in said  # a work in two filings
    desk.perform(acts("completion_filing").void, "pdshen01", Void(begun.record_id, "备案被撤销，重新办理"))
    assert reached(land, unit) == {}


def acceptance(planning: UUID, measured: str, **change: Any) -> dict[str, Any]:
    return {
        "acceptance_no": f"沪浦规验{measured}",
        "builder": COMPANY,
        "builder_uscc": USCC,
        "engineering_planning_permit_id": str(planning),
        "measured_gfa_total": measured,
        "issued_on": "2027-01-20",
        **change,
    }


@pytest.mark.row(72)
@pytest.mark.parametrize(
    ("measured", "number", "expected"),
    [
        ("10815.00", "1#", set()),  # 3 % of 10,500
        ("10825.50", "1号楼", {("CMP-03", "WARN", "measured_gfa_total")}),  # 3.1 %
        ("10500.00", "9#", {("FMT", "REFUSE", "buildings.1.building_no")}),
    ],
)
def test_measured_areas_are_compared_with_the_buildings_accepted(
    land: Land, site: Site, measured: str, number: str, expected: set[Any]
) -> None:
    values = acceptance(site.planning(), measured)
    desk = Desk(land, "planning_acceptance")
    assert found(desk, site, values, {"buildings": [{"building_no": number}]}) == expected


@pytest.mark.row(72)
def test_a_part_of_a_permit_is_accepted_by_its_buildings(land: Land, site: Site) -> None:
    """One building of three is accepted while another is not finished; a filing before that day is pointed out."""
    planning = site.planning()
    desk = Desk(land, "planning_acceptance")
    begun = desk.effective(site.project, acceptance(planning, "10640.00"), {"buildings": [{"building_no": "1#"}]})
    row = land.market.row(PlanningAcceptance, begun.record_id)
    assert str(row.planned_gfa_total) == "10500.0000"
    assert reached(land, planning) == {MilestoneCode.M18: "2027-01-20"}


def permit(number: str, **change: Any) -> dict[str, Any]:
    return {
        "permit_no": number,
        "builder": COMPANY,
        "builder_uscc": USCC,
        "sets": 72,
        "permitted_area": "10500.00",
        "phase_delivery": True,
        "issued_on": "2027-02-10",
        **change,
    }


def lists(*buildings: str, without: str = "") -> dict[str, Any]:
    met = [{"item": item, "met": item != without} for item in CONDITIONS]
    return {"buildings": [{"natural_building_no": one} for one in buildings], "conditions": met}


@pytest.mark.row(73)
def test_two_phases_deliver_different_buildings(land: Land, site: Site) -> None:
    works = site.permit(site.planning())
    one, two = site.unit(works, "1#"), site.unit(works, "2#")
    first, second = (natural_building(land.market.world, building_name=name) for name in ("1#", "2#"))
    tie(site, one, first)
    tie(site, two, second)
    file_completion(site, one, two)
    desk = Desk(land, "delivery_permit")
    begun = desk.effective(site.project, permit("沪浦交付001"), lists(first))
    assert land.market.row(Project, site.project).stage is ProjectStage.DELIVERY
    said = found(desk, site, permit("沪浦交付002"), lists(first))
    assert said == {("FMT", "REFUSE", "buildings.1.natural_building_no")}  # permitted already
    assert found(desk, site, permit("沪浦交付003"), lists(second)) == set()
    row = land.market.row(DeliveryPermit, begun.record_id)
    assert row.permit_no == "沪浦交付001"


@pytest.mark.row(73)
@pytest.mark.parametrize("without", ["SEWAGE", "FILING_PUBLIC"])
def test_a_missing_condition_is_named(land: Land, site: Site, without: str) -> None:
    building = tied(site)
    said = found(Desk(land, "delivery_permit"), site, permit(f"沪浦交付{without}"), lists(building, without=without))
    assert said == {("CMP-06", "REFUSE", "conditions")}


@pytest.mark.row(73)
def test_a_building_without_completion_filing_is_refused(land: Land, site: Site) -> None:
    building = tied(site, filed=False)
    other = site.unit(site.permit(site.planning()), "9#")
    file_completion(site, other)
    said = found(Desk(land, "delivery_permit"), site, permit("沪浦交付004"), lists(building))
    assert said == {("CMP-06", "REFUSE", "buildings.1.natural_building_no")}


@pytest.mark.row(73)
def test_an_office_building_alone_warns(land: Land, site: Site) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", kind="OFFICE")
    building = natural_building(land.market.world, planned_use="办公")
    tie(site, unit, building)
    file_completion(site, unit)
    said = found(Desk(land, "delivery_permit"), site, permit("沪浦交付005"), lists(building))
    assert said == {("CMP-06", "WARN", "buildings")}
