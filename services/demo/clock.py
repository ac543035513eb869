"""The business clock of demo and tests: moved by the city, followed by every process (decision 30)."""

from datetime import date, datetime, time, timedelta

from sqlmodel import select

from models.access import Role
from models.engine import ClockShift
from services.engine.clock import SHANGHAI, shanghai_day
from services.engine.door import Door
from services.engine.jobs import run_again_from
from services.engine.refusals import NotAllowed, Rejected
from services.engine.registry import action
from services.engine.work import Work


@action("demo.move_clock", "调整演示日期", roles={Role.CITY_CENTER, Role.SYSTEM}, event="CFG.CHANGE")
def move_clock(work: Work, day: date | None) -> int:
    """Remember the shift in seconds; processes follow within seconds."""
    if not work.house.demo:
        raise NotAllowed("正式环境不能调整日期")
    seconds = 0
    if day is not None:
        if not date(2020, 1, 1) <= day <= date(2099, 12, 31):
            raise Rejected("请选择2020年至2099年之间的日期")
        clock_time: time = work.at.astimezone(SHANGHAI).timetz()
        moment = datetime.combine(day, clock_time.replace(tzinfo=None), SHANGHAI)
        seconds = int((moment - work.at).total_seconds())
    row = work.first(ClockShift, ClockShift.name == "business")
    row = row or ClockShift(name="business")
    row.seconds = seconds
    work.add(row)
    if (target := shanghai_day(work.at + timedelta(seconds=seconds))) < work.today:
        run_again_from(work, target)
    work.trail.tell("CFG.CHANGE", "demo.move_clock", detail={"seconds": seconds})
    return seconds


def follow_clock(door: Door) -> bool:
    """Take over the shift that was set and return whether it was a new one; called every few seconds in demo and tests."""
    with door.database.read() as session:
        row = session.exec(select(ClockShift).where(ClockShift.name == "business")).first()
    shift = timedelta(seconds=row.seconds if row else 0)
    if abs((door.clock.shift - shift).total_seconds()) >= 1:
        door.clock.shift = shift
        return True
    return False
