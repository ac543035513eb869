"""Tables of operations: backups, device manifests, erasures, weekly flows, progress of watches."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from models.base import Row, Stamped, Table
from models.columns import day, ident, integer, long_text, moment, open_json, text


class Backup(Stamped, table=True):
    """A verified backup; `removed_at` is when its retention ended."""

    file_name: str = text("文件名", max=120, unique=True)
    made_at: datetime = moment("完成时间", index=True)
    size: int = integer("大小", unit="字节")
    file_sm3: str = text("文件摘要", max=64)
    row_count: int = integer("行数")
    audit_seq: int = integer("审计序号")
    audit_hash: str = text("审计摘要", max=64)
    seconds: int = integer("用时", 0, unit="秒")
    removed_at: datetime | None = moment("清除时间", None)


class DeviceManifest(Row, table=True):
    """A signed list of a host's collected logs and of its access baseline (M3)."""

    host: str = text("主机", max=64, index=True)
    made_at: datetime = moment("采集时间", index=True)
    file_name: str = text("清单文件", max=120)
    body_sm3: str = text("清单摘要", max=64)
    previous_sm3: str = text("前一清单摘要", "", max=64)
    files: int = integer("日志数", 0)
    lines: int = integer("基线行数", 0)
    kid: str = text("签名密钥", max=40)
    signature: str = long_text("签名")


class Erasure(Row, table=True):
    """Rows erased from a table in one night, and up to which time."""

    at: datetime = moment("时间", index=True)
    erased_from: str = text("数据表", max=60)
    purpose: str = text("用途", max=80)
    rule: str = text("保存期限", max=80)
    row_count: int = integer("清除行数")


class FlowReport(Row, table=True):
    """Counts of a week's exports and partner exchanges by class of data (D16)."""

    week_start: date = day("周起始日", index=True)
    made_at: datetime = moment("生成时间")
    lines: list[dict[str, Any]] = open_json("统计", reason="只有类别、系统和次数，没有个人信息")


class WatchMark(Table, table=True):
    """Position up to which a watch has read the audit chain."""

    __table_args__ = (
        {
            "info": {
                "unprotected": "how far a watch has read the audit: one that is moved reads again, and the audit itself is verified"
            }
        },
    )

    id: UUID = ident()
    watch: str = text("监测", max=40, unique=True)
    seq: int = integer("审计序号", 0)
