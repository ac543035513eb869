"""Tables people bring in: the session over a file, and each of its rows with what was found (row 42)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Row, Stamped
from models.columns import code, integer, loose_ref, moment, open_json, sealed_file, sealed_json, text
from models.practitioner_codes import RowState, SessionState
from models.sealed import Sealed


class ImportSession(Stamped, table=True):
    """An imported file with its progress; it survives restarts and sign-outs."""

    kind: str = text("表格种类", max=40, index=True)
    session_no: str = text("批次编号", max=40, unique=True)
    account_id: UUID = loose_ref("上传人")
    enterprise_id: UUID | None = loose_ref("企业", None)
    #: What the rows are brought into: the draft of a list, or what new records are begun about.
    about_id: UUID | None = loose_ref("导入对象", None)
    file_name: Sealed = sealed_json("文件名")
    digest: str = text("SM3 摘要", max=64)
    workbook: bytes | None = sealed_file("表格", None)
    pictures: bytes | None = sealed_file("照片压缩包", None)
    #: Heads of the file and, when they do not fit, which column each of ours is taken from (place, from 0).
    heads: Sealed | None = sealed_json("表头", None)
    mapping: dict[str, object] | None = open_json("表头对应", None, reason="只有栏目名和列号")
    notes: Sealed | None = sealed_json("整表说明", None)
    refusal: str = text("未通过原因", "", max=300)
    total: int = integer("总行数", 0)
    good: int = integer("可提交行数", 0)
    bad: int = integer("待改正行数", 0)
    committed: int = integer("已提交行数", 0)
    #: What the running step has done and has to do.
    step_done: int = integer("已处理", 0)
    step_total: int = integer("需处理", 0)
    read_at: datetime | None = moment("读取时间", None)
    committed_at: datetime | None = moment("最近提交时间", None)
    undone_at: datetime | None = moment("撤销时间", None)
    state: SessionState = code(SessionState, "状态", SessionState.READING, index=True)


class ImportedLine(Row, table=True):
    """A data row of a session: its cells as repaired, what was found in it, and the record it became."""

    __table_args__ = (UniqueConstraint("session_id", "sheet_row"),)

    # Not a foreign key: rows are written and deleted in bulk beside their session.
    session_id: UUID = loose_ref("批次")
    sheet_row: int = integer("行号")
    #: Which key of the kind the row carries, hashed under the batch, to find repetitions among corrected rows.
    key_index: str = text("主键指纹", "", max=80)
    #: {"cells": as found, "values": as repaired, "findings": [[column, level, code, message], ...], "beside": …}
    content: Sealed = sealed_json("行内容")
    verdict: str = text("结论", max=24)
    edited: int = integer("改正次数", 0)
    record_id: UUID | None = loose_ref("生成记录", None, index=False)
    state: RowState = code(RowState, "状态", index=True)
