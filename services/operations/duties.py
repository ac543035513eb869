"""Duties for alarms: each administrator sees the kinds of their own duty, the city centre the dead letters (D24)."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.access import Role
from models.alarms import Alarm
from services.engine.work import Work, visible_rows

SYSTEMS, SECURITY, AUDIT, CITY = Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR, Role.CITY_CENTER
KEEPERS = {SYSTEMS, SECURITY, AUDIT, CITY}

#: The first word of an alarm's code, and whose duty it is. A kind that is not named is every administrator's but the city's.
DUTIES: dict[str, frozenset[Role]] = {
    "ACL": frozenset({SECURITY, AUDIT}),
    "API": frozenset({SECURITY}),
    "AUDIT": frozenset({AUDIT}),
    "AUTH": frozenset({SECURITY}),
    "AUTHZ": frozenset({SECURITY}),
    "BACKUP": frozenset({SYSTEMS}),
    "DEV": frozenset({SYSTEMS, AUDIT}),
    "DIRECTPAY": frozenset({CITY}),
    "ERASE": frozenset({SYSTEMS}),
    "FILE": frozenset({SECURITY}),
    "INTEGRITY": frozenset({SECURITY, AUDIT}),
    "JOB": frozenset({SYSTEMS}),
    "KEY": frozenset({SECURITY}),
    "OUTBOX": frozenset({CITY, SYSTEMS}),
    "PII": frozenset({SECURITY, AUDIT}),
    "RELEASE": frozenset({SYSTEMS, SECURITY}),
    "TIME": frozenset({SYSTEMS, AUDIT}),
    "UPSTREAM": frozenset({SYSTEMS, CITY}),
}
_ADMINISTRATORS = frozenset({SYSTEMS, SECURITY, AUDIT})


def duty_of(alarm_code: str) -> frozenset[Role]:
    """The roles that see and close alarms of a code."""
    return DUTIES.get(alarm_code.split(".", 1)[0], _ADMINISTRATORS)


@visible_rows(Alarm)
def alarms_of_the_own_duty(work: Work, table: type[Alarm]) -> Any:
    if work.caller.has(Role.SYSTEM):
        return sa.true()
    word = col(table.alarm_code)
    mine = [first for first, roles in DUTIES.items() if work.caller.has(*roles)]
    clauses = [_starts(word, mine)]
    if work.caller.has(*_ADMINISTRATORS):
        clauses.append(sa.not_(_starts(word, DUTIES)))
    return sa.or_(*clauses)


def _starts(word: Any, firsts: Iterable[str]) -> Any:
    return sa.or_(sa.false(), *(clause for first in firsts for clause in (word == first, word.startswith(first + "."))))
