"""Taking a record to work on it, and giving it back: two people of one office do not collide over it (row 40)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.engine.clock import SHANGHAI
from services.engine.refusals import Conflict, NotAllowed
from services.engine.work import Work
from services.practitioners.thresholds import TAKE_MINUTES
from services.tenancy.paper_words import clerk_name


def take_row(work: Work, row: Any) -> None:
    """Note that the caller works on a record; what another has taken lately is refused with his name and the time."""
    _not_own(work, row)
    if row.taken_by is not None and row.taken_by != work.caller.account_id and not may_take_over(work, row.taken_at):
        raise Conflict(f"{clerk_name(work, row.taken_by)}已于{_clock(row.taken_at)}领取，请先办理其他申请")
    row.taken_by, row.taken_at = work.caller.account_id, work.now
    work.add(row)


def release_row(work: Work, row: Any) -> None:
    """Give a record back; whose it is not, cannot."""
    if row.taken_by is not None and row.taken_by != work.caller.account_id:
        raise Conflict(f"该申请由{clerk_name(work, row.taken_by)}领取，不能由您放回")
    row.taken_by = row.taken_at = None
    work.add(row)


def may_take_over(work: Work, taken_at: datetime | None) -> bool:
    """Return whether a record was taken so long ago that a colleague may go on with it."""
    return taken_at is None or work.now - taken_at >= timedelta(minutes=work.thresholds.integer(TAKE_MINUTES))


def _not_own(work: Work, row: Any) -> None:
    submitted_by: UUID | None = row.submitted_by
    if submitted_by is not None and submitted_by == work.caller.account_id:
        raise NotAllowed("不能办理自己提交的申请，请由其他同事办理")


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%H:%M}" if at else ""
