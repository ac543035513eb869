"""Legal terms in months and years."""

from calendar import monthrange
from datetime import date


def months_back(day: date, months: int) -> date:
    """The day so many months before, or the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_later(day: date, years: int) -> date:
    """Return this day so many years later; 28 February for a missing 29th."""
    return months_back(day, -12 * years)
