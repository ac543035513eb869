"""Attachments of kept records: the files a version cites, visible to those who see the version (market 2.0)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.documents import Attachment, FileState
from models.records import Revision, RevisionFile
from models.sealed import Sealed, open_token
from models.sealing import Sealer
from services.engine.cycle_orders import FileLine
from services.engine.refusals import NotFound, Rejected
from services.engine.work import Work

#: `Attachment.object_kind` of what was handed in for a kept record.
OF_RECORDS = "kept_record"
LARGEST_OF_RECORD = 200 << 20
MOST_FILES = 200
_FULL = "一份记录的附件合计不能超过200MB，请压缩或删减后再上传"


def cite_files(work: Work, revision: Revision, files: Mapping[str, Sequence[UUID]]) -> None:
    """Have a version cite exactly these files; one the caller does not see is `NotFound`, too much is refused."""
    wanted = {(slot, file_id): place for slot, ids in files.items() for place, file_id in enumerate(ids, 1)}
    if len(wanted) > MOST_FILES:
        raise Rejected(f"一份记录最多{MOST_FILES}个附件，请合并后上传")
    held = work.rows(RevisionFile, RevisionFile.revision_id == revision.id)
    cited = {(row.slot, row.attachment_id): row for row in held}
    known = {file_id for _, file_id in cited}
    ids = {file_id for _, file_id in wanted}
    if new := ids - known:
        seen: Any = work.visible(Attachment).with_only_columns(col(Attachment.id))
        if set(work.session.connection().execute(seen.where(col(Attachment.id).in_(new))).scalars()) != new:
            raise NotFound("附件不存在或已删除，请重新上传")
    if ids and _size(work, ids) > LARGEST_OF_RECORD:
        raise Rejected(_FULL)
    for key, row in cited.items():
        if key not in wanted:
            work.session.delete(row)
    for (slot, file_id), place in wanted.items():
        known_row = cited.get((slot, file_id))
        if known_row is None:
            work.add(RevisionFile(revision_id=revision.id, attachment_id=file_id, slot=slot, place=place))
        elif known_row.place != place:
            known_row.place = place
            work.add(known_row)


def forget_files(work: Work, revision: Revision) -> None:
    """A version that goes cites nothing any more."""
    for row in work.rows(RevisionFile, RevisionFile.revision_id == revision.id):
        work.session.delete(row)


def has_room(work: Work, revision: Revision, size: int) -> None:
    """Refuse a file that would make a version's attachments too large together."""
    cited = select(RevisionFile.attachment_id).where(RevisionFile.revision_id == revision.id)
    if _size(work, set(work.session.exec(cited).all())) + size > LARGEST_OF_RECORD:
        raise Rejected(_FULL)


def file_lines(work: Work, revision_id: UUID) -> tuple[FileLine, ...]:
    """The files of a version the caller sees, by slot, in their order; without their contents."""
    columns: Any = (
        Attachment.id,
        RevisionFile.slot,
        Attachment.file_name,
        Attachment.size,
        Attachment.digest,
        Attachment.media_type,
        Attachment.state,
    )
    rows = work.session.exec(
        select(*columns)
        .join(RevisionFile, col(RevisionFile.attachment_id) == col(Attachment.id))
        .where(RevisionFile.revision_id == revision_id)
        .order_by(col(RevisionFile.slot), col(RevisionFile.place), col(RevisionFile.id))
    ).all()
    return tuple(
        FileLine(row_id, slot, _name(work.sealer, row_id, name), size, digest, is_previewed(media_type, state))
        for row_id, slot, name, size, digest, media_type, state in rows
    )


def is_previewed(media_type: str, state: FileState) -> bool:
    """PDF and pictures are shown in a page, unless something in them acts by itself."""
    shown = media_type == "application/pdf" or media_type.startswith("image/")
    return shown and state is not FileState.QUARANTINED


def _name(sealer: Sealer, row_id: UUID, name: Sealed) -> str:
    # A column read without its row must be given the row it is of.
    return str(json.loads(open_token(sealer, "attachment", "file_name", row_id, name.token)))


def _size(work: Work, ids: set[UUID]) -> int:
    if not ids:
        return 0
    total = select(func.coalesce(func.sum(col(Attachment.size)), 0)).where(col(Attachment.id).in_(ids))
    return int(work.session.exec(total).one())


def cited_by_seen(work: Work, table: Any) -> Any:
    """Return where clause: attachments that a version cites which the caller sees."""
    seen: Any = work.visible(Revision).with_only_columns(col(Revision.id))
    return col(table.id).in_(select(RevisionFile.attachment_id).where(col(RevisionFile.revision_id).in_(seen)))
