"""Alarm for an outside system that does not answer (security.md D16, H64)."""

from models.access import Role
from services.engine.alarms import raise_alarm
from services.engine.registry import action
from services.engine.work import Work


@action("systems.silent", "外部系统无应答告警", roles={Role.SYSTEM}, event="")
def tell_silent_system(work: Work, source: str) -> None:
    """Raise the alarm of a silent system, or count up the open one."""
    raise_alarm(work, "UPSTREAM.DOWN", f"外部系统连续无应答，已暂停访问：{source}", kind="system", key=source)
