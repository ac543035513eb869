"""A repeated password check before bulk access: valid for five minutes in its session (security.md 5)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import select

from models.access import Account, login_key
from models.dialect import locked
from models.privacy import Reauthentication
from services.access.visibility import ENTERPRISE, STAFF
from services.engine.door import Gathering
from services.engine.refusals import NotAllowed
from services.engine.registry import action
from services.engine.work import Work

GOOD_FOR = timedelta(minutes=5)
FAILURES, BLOCK = 5, timedelta(minutes=30)
NEEDED = "此操作涉及多人完整信息，请先重新输入登录口令（5分钟内有效）"


@dataclass(frozen=True)
class Reauthenticate:
    """A demo account has no password; it types its login name."""

    password: str


@dataclass(frozen=True)
class Reauthenticated:
    ok: bool
    message: str = ""


def _check(gathering: Gathering, order: Reauthenticate) -> bool:
    """Slow hashing is done outside the transaction."""

    def find(work: Work) -> tuple[str, str, bool] | None:
        row = work.first(Account, Account.id == work.caller.account_id)
        return None if row is None else (row.login_key, row.password.plain, row.demo)

    found = gathering.look(find)
    if found is None:
        return False
    key, record, demo = found
    return login_key(order.password) == key if demo else gathering.sealer.check_password(order.password, record)


@action("privacy.reauthenticate", "重新验证口令", roles=STAFF | ENTERPRISE, gather=_check, event="AUTH.LOGIN")
def reauthenticate(work: Work, order: Reauthenticate, right: bool) -> Reauthenticated:
    """Record a repeated password check; five failures block it for half an hour and are logged."""
    if work.caller.account_id is None:
        raise NotAllowed("请登录后再办理")
    row = _row(work, work.caller.account_id)
    if row.blocked_until is not None and row.blocked_until > work.at:
        work.trail.tell("AUTH.FAIL", "privacy.reauthenticate", result="deny", reason="BLOCKED", severity=4)
        return Reauthenticated(False, "连续输错5次，请30分钟后再试")
    if not right:
        row.failures += 1
        if row.failures >= FAILURES:
            row.failures, row.blocked_until = 0, work.at + BLOCK
        work.add(row)
        work.trail.tell("AUTH.FAIL", "privacy.reauthenticate", result="deny", reason="PASSWORD", severity=4)
        return Reauthenticated(False, "口令不正确")
    row.session, row.confirmed_at, row.failures, row.blocked_until = work.caller.session, work.at, 0, None
    work.add(row)
    work.trail.tell("AUTH.LOGIN", "privacy.reauthenticate", about=row)
    return Reauthenticated(True)


def is_fresh(work: Work) -> bool:
    """Return whether this very session typed its password within the last five minutes."""
    row = work.first(Reauthentication, Reauthentication.account_id == work.caller.account_id)
    return (
        row is not None
        and row.confirmed_at is not None
        and row.session == work.caller.session
        and work.at - row.confirmed_at <= GOOD_FOR
    )


def need_fresh(work: Work) -> None:
    """Refuse who has not."""
    if not is_fresh(work):
        raise NotAllowed(NEEDED)


def _row(work: Work, account_id: UUID) -> Reauthentication:
    found = work.session.exec(
        locked(work.session, select(Reauthentication).where(Reauthentication.account_id == account_id))
    ).first()
    return found or Reauthentication(account_id=account_id)
