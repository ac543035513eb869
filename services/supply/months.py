"""Months of reports, the moment they close, and the month in which a fact counts (market domain 5.6)."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from services.engine.clock import SHANGHAI

#: A month closes at the end of this day of the next month, Shanghai time.
CLOSES_ON = 5


class Series(StrEnum):
    """The figures as they were published, or with everything known since."""

    PUBLISHED = "published"
    RESTATED = "restated"


def month_of(day: date) -> int:
    """The number of a month: twelve times the year, plus the month from 0."""
    return day.year * 12 + day.month - 1


def month_named(text: str) -> int:
    """The number of the month `YYYY-MM`."""
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def name_of(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def last_day(month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, calendar.monthrange(year, index + 1)[1])


@cache
def closing(month: int) -> datetime:
    """The moment at which a month closes: what is known before it is in time."""
    year, index = divmod(month + 1, 12)
    return datetime(year, index + 1, CLOSES_ON, tzinfo=SHANGHAI) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """A fact of a business day that became known at a moment (UTC); `voided` ends it."""

    on: date
    at: datetime
    voided: datetime | None = None

    def month(self, series: Series) -> int:
        """The month in which the fact counts: its own, or that of its arrival if it came after the closing."""
        own = month_of(self.on)
        if series is Series.RESTATED or self.at < closing(own):
            return own
        return month_of(self.at.astimezone(SHANGHAI).date())

    def counts(self, month: int, series: Series) -> bool:
        """Tell if the fact counts at the end of a month; a voided one does in months closed before it was voided."""
        if self.voided is not None and self.voided < closing(month):
            return False
        return self.month(series) <= month

    def counts_on(self, day: date) -> bool:
        """Tell if the fact counts on a day, with everything known since."""
        return self.on <= day and not (self.voided is not None and self.voided < closing(month_of(day)))

    @property
    def void_month(self) -> int | None:
        """The first month in which the fact counts no more, if it was voided."""
        if self.voided is None:
            return None
        own = month_of(self.voided.astimezone(SHANGHAI).date())
        return own - 1 if self.voided < closing(own - 1) else own


def first_day(month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, 1)
