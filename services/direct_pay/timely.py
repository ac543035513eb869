"""Limit on the fund's clock: its decisions are ordered by its own time, which must not lie in the future."""

from datetime import datetime, timedelta

from services.engine.findings import Finding
from services.engine.work import Work

#: Clocks differ by some minutes; later than this nothing has been decided yet.
AHEAD = timedelta(minutes=10)


def untimely(work: Work, decided_at: datetime) -> Finding | None:
    """A word of a time to come would outlast every later one (row 19, row 22).

    In a demo whose day was moved back the partners' clocks are still right.
    """
    if decided_at <= max(work.now, work.at) + AHEAD:
        return None
    return Finding("FORM", "处理时间晚于当前时间，请校准系统时钟后用新编号重新报送", "decided_at")
