"""Two words at one moment, nights between two days, and what a parcel's later version is told to (rows 55-59)."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.alerts import Alert, AlertGrade
from models.engine import Notice
from models.projects import Project, ProjectParcels
from models.records import InForceState, Revision
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.parcels.head_links import OfferParcel, offer_parcel
from services.parcels.parcel_watches import watch_instalments, watch_offers
from services.parcels.project_links import AssignParcel, assign_parcel
from services.projects.parcel_changes import list_changes
from services.projects.project_watches import watch_all
from tests.land import PARCEL_LISTS, PROJECT_LISTS, Land, project_form
from tests.services.projects.desk import OPINION, Desk
from tests.world import at_once


def approved_at_once(land: Land, kind: str, revisions: list[UUID]) -> list[Any]:
    """Two reviewers pass two records at the same moment."""
    door = land.market.world.door
    calls = []
    for login, revision in zip(("pdshen01", "pdshen02"), revisions, strict=True):
        order = Decide(revision, land.market.row(Revision, revision).version, OPINION)
        calls.append(partial(door.perform, acts(kind).approve, land.market.caller(login), order))
    return at_once(calls)


@pytest.mark.row(59)
def test_two_lists_passed_at_one_moment_use_no_more_than_the_parcel(land: Land) -> None:
    desk = Desk(land, "project_parcels")
    for _ in range(3):
        parcel = land.given("P-1")
        lines = {"parcels": [{"parcel_id": str(parcel), "used_area": "6000.00"}]}
        begun = [desk.begin(land.project("P-1"), {}, lines) for _ in range(2)]
        for one in begun:
            desk.submit(one.revision_id)
        results = approved_at_once(land, "project_parcels", [one.revision_id for one in begun])
        assert sum(result is None for result in results) == 1, results
        assert sum(isinstance(result, Refusal) for result in results) == 1, results
        ids = [one.record_id for one in begun]

        def there(work: Work, ids: list[UUID] = ids) -> int:
            rows = select(ProjectParcels).where(
                ProjectParcels.id.in_(ids),  # type: ignore[attr-defined]
                ProjectParcels.in_force == InForceState.EFFECTIVE,
            )
            return len(work.session.exec(rows).all())

        assert land.market.world.read(there) == 1


@pytest.mark.row(58)
def test_of_two_projects_of_one_name_passed_at_one_moment_one_takes_effect(land: Land) -> None:
    land.given("P-1")
    desk = Desk(land, "project")
    begun = [desk.begin(None, project_form(name="同时审核雅苑"), PROJECT_LISTS) for _ in range(2)]
    for one in begun:
        desk.submit(one.revision_id)
    results = approved_at_once(land, "project", [one.revision_id for one in begun])
    assert sum(result is None for result in results) == 1, results
    assert sum(isinstance(result, Refusal) for result in results) == 1, results


@pytest.mark.row(55)
def test_an_offer_made_after_midnight_waits_from_that_day(land: Land) -> None:
    world = land.market.world
    # Seven hours of a Shanghai day are the day before in UTC; the Friday before would count one working day more.
    world.door.clock.stand_at(datetime(2027, 3, 2, 0, 30, tzinfo=SHANGHAI))
    parcel = land.parcel()
    order = OfferParcel(parcel, land.market.shenpu)
    link = world.door.perform(offer_parcel, land.market.caller("pdchu01"), order)

    def grade(*day: int) -> AlertGrade | None:
        world.stand_at(2027, *day)
        world.door.perform(watch_offers, SYSTEM, None)
        found = select(Alert.grade).where(Alert.subject_id == link, Alert.rule_code == "PAR-08")
        told: AlertGrade | None = world.read(lambda work: work.session.exec(found).first())
        return told

    assert (grade(3, 15), grade(3, 16)) == (None, AlertGrade.BLUE)


@pytest.mark.row(59)
def test_a_parcel_that_takes_effect_anew_is_told_to_who_drafts_on_it(land: Land) -> None:
    parcel = land.given("P-1")
    drafting = Desk(land, "project_parcels")
    lines = {"parcels": [{"parcel_id": str(parcel), "used_area": "10000.00"}]}
    project = land.project("P-1")
    drafting.begin(project, {}, lines)
    book = Desk(land, "parcel", "pdchu01", "pdchu01")
    again = book.update(parcel, "补充协议调整出让面积")
    book.keep_files(again.revision_id)
    book.save(again.revision_id, {"land_area": "9500.00", "parcel_area_granted": "9500.00", "far_area": "19000.00"})
    book.submit(again.revision_id)
    book.approve(again.revision_id)

    def told(work: Work) -> list[UUID | None]:
        rows = work.session.exec(select(Notice).where(Notice.object_id == parcel)).all()
        return [row.to_enterprise for row in rows if row.subject == "项目所用地块已更新"]

    assert land.market.world.read(told) == [land.market.binjiang]


@pytest.mark.row(59)
def test_a_parcel_updated_after_the_list_was_approved_is_shown_by_its_versions(land: Land) -> None:
    parcel, project = land.given("P-1"), land.project("P-1")
    desk = Desk(land, "project_parcels")
    lines = {"parcels": [{"parcel_id": str(parcel), "used_area": "9000.00"}]}
    begun = desk.effective(project, {}, lines)
    book = Desk(land, "parcel", "pdchu01", "pdchu01")
    again = book.update(parcel, "补充协议调整出让面积")
    book.keep_files(again.revision_id)
    book.save(again.revision_id, {"land_area": "9500.00", "parcel_area_granted": "9500.00", "far_area": "19000.00"})
    book.submit(again.revision_id)
    book.approve(again.revision_id)
    (changed,) = desk.ask(list_changes, "binjiang01", begun.record_id)
    assert changed.endswith("已更新到第2版")
    # Going over the list again takes the new version into account.
    once_more = desk.update(begun.record_id)
    desk.submit(once_more.revision_id)
    desk.approve(once_more.revision_id)
    assert desk.ask(list_changes, "binjiang01", begun.record_id) == ()


def told_of(land: Land, rule_code: str, subject: UUID) -> set[UUID | None]:
    """The companies that were told of an alert."""

    def read(work: Work) -> set[UUID | None]:
        found = select(Alert.id).where(Alert.subject_id == subject, Alert.rule_code == rule_code)
        ids = work.session.exec(found).all()
        rows = work.session.exec(select(Notice).where(Notice.object_id.in_(ids))).all()  # type: ignore[union-attr]
        return {row.to_enterprise for row in rows if row.to_enterprise is not None}

    companies: set[UUID | None] = land.market.world.read(read)
    return companies


@pytest.mark.row(57)
def test_both_companies_are_told_of_an_assignment_nobody_answers(land: Land) -> None:
    parcel, world = land.parcel(head="H-1"), land.market.world
    order = AssignParcel(parcel, land.market.binjiang)
    link = world.door.perform(assign_parcel, land.market.caller("shenpu_admin"), order)
    world.stand_at(2027, 3, 15)
    world.door.perform(watch_offers, SYSTEM, None)
    assert told_of(land, "PAR-08", link) == {land.market.shenpu, land.market.binjiang}


@pytest.mark.row(58)
def test_capital_that_falls_later_is_told_to_the_project_company(land: Land) -> None:
    project, world = land.project("P-1"), land.market.world
    world.rewrite(Project, Project.id == project, total_investment=Decimal("2300000000"))
    world.door.perform(watch_all, SYSTEM, None)
    assert told_of(land, "PRJ-05", project) == {land.market.binjiang}


@pytest.mark.row(56)
def test_a_late_instalment_is_told_to_whoever_takes_the_parcel_later(land: Land) -> None:
    lines = [{"no": "1", "amount": "900000000.00", "due_on": "2027-03-10"}]
    parcel, world = land.parcel(lists={**PARCEL_LISTS, "instalments": lines}), land.market.world
    world.stand_at(2027, 3, 15)
    world.door.perform(watch_instalments, SYSTEM, None)
    assert told_of(land, "PAR-06", parcel) == set()
    land.link_head(parcel, "H-1")
    land.link_company(parcel, "P-1")
    for _ in range(2):
        world.door.perform(watch_instalments, SYSTEM, None)
    assert told_of(land, "PAR-06", parcel) == {land.market.shenpu, land.market.binjiang}

    def hits(work: Work) -> tuple[int, int]:
        alert = work.session.exec(select(Alert).where(Alert.subject_id == parcel)).one()
        notices = work.session.exec(select(Notice).where(Notice.object_id == alert.id)).all()
        return alert.hits, sum(row.to_enterprise is not None for row in notices)

    assert world.read(hits) == (3, 2)
