"""Rules of projects switched off and on and measured by district: at the form, at the review, in the watch (market 4.0)."""

from uuid import UUID

import pytest
from sqlmodel import col, select

from models.alerts import Alert, AlertAction, AlertGrade, AlertState
from models.parcels import ParcelProjectLink
from services.engine.callers import SYSTEM
from services.engine.refusals import Rejected
from services.engine.switches import OFF
from services.projects.project_watches import watch_all
from tests.land import PROJECT_LISTS, Land, project_form
from tests.market_rules import parameter, set_parameter, switched_off
from tests.services.projects.desk import Desk

pytestmark = pytest.mark.row(58)


def test_a_rule_that_is_off_asks_nothing_and_once_on_it_stops_what_waits(land: Land) -> None:
    """What was submitted while it was off is judged again when it is approved."""
    land.given("P-1")
    desk = Desk(land, "project")
    begun = desk.begin(None, project_form(total_gfa="28000.00"), PROJECT_LISTS)
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert [one.code for one in refused.value.findings] == ["PRJ-03"]
    world = land.market.world
    with switched_off(world, "PRJ-03"):
        desk.submit(begun.revision_id)
    with pytest.raises(Rejected) as stopped:
        desk.approve(begun.revision_id)
    assert [one.code for one in stopped.value.findings] == ["PRJ-03"]
    with switched_off(world, "PRJ-03"):
        desk.approve(begun.revision_id)


def test_alerts_of_a_rule_that_is_off_end_and_come_back_with_it(land: Land) -> None:
    parcel = land.given("P-1", start_due_on="2027-01-31")
    project = land.project("P-1", parcel=parcel)
    Desk(land, "project_parcels").effective(
        project, {}, {"parcels": [{"parcel_id": str(parcel), "used_area": "10000"}]}
    )
    world = land.market.world

    def states() -> list[AlertState]:
        world.door.perform(watch_all, SYSTEM, None)
        rows = (
            select(Alert)
            .where(Alert.subject_id == project, Alert.rule_code == "PRJ-06")
            .order_by(col(Alert.first_seen))
        )
        return [row.state for row in world.read(lambda work: work.session.exec(rows).all())]

    assert states() == [AlertState.OPEN]
    with switched_off(world, "PRJ-06"):
        assert states() == [AlertState.RESOLVED]
    said = (
        select(AlertAction).join(Alert, col(Alert.id) == col(AlertAction.alert_id)).where(Alert.subject_id == project)
    )
    assert any(
        row.said and OFF in row.said.json()["text"] for row in world.read(lambda work: work.session.exec(said).all())
    )
    assert states() == [AlertState.RESOLVED, AlertState.OPEN]


def late(land: Land, district: str) -> UUID:
    """A project whose start is ten days late, in a district."""
    company = {"310115": "P-1", "310104": "P-2"}[district]
    parcel = land.given(company, district=district, start_due_on="2027-02-19")
    project = land.project(company, parcel=parcel, district=district)
    land.market.world.rewrite(ParcelProjectLink, ParcelProjectLink.parcel_id == parcel, made_project_id=project)
    return project


def test_a_district_measures_by_its_own_days(land: Land) -> None:
    here, there = late(land, "310115"), late(land, "310104")
    world = land.market.world

    def grades() -> dict[UUID, AlertGrade]:
        world.door.perform(watch_all, SYSTEM, None)
        rows = select(Alert).where(Alert.rule_code == "PRJ-06", col(Alert.subject_id).in_([here, there]))
        return {row.subject_id: row.grade for row in world.read(lambda work: work.session.exec(rows).all())}

    assert grades() == {here: AlertGrade.BLUE, there: AlertGrade.BLUE}
    with parameter(world, "projects.start_yellow_days", "10", "310104"):
        assert grades() == {here: AlertGrade.BLUE, there: AlertGrade.YELLOW}


def test_a_form_is_judged_by_the_threshold_of_its_district(land: Land) -> None:
    land.given("P-1")
    land.given("P-2")
    world = land.market.world
    with parameter(world, "projects.capital_housing", "35", "310104"):
        here = Desk(land, "project").begin(None, project_form(), PROJECT_LISTS)
        Desk(land, "project").submit(here.revision_id)
        desk = Desk(land, "project", "xian01", "xian_admin")
        there = desk.begin(None, project_form(district="310104"), PROJECT_LISTS)
        with pytest.raises(Rejected) as refused:
            desk.submit(there.revision_id)
    assert [one.code for one in refused.value.findings] == ["PRJ-05"]


@pytest.mark.parametrize(
    ("key", "district"),
    [("parcels.share_whole", "310115"), ("filing.min_days", "310115"), ("projects.start_yellow_days", "330106")],
)
def test_what_is_one_for_the_city_is_set_for_no_district_and_nothing_for_a_strange_one(
    land: Land, key: str, district: str
) -> None:
    with pytest.raises(Rejected):
        set_parameter(land.market.world, key, "100", district)
