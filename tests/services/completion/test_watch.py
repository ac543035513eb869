"""What the watch says of completion and delivery: filing, archives, permits, the delivery day, surveyed areas (rows 72, 73)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

import services.progress.watch_site  # noqa: F401 - declares the rules of completion
from models.progress import MilestoneCode
from services.construction.building_tables import is_off
from services.engine.thresholds import Thresholds
from services.progress.watch_facts import BuildingFacts, FilingFacts, ProjectFacts, ReachedBy, WorkFacts
from services.progress.watch_rules import WATCHES

DAY = date(2027, 3, 1)
PROJECT = ProjectFacts(UUID(int=1), "花木雅苑", DAY, Thresholds(DAY))


def found(rule: str, facts: ProjectFacts) -> list[tuple[str, str]]:
    """The grade and the value of what a rule says."""
    return [(one.sign.grade.value, one.value) for one in WATCHES.judge(facts, [rule])[rule]]


def before(days: int) -> date:
    return DAY - timedelta(days=days)


@pytest.mark.row(72)
@pytest.mark.parametrize(
    ("days", "filed", "expected"),
    [
        (15, False, []),  # the fifteenth day is in time
        (16, False, [("YELLOW", "16")]),
        (30, False, [("YELLOW", "30")]),
        (31, False, [("RED", "31")]),
        (31, True, []),
    ],
)
def test_a_filing_is_waited_for_fifteen_days(days: int, filed: bool, expected: list[Any]) -> None:
    milestones = {MilestoneCode.M17: ReachedBy(reached=before(days))}
    work = WorkFacts(UUID(int=2), "1#住宅楼", UUID(int=3), milestones, filed=filed)
    assert found("CMP-01", replace(PROJECT, works=(work,))) == expected


@pytest.mark.row(72)
@pytest.mark.parametrize(
    ("days", "archived", "expected"),
    [
        (149, None, []),
        (150, None, [("BLUE", "150")]),
        (179, None, [("BLUE", "179")]),
        (180, None, [("YELLOW", "180")]),
        (400, before(10), []),
    ],
)
def test_records_go_to_the_archives_in_half_a_year(days: int, archived: date | None, expected: list[Any]) -> None:
    filing = FilingFacts(UUID(int=4), "2027PD00071", before(days), archived)
    assert found("CMP-05", replace(PROJECT, filings=(filing,))) == expected


@pytest.mark.row(73)
def test_a_building_delivered_without_a_permit_is_grave() -> None:
    building = BuildingFacts(UUID(int=5), "1#", delivered_on=before(1))
    assert [grade for grade, _ in found("CMP-07", replace(PROJECT, buildings=(building,)))] == ["RED"]
    assert found("CMP-07", replace(PROJECT, buildings=(replace(building, permitted=True),))) == []
    assert found("CMP-07", replace(PROJECT, buildings=(replace(building, delivered_on=None),))) == []


@pytest.mark.row(73)
@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (DAY + timedelta(days=31), []),
        (DAY + timedelta(days=30), ["BLUE"]),
        (DAY, ["BLUE"]),
        (before(1), ["YELLOW"]),
        (before(30), ["YELLOW"]),
        (before(31), ["RED"]),
    ],
)
def test_the_delivery_day_is_watched_from_a_month_before_to_a_month_after(due: date, expected: list[str]) -> None:
    facts = replace(PROJECT, delivery_on=due, buildings=(BuildingFacts(UUID(int=5), "1#"),))
    assert [grade for grade, _ in found("CMP-08", facts)] == expected
    done = replace(facts, buildings=(BuildingFacts(UUID(int=5), "1#", permitted=True),))
    assert found("CMP-08", done) == []


@pytest.mark.row(72)
def test_units_that_were_measured_otherwise_are_counted() -> None:
    building = BuildingFacts(UUID(int=5), "1#", units_off=3)
    assert found("CMP-09", replace(PROJECT, buildings=(building,))) == [("BLUE", "3")]
    assert found("CMP-09", replace(PROJECT, buildings=(replace(building, units_off=0),))) == []


@pytest.mark.row(72)
@pytest.mark.parametrize(("surveyed", "off"), [("103.00", False), ("103.01", True), ("96.99", True), ("97.00", False)])
def test_a_unit_is_off_by_more_than_three_percent(surveyed: str, off: bool) -> None:
    assert is_off(Decimal("100.00"), Decimal(surveyed), Decimal(3)) is off
