"""Attachments of kept records: handed in by the version's editor, inspected by content, sealed (market 2.0)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.access import KEEPERS, Role
from models.documents import Attachment, FileState
from models.records import Revision, RevisionState
from services.documents.attachments import Examined, KeepAttachment, KeptAttachment, examined, store_attachment
from services.engine.door import Gathering
from services.engine.kinds import KINDS, Slot, may_draft
from services.engine.record_files import OF_RECORDS, has_room
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.files.file_refusals import FileRefused
from services.files.inspection import ACCEPTED, inspect_record_file
from services.files.inspection import LARGEST_RECORD as LARGEST

__all__ = ["ACCEPTED", "LARGEST", "AttachFile", "attach_file"]
_WRITERS = KEEPERS | {Role.SPATIAL_OPERATOR}
_OPEN = (RevisionState.DRAFT, RevisionState.RETURNED)


@dataclass(frozen=True)
class AttachFile:
    """A file for a slot of a version; the version cites it once it is saved with the id that is answered."""

    revision_id: UUID
    slot: str
    file_name: str
    content: bytes


@dataclass(frozen=True)
class Taken:
    """The content that is stored, looked into and sealed, and what its slot read of the file that was handed in."""

    content: bytes
    examined: Examined
    read: Any = None


def _examine(gathering: Gathering, order: AttachFile) -> Taken:
    # Whose version it is and whether there is room is asked before fifty megabytes are looked into.
    slot = gathering.look(lambda work: _slot_of(_its_version(work, order), order))
    content, read = order.content, None
    if slot.intake is not None:
        # The intake judges what was handed in, in the words of its own files; what it made is inspected like any other.
        content, read = slot.intake.prepare(order.content)
    return Taken(content, examined(gathering, content, inspect_record_file(content)), read)


def _slot_of(revision: Revision, order: AttachFile) -> Slot:
    return next(slot for slot in KINDS[revision.kind].slots if slot.name == order.slot)


@action("records.attach", "上传附件", roles=set(_WRITERS), gather=_examine, event="FILE.UPLOAD")
def attach_file(work: Work, order: AttachFile, taken: Taken) -> KeptAttachment:
    """Store a file for a version of the caller's office; the content a slot holds already is not stored again."""
    revision, found = _its_version(work, order), taken.examined
    slot = _slot_of(revision, order)
    same = select(Attachment).where(
        Attachment.object_id == revision.record_id,
        Attachment.category == slot.label[:40],
        Attachment.digest == found.digest,
        Attachment.state != FileState.QUARANTINED,
    )
    if (known := work.session.exec(same).first()) is not None:
        return KeptAttachment(known.id, known.digest, True, "该文件已上传过，未重复保存")
    kept = KeepAttachment(slot.label, order.file_name, taken.content)
    answer = store_attachment(work, kept, found, object_kind=OF_RECORDS, object_id=revision.record_id)
    if slot.intake is not None:
        slot.intake.keep(work, revision, answer.id, taken.read)
    return answer


def _its_version(work: Work, order: AttachFile) -> Revision:
    revision = work.get(Revision, order.revision_id)
    kind = KINDS.get(revision.kind)
    if kind is None:
        raise NotFound
    if not may_draft(kind, work.caller) or revision.author_unit != work.caller.unit_id:
        raise NotAllowed("只有起草单位可以上传附件")
    if revision.state not in _OPEN:
        raise Conflict(f"当前状态为“{revision.state.label}”，不能上传附件")
    if order.slot not in {slot.name for slot in kind.slots}:
        raise Rejected("没有这个附件栏，请刷新页面后重新上传")
    if len(order.content) > LARGEST:
        raise FileRefused("FILE-SIZE", "文件超过50MB，请压缩或拆分后再上传")
    has_room(work, revision, len(order.content))
    return revision
