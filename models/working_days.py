"""Working days: the state's holiday calendar, and five-day weeks for years not yet announced."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from models.own_data import own_rows

_ONE_DAY = timedelta(days=1)


class Calendar:
    """Working days from rows of `date, is_workday, status`."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._worked: dict[date, bool] = {}
        provisional: set[int] = set()
        for row in rows:
            day = date.fromisoformat(row["date"])
            self._worked[day] = row["is_workday"] == "1"
            if row["status"] != "official":
                provisional.add(day.year)
        self.provisional_years = frozenset(provisional)

    def is_working_day(self, day: date) -> bool:
        """True if offices are open; beyond the calendar Monday to Friday are."""
        return self._worked.get(day, day.weekday() < 5)

    def is_provisional(self, day: date) -> bool:
        """True if the state has not announced the holidays of this day's year, as far as we know."""
        return day.year in self.provisional_years or day not in self._worked

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
