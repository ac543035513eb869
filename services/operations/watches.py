"""Watches over the audit: single events that are alarms, and bursts of events that are (D16)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.audit import AuditEvent
from services.engine.thresholds import Threshold, declare


@dataclass(frozen=True)
class Single:
    """An event that is an alarm by itself, where `fits` says so of the event and its body."""

    alarm_code: str
    event: str
    subject: str
    severity: int = 3
    fits: Callable[[AuditEvent, Mapping[str, Any]], bool] = lambda event, body: True
    key: Callable[[AuditEvent], str] = lambda event: event.object_id or event.account


@dataclass(frozen=True)
class Burst:
    """A number of events of a code within some minutes, of an account or address, or of all together."""

    alarm_code: str
    event: str
    subject: str
    count: str
    minutes: str
    by: str = ""
    severity: int = 3


def _failed(event: AuditEvent, body: Mapping[str, Any]) -> bool:
    return event.result in {"fail", "error"}


SINGLES = (
    Single("INTEGRITY.FAIL", "INTEGRITY.FAIL", "数据完整性校验不通过，该记录已不可信", 2),
    Single("ACL.TAMPER", "ACL.TAMPER", "访问控制信息与已签名的权限表不符", 2),
    Single("DEV.TAMPER", "DEV.TAMPER", "主机日志或访问控制配置被改动", 2),
    Single("RELEASE.VERIFY", "RELEASE.VERIFY", "程序完整性核查不通过", 2, _failed),
    Single("AUDIT.VERIFY", "AUDIT.VERIFY", "审计日志校验不通过", 2, _failed),
    Single(
        "AUTH.DORMANT",
        "AUTH.FAIL",
        "长期未使用的账号被尝试登录",
        fits=lambda event, body: body.get("rsn") == "DORMANT",
    ),
    Single(
        "JOB.FAILED",
        "JOB.RUN",
        "后台任务执行失败",
        fits=lambda event, body: body.get("rsn") == "failed",
        key=lambda event: event.act,
    ),
)

BURSTS = (
    Burst("AUTH.LOCK.BURST", "AUTH.LOCK", "短时间内多个账号因口令错误被锁定", "watch.locks", "watch.lock_minutes"),
    Burst("API.REPLAY.BURST", "API.REPLAY", "短时间内收到多次重放请求", "watch.replays", "watch.replay_minutes"),
    Burst(
        "API.SIGFAIL.BURST",
        "API.SIGFAIL",
        "短时间内多次请求验签不通过",
        "watch.bad_signatures",
        "watch.bad_signature_minutes",
    ),
    Burst(
        "AUTHZ.DENY.BURST",
        "AUTHZ.DENY",
        "同一账号短时间内多次尝试越权操作",
        "watch.denials",
        "watch.denial_minutes",
        by="account",
    ),
    Burst(
        "PII.UNMASK.MASS",
        "PII.UNMASK",
        "同一账号大量查看完整个人信息",
        "watch.unmasks",
        "watch.mass_minutes",
        by="account",
        severity=2,
    ),
    Burst(
        "PII.EXPORT.MASS",
        "PII.EXPORT",
        "同一账号大量导出名单",
        "watch.exports",
        "watch.mass_minutes",
        by="account",
        severity=2,
    ),
)

#: A message that was given up; the outbox raises it.
DEAD_LETTER = ("API.OUT", "dead_letter")
WATCHED = frozenset({rule.event for rule in (*SINGLES, *BURSTS)} | {DEAD_LETTER[0]})


_SOURCE = "安全监测"

declare(
    Threshold("watch.locks", "账号锁定告警次数", "5", "次", _SOURCE),
    Threshold("watch.lock_minutes", "账号锁定统计时长", "15", "分钟", _SOURCE),
    Threshold("watch.replays", "重放请求告警次数", "10", "次", _SOURCE),
    Threshold("watch.replay_minutes", "重放请求统计时长", "10", "分钟", _SOURCE),
    Threshold("watch.bad_signatures", "验签失败告警次数", "10", "次", _SOURCE),
    Threshold("watch.bad_signature_minutes", "验签失败统计时长", "10", "分钟", _SOURCE),
    Threshold("watch.unmasks", "大量查看完整信息告警次数", "30", "次", _SOURCE),
    Threshold("watch.exports", "大量导出告警次数", "5", "次", _SOURCE),
    Threshold("watch.mass_minutes", "大量查看与导出统计时长", "60", "分钟", _SOURCE),
    Threshold("watch.denials", "越权尝试告警次数", "20", "次", _SOURCE),
    Threshold("watch.denial_minutes", "越权尝试统计时长", "10", "分钟", _SOURCE),
    Threshold("watch.key_days", "密钥到期提前告警", "30", "天", _SOURCE),
    Threshold("backup.overdue_hours", "备份逾期告警", "26", "小时", _SOURCE),
)
