"""竣工验收备案、竣工规划资源验收、交付使用许可证: filled in, ticked, days, areas, household acceptance, checklist (rows 72, 73)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.completion import CompletionFiling, DeliveredBuilding, DeliveryPermit, PlanningAcceptance
from models.land_codes import ProjectStage
from models.progress import Milestone, MilestoneCode
from models.projects import Project
from services.completion.together import CompletionDesk, completion_desk
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.kinds import Offer, kind_named
from services.engine.refusals import Rejected
from services.records.offered_lines import OfferedLines, offered_lines
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
def test_a_filing_is_filled_in_by_its_number_with_the_works_of_the_project(land: Land, site: Site) -> None:
    """Of the works that the platform names those of the project are taken over; what the user changes is kept beside."""
    unit = site.unit(site.permit(site.planning()), "1#")
    desk = Desk(land, "completion_filing")
    begun = desk.begin(site.project, {})
    assert not desk.fill_in(begun.revision_id, "2027PD00301").findings
    view = desk.view(begun.revision_id)
    assert (view.values["filed_area"], view.values["accepted_on"]) == ("10500.00", "2027-01-10")
    assert view.children["works"] == [{"unit_engineering_id": str(unit)}]
    assert (view.source, view.source_at is not None, view.differences) == ("资源共享平台", True, ())
    desk.save(begun.revision_id, {"filed_area": "10400.00", "household_acceptance_done": True})
    changed = desk.view(begun.revision_id).differences
    assert [(one.field, one.given) for one in changed] == [("filed_area", "10,500.00")]
    desk.submit(begun.revision_id, REASONS)
    desk.approve(begun.revision_id)
    assert land.market.row(CompletionFiling, begun.record_id).filed_area == Decimal("10400.00")


@pytest.mark.row(72)
@pytest.mark.row(73)
@pytest.mark.parametrize(
    ("kind", "theirs"),
    [
        ("completion_filing", "2027XH00302"),
        ("planning_acceptance", "沪徐规验（2027）0302号"),
        ("delivery_permit", "沪徐交付（2027）0302号"),
    ],
)
def test_a_paper_of_another_company_shows_nothing(land: Land, site: Site, kind: str, theirs: str) -> None:
    desk = Desk(land, kind)
    begun = desk.begin(site.project, {})
    said = desk.fill_in(begun.revision_id, theirs)
    assert [(one.code, one.message) for one in said.findings] == [("PRE", "证照存在，权利人不一致")]
    values = desk.view(begun.revision_id).values
    assert values["builder_uscc"] == USCC
    assert len(values) <= 3


@pytest.mark.row(72)
@pytest.mark.row(73)
@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("completion_filing", "浦竣备0005号"),
        ("planning_acceptance", "浦规验0005号"),
        ("delivery_permit", "浦交付0005号"),
    ],
)
def test_a_paper_of_another_project_is_not_filled_in(land: Land, site: Site, kind: str, number: str) -> None:
    desk = Desk(land, kind)
    begun = desk.begin(site.project, {})
    (said,) = desk.fill_in(begun.revision_id, number).findings
    assert "证照登记在其他项目" in said.message
    assert len(desk.view(begun.revision_id).values) <= 3


@pytest.mark.row(63)
@pytest.mark.row(72)
@pytest.mark.row(73)
@pytest.mark.parametrize(
    ("kind", "number", "fault"),
    [("planning_acceptance", "沪浦规验（2027）0301号", fault) for fault in ("error", "half", "twice", "mismatch")]
    + [("completion_filing", "2027PD00301", fault) for fault in ("half", "twice")]
    + [("delivery_permit", "沪浦交付（2027）0301号", fault) for fault in ("half", "twice")]
    + [("land_planning_permit", "地字第3101152026YG0000101号", fault) for fault in ("half", "twice")],
)
def test_a_silent_platform_leaves_the_form_to_the_user(
    land: Land, site: Site, kind: str, number: str, fault: str
) -> None:
    desk = Desk(land, kind)
    begun = desk.begin(site.project, {})
    land.market.world.fault("one_map", fault)
    said = desk.fill_in(begun.revision_id, number)
    land.market.world.heal()
    assert [str(one.severity) for one in said.findings] == ["PENDING"]
    assert desk.view(begun.revision_id).source == "资源共享平台（未核验）"


@pytest.mark.row(72)
def test_an_acceptance_is_filled_in_with_its_permit_and_buildings(land: Land, site: Site) -> None:
    planning = site.planning(permit_no="建字第3101152026GG0000201号")
    desk = Desk(land, "planning_acceptance")
    begun = desk.begin(site.project, {})
    assert not desk.fill_in(begun.revision_id, "沪浦规验（2027）0301号").findings
    view = desk.view(begun.revision_id)
    assert view.values["engineering_planning_permit_id"] == str(planning)
    assert view.children["buildings"] == [{"building_no": "1#", "measured_gfa": "10640.00"}]


@pytest.mark.row(72)
def test_works_and_buildings_are_offered_to_be_ticked(land: Land, site: Site) -> None:
    planning = site.planning()
    permit = site.permit(planning)
    unit, other = site.unit(permit, "1#"), site.unit(permit, "2#")
    filings, papers = Desk(land, "completion_filing"), Desk(land, "planning_acceptance")
    lists = {"works": [{"unit_engineering_id": str(unit)}]}
    filings.effective(site.project, filing(filing_no="2027PD00074"), lists, reasons=REASONS)
    named = acceptance(planning, "10640.00", acceptance_no="沪浦规验7401")
    papers.effective(site.project, named, {"buildings": [{"building_no": "1#"}]})
    second = offered(filings, site, "works", {})
    assert [(one.values["unit_engineering_id"], one.bar) for one in second] == [
        (str(unit), "已由备案2027PD00074办理"),
        (str(other), ""),
    ]
    assert offered(papers, site, "buildings", {}) == ()  # no permit is chosen yet
    later = offered(papers, site, "buildings", {"engineering_planning_permit_id": str(planning)})
    assert [(one.label, one.words, bool(one.bar)) for one in later] == [
        ("1#", "规划10,500㎡", True),
        ("2#", "规划10,500㎡", False),
        ("3#", "规划6,000㎡", False),
    ]
    said = found(papers, site, acceptance(planning, "10641.00"), {"buildings": [{"building_no": "1号楼"}]})
    assert said == {("FMT", "REFUSE", "buildings.1.building_no")}  # a building is accepted once


def offered(desk: Desk, site: Site, child: str, values: dict[str, Any]) -> tuple[Offer, ...]:
    begun = desk.begin(site.project, {})
    lines: tuple[Offer, ...] = desk.ask(offered_lines, desk.drafter, OfferedLines(begun.revision_id, child, values))
    return lines


@pytest.mark.row(72)
def test_both_records_of_a_project_are_on_one_page_and_go_their_own_ways(land: Land, site: Site) -> None:
    planning = site.planning()
    unit = site.unit(site.permit(planning), "1#")
    site.tie(unit, planning, "1#")
    filings, papers = Desk(land, "completion_filing"), Desk(land, "planning_acceptance")
    lists = {"works": [{"unit_engineering_id": str(unit)}]}
    begun = filings.begin(site.project, filing(filing_no="2027PD00075", accepted_on="2027-01-20"), lists)
    measured = {"buildings": [{"building_no": "1#", "measured_gfa": "10640.00"}]}
    named = acceptance(planning, "10640.00", acceptance_no="沪浦规验7402")
    paper = papers.effective(site.project, named, measured)
    desk: CompletionDesk = papers.ask(completion_desk, "binjiang01", site.project)
    assert desk.keeps
    assert [one.record_id for one in desk.records["completion_filing"]] == [begun.record_id]
    assert [one.record_id for one in desk.records["planning_acceptance"]] == [paper.record_id]
    first = desk.buildings[0]
    assert (first.building_no, first.planned, first.measured, first.percent, first.filing_no) == (
        "1#",
        Decimal("10500.0000"),
        Decimal("10640.0000"),
        "+1.33%",
        "",
    )
    # The other is submitted by itself, and now that planning has accepted its building nothing is asked.
    filings.submit(begun.revision_id)
    filings.approve(begun.revision_id)
    desk = papers.ask(completion_desk, "pdshen01", site.project)
    assert (desk.keeps, desk.buildings[0].filing_no) == (False, "2027PD00075")


@pytest.mark.row(72)
def test_the_days_of_a_filing_win_over_those_of_a_report(land: Land, site: Site) -> None:
    unit = site.unit(site.permit(site.planning()), "1#")
    file_completion(site, unit, accepted_on="2026-12-01")
    assert str(site.row(unit).actual_finish) == "2026-12-01"
    assert str(land.market.row(Project, site.project).finished_on) == "2026-12-01"


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
    ("measured", "numbers", "expected"),
    [
        ("10815.00", ["1#"], set()),  # 3 % of 10,500
        ("10825.50", ["1号楼"], {("CMP-03", "WARN", "measured_gfa_total")}),  # 3.1 %
        ("27500.00", ["1#", "2#", "3#"], set()),  # 500 more than 27,000
        ("27500.01", ["1#", "2#", "3#"], {("CMP-03", "WARN", "measured_gfa_total")}),
        ("10500.00", ["9#"], {("FMT", "REFUSE", "buildings.1.building_no")}),
    ],
)
def test_measured_areas_are_compared_with_the_buildings_accepted(
    land: Land, site: Site, measured: str, numbers: list[str], expected: set[Any]
) -> None:
    values = acceptance(site.planning(), measured)
    desk = Desk(land, "planning_acceptance")
    assert found(desk, site, values, {"buildings": [{"building_no": one} for one in numbers]}) == expected


@pytest.mark.row(72)
def test_a_part_of_a_permit_is_accepted_by_its_buildings(land: Land, site: Site) -> None:
    """One building of three is accepted while another is not finished; a filing before that day is pointed out."""
    planning = site.planning()
    desk = Desk(land, "planning_acceptance")
    begun = desk.effective(site.project, acceptance(planning, "10640.00"), {"buildings": [{"building_no": "1#"}]})
    row = land.market.row(PlanningAcceptance, begun.record_id)
    assert str(row.planned_gfa_total) == "10500.0000"
    assert reached(land, planning)[MilestoneCode.M18] == "2027-01-20"


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
def test_a_permit_is_filled_in_and_its_conditions_are_one_list(land: Land, site: Site) -> None:
    desk = Desk(land, "delivery_permit")
    begun = desk.begin(site.project, {})
    assert not desk.fill_in(begun.revision_id, "沪浦交付（2027）0301号").findings
    view = desk.view(begun.revision_id)
    assert (view.values["sets"], view.children["buildings"]) == (
        "72",
        [{"natural_building_no": "310115001001GB00001F0001"}],
    )
    assert kind_named("delivery_permit").child("conditions").checks is not None


@pytest.mark.row(73)
def test_buildings_are_offered_with_the_reason_why_one_cannot_be_delivered(land: Land, site: Site) -> None:
    works = site.permit(site.planning())
    one, two = site.unit(works, "1#"), site.unit(works, "2#")
    first, second = (natural_building(land.market.world, building_name=name) for name in ("1#", "2#"))
    tie(site, one, first)
    tie(site, two, second)
    file_completion(site, one)
    lines = offered(Desk(land, "delivery_permit"), site, "buildings", {})
    assert {line.values["natural_building_no"]: line.bar for line in lines} == {
        first: "",
        second: "2#住宅楼尚未竣工验收备案",
    }


@pytest.mark.row(73)
def test_a_permit_without_an_approved_place_name_is_refused(land: Land, site: Site) -> None:
    unit = site.unit(site.permit(site.planning(place_name_doc_no=None)), "1#")
    building = natural_building(land.market.world)
    tie(site, unit, building)
    file_completion(site, unit)
    desk = Desk(land, "delivery_permit")
    assert found(desk, site, permit("沪浦交付006"), lists(building)) == {("PLN-12", "REFUSE", "place_name_doc_no")}
    named = permit("沪浦交付007", place_name_doc_no="浦地名〔2026〕12号")
    assert found(desk, site, named, lists(building)) == set()


@pytest.mark.row(73)
def test_an_update_keeps_the_checklist_and_its_papers(land: Land, site: Site) -> None:
    building = tied(site)
    desk = Desk(land, "delivery_permit")
    told = lists(building)
    told["conditions"][4]["paper_no"] = "供水验〔2027〕8号"
    begun = desk.effective(site.project, permit("沪浦交付008"), told)
    again = desk.update(begun.record_id, "补充许可范围的说明")
    lines = {line["item"]: line for line in desk.view(again.revision_id).children["conditions"]}
    assert lines["WATER"] == {"item": "WATER", "met": True, "paper_no": "供水验(2027)8号"}
    # Its own building is none that another permit names.
    said = desk.ask(acts(kind_named("delivery_permit")).trial, desk.drafter, again.revision_id)
    assert [one.message for one in said if one.field.startswith("buildings")] == []


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
    delivered = {line.natural_building_no: line.natural_building_id for line in buildings_in(land, row.id)}
    assert list(delivered) == [first]
    assert reached(land, delivered[first]) == {MilestoneCode.M20: "2027-02-10"}


def buildings_in(land: Land, permit_id: UUID) -> list[Any]:
    wanted = select(DeliveredBuilding).where(DeliveredBuilding.record_id == permit_id)
    return list(land.market.world.read(lambda work: work.session.exec(wanted).all()))


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
