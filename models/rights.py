"""The access list and what leads to it: every change in a chain, the signed list, delegation policies, certificates."""

from datetime import date, datetime
from uuid import UUID

from models.access import Role
from models.base import Stamped, Table
from models.codes import Code
from models.columns import code, day, ident, integer, long_text, loose_ref, moment, ref, text
from models.machines import Machine


class AccessChange(Table, table=True):
    """A change of the access list, written in its own transaction and protected by the chain and a MAC."""

    __table_args__ = ({"info": {"unprotected": "chained, and its end stands in the signed list"}},)

    id: UUID = ident()
    seq: int = integer("序号", unique=True)
    object_key: str = text("对象", max=60, index=True)
    at: datetime = moment("时间")
    body: str = long_text("变更正文（不含个人信息）")
    digest: str = text("SM3 摘要", max=64)
    proof: str = text("变更校验码", max=120)


class AccessList(Table, table=True):
    """A signed state of the whole access list: its last change, its digest, the list before it."""

    __table_args__ = ({"info": {"unprotected": "signed"}},)

    id: UUID = ident()
    version: int = integer("版本号", unique=True)
    seq: int = integer("截至变更序号")
    body: str = long_text("清单正文")
    digest: str = text("SM3 摘要", max=64)
    signature: str = text("签名", max=200)
    signature_key: str = text("签名密钥", max=40)
    signed_at: datetime = moment("签名时间")


class DelegationPolicy(Stamped, table=True):
    """A policy by which a role may open accounts without the two administrators, with a quota (decision 10)."""

    grantor_role: Role = code(Role, "开户岗位")
    grantee_role: Role = code(Role, "可授岗位")
    enterprise_id: UUID | None = loose_ref("限定企业", None)
    quota: int = integer("名额")
    valid_from: date = day("生效日期")
    valid_to: date | None = day("失效日期", None)
    note: str = text("依据", "", max=200)
    ended_at: datetime | None = moment("终止时间", None)


class BindingState(Code):
    PROPOSED = "PROPOSED", "待确认", "warn"
    CONFIRMED = "CONFIRMED", "已绑定", "good"
    REFUSED = "REFUSED", "未同意", "muted"
    ENDED = "ENDED", "已解除", "muted"


BINDING = Machine(
    {
        "confirm": {BindingState.PROPOSED: BindingState.CONFIRMED},
        "refuse": {BindingState.PROPOSED: BindingState.REFUSED},
        "end": {BindingState.PROPOSED: BindingState.ENDED, BindingState.CONFIRMED: BindingState.ENDED},
    }
)


class CertificateBinding(Stamped, table=True):
    """A certificate proposed for an account by one administrator and confirmed by another (security.md M1, D06)."""

    account_id: UUID = ref("account", "账号")
    fingerprint: str = text("证书指纹", max=64, index=True)
    issuer: str = text("颁发者", "", max=200)
    serial: str = text("证书序列号", "", max=80)
    state: BindingState = code(BindingState, "状态", BindingState.PROPOSED, index=True)
    proposed_by: UUID | None = loose_ref("提出人", None, index=False)
    proposed_at: datetime = moment("提出时间")
    decided_by: UUID | None = loose_ref("确认人", None, index=False)
    decided_at: datetime | None = moment("确认时间", None)
