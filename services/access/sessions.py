"""The session book: from a cookie to a caller, rechecked every few seconds, idle and absolute limits kept (D02)."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from models.access import Account, AccountRole, AccountState, OrgUnit, SignInSession
from models.row_mac import RowTampered
from models.sealing import CryptoError
from services.access.sign_in import ADMINS, EndOverdue, TouchSession, end_overdue, touch_session
from services.access.street_scope import StreetRight, is_street_user, placed, rights_of
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.clock import system_now
from services.engine.door import NO_CRYPTO, Door
from services.engine.refusals import Refusal, Unavailable

IDLE, IDLE_ADMIN, ABSOLUTE = timedelta(minutes=15), timedelta(minutes=10), timedelta(hours=8)
#: With the watch over open pages every three seconds, a change is noticed everywhere within five (H11).
RECHECK = timedelta(seconds=2)
TOUCH = timedelta(seconds=60)


@dataclass
class _Known:
    caller: Caller
    name: str
    started_at: datetime
    active_at: datetime
    checked_at: datetime
    written_at: datetime
    #: The business day the scopes are of: at midnight grants and links begin and end.
    day: date

    def is_stale(self, now: datetime, today: date) -> bool:
        return now - self.checked_at > RECHECK or self.day != today


class SessionBook:
    """A per process; the table is the truth, this only spares a look every few seconds."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._known: dict[str, _Known] = {}
        self._lock = Lock()

    def find(self, token: str, *, active: bool = True) -> Caller | None:
        """The caller of a cookie, or None when the session is over. `active` counts as activity."""
        if not token or len(token) > 100:
            return None
        digest = self.door.house.sealer.session_digest(token)
        now = system_now()
        with self._lock:
            known = self._known.get(digest)
        if known is None or known.is_stale(now, self.door.clock.today()):
            known = self._sound(digest, now, known)
            with self._lock:
                if known is None:
                    self._known.pop(digest, None)
                else:
                    self._known[digest] = known
        if known is None:
            return None
        if self._over(known, now):
            self._end(digest, known)
            return None
        if active:
            known.active_at = now
            if now - known.written_at > TOUCH:
                known.written_at = now
                self.door.perform(touch_session, SYSTEM, TouchSession(digest, now))
        return known.caller

    def why_over(self, token: str) -> str:
        """Return why a session is over, as the sign-in page shows it: `disabled`, or `over` for any other reason."""
        digest = self.door.house.sealer.session_digest(token)
        of_token = select(Account.state).join(SignInSession, col(SignInSession.account_id) == col(Account.id))
        with self.door.database.read() as session:
            state = session.exec(of_token.where(SignInSession.digest == digest)).first()
        return "disabled" if state is AccountState.DISABLED else "over"

    def look_at(self, tokens: Iterable[str]) -> None:
        """Look at many sessions at once, so that `find` need not ask the table for each."""
        now = system_now()
        with self._lock:
            known = {digest: self._known.get(digest) for digest in map(self.door.house.sealer.session_digest, tokens)}
        today = self.door.clock.today()
        stale = {digest: one for digest, one in known.items() if one is None or one.is_stale(now, today)}
        found: dict[str, _Known] = {}
        # A fault in one of them is met again by `find`, which reports it.
        with suppress(RowTampered, CryptoError):
            found = self._load_all(list(stale), now, {digest: one for digest, one in stale.items() if one})
        with self._lock:
            # Not those looked at, used or forgotten meanwhile.
            self._known |= {digest: one for digest, one in found.items() if self._known.get(digest) is stale[digest]}

    def forget(self, token: str) -> None:
        """Look again at the table next time, as after a sign-out or a change of rights."""
        with self._lock:
            self._known.pop(self.door.house.sealer.session_digest(token), None)

    def forget_account(self, account_id: UUID) -> None:
        """Forget every session of an account whose rights were changed."""
        with self._lock:
            for digest in [digest for digest, known in self._known.items() if known.caller.account_id == account_id]:
                del self._known[digest]

    def _over(self, known: _Known, now: datetime) -> bool:
        idle = IDLE_ADMIN if known.caller.roles & ADMINS else IDLE
        return now - known.active_at > idle or now - known.started_at > ABSOLUTE

    def _end(self, digest: str, known: _Known) -> None:
        """End a session once, in the table too, unless another process knows of later activity."""
        with self._lock:
            self._known.pop(digest, None)
        limit = IDLE_ADMIN if known.caller.roles & ADMINS else IDLE
        # What cannot be written now is refused all the same; the next look tries again.
        with suppress(Refusal):
            self.door.perform(end_overdue, SYSTEM, EndOverdue(digest, limit + TOUCH, ABSOLUTE))

    def _sound(self, digest: str, now: datetime, known: _Known | None) -> _Known | None:
        """Load the session unless it or its account was changed past the product."""
        try:
            return self._load(digest, now, known)
        except RowTampered as broken:
            self.door.lock(SYSTEM, broken)
            return None
        except CryptoError as problem:
            if not problem.retryable:
                raise
            raise Unavailable(NO_CRYPTO) from problem

    def _load(self, digest: str, now: datetime, known: _Known | None) -> _Known | None:
        return self._load_all([digest], now, {digest: known} if known else {}).get(digest)

    def _load_all(self, digests: Sequence[str], now: datetime, known: Mapping[str, _Known]) -> dict[str, _Known]:
        """Load these sessions with a single statement, and the links of street users; expired and barred ones are absent."""
        today = self.door.clock.today()
        grants: dict[str, tuple[SignInSession, Account, OrgUnit, list[AccountRole]]] = {}
        with self.door.database.read() as session:
            rows = session.exec(
                select(SignInSession, Account, OrgUnit, AccountRole)
                .join(Account, col(Account.id) == col(SignInSession.account_id))
                .join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id))
                .join(AccountRole, _holds(col(Account.id), today), isouter=True)
                .where(col(SignInSession.digest).in_(digests), col(SignInSession.ended_at).is_(None))
            ).all()
            for row, account, unit, grant in rows:
                held = grants.setdefault(row.digest, (row, account, unit, []))[3]
                if grant is not None:
                    held.append(grant)
            callers = _callers(session, grants, known, today)
        found = {}
        for digest, (row, account, _, _) in grants.items():
            if digest not in callers:
                continue
            earlier = known.get(digest)
            found[digest] = _Known(
                callers[digest],
                account.login,
                row.started_at,
                max(row.seen_at, earlier.active_at) if earlier else row.seen_at,
                now,
                earlier.written_at if earlier else row.seen_at,
                today,
            )
        return found


def _callers(
    session: Session,
    grants: Mapping[str, tuple[SignInSession, Account, OrgUnit, list[AccountRole]]],
    known: Mapping[str, _Known],
    today: date,
) -> dict[str, Caller]:
    """Return the callers of sessions whose account is active, street users in their street."""
    users = {account.id for _, account, _, roles in grants.values() if is_street_user(roles)}
    rights = rights_of(session, users, today) if users else {}
    callers = {}
    for digest, (row, account, unit, roles) in grants.items():
        if account.state is not AccountState.ACTIVE:
            continue
        earlier = known.get(digest)
        # A name once opened need not be opened again, which keeps sessions while the crypto service is away.
        name = earlier.caller.name if earlier else account.name.plain
        callers[digest] = _caller(session, account, unit, roles, rights, digest, row.address, name)
    return callers


def caller_of(session: Session, account: Account, digest: str, address: str, today: date) -> Caller:
    """An account with the scopes it holds today."""
    unit = session.exec(select(OrgUnit).where(OrgUnit.id == account.unit_id)).one()
    roles = session.exec(select(AccountRole).where(_holds(account.id, today))).all()
    rights = rights_of(session, [account.id], today) if is_street_user(roles) else {}
    return _caller(session, account, unit, roles, rights, digest, address, account.name.plain)


def _holds(account_id: Any, today: date) -> Any:
    """The grants an account holds on a day."""
    return and_(
        AccountRole.account_id == account_id,
        col(AccountRole.ended_at).is_(None),
        col(AccountRole.valid_from) <= today,
        or_(col(AccountRole.valid_to).is_(None), col(AccountRole.valid_to) >= today),
    )


def _caller(
    session: Session,
    account: Account,
    unit: OrgUnit,
    roles: Sequence[AccountRole],
    rights: Mapping[UUID, Sequence[StreetRight]],
    digest: str,
    address: str,
    name: str,
) -> Caller:
    caller = Caller(
        name=name,
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
        clearance=account.clearance,
    )
    return placed(session, caller, rights.get(account.id, ()), unit) if is_street_user(roles) else caller
