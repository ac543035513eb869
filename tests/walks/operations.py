"""The walk's part for alarms: each administrator sees the kinds of his own duty, the city the dead letters."""

from typing import Any

from models.access import Role
from models.alarms import Alarm
from models.operations import Backup, DeviceManifest, Erasure
from services.engine.alarms import raise_alarm

_ADMINISTRATORS = {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR}
#: Written out once more by hand, so that a slip in the table of duties shows.
_SEEN: dict[str, set[Role]] = {
    "KEY.EXPIRY": {Role.SEC_ADMIN},
    "BACKUP.OVERDUE": {Role.SYS_ADMIN},
    "AUDIT.GAP": {Role.AUDITOR},
    "OUTBOX.DEAD": {Role.SYS_ADMIN, Role.CITY_CENTER},
    "INTEGRITY.FAIL": {Role.SEC_ADMIN, Role.AUDITOR},
    "SOMETHING.NEW": _ADMINISTRATORS,
}


def _alarm(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(Role.SYSTEM, *_SEEN[row.alarm_code])) if row.alarm_code in _SEEN else _by_duty(caller, row)


def _by_duty(caller: Any, row: Any) -> bool:
    from services.operations.alarms import duty_of

    return bool(caller.has(Role.SYSTEM, *duty_of(row.alarm_code)))


def _keepers(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(Role.SYSTEM, Role.SYS_ADMIN, Role.AUDITOR))


ORACLE: dict[Any, Any] = {Alarm: _alarm, Backup: _keepers, DeviceManifest: _keepers, Erasure: _keepers}
ORDERS: dict[str, Any] = {}

_DUTY = "the administrators' and the city's, each by duty: tried with the alarms"
UNFOREIGN: dict[str, str] = {
    "alarms.see": _DUTY,
    "alarms.close": _DUTY,
    "backup.removed": "the system's own",
}


def furnish(city: Any) -> None:
    """One alarm of each kind, and four of whatever operations keep."""
    for code in _SEEN:
        city.counter.world.act(lambda work, code=code: raise_alarm(work, code, "告警", kind="test", key=code) and None)
    for number in range(4):
        city.counter.world.act(lambda work, number=number: _kept(work, number))


def _kept(work: Any, number: int) -> None:
    name, digest = f"walk-{number}", "0" * 64
    work.add(
        Backup(file_name=name, made_at=work.at, size=1, file_sm3=digest, row_count=1, audit_seq=1, audit_hash=digest)
    )
    work.add(
        DeviceManifest(host=name, made_at=work.at, file_name=name, body_sm3=digest, kid="sig.audit.1", signature="")
    )
    work.add(Erasure(at=work.at, erased_from="notice", purpose=name, rule="1年", row_count=1))
