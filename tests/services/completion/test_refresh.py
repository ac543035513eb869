"""The night's comparison of certificates with the sharing platform: what differs is shown and told, nothing is overwritten."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.completion import PlanningAcceptance
from models.engine import Notice
from services.engine.callers import SYSTEM
from services.projects.certificate_refresh import RefreshPermit, permits_in_force, refresh_permit
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import COMPANY, USCC, Site

KIND, NUMBER = "planning_acceptance", "沪浦规验（2027）0301号"


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def accepted(site: Site, number: str, measured: str) -> UUID:
    """An acceptance in force, typed by hand while the platform was silent."""
    values = {
        "acceptance_no": number,
        "builder": COMPANY,
        "builder_uscc": USCC,
        "engineering_planning_permit_id": str(site.planning()),
        "measured_gfa_total": measured,
        "issued_on": "2027-01-08",
    }
    return site.put(KIND, values, {"buildings": [{"building_no": "1#", "measured_gfa": "10640.00"}]})


def refreshed(land: Land, record_id: UUID) -> bool:
    world = land.market.world
    order: RefreshPermit = next(one for one in world.read(permits_in_force) if one.record_id == record_id)
    done: bool = world.door.perform(refresh_permit, SYSTEM, order)
    return done


def told(land: Land, record_id: UUID) -> list[str]:
    wanted = select(Notice).where(Notice.object_id == record_id)
    return [str(one.body.json()) for one in land.market.world.read(lambda work: work.session.exec(wanted).all())]


def view(land: Land, record_id: UUID) -> Any:
    desk = Desk(land, KIND)
    return desk.view(land.market.row(PlanningAcceptance, record_id).revision_id)


@pytest.mark.row(72)
def test_what_differs_is_shown_and_told_once_and_nothing_is_overwritten(land: Land, site: Site) -> None:
    record_id = accepted(site, NUMBER, "10700.00")
    assert refreshed(land, record_id)
    differing = {one.field: (one.given, one.now) for one in view(land, record_id).differences}
    assert differing["measured_gfa_total"] == ("10,640.00", "10,700.00")
    assert view(land, record_id).source == "资源共享平台"
    assert land.market.row(PlanningAcceptance, record_id).measured_gfa_total == Decimal("10700.0000")
    first = told(land, record_id)
    assert len(first) == 1
    assert "记录没有改动" in first[0]
    assert not refreshed(land, record_id)  # the same answer the next night is no news
    assert told(land, record_id) == first
    land.market.world.fault("one_map", "error")
    assert not refreshed(land, record_id)
    land.market.world.heal()
    land.market.world.fault("one_map", "miss")
    assert refreshed(land, record_id)
    assert "已查不到该证" in told(land, record_id)[-1]
    again = view(land, record_id)
    assert (again.source, again.differences) == ("资源共享平台（未核验）", ())


@pytest.mark.row(72)
def test_a_number_the_platform_never_knew_is_left_alone(land: Land, site: Site) -> None:
    record_id = accepted(site, "沪浦规验（2027）9901号", "10700.00")
    assert not refreshed(land, record_id)
    assert told(land, record_id) == []
