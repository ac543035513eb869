"""Rows found tampered with, locked until they fit their MAC again; how many details each object has (M6, H65, H67)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Row, Stamped
from models.codes import Code
from models.columns import code, flag, integer, long_text, loose_ref, moment, text


class FaultKind(Code):
    CHANGED = "CHANGED", "内容与校验值不符", "bad"
    OLDER = "OLDER", "被换回旧版本", "bad"
    MISSING = "MISSING", "记录缺失", "bad"
    UNKNOWN = "UNKNOWN", "来历不明的记录", "bad"
    DETAILS = "DETAILS", "明细缺失、多出或被替换", "bad"


class DetailTally(Row, table=True):
    """Numbers of the details an object has, and the sums of their MACs (models/details.py); its id is the object's.

    Like an object it has versions that the audit logs, so that no earlier state of it goes unnoticed.
    """

    version: int = integer("版本", 1)
    tallies: str = long_text("各明细表的行数与校验和")


class CarriedState(Row, table=True):
    """The last audited version of an object, or the sum of a day's rows, from events that have left the database.

    `place` is the object's id or the number of the day since 1970 (models/details.py).
    """

    __table_args__ = (UniqueConstraint("table_name", "place"),)

    table_name: str = text("数据表", max=63)
    place: str = text("记录或日期", max=36)
    of_day: bool = flag("按日合计", False)
    state: str = text("版本与摘要或行数与校验和", max=90)


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
