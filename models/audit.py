"""The audit trail: an event for each act, chained by digest, signed in windows, never changed (security.md 6)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Table
from models.columns import ident, integer, long_text, moment, text


class AuditEvent(Table, table=True):
    """An audit event. `body` is its canonical JSON, `hash` the SM3 of the body, `prev` the hash of the event before."""

    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        {"info": {"unprotected": "the chain itself", "by_month": True, "unique_by_month": ("chain", "seq")}},
    )

    id: UUID = ident()
    chain: str = text("链", max=32)
    seq: int = integer("序号")
    at: datetime = moment("时间", index=True)
    event: str = text("事件代码", max=32, index=True)
    severity: int = integer("级别", 6)
    account: str = text("主体", "", max=64, index=True)
    role: str = text("角色", "", max=32)
    org: str = text("机构", "", max=64)
    object_kind: str = text("对象类别", "", max=40)
    object_id: str = text("对象", "", max=64, index=True)
    act: str = text("动作", max=60)
    result: str = text("结果", max=8)
    request_id: str = text("请求号", "", max=64, index=True)
    body: str = long_text("事件正文（已脱敏）")
    prev: str = text("前一摘要", max=64)
    hash: str = text("摘要", max=64)


class AuditHead(Table, table=True):
    """The newest link of a chain and when it was written; locked last in every transaction."""

    __table_args__ = ({"info": {"unprotected": "a wrong head breaks the chain"}},)

    id: UUID = ident()
    chain: str = text("链", max=32, unique=True)
    seq: int = integer("序号", 0)
    hash: str = text("摘要", max=64)
    at: datetime | None = moment("时间", None)


class AuditCheckpoint(Table, table=True):
    """A signed window of a chain. `statement` is the signed text, `digest` its SM3, which the next checkpoint names."""

    __table_args__ = (
        UniqueConstraint("chain", "first"),
        UniqueConstraint("chain", "last"),
        {"info": {"unprotected": "signed, and each names the one before"}},
    )

    id: UUID = ident()
    chain: str = text("链", max=32)
    first: int = integer("首个序号")
    last: int = integer("末个序号")
    at: datetime = moment("签署时间", index=True)
    statement: str = long_text("检查点正文")
    digest: str = text("正文摘要", max=64)
    key: str = text("签名密钥", max=40)
    cert_sn: str = text("证书序列号", "", max=64)
    signature: str = text("签名", max=200)
