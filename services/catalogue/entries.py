"""The catalogue itself: an entry for every column of every table, from what the models declare, as text and JSON."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import models.tables  # noqa: F401
from models.codes import Code
from models.columns import CodeType, ScaledNumber, UtcMoment
from models.geometry import GeometryType
from models.sealed import SealedType, index_columns
from services.catalogue.retention import kept_for
from services.catalogue.subjects import UNDESCRIBED, Sharing, Subject, subjects


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


#: Level and class of what is found by a blind index: numbers and accounts are sensitive, names and phones are personal.
_DOMAINS = {
    "id_no": (4, Personal.SENSITIVE),
    "acct": (4, Personal.SENSITIVE),
    "name": (3, Personal.YES),
    "phone": (3, Personal.YES),
    "cert_no": (3, Personal.YES),
}
_UNLABELLED = {"address_cut.gram": "检索字", "address_cut.house_id": "房屋"}
_TYPES: tuple[tuple[type, str], ...] = (
    (SealedType, "密文"),
    (CodeType, "代码"),
    (ScaledNumber, "小数"),
    (UtcMoment, "时刻"),
    (GeometryType, "几何"),
    (sa.Uuid, "标识"),
    (sa.Boolean, "是否"),
    (sa.BigInteger, "整数"),
    (sa.Date, "日期"),
    (sa.JSON, "JSON"),
    (sa.LargeBinary, "二进制"),
    (GeometryType, "多边形"),
    (sa.Text, "长文本"),
    (sa.String, "文本"),
    (AutoString, "文本"),
)


def catalogue() -> list[Entry]:
    """Every entry, tables as they are described, columns as they are declared."""
    described = subjects()
    known = {name: place for place, name in enumerate(described)}
    tables = sorted(
        SQLModel.metadata.tables.values(), key=lambda table: (known.get(table.name, len(known)), table.name)
    )
    return [entry for table in tables for entry in _entries(table, described.get(table.name, UNDESCRIBED))]


def _entries(table: sa.Table, subject: Subject) -> list[Entry]:
    kept = kept_for(table.name)
    return [_entry(table, column, subject, kept) for column in table.columns]


def undescribed() -> list[str]:
    """Tables without a subject, subjects without a table, and columns without a label."""
    tables, known = SQLModel.metadata.tables, subjects()
    wrong = [f"表 {name} 未登记" for name in sorted(set(tables) - set(known))]
    wrong += [f"登记的表 {name} 不存在" for name in sorted(set(known) - set(tables))]
    columns = [column for table in tables.values() for column in table.columns]
    return wrong + sorted(
        f"列 {column.table.name}.{column.name} 没有中文名" for column in columns if not _label(column)
    )


def _entry(table: sa.Table, column: sa.Column[object], subject: Subject, kept: str) -> Entry:
    base = _indexed(table, column)
    level, personal = _level(base if base is not None else column, subject)
    sealed = column.type if isinstance(column.type, SealedType) else None
    return Entry(
        table=table.name,
        table_label=subject.label,
        area=subject.area,
        column=column.name,
        label=_label(column),
        kind=_kind(column),
        length=column.type.length or 0 if isinstance(column.type, sa.String) else 0,
        unit=str(column.info.get("unit", "")),
        required=not column.nullable,
        level=level,
        personal=personal,
        sealed=sealed.family if sealed else "dek.doc" if "f1" in _label(column) else "",
        index=str((base if base is not None else column).info.get("domain", "")),
        mask=sealed.mask_kind if sealed else "",
        integrity=_integrity(table),
        purpose=subject.purpose,
        retention=kept,
        owner=subject.owner,
        source=subject.source,
        sharing=subject.sharing,
    )


def _indexed(table: sa.Table, column: sa.Column[object]) -> "sa.Column[object] | None":
    """The sealed column a blind index finds, or None for any other column."""
    name = index_columns(table).get(column.name, (column.name.removesuffix("_index"), ""))[0]
    return table.columns[name] if column.info.get("index_of") and name in table.columns else None


def _level(column: sa.Column[object], subject: Subject) -> tuple[int, Personal]:
    payload = Personal.SENSITIVE if subject.sensitive else Personal.YES
    if isinstance(column.type, SealedType):
        if column.type.family == "dek.auth":
            return 4, Personal.NO
        return _DOMAINS.get(column.type.domain, (subject.payload, payload))
    if isinstance(column.type, sa.LargeBinary):
        return subject.payload, payload
    if column.name == "id_no_index":
        return _DOMAINS["id_no"]
    return subject.level, Personal.NO


def _integrity(table: sa.Table) -> str:
    if table.name in ("audit_event", "audit_head"):
        return "链"
    return "m1" if "mac" in table.columns else ""


def _kind(column: sa.Column[object]) -> str:
    return next(label for kind, label in _TYPES if isinstance(column.type, kind))


def _label(column: sa.Column[object]) -> str:
    return str(column.info.get("label", "")) or _UNLABELLED.get(f"{column.table.name}.{column.name}", "")
