"""Months and rent: the last ones of a mandate, whole months in full, the ends by the day (G08); pure arithmetic."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from models.direct_pay import Entrustment
from models.direct_pay_codes import DrawCycle
from services.tenancy.predicates import last_day

_CENT = Decimal("0.01")
_DAY = timedelta(days=1)
_MONTHS = {DrawCycle.MONTH: 1, DrawCycle.QUARTER: 3}


def month_of(day: date) -> str:
    """The month of a day, YYYY-MM; such texts sort as their months do."""
    return f"{day:%Y-%m}"


def first_of(month: str) -> date:
    """The first day of a month; `ValueError` when it is none."""
    return date.fromisoformat(f"{month}-01")


def last_of(month: str) -> date:
    """The last day of a month."""
    first = first_of(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def month_before(month: str) -> str:
    return month_of(first_of(month) - _DAY)


def last_month(mandate: Entrustment) -> str:
    """The last month a mandate may still draw for, YYYY-MM."""
    months = [mandate.draw_to]
    if mandate.stops_from:
        months.append(month_before(mandate.stops_from))
    if mandate.filing_ended_on is not None:
        months.append(month_of(mandate.filing_ended_on))
    return min(months)


def last_billable(mandate: Entrustment) -> tuple[date, bool]:
    """The last day that may be billed, and whether an end set it rather than the mandate itself."""
    by_mandate = last_of(mandate.draw_to)
    ends = [by_mandate]
    if mandate.stops_from:
        ends.append(first_of(mandate.stops_from) - timedelta(days=1))
    if mandate.filing_ended_on is not None:
        ends.append(mandate.filing_ended_on)
    return min(ends), min(ends) < by_mandate


def rent_between(month_rent: Decimal, lease_start: date, start: date, end: date) -> Decimal:
    """Return the rent from the start of `start` to the end of `end`, in yuan.

    Whole months are counted from `start`, whatever its day, because firms bill by the calendar or by the lease's own
    day; the rest is in proportion to the days of its month. Months of a lease that began on a 31st count as whole
    although the calendar's are longer.
    """
    return _yuan(month_rent, max(_lease_months(lease_start, start, end), _months(start, end)))


def rent_of_lease(month_rent: Decimal, start: date, end: date) -> Decimal:
    """The rent of a whole lease: its months from the first day on, the last days in proportion."""
    return _yuan(month_rent, _months(start, end))


def longest_period(cycle: DrawCycle, start: date) -> date:
    """The last day a period of this cycle may have that begins with `start`."""
    return last_day(start, _MONTHS[cycle])


def _yuan(month_rent: Decimal, months: Fraction) -> Decimal:
    cents = Fraction(month_rent) * months * 100
    return Decimal((2 * cents.numerator + cents.denominator) // (2 * cents.denominator)) * _CENT


def _months(start: date, end: date) -> Fraction:
    whole = max((end.year - start.year) * 12 + end.month - start.month - 1, 0)
    while last_day(start, whole + 1) <= end:
        whole += 1
    before = last_day(start, whole) if whole else start - _DAY
    return whole + Fraction((end - before).days, (last_day(start, whole + 1) - before).days)


def _lease_months(lease_start: date, start: date, end: date) -> Fraction:
    """Return how many months of the lease a period is when it begins and ends with one; else none."""
    first, last = (_boundary(lease_start, day) for day in (start - _DAY, end))
    return Fraction(last - first) if first is not None and last is not None else Fraction(0)


def _boundary(lease_start: date, day: date) -> int | None:
    """After how many months of the lease a day is their last, if it is."""
    near = (day.year - lease_start.year) * 12 + day.month - lease_start.month
    for number in (near, near + 1):
        if day == (last_day(lease_start, number) if number > 0 else lease_start - _DAY):
            return max(number, 0)
    return None
