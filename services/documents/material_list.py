"""上传的材料: what was handed in as files, to look at again and to label (D08, D17)."""

from typing import Any

from sqlmodel import col, select

from models.documents import Attachment, FileState
from models.labels import Label
from services.access.visibility import CITY, CLERKS
from services.engine.listings import Column, Listing, choice, exact, listed
from services.engine.work import Work

#: What a file is, as people say it.
KINDS = {"application/pdf": "PDF", "image/jpeg": "JPG 图片", "image/png": "PNG 图片"}
_SHOWN = ("id", "category", "media_type", "size", "state", "kept_apart", "label", "digest", "created_at")


def _materials(work: Work) -> Any:
    """The visible files: a clerk's own, all for the city, none above the caller's clearance.

    Not whole rows, for each carries its file; nor the file's name, which may be personal.
    """
    seen = work.visible(Attachment).with_only_columns(col(Attachment.id))
    shown: Any = select(*(getattr(Attachment, name) for name in _SHOWN))
    return shown.where(col(Attachment.id).in_(seen))


MATERIALS = listed(
    Listing(
        name="attachments",
        label="上传的材料",
        roles=CLERKS | CITY,
        table=Attachment,
        rows=_materials,
        columns=(
            Column("category", "材料"),
            Column("kind", "格式", lambda row: KINDS.get(row.media_type, row.media_type), width=90),
            Column("kilobytes", "大小（KB）", lambda row: -(-row.size // 1024), number=True, width=90),
            Column("state", "查毒", width=90),
            Column("label", "安全标记", width=90),
            Column("created_at", "上传时间", width=130),
        ),
        filters=(
            exact("category", "材料", Attachment.category, width=200),
            choice("state", "查毒", Attachment.state, FileState, width=150),
            choice("label", "安全标记", Attachment.label, Label, width=150),
        ),
        sort="-created_at",
        also=("kept_apart", "digest"),
        empty="没有上传的材料。窗口人员看到本人上传的，市级看到全部。",
    )
)
