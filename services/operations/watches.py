"""Watches over the audit: single events that are alarms, and bursts of events that are (D16)."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.audit import AuditEvent


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


_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _failed(event: AuditEvent, body: Mapping[str, Any]) -> bool:
    return event.result in {"fail", "error"}


SINGLES = (
    Single("INTEGRITY.FAIL", "INTEGRITY.FAIL", "数据完整性校验未通过，该记录已不可信", 2),
    Single("ACL.TAMPER", "ACL.TAMPER", "访问控制信息与已签名的权限表不符", 2),
    Single("DEV.TAMPER", "DEV.TAMPER", "主机日志或访问控制配置被改动", 2),
    Single("RELEASE.VERIFY", "RELEASE.VERIFY", "程序完整性核查未通过", 2, _failed),
    Single("AUDIT.VERIFY", "AUDIT.VERIFY", "审计日志校验未通过", 2, _failed),
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

BURSTS = tuple(Burst(**one) for one in _DATA["bursts"])

#: A message that was given up; the outbox raises it.
DEAD_LETTER = ("API.OUT", "dead_letter")
WATCHED = frozenset({DEAD_LETTER[0], *(rule.event for rule in SINGLES), *(rule.event for rule in BURSTS)})
