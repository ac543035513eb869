"""Age of an answer in words."""

from datetime import datetime

from services.engine.clock import SHANGHAI


def age_text(at: datetime | None, now: datetime) -> str:
    """刚刚, 2分钟前, 3小时前; older than a day with its date."""
    if at is None:
        return "时间未知"
    seconds = int((now - at).total_seconds())
    if seconds < 60:
        return "刚刚"
    if seconds < 3600:
        return f"{seconds // 60}分钟前"
    if seconds < 86400:
        return f"{seconds // 3600}小时前"
    return f"截至{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
