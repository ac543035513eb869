"""The night tells of works that are stopped (CON-03) once, and marks permits lapsed whose works did not begin (row 67)."""

from datetime import date

import pytest

from models.alerts import Alert, AlertGrade, AlertState
from models.building_codes import PermitStatus
from models.construction import ConstructionPermit
from models.working_days import months_later
from services.construction.nightly import watch_construction
from services.construction.permit_days import start_limit
from services.engine.callers import SYSTEM
from services.sales.watch import watch_all
from tests.land import Land
from tests.market_rules import parameter
from tests.site import Site, construction_permit

pytestmark = pytest.mark.row(67)


def night(land: Land) -> None:
    land.market.world.door.perform(watch_construction, SYSTEM, None)


def test_a_stop_is_told_once_by_the_days_of_its_district(land: Land) -> None:
    """Of the two jobs of a night that look at permits one alone judges stops."""
    site = Site.begun(land)
    lists = {
        "plannings": [{"planning_permit_id": str(site.planning())}],
        "events": [{"event": "STOP", "on_day": "2027-02-06"}],
    }
    permit = site.put("construction_permit", construction_permit(actual_start_on="2026-06-10"), lists)
    with parameter(land.market.world, "progress.permit_stop_yellow", "20", "310115"):
        for _ in range(2):
            watch_all(land.market.world.door)
            night(land)
    told = land.market.world.read(
        lambda work: work.rows(Alert, Alert.rule_code == "CON-03", Alert.subject_id == permit)
    )
    assert [(one.grade, one.state) for one in told] == [(AlertGrade.YELLOW, AlertState.OPEN)]


def test_a_permit_lapses_three_months_after_its_issue_unless_works_began_or_it_was_extended(land: Land) -> None:
    site = Site.begun(land)
    planning = site.planning()
    never = site.permit(planning, issued_on="2026-11-30")
    in_time = site.permit(planning, issued_on="2026-12-01")
    begun = site.permit(planning, issued_on="2026-11-30", actual_start_on="2026-12-20")
    by_unit = site.permit(planning, issued_on="2026-11-30")
    site.unit(by_unit, "1#", actual_start="2026-12-20")
    night(land)
    status = [land.market.row(ConstructionPermit, one).status for one in (never, in_time, begun, by_unit)]
    assert status == [PermitStatus.LAPSED, *[PermitStatus.VALID] * 3]


def test_the_day_is_that_of_the_month_or_its_last() -> None:

    assert [months_later(date(2026, 11, 30), 3), months_later(date(2026, 12, 1), 3)] == [
        date(2027, 2, 28),
        date(2027, 3, 1),
    ]
    assert start_limit(date(2026, 1, 1), date(2026, 6, 1), 3) == date(2026, 6, 1)
