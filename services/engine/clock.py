"""The business clock, movable in demo and tests, and the system clock, never movable (decision 30)."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def system_now() -> datetime:
    """The system's time: audit, sessions, nonces, signatures."""
    return datetime.now(UTC)


@dataclass
class Clock:
    """The business clock of one process: the system's time plus a shift."""

    shift: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return system_now() + self.shift

    def today(self) -> date:
        return self.now().astimezone(SHANGHAI).date()

    def stand_at(self, moment: datetime) -> None:
        """Put the business clock at a moment; it runs on from there."""
        self.shift = moment - system_now()


def morning_of(day: date) -> datetime:
    """The moment a day begins in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def shanghai_day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def shanghai_text(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
