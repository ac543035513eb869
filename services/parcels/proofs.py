"""The deal's paper a head company claims a parcel with (成交确认书): its own until it claims, then both sides' (row 55)."""

from dataclasses import dataclass
from uuid import UUID

from models.access import AUTHORITY, HEAD_OFFICE
from models.documents import Attachment
from models.parcels import ParcelHeadLink
from services.documents.attachments import (
    Examined,
    KeepAttachment,
    OpenedAttachment,
    examined,
    opened,
    store_attachment,
)
from services.engine.door import Gathering
from services.engine.refusals import NotAllowed, NotFound
from services.engine.registry import action, query
from services.engine.work import Work
from services.files.file_refusals import FileRefused
from services.files.inspection import LARGEST_RECORD as LARGEST
from services.files.inspection import inspect_record_file

_KIND = "parcel_proof"


@dataclass(frozen=True)
class KeepProof:
    file_name: str
    content: bytes


def _examine(gathering: Gathering, order: KeepProof) -> Examined:
    if len(order.content) > LARGEST:
        raise FileRefused("FILE-SIZE", "文件超过50MB，请压缩或拆分后再上传")
    return examined(gathering, order.content, inspect_record_file(order.content))


@action("parcels.keep_proof", "上传成交确认书", roles=set(HEAD_OFFICE), gather=_examine, event="FILE.UPLOAD")
def keep_proof(work: Work, order: KeepProof, found: Examined) -> UUID:
    """Keep a paper for a claim of the own company."""
    if work.caller.enterprise_id is None:
        raise NotAllowed("只有总公司可以上传成交确认书")
    kept = KeepAttachment("成交确认书", order.file_name, order.content)
    return store_attachment(work, kept, found, object_kind=_KIND, object_id=work.caller.enterprise_id).id


@query("parcels.proof", "查看成交确认书", roles=set(AUTHORITY | HEAD_OFFICE), personal=True)
def open_proof(work: Work, order: UUID) -> OpenedAttachment:
    """The paper of a link one may see."""
    link = work.get(ParcelHeadLink, order)
    row = work.find(Attachment, Attachment.id == link.proof_id, missing=NotFound("该关联没有成交确认书"))
    return opened(work, row, "parcels.proof")


def own_proof(work: Work, proof_id: UUID) -> Attachment:
    """A paper the caller's company has handed in; any other is not found."""
    return work.find(
        Attachment,
        Attachment.id == proof_id,
        Attachment.object_kind == _KIND,
        Attachment.object_id == work.caller.enterprise_id,
        missing=NotFound("成交确认书不存在，请重新上传"),
    )
