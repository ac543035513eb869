"""Issued papers: bytes stored once and sealed, the public answer beside them, and every print logged."""

from datetime import date, datetime
from uuid import UUID

from models.base import Placed, Row
from models.codes import Code
from models.columns import code, day, integer, loose_ref, moment, open_json, ref, sealed_file, sealed_json, text
from models.labels import Labelled
from models.machines import Machine
from models.sealed import Sealed


class PaperKind(Code):
    CONTRACT = "lc", "住房租赁合同"
    FILING_NOTICE = "fn", "住房租赁合同备案通知书"
    CANCEL_NOTICE = "cn", "备案注销通知书"
    RECEIPT = "rc", "办理回执"
    QUERY_RESULT = "qr", "租赁备案信息查询结果"
    VERIFICATION_NOTICE = "vn", "房源核验结果通知书"
    SALES_PLAN = "sp", "商品房销售方案"


class PaperState(Code):
    VALID = "VALID", "有效", "good"
    REPLACED = "REPLACED", "已被替代", "muted"


PAPER = Machine({"replace": {PaperState.VALID: PaperState.REPLACED}})


class FileState(Code):
    """Result of a file's virus scan; only clean files are shown in a page."""

    UNSCANNED = "UNSCANNED", "未查毒", "warn"
    CLEAN = "CLEAN", "已查毒", "good"
    QUARANTINED = "QUARANTINED", "已隔离", "bad"


FILE_SCAN = Machine(
    {
        "quarantine": dict.fromkeys(FileState, FileState.QUARANTINED),
        "clear": {FileState.UNSCANNED: FileState.CLEAN, FileState.CLEAN: FileState.CLEAN},
    }
)


#: What the public check reads of a paper.
_PUBLIC = ("kind", "title", "number", "issued_on", "digest", "state", "public", "filing_id", "token_digest")


class IssuedDocument(Placed, table=True):
    """An issued paper."""

    __table_args__ = ({"info": {"public_columns": _PUBLIC}},)

    public_mac: str | None = text("公开核验校验值", None, max=80)
    kind: PaperKind = code(PaperKind, "文书类别", index=True)
    title: str = text("文书名称", max=60)
    number: str = text("文书编号", max=60, index=True)
    object_kind: str = text("对象类别", max=40)
    object_id: UUID = loose_ref("对象")
    filing_id: UUID | None = loose_ref("备案", None)
    page: Sealed = sealed_json("页面数据")
    content: bytes | None = sealed_file("文书", None)
    digest: str = text("SM3 摘要", "", max=64, index=True)
    signature: str = text("签名", "", max=200)
    signature_key: str = text("签名密钥", "", max=40)
    token_digest: str = text("二维码摘要", max=64, unique=True)
    public: dict[str, object] = open_json("公开核验内容", reason="签发时已按公开口径脱敏")
    state: PaperState = code(PaperState, "状态", PaperState.VALID)
    unit_id: UUID | None = loose_ref("签发单位", None)
    issued_on: date = day("签发日期")
    issued_at: datetime = moment("签发时间", index=True)
    issued_by: UUID | None = loose_ref("签发人", None, index=False)
    copies: int = integer("已打印次数", 0)


class PrintLog(Row, table=True):
    """A print of an issued paper."""

    document_id: UUID = ref("issued_document", "文书", owner=True)
    account_id: UUID = loose_ref("打印人")
    at: datetime = moment("时间")
    on_day: date = day("日期", index=True)
    copy_no: int = integer("第几次")
    printer: str = text("打印机", "", max=60)
    purpose: str = text("用途", "", max=60)
    requester: Sealed | None = sealed_json("申领人", None)
    #: The papers handed out together in one press.
    set_id: UUID | None = loose_ref("整套", None)


class Attachment(Labelled, Placed, table=True):
    """A sealed file that a user handed in (f1). `kept_apart` gives the reason for quarantine in Chinese."""

    category: str = text("类别", max=40)
    file_name: Sealed = sealed_json("文件名")
    media_type: str = text("类型", max=60)
    size: int = integer("大小", unit="字节")
    digest: str = text("SM3 摘要", max=64)
    content: bytes = sealed_file("内容")
    object_kind: str = text("对象类别", "", max=40)
    object_id: UUID | None = loose_ref("对象", None)
    uploaded_by: UUID | None = loose_ref("上传人", None)
    state: FileState = code(FileState, "查毒状态", FileState.UNSCANNED, index=True)
    kept_apart: str = text("隔离原因", "", max=200)
    scanned_at: datetime | None = moment("查毒时间", None)
    scanner: str = text("查毒引擎", "", max=60)
