"""The first password: a link that works once, by which the account's holder chooses his own (security.md D01; row 52)."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from models.access import PASSWORDS_KEPT, Account, AccountState, OldPassword, OrgUnit, Role
from models.dialect import locked
from models.sealed import Sealed
from services.access.passwords import check_new_password
from services.access.sign_in import address_blocked, count_address, told_by
from services.engine.door import Gathering
from services.engine.refusals import Rejected
from services.engine.registry import action, query
from services.engine.thresholds import Threshold, declare
from services.engine.work import Work

LINK_HOURS = "accounts.link_hours"
PATH = "/first/"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
#: One answer for a link that is unknown, used, over, replaced, or whose account has ended: it reveals nothing of accounts.
DEAD_LINK = (
    "链接无效：可能已经用过、已过有效时间，或者已被新的链接代替。已经设好口令的，请直接登录；"
    "没有设好的，请联系为您开户的单位，重新生成链接。"
)
TOO_OFTEN = "尝试过于频繁，请过一刻钟再打开链接"

declare(Threshold(LINK_HOURS, "首次口令链接有效时长", "24", "小时", "GB/T 22239 8.1.4.1", least=1, most=24))


@dataclass(frozen=True)
class MadeLink:
    """A token made outside the transaction, with the record of an unknown password; hashing is slow."""

    token: str = field(repr=False)
    record: str = field(repr=False)


@dataclass(frozen=True)
class LinkGiven:
    """The link shown once to the person who opened the account; `token` is not stored."""

    account_id: UUID
    login: str
    token: str = field(repr=False)
    until: datetime

    @property
    def path(self) -> str:
        """The link without the host."""
        return f"{PATH}{self.token}"


def make_link(gathering: Gathering, order: object) -> MadeLink:
    """Gathered by every action that gives a link."""
    return MadeLink(secrets.token_urlsafe(32), gathering.sealer.hash_password(secrets.token_urlsafe(32)))


def give_link(work: Work, account: Account, made: MadeLink, act: str, reason: str = "") -> LinkGiven:
    """A new link in place of the password and of any link there was; the lock and its failures go."""
    if account.link_digest is None:
        work.add(OldPassword(account_id=account.id, password=Sealed.of(account.password.plain), set_at=work.at))
    account.password, account.password_changed_at = Sealed.of(made.record), work.at
    account.failures, account.first_failure_at, account.locked_until = 0, None, None
    return first_link(work, account, made, act, reason)


def first_link(work: Work, account: Account, made: MadeLink, act: str, reason: str = "") -> LinkGiven:
    """Make the link of an account whose password is the unknown `made.record`."""
    until = work.at + timedelta(hours=work.thresholds.integer(LINK_HOURS))
    account.one_time_until, account.link_digest = until, work.sealer.session_digest(made.token)
    work.add(account)
    # Of the link the audit knows that it was given and until when, never what it says.
    work.trail.tell("AUTH.PWD", act, about=account, reason=reason[:60], detail={"link_until": until.isoformat()})
    return LinkGiven(account.id, account.login, made.token, until)


def usable(work: Work, account: Account) -> bool:
    """Return whether the link of this account still opens."""
    return (
        account.link_digest is not None
        and account.one_time_until is not None
        and account.one_time_until >= work.at
        and account.state is AccountState.ACTIVE
        and (account.valid_to is None or account.valid_to >= work.today)
    )


@dataclass(frozen=True)
class AskLink:
    token: str = field(repr=False)


@dataclass(frozen=True)
class LinkStanding:
    """The account whose first password a link sets."""

    login: str
    unit: str
    until: datetime


@query("access.first_link", "首次口令链接", roles={Role.SYSTEM})
def link_standing(work: Work, order: AskLink) -> LinkStanding | None:
    """None for a link that does not open; opening it spends nothing, for messengers look at links before people do."""
    account = _of_token(work, order.token)
    if account is None or account.one_time_until is None or not usable(work, account):
        return None
    unit = work.session.exec(select(OrgUnit.name).where(OrgUnit.id == account.unit_id)).one()
    return LinkStanding(account.login, unit, account.one_time_until)


def _of_token(work: Work, token: str, *, hold: bool = False) -> Account | None:
    """Return the account of a link; `hold` locks it."""
    if not _TOKEN.fullmatch(token):
        return None
    found = select(Account).where(Account.link_digest == work.sealer.session_digest(token))
    return work.session.exec(locked(work.session, found) if hold else found).first()


@dataclass(frozen=True)
class SetFirstPassword:
    token: str = field(repr=False)
    new: str = field(repr=False)
    address: str = ""


@dataclass(frozen=True)
class FirstPasswordSet:
    """Result of setting a first password: success, or the reason against it."""

    ok: bool
    message: str = ""


def _record(gathering: Gathering, order: SetFirstPassword) -> str | None:
    """The new password's record, or None where the link does not open; raises `Rejected` for a password that may not be."""

    def find(work: Work) -> tuple[str, list[str]] | None:
        account = _of_token(work, order.token)
        if account is None or not usable(work, account):
            return None
        rows = work.session.exec(
            select(OldPassword)
            .where(OldPassword.account_id == account.id)
            .order_by(col(OldPassword.set_at).desc(), col(OldPassword.id).desc())
            .limit(PASSWORDS_KEPT)
        ).all()
        return account.login, [row.password.plain for row in rows]

    found = gathering.look(find)
    if found is None:
        return None
    login, earlier = found
    check_new_password(order.new, login)
    if any(gathering.sealer.check_password(order.new, record) for record in earlier):
        raise Rejected("不能使用最近5次用过的口令")
    return gathering.sealer.hash_password(order.new)


@action("access.set_first_password", "设置首次口令", roles={Role.SYSTEM}, gather=_record, event="AUTH.PWD")
def set_first_password(work: Work, order: SetFirstPassword, record: str | None) -> FirstPasswordSet:
    """Set the holder's own password once; of two users of a link the second is refused."""
    if address_blocked(work.session, order.address, work.at):
        work.trail.tell("AUTH.FAIL", "access.set_first_password", result="deny", reason="ADDRESS", severity=4)
        return FirstPasswordSet(False, TOO_OFTEN)
    account = _of_token(work, order.token, hold=True)
    if account is None or record is None or not usable(work, account):
        count_address(work.session, order.address, work.at)
        work.trail.tell(
            "AUTH.FAIL", "access.set_first_password", result="deny", reason="LINK", severity=4, about=account
        )
        return FirstPasswordSet(False, DEAD_LINK)
    account.password, account.password_changed_at = Sealed.of(record), work.at
    account.one_time_until, account.link_digest = None, None
    account.failures, account.first_failure_at, account.locked_until = 0, None, None
    work.add(account)
    told_by(work, account.id, "AUTH.PWD", "access.set_first_password", about=account)
    return FirstPasswordSet(True)
