"""Working days: the state's holiday calendar, and five-day weeks for years not yet announced."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from models.own_data import own_rows

_ONE_DAY = timedelta(days=1)


class Calendar:
    """Working days from rows of `date, is_workday`."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._worked = {date.fromisoformat(row["date"]): row["is_workday"] == "1" for row in rows}

    def is_working_day(self, day: date) -> bool:
        """True if offices are open; beyond the calendar Monday to Friday are."""
        return self._worked.get(day, day.weekday() < 5)

    def add_working_days(self, day: date, count: int) -> date:
        """The last day of a term of `count` working days that begins the day after `day`; backwards if negative."""
        step = _ONE_DAY if count >= 0 else -_ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Count the working days after `first` up to and including `last`."""
        return sum(self.is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """The calendar that ships with the product."""
    return Calendar(own_rows("calendar/holidays_2024_2027.csv"))


def months_later(day: date, months: int) -> date:
    """Return this day in a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
