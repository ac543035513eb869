"""Whom the registry does not know, or no longer, and who is told of what befalls a group (rows 51, 54)."""

import pytest
from sqlmodel import select

from models.access import OrgUnit, UnitKind
from models.alerts import STANDING, AlertGrade, AlertState
from models.companies import GroupCompany, ProjectCompany
from models.engine import Notice
from models.monitoring import Refreshed
from services.alerts.life import acknowledge, close_alert
from services.alerts.listings import ALERTS, one_alert
from services.engine.listings import ListRows
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import NotAllowed
from tests.market import credit_code
from tests.services.monitoring.conftest import Watching


@pytest.mark.row(51)
def test_who_is_not_in_the_registry_does_not_make_it_a_silent_one(watching: Watching) -> None:
    watching.ids["M-1"] = watching.market.project_company()
    watching.night()
    watching.night(days=3)
    assert watching.watch("M-1").outcome is Refreshed.MISS
    assert not [alert for alert in watching.alerts(code="SUB-17") if alert.state in STANDING]


@pytest.mark.row(51)
def test_who_is_gone_from_the_registry_is_told_until_it_is_back(watching: Watching, firm: str) -> None:
    watching.registry(firm, pledged="60")
    watching.night(days=1)
    codes = select(ProjectCompany.uscc).where(ProjectCompany.id == watching.id(firm))
    known = watching.world.read(lambda work: work.session.exec(codes).one())
    watching.world.rewrite(ProjectCompany, ProjectCompany.id == watching.id(firm), uscc=credit_code(77_001))
    watching.night(days=1)
    gone = watching.alert(firm, "SUB-02")
    assert (gone.grade, gone.state, gone.told) == (AlertGrade.YELLOW, AlertState.OPEN, "HDC")
    # What was registered of it stays as it was told.
    assert watching.alert(firm, "SUB-10").state is AlertState.OPEN
    watching.world.rewrite(ProjectCompany, ProjectCompany.id == watching.id(firm), uscc=known)
    watching.night(days=1)
    assert watching.alert(firm, "SUB-02").state is AlertState.RESOLVED


@pytest.mark.row(51)
def test_what_befalls_a_group_is_told_every_district_and_answered_by_the_city(watching: Watching) -> None:
    """A group lies in no district and has no account; its companies build in all of them."""
    # As the form keeps it: of the city.
    watching.world.rewrite(GroupCompany, GroupCompany.id == watching.id("G-2"), district_code="310000")
    watching.registry("G-2", legal_rep="沈听澜")
    watching.night(days=1)
    alert = watching.alert("G-2", "SUB-07")
    door, order = watching.world.door, ListRows({"subject": str(alert.subject_id)})
    for login, seen in (("pdchu01", 1), ("xhshen01", 1), ("shichu01", 1), ("jianghai01", 0), ("xincheng01", 0)):
        assert door.ask(ALERTS.query, watching.market.caller(login), order).total == seen, login
    told = watching.world.read(lambda work: work.session.exec(select(Notice).where(Notice.object_id == alert.id)).all())
    bureaus = select(OrgUnit.id).where(OrgUnit.kind == UnitKind.DISTRICT_BUREAU)
    assert {one.to_unit for one in told} >= set(watching.world.read(lambda work: work.session.exec(bureaus).all()))
    district, city = watching.market.caller("pdshen01"), watching.market.caller("shichu01")
    assert door.ask(one_alert, district, alert.id).ways == frozenset()
    with pytest.raises(NotAllowed):
        door.perform(acknowledge, district, OneRow(alert.id))
    with pytest.raises(NotAllowed):
        door.perform(close_alert, district, Reasoned(alert.id, "由区里关闭预警"))
    door.perform(acknowledge, city, OneRow(alert.id))
    watching.registry("G-2", undo=True)
    watching.night(days=1)


@pytest.mark.row(51)
def test_an_overseas_group_is_not_asked_about_and_makes_no_silence(watching: Watching) -> None:
    watching.world.rewrite(GroupCompany, GroupCompany.id == watching.id("G-2"), uscc="", foreign_id="HK-0099887")
    watching.night(days=1)
    watching.night(days=4)
    assert watching.watch("G-2").outcome is Refreshed.ABSENT
    assert not [alert for alert in watching.alerts(code="SUB-17") if alert.state in STANDING]
    assert not [alert for alert in watching.alerts("G-2", "SUB-02") if alert.state in STANDING]
    uscc = watching.market.lines["G-2"]["uscc"]
    watching.world.rewrite(GroupCompany, GroupCompany.id == watching.id("G-2"), uscc=uscc, foreign_id="")
