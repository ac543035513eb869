"""Milestones that land, permits and certificates show: M01 to M06 and M21, and what a voided one leaves (rows 63-67, 75)."""

from uuid import UUID

import pytest
from sqlmodel import select

from models.progress import Milestone, MilestoneCode, MilestoneScope
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.work import Work
from services.projects.land_milestones import show_land_of_before
from services.projects.project_watches import watch_projects
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import Site, certificate, land_permit


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def reached(land: Land, subject: UUID) -> dict[MilestoneCode, tuple[MilestoneScope, str]]:
    wanted = select(Milestone).where(Milestone.subject_id == subject)
    rows = land.market.world.read(lambda work: work.session.exec(wanted).all())
    return {row.milestone: (row.scope, str(row.actual_on)) for row in rows if row.actual_on}


@pytest.mark.row(65)
@pytest.mark.row(67)
def test_each_permit_reaches_its_own_milestone(land: Land, site: Site) -> None:
    planning = site.planning()
    permit = site.permit(planning)
    assert reached(land, planning) == {MilestoneCode.M05: (MilestoneScope.PLANNING_PERMIT, "2026-04-20")}
    assert reached(land, permit) == {MilestoneCode.M06: (MilestoneScope.CONSTRUCTION_PERMIT, "2026-06-01")}


@pytest.mark.row(63)
@pytest.mark.row(64)
def test_a_project_reaches_a_milestone_with_the_first_of_its_papers(land: Land, site: Site) -> None:
    project = MilestoneScope.PROJECT
    assert reached(land, site.project) == {
        MilestoneCode.M03: (project, "2026-03-20"),
        MilestoneCode.M04: (project, "2026-02-20"),
    }
    site.put("land_planning_permit", land_permit(issued_on="2026-04-01"))
    assert reached(land, site.project)[MilestoneCode.M03] == (project, "2026-03-20")
    site.put("realty_certificate", certificate(kind="MASTER", right_type="HOUSE", registered_on="2026-12-01"))
    assert reached(land, site.project)[MilestoneCode.M21] == (project, "2026-12-01")


@pytest.mark.row(64)
def test_a_voided_paper_leaves_the_milestone_to_the_next(land: Land, site: Site) -> None:
    first = site.put("realty_certificate", certificate(kind="MASTER", right_type="HOUSE", registered_on="2026-11-01"))
    second = site.put("realty_certificate", certificate(kind="MASTER", right_type="HOUSE", registered_on="2026-12-01"))
    desk = Desk(land, "realty_certificate")
    desk.perform(acts("realty_certificate").void, "pdshen01", Void(first, "证书已注销，重新登记"))
    assert reached(land, site.project)[MilestoneCode.M21][1] == "2026-12-01"
    desk.perform(acts("realty_certificate").void, "pdshen01", Void(second, "证书已注销，重新登记"))
    assert MilestoneCode.M21 not in reached(land, site.project)


@pytest.mark.row(75)
def test_land_contract_and_handover_come_from_the_parcels_of_a_project(land: Land) -> None:
    project = land.project()
    first, second = (land.given("P-1", signed_on=on) for on in ("2026-02-15", "2026-01-15"))
    lines = [{"parcel_id": str(one), "used_area": "5000.00"} for one in (first, second)]
    listed = land.side("project_parcels", project, {}, {"parcels": lines})
    contract = (MilestoneScope.PROJECT, "2026-01-15")
    assert reached(land, project) == {MilestoneCode.M01: contract}

    # The land is handed over later, by an update of its parcel.
    authority = Desk(land, "parcel", drafter="pdchu01", submitter="pdchu01")
    update = authority.update(first, "土地已交付")
    authority.save(update.revision_id, {"handover_on": "2026-06-10"})
    authority.keep_files(update.revision_id)
    authority.submit(update.revision_id)
    authority.approve(update.revision_id)
    assert reached(land, project) == {
        MilestoneCode.M01: contract,
        MilestoneCode.M02: (MilestoneScope.PROJECT, "2026-06-10"),
    }

    desk = Desk(land, "project_parcels")
    desk.perform(acts("project_parcels").void, "pdshen01", Void(listed, "清单录入有误，重新填报"))
    assert reached(land, project) == {}


@pytest.mark.row(75)
def test_the_night_shows_land_of_before_and_a_handover_on_its_day(land: Land) -> None:
    project, world = land.project(), land.market.world
    parcel = land.given("P-1", signed_on="2026-02-15", handover_on="2027-04-01")
    land.side("project_parcels", project, {}, {"parcels": [{"parcel_id": str(parcel), "used_area": "5000.00"}]})
    contract = (MilestoneScope.PROJECT, "2026-02-15")

    # As in a house that kept this list before it kept these milestones.
    def forget(work: Work) -> None:
        for row in work.rows(Milestone, Milestone.subject_id == project):
            row.actual_on = row.recorded_at = row.evidence = row.evidence_id = None
            work.add(row)

    world.act(forget)
    assert reached(land, project) == {}
    watch_projects(world.door)
    assert reached(land, project) == {MilestoneCode.M01: contract}
    world.stand_at(2027, 4, 1)
    watch_projects(world.door)
    handover = (MilestoneScope.PROJECT, "2027-04-01")
    assert reached(land, project) == {MilestoneCode.M01: contract, MilestoneCode.M02: handover}
    assert world.read(show_land_of_before) == 0
