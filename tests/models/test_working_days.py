"""Working days over holidays, swapped weekends and years not yet announced."""

from datetime import date, timedelta

import pytest

from models.own_data import own_rows
from models.working_days import Calendar, calendar


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 25), True),
        (date(2026, 11, 28), False),
        (date(2026, 1, 1), False),
        (date(2026, 10, 1), False),
        (date(2026, 2, 14), True),
    ],
    ids=["weekday", "weekend", "new year", "national day", "worked Saturday"],
)
def test_day_is_worked_as_the_state_announced(day: date, worked: bool) -> None:
    assert calendar().is_working_day(day) is worked


def test_term_begins_the_day_after_and_skips_the_holidays() -> None:
    before, after = date(2026, 9, 30), date(2026, 10, 8)
    assert calendar().add_working_days(before, 1) == after
    assert calendar().add_working_days(after, -1) == before
    assert calendar().add_working_days(date(2026, 10, 3), 0) == date(2026, 10, 3)


def test_days_between_agree_with_days_added() -> None:
    first = date(2026, 1, 28)
    for count in range(1, 30):
        assert calendar().working_days_between(first, calendar().add_working_days(first, count)) == count


def test_a_year_beyond_the_calendar_has_five_day_weeks() -> None:
    assert calendar().is_working_day(date(2028, 3, 1))
    assert not calendar().is_working_day(date(2028, 3, 4))


def test_shipped_calendar_has_every_day_of_its_years_and_marks_what_is_not_announced() -> None:
    told = {date.fromisoformat(row["date"]): row["status"] for row in own_rows("calendar/holidays_2024_2027.csv")}
    day = date(2024, 1, 1)
    while day <= date(2027, 12, 31):
        assert (told[day] != "official") is (day.year == 2027)
        day += timedelta(days=1)


def test_rows_rule_over_the_week() -> None:
    odd = Calendar([{"date": "2026-11-25", "is_workday": "0", "status": "official"}])
    assert odd.add_working_days(date(2026, 11, 24), 1) == date(2026, 11, 26)
