"""Passwords: what they must be, the first by a link that works once, and later ones (security.md D01; row 52)."""

import re
import secrets
import string
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from models.access import PASSWORDS_KEPT, Account, AccountState, OldPassword, OrgUnit, Role
from models.dialect import locked
from models.sealed import Sealed
from services.access.sign_in import address_blocked, count_address, told_by
from services.engine.door import Gathering
from services.engine.refusals import Conflict, Refusal, Rejected
from services.engine.registry import action, query
from services.engine.work import Work

_COMMON = re.compile("password|passw0rd|12345678|qwerty|iloveyou|admin|letmein|abcd1234|welcome|111111")
_CONTEXT = ("上海", "房管", "申房", "shenfang", "shanghai", "fangguan")
ONE_TIME_HOURS = 24
OVERTAKEN = "口令刚刚已被重置或修改，本次修改没有生效：收到首次口令链接的，请用链接设置口令；没有收到的，请重新登录"
PATH = "/first/"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
#: One answer for a link that is unknown, used, over, replaced, or whose account has ended: it reveals nothing of accounts.
DEAD_LINK = (
    "链接无效：可能已经用过、已过有效时间，或者已被新的链接代替。已经设好口令的，请直接登录；"
    "没有设好的，请联系为您开户的单位，重新生成链接。"
)
TOO_OFTEN = "尝试过于频繁，请过一刻钟再打开链接"


def check_new_password(password: str, login: str) -> None:
    """Refuse a weak password with everything that is wrong with it."""
    folded = password.casefold()
    wrong = []
    if len(password) < 10:
        wrong.append("不少于10位")
    if sum(bool(re.search(kind, password)) for kind in (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")) < 3:
        wrong.append("大写字母、小写字母、数字、符号至少三类")
    if _COMMON.search(folded):
        wrong.append("不能含常见口令")
    if any(word in folded for word in _CONTEXT) or (login and login.casefold() in folded):
        wrong.append("不能含登录名、单位或系统名称")
    if wrong:
        raise Rejected("口令不符合要求：" + "；".join(wrong))


def one_time_password() -> str:
    """Return a random password, to be typed once and changed."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(14)) + "-9aZ"


def _earlier(work: Work, account_id: UUID) -> list[str]:
    """The records of the newest earlier passwords, which may not come back."""
    newest = select(OldPassword).where(OldPassword.account_id == account_id).order_by(col(OldPassword.set_at).desc())
    return [row.password.plain for row in work.session.exec(newest.limit(PASSWORDS_KEPT)).all()]


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
    until = work.at + timedelta(hours=work.thresholds.integer("accounts.link_hours"))
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
    unit = work.only(OrgUnit.name, OrgUnit.id == account.unit_id)
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
        return account.login, _earlier(work, account.id)

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


@dataclass(frozen=True)
class ChangePassword:
    account_id: UUID
    old: str
    new: str


@dataclass(frozen=True)
class CheckedChange:
    """`against` is the record the old password was checked against, `record` that of the new one."""

    right: bool
    used: bool
    against: str = field(repr=False)
    record: str = field(repr=False)


def check_change(gathering: Gathering, order: ChangePassword) -> CheckedChange:
    """Checked with no transaction open, for it is slow; raises `Rejected` for a password that may not be."""

    def read(work: Work) -> tuple[str, str, list[str]]:
        account = work.only(Account, Account.id == order.account_id)
        return account.login, account.password.plain, _earlier(work, account.id)

    login, current, old = gathering.look(read)
    check_new_password(order.new, login)
    right = gathering.sealer.check_password(order.old, current)
    used = any(gathering.sealer.check_password(order.new, record) for record in (current, *old))
    return CheckedChange(right, used, current, gathering.sealer.hash_password(order.new))


@action("access.change_password", "修改口令", roles=set(Role), gather=check_change, event="AUTH.PWD")
def change_password(work: Work, order: ChangePassword, checked: CheckedChange) -> None:
    """Set one's own new password; never one of the last five."""
    if work.caller.account_id != order.account_id or not checked.right:
        raise Refusal("原口令不正确")
    if checked.used:
        raise Refusal("不能使用最近5次用过的口令")
    account = work.held(select(Account).where(Account.id == order.account_id)).one()
    # A reset may have come between the check and the lock: it counts, and its link is not taken away.
    if account.link_digest is not None or account.password.plain != checked.against:
        raise Conflict(OVERTAKEN)
    work.session.add(OldPassword(account_id=account.id, password=Sealed.of(account.password.plain), set_at=work.at))
    account.password, account.password_changed_at, account.one_time_until = Sealed.of(checked.record), work.at, None
    work.add(account)
    work.trail.tell("AUTH.PWD", "change_password", about=account)
