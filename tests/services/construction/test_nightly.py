"""The night finds works that are stopped (CON-03) and permits that lapsed because works did not begin (row 67)."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from models.alerts import Alert, AlertGrade
from models.building_codes import PermitStatus
from models.construction import ConstructionPermit
from services.construction.nightly import watch_construction
from services.construction.permit_days import months_on, start_limit
from services.engine.callers import SYSTEM
from tests.land import Land
from tests.site import Site, construction_permit

pytestmark = pytest.mark.row(67)


def night(land: Land) -> None:
    land.market.world.door.perform(watch_construction, SYSTEM, None)


@pytest.mark.parametrize(
    ("number", "stopped", "grade"),
    [
        ("310115202602010171", "2027-01-31", None),
        ("310115202602010172", "2027-01-30", AlertGrade.YELLOW),
        ("310115202602010173", "2026-03-01", AlertGrade.RED),
    ],
)
def test_a_stop_is_told_after_a_month_and_gravely_after_a_year(
    land: Land, number: str, stopped: str, grade: Any
) -> None:
    site = Site.begun(land)
    values = construction_permit(issued_on="2026-02-01", permit_no=number, actual_start_on="2026-02-10")
    lists = {
        "plannings": [{"planning_permit_id": str(site.planning())}],
        "events": [{"event": "STOP", "on_day": stopped}],
    }
    permit = site.put("construction_permit", values, lists)
    night(land)
    night(land)

    def read(work: Any) -> list[AlertGrade]:
        rows = work.session.exec(select(Alert).where(Alert.rule_code == "CON-03", Alert.subject_id == permit)).all()
        return [one.grade for one in rows]

    assert land.market.world.read(read) == ([grade] if grade else [])


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

    assert [months_on(date(2026, 11, 30), 3), months_on(date(2026, 12, 1), 3)] == [date(2027, 2, 28), date(2027, 3, 1)]
    assert start_limit(date(2026, 1, 1), date(2026, 6, 1), 3) == date(2026, 6, 1)
