"""The session book: from a cookie to a caller, rechecked every few seconds, idle and absolute limits kept (D02)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlmodel import Session, col, or_, select

from models.access import Account, AccountRole, AccountState, OrgUnit, Role, SignInSession
from models.sealing import sealer
from services.access.signing_in import TouchSession, touch_session
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.clock import system_now
from services.engine.door import Door

IDLE, IDLE_ADMIN, ABSOLUTE = timedelta(minutes=15), timedelta(minutes=10), timedelta(hours=8)
RECHECK = timedelta(seconds=4)
TOUCH = timedelta(seconds=60)
_ADMINS = {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR}


@dataclass
class _Known:
    caller: Caller
    name: str
    started_at: datetime
    active_at: datetime
    checked_at: datetime
    written_at: datetime


class SessionBook:
    """One per process; the table is the truth, this only spares a look every few seconds."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._known: dict[str, _Known] = {}
        self._lock = Lock()

    def find(self, token: str, *, active: bool = True) -> Caller | None:
        """The caller of a cookie, or None when the session is over. `active` counts as activity."""
        if not token or len(token) > 100:
            return None
        digest = sealer().session_digest(token)
        now = system_now()
        with self._lock:
            known = self._known.get(digest)
        if known is None or now - known.checked_at > RECHECK:
            known = self._load(digest, now, known)
            with self._lock:
                if known is None:
                    self._known.pop(digest, None)
                else:
                    self._known[digest] = known
        if known is None or self._over(known, now):
            return None
        if active:
            known.active_at = now
            if now - known.written_at > TOUCH:
                known.written_at = now
                self.door.perform(touch_session, SYSTEM, TouchSession(digest, now))
        return known.caller

    def forget(self, token: str) -> None:
        """Look again at the table next time, as after a sign-out or a change of rights."""
        with self._lock:
            self._known.pop(sealer().session_digest(token), None)

    def _over(self, known: _Known, now: datetime) -> bool:
        idle = IDLE_ADMIN if known.caller.roles & _ADMINS else IDLE
        return now - known.active_at > idle or now - known.started_at > ABSOLUTE

    def _load(self, digest: str, now: datetime, known: _Known | None) -> _Known | None:
        with self.door.database.read() as session:
            row = session.exec(
                select(SignInSession).where(SignInSession.digest == digest, col(SignInSession.ended_at).is_(None))
            ).first()
            if row is None:
                return None
            account = session.exec(select(Account).where(Account.id == row.account_id)).first()
            if account is None or account.state is not AccountState.ACTIVE:
                return None
            caller = caller_of(session, account, digest, row.address, self.door.clock.today())
            active_at = max(row.seen_at, known.active_at) if known else row.seen_at
            return _Known(
                caller, account.login, row.started_at, active_at, now, known.written_at if known else row.seen_at
            )


def caller_of(session: Session, account: Account, digest: str, address: str, today: object) -> Caller:
    """An account with the scopes it holds today."""
    unit = session.exec(select(OrgUnit).where(OrgUnit.id == account.unit_id)).one()
    roles = session.exec(
        select(AccountRole).where(
            AccountRole.account_id == account.id,
            col(AccountRole.valid_from) <= today,
            or_(col(AccountRole.valid_to).is_(None), col(AccountRole.valid_to) >= today),
        )
    ).all()
    return Caller(
        name=account.name.plain,
        scopes=tuple(Scope(role.role, role.scope_kind, role.scope_code) for role in roles),
        account_id=account.id,
        unit_id=unit.id,
        unit_kind=unit.kind,
        unit_name=unit.name,
        window=account.window,
        district_code=unit.district_code,
        street_code=unit.street_code,
        enterprise_id=unit.enterprise_id,
        session=digest,
        address=address,
    )


def callers_of_demo(session: Session) -> list[tuple[UUID, str]]:
    """The named demo accounts, in the order of their logins."""
    rows = session.exec(select(Account).where(Account.demo).order_by(col(Account.login))).all()
    return [(row.id, row.login) for row in rows]
