"""上传的材料: what was handed in as files, to look at again and to label (D08, D17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.documents import Attachment, FileState
from models.labels import Label
from services.access.visibility import CITY, CLERKS
from services.documents.attachments import VIRUS
from services.engine.registry import query
from services.engine.search_terms import chosen
from services.engine.work import Work

#: What a file is, as people say it.
KINDS = {"application/pdf": "PDF", "image/jpeg": "JPG 图片", "image/png": "PNG 图片"}


@dataclass(frozen=True)
class FindMaterials:
    """Every filter narrows; `category` is what the file was asked for as."""

    category: str = ""
    state: str = ""
    label: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class MaterialLine:
    """A file without its name, which may be personal. `kilobytes` is rounded up."""

    id: UUID
    category: str
    kind: str
    kilobytes: int
    state: FileState
    why: str
    label: Label
    digest: str
    at: datetime
    opens: bool


@dataclass(frozen=True)
class MaterialPage:
    total: int
    lines: tuple[MaterialLine, ...]


@query("attachments.list", "上传的材料", roles=CLERKS | CITY)
def list_materials(work: Work, order: FindMaterials) -> MaterialPage:
    """The visible files, newest first: a clerk's own, all for the city, none above the caller's clearance."""
    found = work.visible(Attachment)
    if order.category.strip():
        found = found.where(col(Attachment.category) == order.category.strip())
    if order.state:
        found = found.where(col(Attachment.state) == chosen(FileState, order.state))
    if order.label:
        found = found.where(col(Attachment.label) == chosen(Label, order.label))
    counted = found.with_only_columns(col(Attachment.id)).subquery()
    connection = work.session.connection()
    total = connection.execute(select(func.count()).select_from(counted)).scalar_one()
    size = min(max(order.size, 1), 200)
    start = (max(order.page, 1) - 1) * size
    # Not whole rows: each carries its file. What was changed is found when it is opened.
    wanted = found.with_only_columns(*(getattr(Attachment, name) for name in _SHOWN))
    wanted = wanted.order_by(col(Attachment.created_at).desc(), col(Attachment.id)).offset(start).limit(size)
    return MaterialPage(total, tuple(_line(row) for row in connection.execute(wanted).all()))


_SHOWN = ("id", "category", "media_type", "size", "state", "kept_apart", "label", "digest", "created_at")


def _line(row: Any) -> MaterialLine:
    return MaterialLine(
        row.id,
        row.category,
        KINDS.get(row.media_type, row.media_type),
        -(-row.size // 1024),
        row.state,
        row.kept_apart,
        row.label,
        row.digest,
        row.created_at,
        VIRUS not in row.kept_apart,
    )
