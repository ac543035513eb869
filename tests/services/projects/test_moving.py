"""A project or parcel whose district is corrected: what hangs on it follows, and the district it leaves is told (rows 56, 58)."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.access import OrgUnit, UnitKind
from models.alerts import Alert, AlertState
from models.engine import Notice
from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.projects import Project
from models.records import Revision
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Compare
from services.engine.refusals import NotFound
from services.parcels.head_links import AnswerLink, release_link
from services.projects.project_watches import watch_all
from tests.land import Land
from tests.market_rules import switch
from tests.services.projects.desk import Desk
from tests.services.projects.test_row_62 import RELOCATION, transferred

HERE, THERE = "310115", "310104"


def told(land: Land, record: UUID) -> set[str]:
    """Districts whose bureau was told of a record's going."""
    rows = (
        select(OrgUnit.district_code)
        .join(Notice, col(Notice.to_unit) == col(OrgUnit.id))
        .where(Notice.object_id == record, OrgUnit.kind == UnitKind.DISTRICT_BUREAU)
    )
    return set(land.market.world.read(lambda work: work.session.exec(rows).all()))


@pytest.mark.row(58)
def test_the_records_of_a_project_go_with_it_into_another_district(land: Land) -> None:
    parcel = land.given("P-1", start_due_on="2027-02-01")
    project = land.project("P-1", parcel=parcel)
    land.market.world.rewrite(ParcelProjectLink, ParcelProjectLink.parcel_id == parcel, made_project_id=project)
    side = land.side("project_builders", project, {"has_agent": False})
    waiting = Desk(land, "relocation")
    begun = waiting.begin(project, RELOCATION)
    waiting.submit(begun.revision_id)
    land.market.world.door.perform(watch_all, SYSTEM, None)
    desk = Desk(land, "project")
    moved = desk.update(project, "所在区登记有误")
    desk.save(moved.revision_id, {"district": THERE})
    desk.submit(moved.revision_id, {"PRJ-04": "拆迁未完成导致延期"})
    changes_are_told(desk, project)
    with pytest.raises(NotFound):
        desk.approve(moved.revision_id, "pdshen01")
    desk.approve(moved.revision_id, "xhshen01")
    assert land.market.row(Project, project).district_code == THERE
    assert told(land, project) == {HERE}
    # What is in force, what it was, and what is under review.
    for login, seen in (("xhshen01", True), ("pdshen01", False)):
        for ask, order in (
            (acts("project_builders").record, side),
            (acts("relocation").revision, begun.revision_id),
            (acts("project").revision, land.market.row(Project, project).revision_id),
        ):
            if seen:
                desk.ask(ask, login, order)
            else:
                with pytest.raises(NotFound):
                    desk.ask(ask, login, order)
    waiting.approve(begun.revision_id, "xhshen01")
    land.market.world.door.perform(watch_all, SYSTEM, None)
    alerts = select(Alert.district_code).where(Alert.subject_id == project, Alert.rule_code == "PRJ-06")
    assert land.market.world.read(lambda work: work.session.exec(alerts).all()) == [THERE]


@pytest.mark.row(58)
@pytest.mark.row(62)
def test_what_an_event_raised_about_a_project_goes_with_it(land: Land) -> None:
    """No watch finds it again: whoever looks after the project now could not close it, and who sees it could not act."""
    project = land.project("P-1")
    transfer = transferred(land, project, filed_on="2026-12-21")
    desk = Desk(land, "project")
    moved = desk.update(project, "所在区登记有误")
    desk.save(moved.revision_id, {"district": THERE})
    desk.submit(moved.revision_id)
    desk.approve(moved.revision_id, "xhshen01")
    wanted = select(Alert).where(Alert.subject_id == transfer)
    (alert,) = land.market.world.read(lambda work: work.session.exec(wanted).all())
    assert (alert.rule_code, alert.district_code, alert.state) == ("PRJ-10", THERE, AlertState.OPEN)
    assert THERE in told(land, alert.id)
    # It ends with its rule, though no watch looks for it.
    switch(land.market.world, "PRJ-10", False)
    try:
        land.market.world.door.perform(watch_all, SYSTEM, None)
        (ended,) = land.market.world.read(lambda work: work.session.exec(wanted).all())
        assert ended.state is AlertState.RESOLVED
    finally:
        switch(land.market.world, "PRJ-10", True)


@pytest.mark.row(56)
def test_the_links_of_a_parcel_go_with_it_into_another_district(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    desk = Desk(land, "parcel", "shenpu01", "shenpu01")
    moved = desk.update(parcel, "所在区登记有误")
    desk.keep_files(moved.revision_id)
    desk.save(moved.revision_id, {"district": THERE})
    desk.submit(moved.revision_id)
    changes_are_told(desk, parcel)
    desk.approve(moved.revision_id, "xhshen01")
    assert land.market.row(Parcel, parcel).district_code == THERE
    assert told(land, parcel) == {HERE}
    # What it was is read where it lies, and no more where it lay.
    assert [one.version_no for one in desk.ask(acts("parcel").record, "xhshen01", parcel).versions] == [2, 1]
    first = version_of(land, parcel, 1)
    assert desk.ask(acts("parcel").revision, "xhshen01", first).version_no == 1
    for ask, order in ((acts("parcel").revision, first), (acts("parcel").compare, Compare(parcel, 1, 2))):
        with pytest.raises(NotFound):
            desk.ask(ask, "pdshen01", order)
    (held,) = links_of(land, parcel)
    with pytest.raises(NotFound):
        desk.perform(release_link, "pdchu01", AnswerLink(held.id, "关联登记有误"))
    desk.perform(release_link, "xhchu01", AnswerLink(held.id, "关联登记有误"))


def changes_are_told(desk: Desk, record_id: UUID) -> None:
    """Whoever reviews for the district it comes to is shown what changes, before what stands is his to read."""
    compared = acts(desk.kind).compare
    for order in (Compare(record_id, 1, 2), Compare(record_id, 2, 1)):
        shown = {one.field for one in desk.ask(compared, "xhshen01", order).fields}
        assert "district" in shown
    for login, order in (("xhshen01", Compare(record_id, 1, 1)), ("pdshen01", Compare(record_id, 2, 2))):
        with pytest.raises(NotFound):
            desk.ask(compared, login, order)
    with pytest.raises(NotFound):
        desk.ask(acts(desk.kind).revision, "xhshen01", version_of(desk.land, record_id, 1))


def version_of(land: Land, record_id: UUID, number: int) -> UUID:
    rows = select(Revision.id).where(Revision.record_id == record_id, Revision.version_no == number)
    found: UUID = land.market.world.read(lambda work: work.session.exec(rows).one())
    return found


def links_of(land: Land, parcel: UUID) -> list[Any]:
    rows = select(ParcelHeadLink).where(ParcelHeadLink.parcel_id == parcel)
    return list(land.market.world.read(lambda work: work.session.exec(rows).all()))
