"""The write stop: when the audit's head could not be signed for too long, nothing is done any more (security.md 0.5, M6)."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select

from models.audit import AuditCheckpoint, AuditEvent
from models.dialect import Database
from services.engine.audit import CHAIN
from services.engine.clock import Clock, system_now
from services.engine.parameters import thresholds_on
from services.engine.refusals import Unavailable

STOPPED = "审计记录已较长时间无法签名，系统暂停办理业务；签名服务恢复后自动恢复，请联系安全管理员"
#: What goes on meanwhile: signing and reading the audit, leasing jobs for it, sessions of those who look into it (whom
#: sign-in lets in is decided there), alarms of the access list, the keys, without which nothing could be mended, a
#: backup, which is wanted most just then, and the end of a restore, whose events are signed once the product runs.
PASSING = frozenset(
    {"jobs.take", "jobs.renew", "jobs.give_back", "access.sign_in", "access.sign_out", "access.touch"}
    | {
        "access.end_overdue",
        "access.tell_tamper",
        "access.tell_unsigned",
        "backup.record",
        "backup.failed",
        "operations.restored",
    }
)
PASSING_AREAS = ("audit.", "keys.")
_REFRESH = 3.0
# A parameter may tighten the policy, not switch it off, and not stop a house that signs every five minutes.
_LEAST, _MOST = 10, 24 * 60


@dataclass
class WriteStop:
    """The write stop of this process; the database is asked every few seconds, not with every action."""

    database: Database
    clock: Clock
    stopped: bool = False
    _looked: float = field(default=float("-inf"), repr=False)

    def refuse(self, name: str) -> None:
        """Raises unless the action or question may be done now."""
        if self.active and name not in PASSING and not name.startswith(PASSING_AREAS):
            raise Unavailable(STOPPED)

    @property
    def active(self) -> bool:
        if time.monotonic() - self._looked > _REFRESH:
            self._looked = time.monotonic()
            # If it cannot be read now, the action itself reports it; the known state stays.
            with suppress(DBAPIError):
                self._look()
        return self.stopped

    def look_again(self) -> None:
        """Do not wait: something was signed just now."""
        self._looked = float("-inf")

    def _look(self) -> None:
        with self.database.read() as session:
            since = oldest_unsigned(session)
            if since is None:
                self.stopped = False
                return
            minutes = thresholds_on(session, self.clock.today()).integer("audit.unsigned_minutes")
        self.stopped = system_now() - since > timedelta(minutes=min(max(minutes, _LEAST), _MOST))


def oldest_unsigned(session: Session, chain: str = CHAIN) -> datetime | None:
    """When the oldest event that no checkpoint covers was written."""
    signed = session.exec(select(func.max(col(AuditCheckpoint.last))).where(AuditCheckpoint.chain == chain)).one() or 0
    return session.exec(select(AuditEvent.at).where(AuditEvent.chain == chain, AuditEvent.seq == signed + 1)).first()
