"""Privacy: who looked at whom, lists that leave as files, and the password typed again before much is shown (D23)."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from models.access import UnitKind
from models.base import Placed, Row, Stamped
from models.codes import Code
from models.columns import code, flag, integer, loose_ref, moment, ref, sealed_file, sealed_json, text
from models.machines import Machine
from models.sealed import Sealed


class Shown(Code):
    """Form in which a person's data was shown."""

    MASKED = "MASKED", "遮蔽后的信息", "muted"
    FULL = "FULL", "完整信息", "warn"
    LOOKS = "LOOKS", "查看记录", "info"


class PersonAccess(Row, table=True):
    """An access to a person's data, found again only by the keyed hash of the person's number."""

    __table_args__ = (sa.Index("ix_person_access_of", "id_no_index", "at"),)

    id_no_index: str = text("证件号码索引", max=96)
    account_id: UUID | None = loose_ref("查看人", None)
    unit_id: UUID | None = loose_ref("查看单位", None, index=False)
    role: str = text("岗位", "", max=32)
    partner: str = text("对接系统", "", max=64)
    act: str = text("业务", max=60)
    what: Shown = code(Shown, "内容")
    purpose: Sealed | None = sealed_json("目的", None)
    shown_as: Sealed | None = sealed_json("证件号码（遮蔽）", None)
    object_kind: str = text("对象类别", "", max=40)
    object_id: UUID | None = loose_ref("对象", None)
    at: datetime = moment("时间", index=True)


class ExportState(Code):
    REQUESTED = "REQUESTED", "待审批", "warn"
    APPROVED = "APPROVED", "生成中", "info"
    REFUSED = "REFUSED", "未批准", "bad"
    READY = "READY", "可下载", "good"
    FAILED = "FAILED", "生成失败", "bad"
    EXPIRED = "EXPIRED", "已过期", "muted"


EXPORT = Machine(
    {
        "approve": {ExportState.REQUESTED: ExportState.APPROVED},
        "refuse": {ExportState.REQUESTED: ExportState.REFUSED},
        "make": {ExportState.APPROVED: ExportState.READY},
        "fail": {ExportState.APPROVED: ExportState.FAILED},
        "expire": {ExportState.READY: ExportState.EXPIRED, ExportState.REQUESTED: ExportState.EXPIRED},
    }
)


class ExportMedia(Code):
    XLSX = "xlsx", "Excel 工作簿"
    CSV = "csv", "CSV 文件"
    SHEETS = "sheets", "PDF（A4，每页8张）"
    SINGLE = "single", "PDF（单张）"
    PICTURES = "pictures", "图片压缩包"


class ExportRequest(Placed, table=True):
    """A request for a list as a file; `mark` makes each requester's file distinguishable."""

    request_no: str = text("申请号", max=40, unique=True)
    listing: str = text("清单", max=40)
    criteria: Sealed = sealed_json("查询条件")
    media: ExportMedia = code(ExportMedia, "格式")
    full: bool = flag("含完整个人信息", False)
    reason: Sealed = sealed_json("用途")
    rows: int = integer("条数", 0)
    #: What the worker has finished of a file that takes its time.
    done: int = integer("已生成", 0)
    account_id: UUID = loose_ref("申请人")
    unit_id: UUID | None = loose_ref("申请单位", None)
    unit_kind: UnitKind = code(UnitKind, "申请单位类别")
    state: ExportState = code(ExportState, "状态", index=True)
    requested_at: datetime = moment("申请时间", index=True)
    decided_by: UUID | None = loose_ref("审批人", None, index=False)
    decided_at: datetime | None = moment("审批时间", None)
    opinion: Sealed | None = sealed_json("审批意见", None)
    made_at: datetime | None = moment("生成时间", None)
    expires_at: datetime | None = moment("有效至", None, index=True)
    mark: str = text("文件标记", max=12)
    #: A file made before pieces were; those of today are rows of `file_piece`.
    content: bytes | None = sealed_file("文件", None)
    pieces: int = integer("文件块数", 0)
    size: int = integer("文件大小", 0, unit="字节")
    digest: str = text("SM3 摘要", "", max=64)
    downloads: int = integer("下载次数", 0)


class Reauthentication(Stamped, table=True):
    """The last repeated password check of an account, and its failed attempts."""

    account_id: UUID = ref("account", "账号", unique=True)
    session: str = text("会话摘要", "", max=64)
    confirmed_at: datetime | None = moment("确认时间", None)
    failures: int = integer("连续失败次数", 0)
    blocked_until: datetime | None = moment("暂停至", None)
