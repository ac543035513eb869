"""Tiles of homes: ages that leave no day out, months that follow each other, bands of a map, differences with their sign."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from models.working_days import calendar
from services.engine.figures import Figure
from services.engine.home_tiles import AGES, bands, days_of_age, last_months, short_name
from services.engine.homes import Entry, compared, scaled


@pytest.mark.parametrize("today", [date(2026, 11, 27), date(2026, 11, 29), date(2026, 10, 8), date(2027, 2, 17)])
def test_every_day_has_one_age_by_its_working_days(today: date) -> None:
    """Weekends and holidays too: a day belongs to the age that its working days until today say."""
    spans = [days_of_age(today, first, last) for _, first, last in AGES]
    for back in range(60):
        day = today - timedelta(days=back)
        waited = calendar().working_days_between(day, today)
        fits = [(since is None or day >= since) and day <= until for since, until in spans]
        meant = [first <= waited and (last is None or waited <= last) for _, first, last in AGES]
        assert fits == meant, day


def test_thirteen_months_follow_each_other_to_today() -> None:
    spans = last_months(date(2026, 3, 31), 13)
    assert (spans[0][0], spans[-1]) == (date(2025, 3, 1), (date(2026, 3, 1), date(2026, 3, 31)))
    assert all(last + timedelta(days=1) == first for (_, last), (first, _) in pairwise(spans))


def test_bands_are_round_and_hold_the_greatest() -> None:
    def of(*counts: int) -> tuple[float, ...]:
        return bands([Entry("", Figure("", "", count)) for count in counts])

    assert of(0) == of(3, 5) == (1, 2, 3, 4)
    assert of(29) == (10, 20, 30, 40)
    assert of(10_684, 291) == (5_000, 10_000, 15_000, 20_000)


def test_a_difference_has_its_sign_and_nothing_is_said_of_none_before() -> None:
    assert (compared(105, 100), compared(90, 100), compared(7, 0)) == ("+5.0%", "-10.0%", "")


def test_the_longest_bar_is_full_and_nought_has_none() -> None:
    shares = [entry.share for entry in scaled([Entry("", Figure("", "", count)) for count in (8, 2, 0)])]
    assert shares == [1.0, 0.25, 0.0]
    assert [entry.share for entry in scaled([Entry("", Figure("", "", 0))])] == [0.0]


def test_a_district_is_called_as_on_a_map() -> None:
    assert (short_name("310115"), short_name("310104"), short_name("999999")) == ("浦东", "徐汇", "999999")
