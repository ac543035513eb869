"""Signing in and out: failures counted, locks kept, one session per account (security.md D01-D07, H01-H16)."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, update

from models.access import (
    Account,
    AccountRole,
    AccountState,
    AddressFailure,
    OrgUnit,
    Role,
    ScopeKind,
    SignInSession,
    login_key,
)
from models.dialect import locked
from services.access.acl import may_sign_in
from services.access.factors import CertificateProof, Factor, GatewayProof, check_proof, spend
from services.engine.callers import Scope
from services.engine.clock import system_now
from services.engine.door import Gathering
from services.engine.registry import action
from services.engine.work import Work
from services.engine.write_stop import STOPPED

FAILURES, WINDOW, LOCK = 5, timedelta(minutes=15), timedelta(minutes=30)
ADDRESS_FAILURES = 30
#: After so many days a password has to be changed.
MAX_AGE_DAYS = 90
UNIFORM = "未能登录：证书、登录名或口令不正确，或账号已锁定；连续输错5次口令将锁定30分钟"
ADMINS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR})
#: Who may come in while the audit cannot be signed: to look into it, and to mend the keys.
WATCHERS = frozenset({Role.SEC_ADMIN, Role.AUDITOR})


@dataclass(frozen=True)
class SignIn:
    """Login, password and the proof of a certificate. `demo` asks for a demo account, which needs neither."""

    login: str
    password: str = field(repr=False)
    address: str = ""
    demo: bool = False
    proof: CertificateProof | GatewayProof | None = None


@dataclass(frozen=True)
class SignedIn:
    """The new session's cookie, or why there is none; `must_change` asks for a new password first."""

    token: str = ""
    message: str = ""
    must_change: bool = False
    account_id: UUID | None = None

    @property
    def ok(self) -> bool:
        return bool(self.token)


@dataclass(frozen=True)
class _Match:
    account_id: UUID | None
    password_right: bool
    factor: Factor


def _check(gathering: Gathering, order: SignIn) -> _Match:
    """Check both factors always, so that timing does not reveal which one failed; demo buttons need none."""
    if order.demo:
        return _check_password(gathering, order, Factor("demo", "" if gathering.house.sign_in.demo else "DEMO_CLOSED"))
    return _check_password(gathering, order, check_proof(gathering.house, order.proof, order.address, system_now()))


def _check_password(gathering: Gathering, order: SignIn, factor: Factor) -> _Match:
    def find(work: Work) -> tuple[UUID, str, bool] | None:
        row = work.first(Account, Account.login_key == login_key(order.login)[:64])
        return None if row is None else (row.id, row.password.plain, row.demo)

    found = gathering.look(find)
    if order.demo:
        return _Match(found[0] if found else None, bool(found and found[2]), factor)
    if found is None:
        # The same work for a name that does not exist.
        gathering.sealer.check_password(order.password, gathering.house.hash_of_nobody)
        return _Match(None, False, factor)
    return _Match(found[0], gathering.sealer.check_password(order.password, found[1]), factor)


@action("access.sign_in", "登录", roles={Role.SYSTEM}, gather=_check, event="AUTH.LOGIN")
def sign_in(work: Work, order: SignIn, match: _Match) -> SignedIn:
    """Open a session and end the account's earlier one; every failure counts and gives the same message."""
    session, at = work.session, work.at
    if address_blocked(session, order.address, at):
        work.trail.tell("AUTH.FAIL", "sign_in", result="deny", reason="ADDRESS", severity=4)
        return SignedIn(message="登录尝试过于频繁，请稍后再试")
    account = (
        None
        if match.account_id is None
        else session.exec(locked(session, select(Account).where(Account.id == match.account_id))).first()
    )
    factor_fault = _factor_fault(work, match.factor)
    reason = "UNKNOWN" if account is None else _why_not(account, match, factor_fault, order.address, work)
    if account is None or reason:
        if account is not None and not match.password_right and reason not in ("LOCKED", "DEMO_CLOSED"):
            _count_failure(work, account)
        count_address(session, order.address, at)
        detail = {"factor": match.factor.name}
        work.trail.tell("AUTH.FAIL", "sign_in", result="deny", reason=reason, severity=4, about=account, detail=detail)
        return SignedIn(message=UNIFORM)
    if work.writes_stopped and not _holds(work, account, WATCHERS):
        # Users who cannot mend it would find everything refused anyway.
        work.trail.tell("AUTH.FAIL", "sign_in", result="deny", reason="WRITE_STOP", severity=4, about=account)
        return SignedIn(message=STOPPED)
    for earlier in session.exec(
        select(SignInSession).where(SignInSession.account_id == account.id, col(SignInSession.ended_at).is_(None))
    ).all():
        earlier.ended_at, earlier.end_reason = at, "KICKED"
        session.add(earlier)
        told_by(work, account.id, "SESS.KICK", "sign_in", about=earlier)
    account.failures, account.first_failure_at, account.locked_until = 0, None, None
    account.last_seen_at = at
    session.add(account)
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        digest=work.sealer.session_digest(token),
        account_id=account.id,
        started_at=at,
        seen_at=at,
        address=order.address[:64],
    )
    session.add(row)
    told_by(
        work,
        account.id,
        "AUTH.LOGIN",
        "sign_in",
        about=row,
        detail={"account": str(account.id), "factors": ["demo"] if order.demo else [match.factor.name, "pwd"]},
    )
    stale = at - account.password_changed_at > timedelta(days=MAX_AGE_DAYS)
    return SignedIn(
        token=token,
        must_change=not order.demo and (stale or account.one_time_until is not None),
        account_id=account.id,
    )


def _factor_fault(work: Work, factor: Factor) -> str:
    """Return why the second factor fails; challenge or assertion are used up in any case."""
    if factor.token and factor.until and not spend(work, factor.name, factor.token, factor.until):
        return "GW_REPLAY" if factor.name == "gw" else "CHALLENGE_USED"
    return factor.reason


def _why_not(account: Account, match: _Match, factor_fault: str, address: str, work: Work) -> str:
    at = work.at
    if account.locked_until and account.locked_until > at:
        return "LOCKED"
    if factor_fault:
        return factor_fault
    if match.factor.name != "demo" and (
        not account.cert_fingerprint or account.cert_fingerprint != match.factor.fingerprint
    ):
        return "CERT_BIND"
    if not match.password_right:
        return "PASSWORD"
    if account.state is not AccountState.ACTIVE or (account.valid_to and account.valid_to < work.today):
        return "DISABLED"
    if account.one_time_until and account.one_time_until < at:
        return "ONE_TIME_OVER"
    # Not when the row was made: that is on the business clock, which demo and tests move.
    last = account.last_seen_at or account.password_changed_at
    if at - last > timedelta(days=90):
        return "DORMANT"
    if _holds(work, account, ADMINS) and not work.house.sign_in.admin_networks.has(address):
        return "ADMIN_NETWORK"
    return "" if may_sign_in(work, account) else "ACL"


def _holds(work: Work, account: Account, roles: Iterable[Role]) -> bool:
    held = select(AccountRole.id).where(
        AccountRole.account_id == account.id,
        col(AccountRole.role).in_(list(roles)),
        col(AccountRole.ended_at).is_(None),
    )
    return work.session.exec(held).first() is not None


def _count_failure(work: Work, account: Account) -> None:
    at = work.at
    if account.first_failure_at is None or at - account.first_failure_at > WINDOW:
        account.first_failure_at, account.failures = at, 0
    account.failures += 1
    if account.failures >= FAILURES:
        account.locked_until = at + LOCK
        account.failures, account.first_failure_at = 0, None
        work.trail.tell("AUTH.LOCK", "sign_in", about=account, result="deny", severity=3)
    work.session.add(account)


def address_blocked(session: Session, address: str, at: datetime) -> bool:
    """Return whether so much failed from one network address that it has to wait."""
    row = session.exec(select(AddressFailure).where(AddressFailure.address == address[:64])).first()
    return row is not None and at - row.since <= WINDOW and row.failures >= ADDRESS_FAILURES


def count_address(session: Session, address: str, at: datetime) -> None:
    """Count another failure from this network address."""
    row = session.exec(locked(session, select(AddressFailure).where(AddressFailure.address == address[:64]))).first()
    if row is None:
        row = AddressFailure(address=address[:64], failures=0, since=at)
    if at - row.since > WINDOW:
        row.failures, row.since = 0, at
    row.failures += 1
    session.add(row)


@dataclass(frozen=True)
class SignOut:
    token: str
    reason: str = "LOGOUT"


@action("access.sign_out", "退出登录", roles={Role.SYSTEM}, event="AUTH.LOGOUT")
def sign_out(work: Work, order: SignOut) -> None:
    """End a session and delete its row (D22); ending it twice is no error."""
    digest = work.sealer.session_digest(order.token)
    row = work.held(select(SignInSession).where(SignInSession.digest == digest)).first()
    if row is not None and row.ended_at is None:
        told_by(work, row.account_id, "AUTH.LOGOUT", "sign_out", about=row, reason=order.reason)
        work.session.delete(row)


@dataclass(frozen=True)
class EndOverdue:
    """End a session that was idle for longer than `idle`, or is older than `longest`."""

    digest: str
    idle: timedelta
    longest: timedelta


@action("access.end_overdue", "结束超时会话", roles={Role.SYSTEM}, event="")
def end_overdue(work: Work, order: EndOverdue) -> bool:
    """True when it was still open and is over by the table's own moments."""
    row = work.session.exec(
        locked(work.session, select(SignInSession).where(SignInSession.digest == order.digest))
    ).first()
    if row is None or row.ended_at is not None:
        return False
    reason = "IDLE" if work.at - row.seen_at >= order.idle else "ABSOLUTE"
    if reason == "ABSOLUTE" and work.at - row.started_at <= order.longest:
        return False
    row.ended_at, row.end_reason = work.at, reason
    work.add(row)
    work.trail.tell("AUTH.LOGOUT", "sign_out", about=row, reason=reason)
    return True


@dataclass(frozen=True)
class TouchSession:
    digest: str
    seen_at: datetime


@action("access.touch", "会话活动", roles={Role.SYSTEM}, event="")
def touch_session(work: Work, order: TouchSession) -> None:
    """Remember when a session was last used; written at most once a minute."""
    work.session.connection().execute(
        update(SignInSession)
        .where(col(SignInSession.digest) == order.digest, col(SignInSession.ended_at).is_(None))
        .values(seen_at=order.seen_at)
    )


def told_by(work: Work, account_id: UUID, event: str, act: str, **told: Any) -> None:
    """Log an event as the account's own act, although only the system may change sessions."""
    account = work.only(Account, Account.id == account_id)
    roles = work.rows(AccountRole.role, AccountRole.account_id == account_id, col(AccountRole.ended_at).is_(None))
    scopes = tuple(Scope(Role.of(role), ScopeKind.CITY) for role in roles)
    who = replace(work.caller, account_id=account_id, unit_id=account.unit_id, scopes=scopes)
    work.trail.tell_of(who, work.trail.request_id, event, act, **told)


def unit_of(session: Session, unit_id: UUID) -> OrgUnit:
    return session.exec(select(OrgUnit).where(OrgUnit.id == unit_id)).one()
