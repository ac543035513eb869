"""Bindings of certificates to accounts: proposed by one administrator, confirmed by another (security.md M1, D06)."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from models.access import Account, Role
from models.rights import BINDING, BindingState, CertificateBinding
from services.access.acl import change
from services.access.session_ends import end_sessions
from services.engine.orders import Decide
from services.engine.refusals import Conflict, NotAllowed, Refusal, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.work import Work

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class ProposeBinding:
    """The SM3 of the certificate's DER in hex, as sign-in compares it; issuer and serial for people."""

    account_id: UUID
    fingerprint: str
    issuer: str = ""
    serial: str = ""


@action("certificates.propose", "登记证书", roles={Role.SYS_ADMIN}, event="ACL.CHANGE")
def propose_binding(work: Work, order: ProposeBinding) -> UUID:
    """Propose a binding; the security administrator confirms it, and a newer proposal replaces an open one."""
    account = work.get(Account, order.account_id)
    fingerprint = "".join(order.fingerprint.split()).replace(":", "").lower()
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise Rejected("证书指纹应为64位十六进制字符（证书的SM3摘要）")
    refuse_taken(work, account, fingerprint, Rejected)
    for open_one in work.rows(
        CertificateBinding,
        CertificateBinding.account_id == account.id,
        CertificateBinding.state == BindingState.PROPOSED,
    ):
        take_step(work, open_one, BINDING, "end", log=False)
    row = CertificateBinding(
        account_id=account.id,
        fingerprint=fingerprint,
        issuer=order.issuer.strip()[:200],
        serial=order.serial.strip()[:80],
        proposed_by=work.caller.account_id,
        proposed_at=work.at,
    )
    work.add(row)
    work.trail.tell("ACL.CHANGE", "certificates.propose", about=row, detail={"fp": fingerprint[:16]})
    return row.id


@action(
    "certificates.confirm", "确认证书绑定", roles={Role.SEC_ADMIN}, step=Step(BINDING, "confirm"), event="ACL.CHANGE"
)
def confirm_binding(work: Work, order: Decide) -> None:
    """The second hand; the account's certificate of before no longer signs it in."""
    row = work.get(CertificateBinding, order.id)
    if row.state is not BindingState.PROPOSED:
        raise Conflict("该登记已经处理过了")
    me = work.caller.account_id
    if me in {row.proposed_by, row.account_id}:
        raise NotAllowed("登记人和账号本人不能确认证书绑定")
    take_step(work, row, BINDING, "confirm" if order.agree else "refuse", log=False)
    row.decided_by, row.decided_at = me, work.at
    work.add(row)
    if order.agree:
        _bind(work, row)
    else:
        seen = {"agree": False, "fp": row.fingerprint[:16]}
        work.trail.tell("ACL.CHANGE", "certificates.confirm", about=row, detail=seen)


def refuse_taken(work: Work, account: Account, fingerprint: str, refusal: type[Refusal] = Conflict) -> None:
    """Refuse a certificate that is bound to another account."""
    if work.has(Account, Account.cert_fingerprint == fingerprint, Account.id != account.id):
        raise refusal("该证书已绑定其他账号，一张证书只能绑定一个账号")


def _bind(work: Work, row: CertificateBinding) -> None:
    account = work.get(Account, row.account_id)
    refuse_taken(work, account, row.fingerprint)
    for earlier in work.rows(
        CertificateBinding,
        CertificateBinding.account_id == account.id,
        CertificateBinding.state == BindingState.CONFIRMED,
        col(CertificateBinding.id) != row.id,
    ):
        take_step(work, earlier, BINDING, "end", log=False)
    change(work, "account", account.id, "certificates.confirm")
    account.cert_fingerprint = row.fingerprint
    work.add(account)
    end_sessions(work, account.id, "CERTIFICATE")
