"""Alarms for staff on duty, raised by rules and jobs and logged in the audit (security.md D16)."""

from datetime import datetime
from uuid import UUID

from models.base import Stamped
from models.codes import Code
from models.columns import code, integer, loose_ref, moment, text
from models.machines import Machine


class AlarmState(Code):
    OPEN = "OPEN", "待处置", "bad"
    SEEN = "SEEN", "处置中", "warn"
    CLOSED = "CLOSED", "已关闭", "muted"


ALARM = Machine(
    {
        "see": {AlarmState.OPEN: AlarmState.SEEN},
        "close": {AlarmState.OPEN: AlarmState.CLOSED, AlarmState.SEEN: AlarmState.CLOSED},
    }
)


class Alarm(Stamped, table=True):
    """A problem of one object. While the alarm is open, a repetition raises its count."""

    alarm_code: str = text("告警代码", max=40, index=True)
    severity: int = integer("级别", 3)
    subject: str = text("内容（不含个人信息）", max=200)
    object_kind: str = text("对象类别", "", max=40)
    object_key: str = text("对象", "", max=100)
    state: AlarmState = code(AlarmState, "状态", AlarmState.OPEN, index=True)
    times: int = integer("次数", 1)
    raised_at: datetime = moment("首次时间", index=True)
    last_at: datetime = moment("最近时间")
    seen_by: UUID | None = loose_ref("处置人", None, index=False)
    seen_at: datetime | None = moment("处置时间", None)
    closing_note: str = text("处置结果", "", max=200)
