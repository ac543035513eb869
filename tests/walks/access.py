"""The walk's part for accounts, grants, units, delegation policies, certificates and labels."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from models.access import Account, AccountRole, OrgUnit, Role
from models.columns import new_id
from models.documents import Attachment
from models.labels import Label
from models.rights import CertificateBinding, DelegationPolicy
from services.access.acl import change
from services.access.record_labels import SetLabel
from services.engine.work import Work

_BOTH = (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.SYSTEM)


def _policy(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(Role.SEC_ADMIN, Role.AUDITOR, Role.SYSTEM, row.grantor_role))


ORACLE: dict[Any, Any] = {
    Account: lambda city, caller, row: caller.has(*_BOTH),
    AccountRole: lambda city, caller, row: caller.has(Role.SEC_ADMIN, Role.SYSTEM),
    CertificateBinding: lambda city, caller, row: caller.has(*_BOTH),
    DelegationPolicy: _policy,
    OrgUnit: lambda city, caller, row: caller.has(*_BOTH) or (caller.unit_id is not None and caller.unit_id == row.id),
}

_ALL = "the administrators', who see every account"

UNFOREIGN: dict[str, str] = {
    "access.end_aged": "the system's own",
    "access.first_link": "a stranger's, who holds the link",
    "access.set_first_password": "a stranger's, who holds the link",
    "access.tell_tamper": "the system's own",
    "accounts.change": _ALL,
    "accounts.create": _ALL,
    "accounts.disable": _ALL,
    "accounts.enable": _ALL,
    "accounts.open": _ALL,
    "accounts.reset": _ALL,
    "accounts.reveal": _ALL,
    "accounts.set_holder": _ALL,
    "accounts.unlock": _ALL,
    "certificates.confirm": _ALL,
    "certificates.propose": _ALL,
    "delegation.end": "the security administrator's, who sees every policy",
    "delegation.make": "the security administrator's, who sees every policy",
    "delegation.open": "tried by itself with a foreign firm",
    "grants.clear": _ALL,
    "grants.end": _ALL,
    "grants.give": _ALL,
    "grants.open": _ALL,
    "units.edit": "the system administrator's, who sees every unit",
}

ORDERS: dict[str, Any] = {
    "labels.set": (Attachment, lambda city, row_id: SetLabel("attachment", row_id, Label.PUBLIC, "可以公开的材料")),
}


def furnish(city: Any) -> None:
    """Policies of both grantors and proposed certificates; accounts, grants and units come with the offices."""
    city.counter.world.act(lambda work: _furnish(work, city.counter.clerk("huamu01").account_id))


def _furnish(work: Work, account_id: UUID) -> None:
    for role, may in (
        (Role.HEAD_ADMIN, Role.PROJ_ADMIN),
        (Role.HEAD_ADMIN, Role.PROJ_USER),
        (Role.CITY_HANDLER, Role.HEAD_ADMIN),
        (Role.CITY_HANDLER, Role.HEAD_ADMIN),
    ):
        row = DelegationPolicy(
            id=new_id(), grantor_role=role, grantee_role=may, quota=3, valid_from=date(2027, 3, 1), note="测试"
        )
        change(work, "policy", row.id, "test.act")
        work.add(row)
        work.add(
            CertificateBinding(
                account_id=account_id, fingerprint=uuid4().hex * 2, proposed_by=uuid4(), proposed_at=work.at
            )
        )
