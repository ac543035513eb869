"""Attachments: what somebody hands in, checked by its content, sealed, and named by its digest (leasing 2.0)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.columns import new_id
from models.documents import Attachment
from models.sealed import Sealed
from models.sealing import sealer, sm3_hex
from services.access.visibility import CITY, CLERKS, ENTERPRISE, STAFF
from services.engine.door import Gathering
from services.engine.refusals import Rejected
from services.engine.registry import action, query
from services.engine.work import Work, visible_rows

LARGEST = 20 * 1024 * 1024
_KINDS = (
    (b"%PDF-", "application/pdf", b"%%EOF"),
    (b"\xff\xd8\xff", "image/jpeg", b"\xff\xd9"),
    (b"\x89PNG\r\n\x1a\n", "image/png", b"IEND"),
)
_ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/OpenAction")


@visible_rows(Attachment)
def with_office(work: Work, table: Any) -> Any:
    """The office or person that took it in; the city all."""
    if work.caller.has(*CITY):
        return True
    return col(table.created_by) == work.caller.account_id


@dataclass(frozen=True)
class KeepAttachment:
    """A file as it was uploaded; its name is kept for people and never used as a path."""

    category: str
    file_name: str
    content: bytes


@dataclass(frozen=True)
class KeptAttachment:
    id: UUID
    digest: str


@dataclass(frozen=True)
class _Sealed:
    id: UUID
    media_type: str
    content: bytes
    digest: str


def media_type_of(content: bytes) -> str:
    """What the bytes are, not what their name says; anything but PDF, JPEG and PNG is refused."""
    if not content:
        raise Rejected("文件是空的，请重新选择")
    if len(content) > LARGEST:
        raise Rejected("文件超过20MB，请压缩后再上传")
    for head, media_type, tail in _KINDS:
        if content.startswith(head):
            if tail not in content[-2048:]:
                raise Rejected("文件不完整或已损坏，请重新扫描后上传")
            if media_type == "application/pdf" and any(word in content for word in _ACTIVE):
                raise Rejected("该PDF含有脚本或内嵌文件，请另存为普通PDF后上传")
            return media_type
    raise Rejected("只接受PDF、JPG、PNG格式的文件")


def _seal(gathering: Gathering, order: KeepAttachment) -> _Sealed:
    kind = media_type_of(order.content)
    made = new_id()
    return _Sealed(made, kind, sealer().seal_file(order.content, str(made)), sm3_hex(order.content))


@action("attachments.keep", "上传材料", roles=STAFF | ENTERPRISE, gather=_seal, event="FILE.UPLOAD")
def keep_attachment(work: Work, order: KeepAttachment, kept: _Sealed) -> KeptAttachment:
    """Store one file; the record that cites its digest is written by its own action."""
    row = Attachment(
        id=kept.id,
        category=order.category[:40],
        file_name=Sealed.of_json(order.file_name[-120:]),
        media_type=kept.media_type,
        size=len(order.content),
        digest=kept.digest,
        content=kept.content,
        uploaded_by=work.caller.account_id,
        district_code=work.caller.district_code or "310000",
        street_code=work.caller.street_code,
    )
    work.add(row)
    work.trail.tell("FILE.UPLOAD", "attachments.keep", about=row, digest=kept.digest, detail={"size": row.size})
    return KeptAttachment(row.id, kept.digest)


@query("attachments.open", "查看材料", roles=CLERKS | CITY | ENTERPRISE, personal=True)
def open_attachment(work: Work, attachment_id: UUID) -> tuple[str, bytes]:
    """Media type and bytes of one visible file."""
    row = work.get(Attachment, attachment_id)
    return row.media_type, sealer().open_file(row.content, str(row.id))
