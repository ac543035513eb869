"""Reminder to a district of a place it has not updated for thirty days, sent once an interval (row 37)."""

from datetime import timedelta

from sqlmodel import col, or_

from models.access import Role
from models.unmanaged import UnmanagedReport, UnmanagedState
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.notices import notify
from services.engine.registry import action
from services.engine.thresholds import Threshold, declare
from services.engine.work import Work

UPDATE_DAYS = "unmanaged.update_days"
declare(Threshold(UPDATE_DAYS, "未纳管项目应更新的间隔", "30", "天", "业务约定"), area="unmanaged")
#: Districts are reminded of places that are let.
WATCHED = (UnmanagedState.LISTED, UnmanagedState.PROPOSED)


@action("unmanaged.remind", "提醒更新未纳管项目", roles={Role.SYSTEM}, event="")
def remind_of_updates(work: Work, order: None) -> int:
    """Notify each district of the places it has not updated; of the same place again only after another interval."""
    since = work.now - timedelta(days=work.thresholds.integer(UPDATE_DAYS))
    rows = work.in_force(
        UnmanagedReport,
        col(UnmanagedReport.stage).in_(WATCHED),
        UnmanagedReport.effective_from < since,
        or_(col(UnmanagedReport.reminded_at).is_(None), col(UnmanagedReport.reminded_at) < since),
        by=UnmanagedReport.record_no,
    )
    for row in rows:
        last = row.effective_from.astimezone(SHANGHAI).date()
        days = (work.today - last).days
        notify(
            work,
            "未纳管项目到期未更新",
            f"{row.record_no}“{row.project_name}”自{last}起已{days}天没有更新，请核实本月的房间、住户和隐患情况后更新。",
            about=row,
            to_district=row.district_code,
        )
        row.reminded_at = work.now
        work.add(row)
    return len(rows)


@job("unmanaged.remind", "提醒更新未纳管项目", at="06:40")
def remind(door: Door) -> int | None:
    return door.perform(remind_of_updates, SYSTEM, None)
