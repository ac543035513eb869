"""Rent of a period: whole months in full, the ends by the day, never more than the lease (G08)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.direct_pay_codes import DrawCycle
from services.direct_pay.rent import last_of, longest_period, rent_between, rent_of_lease
from services.tenancy.predicates import last_day

RENTS = st.decimals(min_value=Decimal("300"), max_value=Decimal("99999.99"), places=2)
STARTS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
MONTHS = st.integers(min_value=1, max_value=36)


@pytest.mark.parametrize(
    ("lease_start", "start", "end", "rent"),
    [
        (date(2027, 3, 1), date(2027, 3, 1), date(2027, 3, 31), "3100.00"),
        (date(2027, 3, 1), date(2027, 3, 1), date(2027, 3, 10), "1000.00"),
        (date(2027, 3, 15), date(2027, 3, 15), date(2027, 3, 31), "1700.00"),
        (date(2027, 1, 15), date(2027, 2, 15), date(2027, 3, 14), "3100.00"),
        (date(2027, 1, 15), date(2027, 2, 1), date(2027, 2, 28), "3100.00"),
        (date(2027, 1, 31), date(2027, 1, 31), date(2027, 2, 28), "3100.00"),
        (date(2027, 3, 1), date(2027, 3, 1), date(2027, 5, 31), "9300.00"),
        (date(2028, 2, 1), date(2028, 2, 29), date(2028, 2, 29), "106.90"),
    ],
)
def test_a_whole_month_is_a_month_and_a_part_goes_by_the_day(
    lease_start: date, start: date, end: date, rent: str
) -> None:
    assert rent_between(Decimal(3100), lease_start, start, end) == Decimal(rent)


@given(rent=RENTS, start=STARTS, months=MONTHS)
def test_the_months_of_a_lease_come_to_its_rent(rent: Decimal, start: date, months: int) -> None:
    total, first = Decimal(0), start
    for number in range(1, months + 1):
        last = last_day(start, number)
        total += rent_between(rent, start, first, last)
        first = last + timedelta(days=1)
    assert total == rent * months
    assert rent_of_lease(rent, start, last_day(start, months)) == rent * months


@given(rent=RENTS, start=STARTS.map(lambda day: day.replace(day=1)), months=MONTHS)
def test_calendar_months_of_a_lease_from_the_first_come_to_its_rent(rent: Decimal, start: date, months: int) -> None:
    total, first = Decimal(0), start
    for _ in range(months):
        last = last_of(f"{first:%Y-%m}")
        total += rent_between(rent, start, first, last)
        first = last + timedelta(days=1)
    assert total == rent * months == rent_of_lease(rent, start, first - timedelta(days=1))


@given(rent=RENTS, start=STARTS, days=st.integers(min_value=1, max_value=27), shift=st.integers(0, 700))
def test_a_part_of_a_month_costs_less_than_the_month(rent: Decimal, start: date, days: int, shift: int) -> None:
    first = start + timedelta(days=shift)
    assert Decimal(0) < rent_between(rent, start, first, first + timedelta(days=days - 1)) <= rent


@given(rent=RENTS, start=STARTS, shift=st.integers(0, 700), days=st.integers(1, 100))
def test_a_longer_period_never_costs_less(rent: Decimal, start: date, shift: int, days: int) -> None:
    first = start + timedelta(days=shift)
    last = first + timedelta(days=days)
    assert rent_between(rent, start, first, last) >= rent_between(rent, start, first, last - timedelta(days=1))


@pytest.mark.parametrize(
    ("cycle", "start", "last"),
    [
        (DrawCycle.MONTH, date(2027, 2, 1), date(2027, 2, 28)),
        (DrawCycle.MONTH, date(2027, 1, 15), date(2027, 2, 14)),
        (DrawCycle.QUARTER, date(2027, 2, 1), date(2027, 4, 30)),
    ],
)
def test_a_period_is_as_long_as_its_cycle(cycle: DrawCycle, start: date, last: date) -> None:
    assert longest_period(cycle, start) == last
