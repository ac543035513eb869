"""The three administrators at the host: made once, helped when locked out, their certificates bound (M1, D05, D06)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col

from models.access import ACCOUNT, Account, AccountRole, OldPassword, OrgUnit, Role, ScopeKind, UnitKind, login_key
from models.sealed import Sealed
from services.access.accounts import roles_held
from services.access.acl import change
from services.access.bindings import refuse_taken
from services.access.passwords import ONE_TIME_HOURS, one_time_password
from services.access.scopes import ADMINISTRATORS
from services.access.session_ends import end_sessions
from services.engine.alarms import raise_alarm
from services.engine.clock import system_now
from services.engine.door import Gathering
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.ports.crypto import CertCheck

_FIRST = (
    ("xitong", "系统管理员", Role.SYS_ADMIN),
    ("anquan", "安全管理员", Role.SEC_ADMIN),
    ("shenji", "审计管理员", Role.AUDITOR),
)
SAID = {
    "expired": "证书已过期",
    "not_yet": "证书尚未生效",
    "revoked": "证书已吊销",
    "untrusted": "证书不是受信任的机构签发的",
    "bad_usage": "证书不能用于签名登录",
    "unknown": "证书无法识别，或缺少有效的吊销列表",
}


@dataclass(frozen=True)
class OneTime:
    """A password made outside the transaction, with its record; hashing is slow."""

    password: str = field(repr=False)
    record: str = field(repr=False)


def _one_time(gathering: Gathering, order: object) -> OneTime:
    password = one_time_password()
    return OneTime(password, gathering.sealer.hash_password(password))


def _one_time_each(gathering: Gathering, order: None) -> list[OneTime]:
    return [_one_time(gathering, order) for _ in _FIRST]


@action("access.bootstrap", "建立三名管理员", roles={Role.SYSTEM}, gather=_one_time_each, event="ACL.CHANGE")
def make_administrators(work: Work, order: None, made: Sequence[OneTime]) -> list[tuple[str, str]]:
    """Exactly three named administrators with one-time passwords, and only where there is none yet."""
    if work.has(AccountRole, col(AccountRole.role).in_(ADMINISTRATORS)):
        raise Conflict("管理员已经建立，不能再次初始化")
    unit = work.first(OrgUnit, OrgUnit.kind == UnitKind.CITY_BUREAU)
    if unit is None:
        unit = OrgUnit(unit_code="CB310000", name="上海市房屋管理局", kind=UnitKind.CITY_BUREAU, district_code="310000")
        change(work, "unit", unit.id, "access.bootstrap")
        work.add(unit)
    for (login, name, role), one in zip(_FIRST, made, strict=True):
        account = Account(
            login=login,
            login_key=login_key(login),
            name=Sealed.of(name),
            unit_id=unit.id,
            password=Sealed.of(one.record),
            password_changed_at=work.at,
            one_time_until=work.at + timedelta(hours=ONE_TIME_HOURS),
        )
        change(work, "account", account.id, "access.bootstrap")
        work.add(account)
        work.add(AccountRole(account_id=account.id, role=role, scope_kind=ScopeKind.CITY, valid_from=work.today))
    return [(login, one.password) for (login, _, _), one in zip(_FIRST, made, strict=True)]


def _administrator(work: Work, login: str) -> Account:
    account = work.first(Account, Account.login_key == login_key(login))
    if account is None or not roles_held(work, account.id) & ADMINISTRATORS:
        raise NotFound("没有这个管理员账号；其他账号由系统管理员办理、安全管理员确认")
    return account


@dataclass(frozen=True)
class HandedOut:
    """A one-time password shown at the host, for an administrator who cannot open a page."""

    login: str
    password: str = field(repr=False)
    until: datetime


@action("access.help_administrator", "恢复管理员账号", roles={Role.SYSTEM}, gather=_one_time, event="ACL.CHANGE")
def help_administrator(work: Work, login: str, made: OneTime) -> HandedOut:
    """A new one-time password for an administrator who is locked, unused for too long or the last of his kind."""
    account = _administrator(work, login)
    change(work, "account", account.id, "access.help_administrator")
    take_step(work, account, ACCOUNT, "bring_back", log=False)
    account.last_seen_at = None
    if account.link_digest is None:
        work.add(OldPassword(account_id=account.id, password=Sealed.of(account.password.plain), set_at=work.at))
    account.password, account.password_changed_at = Sealed.of(made.record), work.at
    account.one_time_until, account.link_digest = work.at + timedelta(hours=ONE_TIME_HOURS), None
    account.failures, account.first_failure_at, account.locked_until = 0, None, None
    work.add(account)
    end_sessions(work, account.id, "PASSWORD")
    work.trail.tell("AUTH.PWD", "access.help_administrator", about=account)
    raise_alarm(work, "ACL.ADMIN_RESET", "一名管理员的账号在主机上被恢复，请本人核实", about=account)
    return HandedOut(account.login, made.password, account.one_time_until)


@dataclass(frozen=True)
class BindAdministrator:
    login: str
    certificate: bytes


def _checked(gathering: Gathering, order: BindAdministrator) -> CertCheck:
    found = gathering.house.crypto.verify_cert(order.certificate, "sign", system_now())
    if found.state != "good":
        raise Rejected(SAID[found.state])
    return found


@action("certificates.bind_administrator", "绑定管理员证书", roles={Role.SYSTEM}, gather=_checked, event="AUTH.CERT")
def bind_administrator(work: Work, order: BindAdministrator, found: CertCheck) -> str:
    """Bind the certificate of one of the three administrators; other accounts are bound by two administrators."""
    account = _administrator(work, order.login)
    refuse_taken(work, account, found.fingerprint)
    change(work, "account", account.id, "certificates.bind_administrator")
    if account.cert_fingerprint not in (None, found.fingerprint):
        raise_alarm(work, "ACL.ADMIN_BOUND", "一名管理员的证书在主机上被更换，请本人核实", about=account)
    account.cert_fingerprint = found.fingerprint
    work.add(account)
    end_sessions(work, account.id, "CERTIFICATE")
    detail = {"fp": found.fingerprint[:16]}
    work.trail.tell("AUTH.CERT", "certificates.bind_administrator", about=account, detail=detail)
    return found.fingerprint
