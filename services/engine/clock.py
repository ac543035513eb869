"""The business clock, movable in demo and tests, and the system clock, never movable (decision 30)."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
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


#: How far the system's clock may be off from what passed before it is logged as TIME.JUMP.
MOST_DRIFT = timedelta(seconds=2)
#: How far it may be off from the database host's while partners are answered (D24).
MOST_OFFSET = timedelta(seconds=60)


@dataclass
class ClockWatch:
    """Compares the system's clock with the time that really passed since the last event of this process."""

    wall: datetime | None = None
    steady: float = 0.0

    def jump(self, now: datetime, before: datetime | None) -> timedelta:
        """Return how far the clock has jumped; `before` is the time of the newest event in the chain."""
        drift = timedelta()
        if self.wall is not None:
            drift = now - self.wall - timedelta(seconds=monotonic() - self.steady)
        if before is not None and now - before < min(drift, -MOST_DRIFT):
            drift = now - before
        return drift if abs(drift) > MOST_DRIFT else timedelta()

    def settle(self, now: datetime) -> None:
        """Measure from now on, because the logged clock jump is committed."""
        self.wall, self.steady = now, monotonic()
