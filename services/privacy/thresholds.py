"""The dated parameters of privacy: quotas of revealing a role, bursts, and how far a list may leave without approval."""

from models.access import Role
from services.access.visibility import STAFF
from services.engine.thresholds import Threshold, Thresholds, declare

_SOURCE = "个人信息保护"
#: Those who keep accounts see whose they are.
ACCOUNT_KEEPERS = frozenset({Role.SYS_ADMIN, Role.CITY_HANDLER, Role.HEAD_ADMIN})
_REVEALING = STAFF | ACCOUNT_KEEPERS
_ROLES = sorted(_REVEALING, key=str)


def quota_key(role: Role) -> str:
    return f"reveal.daily_quota.{role.value}"


declare(
    *(
        Threshold(quota_key(role), f"每日查看完整信息次数（{role.label}）", "50", "次", _SOURCE, least=0)
        for role in _ROLES
    ),
    Threshold("reveal.burst_count", "短时连续查看告警次数", "10", "次", _SOURCE),
    Threshold("reveal.burst_minutes", "短时连续查看统计时长", "2", "分钟", _SOURCE),
    Threshold("export.row_limit", "免审批导出条数", "200", "条", _SOURCE, least=0),
    Threshold("export.keep_days", "导出文件保留天数", "3", "天", _SOURCE),
)


def quota_of(roles: frozenset[Role], thresholds: Thresholds) -> int:
    """Return the daily reveal quota: the largest of the roles', none for a role that reveals nothing."""
    return max((thresholds.integer(quota_key(role)) for role in roles & _REVEALING), default=0)
