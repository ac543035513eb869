"""A line of the data catalogue, and how it is written for people and for other systems."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from models.codes import Code
from services.catalogue.subjects import Sharing


class Personal(Code):
    NO = "NO", "否", "muted"
    YES = "YES", "个人信息", "info"
    SENSITIVE = "SENSITIVE", "敏感个人信息", "warn"


@dataclass(frozen=True)
class Entry:
    """A column of one table."""

    table: str
    table_label: str
    area: str
    column: str
    label: str
    kind: str
    length: int
    unit: str
    required: bool
    level: int
    personal: Personal
    sealed: str
    index: str
    mask: str
    integrity: str
    purpose: str
    retention: str
    owner: str
    source: str
    sharing: Sharing

    @property
    def id(self) -> str:
        return f"{self.table}.{self.column}"

    @property
    def level_text(self) -> str:
        """The level as the classification names it."""
        return f"一般{self.level}级"

    @property
    def kind_text(self) -> str:
        return f"{self.kind}（{self.unit}）" if self.unit else self.kind

    @property
    def protection(self) -> str:
        """Return what protects it beyond what protects its whole row, a word each."""
        index = "" if not self.index else "可检索" if self.sealed else "盲索引"
        words = ("加密" if self.sealed else "", index, "脱敏" if self.mask else "")
        return "、".join(word for word in words if word)


#: Heading to value, in the order of the printed catalogue.
_CELLS: Mapping[str, Callable[[Entry], object]] = {
    "业务域": attrgetter("area"),
    "数据表": attrgetter("table"),
    "表名称": attrgetter("table_label"),
    "字段": attrgetter("column"),
    "数据项": attrgetter("label"),
    "类型": attrgetter("kind"),
    "长度": lambda entry: entry.length or "",
    "计量单位": attrgetter("unit"),
    "必填": lambda entry: "是" if entry.required else "否",
    "数据级别": attrgetter("level_text"),
    "个人信息": attrgetter("personal.label"),
    "加密密钥类别": attrgetter("sealed"),
    "盲索引": attrgetter("index"),
    "脱敏方式": attrgetter("mask"),
    "完整性保护": attrgetter("integrity"),
    "用途": attrgetter("purpose"),
    "保存期限": attrgetter("retention"),
    "责任单位": attrgetter("owner"),
    "数据来源": attrgetter("source"),
    "共享类型": attrgetter("sharing.label"),
}
HEADINGS = tuple(_CELLS)


def cells(entry: Entry) -> tuple[str, ...]:
    """A line as text, one cell a heading."""
    return tuple(str(value(entry)) for value in _CELLS.values())


def as_json(entries: Iterable[Entry]) -> str:
    """Return the catalogue as JSON; equal catalogues give equal bytes, whose digest is the version."""
    lines = [dict(zip(HEADINGS, cells(entry), strict=True)) for entry in entries]
    return json.dumps(lines, ensure_ascii=False, indent=1) + "\n"
