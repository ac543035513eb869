"""Binding an administrator's certificate at the host: the first one, or one that no other administrator can replace
(M1, D06).
"""

from dataclasses import dataclass

from sqlmodel import select

from models.access import Account, Role, login_key
from services.access.accounts import roles_held
from services.access.acl import change
from services.access.bindings import refuse_taken
from services.access.scopes import ADMINISTRATORS
from services.access.session_ends import end_sessions
from services.engine.alarms import raise_alarm
from services.engine.clock import system_now
from services.engine.door import Gathering
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.ports.crypto import CertCheck

SAID = {
    "expired": "证书已过期",
    "not_yet": "证书尚未生效",
    "revoked": "证书已吊销",
    "untrusted": "证书不是受信任的机构签发的",
    "bad_usage": "证书不能用于签名登录",
    "unknown": "证书无法识别，或缺少有效的吊销列表",
}


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
    account = work.session.exec(select(Account).where(Account.login_key == login_key(order.login))).first()
    if account is None or not roles_held(work, account.id) & ADMINISTRATORS:
        raise NotFound("没有这个管理员账号；其他账号的证书由系统管理员登记、安全管理员确认")
    refuse_taken(work, account, found.fingerprint)
    change(work, "account", account.id, "certificates.bind_administrator")
    if account.cert_fingerprint not in (None, found.fingerprint):
        raise_alarm(work, "ACL.ADMIN_BOUND", "一名管理员的证书在主机上被更换，请本人核实", about=account)
    account.cert_fingerprint = found.fingerprint
    work.add(account)
    end_sessions(work, account.id, "CERTIFICATE")
    work.trail.tell(
        "AUTH.CERT", "certificates.bind_administrator", about=account, detail={"fp": found.fingerprint[:16]}
    )
    return found.fingerprint
