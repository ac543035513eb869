"""Rows found tampered with: locked until they fit their MAC again (security.md M6, H65, H67)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Stamped
from models.codes import Code
from models.columns import code, loose_ref, moment, text


class FaultKind(Code):
    CHANGED = "CHANGED", "内容与校验值不符", "bad"
    OLDER = "OLDER", "被换回旧版本", "bad"
    MISSING = "MISSING", "记录缺失", "bad"
    UNKNOWN = "UNKNOWN", "来历不明的记录", "bad"


class IntegrityFault(Stamped, table=True):
    """A row that differs from what the product wrote; while the fault is open the row is hidden."""

    __table_args__ = (UniqueConstraint("table_name", "row_id", "closed_key"),)

    table_name: str = text("数据表", max=63, index=True)
    row_id: UUID = loose_ref("记录")
    kind: FaultKind = code(FaultKind, "问题")
    found_at: datetime = moment("发现时间")
    #: Empty while open, so that a row has one open fault at most.
    closed_key: str = text("解除序号", "", max=40)
    closed_at: datetime | None = moment("解除时间", None, index=True)
    closed_by: UUID | None = loose_ref("解除人", None, index=False)
    note: str = text("处理说明", "", max=200)
