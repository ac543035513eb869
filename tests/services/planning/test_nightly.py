"""The night compares certificates with the register and raises PLN-14 and PLN-11 once (rows 64, 65)."""

from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from models.alerts import Alert, AlertGrade, AlertState
from models.planning import RealtyCertificate
from services.engine.work import Work
from services.planning.nightly import planning_watch, refresh_certificates
from services.sales.plan_facts import ground_of
from tests.land import Land
from tests.site import Site, certificate, community

NUMBER = "沪(2026)浦字不动产权第000201号"


def alerts(land: Land, code: str, about: UUID) -> list[tuple[AlertGrade, AlertState]]:
    def read(work: Work) -> list[tuple[AlertGrade, AlertState]]:
        rows = work.session.exec(select(Alert).where(Alert.rule_code == code, Alert.subject_id == about)).all()
        return [(one.grade, one.state) for one in rows]

    found: list[tuple[AlertGrade, AlertState]] = land.market.world.read(read)
    return found


def night(land: Land) -> None:
    refresh_certificates(land.market.world.door)
    planning_watch(land.market.world.door)


def registered(land: Land, **change: bool) -> None:
    base = land.market.world.simulators.base_url("property_register")
    httpx.post(f"{base}/sim/certificate", json={"bdcqzh": NUMBER, "set": change}).raise_for_status()


@pytest.mark.row(64)
def test_a_seal_found_at_night_is_told_once_and_ends_with_it(land: Land) -> None:
    site = Site(land, land.project("P-1"))
    paper = site.put("realty_certificate", certificate(cert_no=NUMBER))
    night(land)
    assert alerts(land, "PLN-14", paper) == []
    registered(land, cfbz=True)
    night(land)
    night(land)
    row = land.market.row(RealtyCertificate, paper)
    assert (row.sealed, row.checked_at is not None) == (True, True)
    assert alerts(land, "PLN-14", paper) == [(AlertGrade.RED, AlertState.OPEN)]
    # No sales plan of the project is submitted while it lasts (SAL-15).
    assert land.market.world.read(lambda work: ground_of(work, site.project)).seals == (f"不动产权证{NUMBER}",)
    # A silent register says nothing of the seal, which stays as it was.
    land.market.world.fault("property_register", "error")
    night(land)
    land.market.world.heal()
    assert land.market.row(RealtyCertificate, paper).sealed
    registered(land, cfbz=False, dybz=True)
    night(land)
    assert alerts(land, "PLN-14", paper) == [
        (AlertGrade.RED, AlertState.RESOLVED),
        (AlertGrade.BLUE, AlertState.OPEN),
    ]
    registered(land, dybz=False)


@pytest.mark.row(66)
def test_a_project_without_its_property_area_is_told_until_it_is_settled(land: Land) -> None:
    site = Site.begun(land)
    planning = site.planning()
    night(land)
    assert alerts(land, "PLN-11", planning) == [(AlertGrade.BLUE, AlertState.OPEN)]
    site.put("community", community())
    night(land)
    assert alerts(land, "PLN-11", planning) == [(AlertGrade.BLUE, AlertState.RESOLVED)]
