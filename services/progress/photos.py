"""Photos of progress reports: stripped on their way in, known again when another report uses the same picture (PRG-10)."""

from uuid import UUID

from sqlmodel import col, select

from models.documents import Attachment
from models.progress import ProgressPhoto, ProgressReport
from models.records import Revision, RevisionFile, RevisionState
from services.engine.kinds import Intake, Proposal
from services.engine.work import Work, shown_with
from services.files.photos import SIMILAR, Photo, difference, photo_of
from services.progress.photo_facts import SeenPhoto, SeenPhotos

shown_with(ProgressPhoto, "attachment_id", Attachment)
_PAST = (RevisionState.SUBMITTED, RevisionState.EFFECTIVE, RevisionState.SUPERSEDED)


def _prepare(content: bytes) -> tuple[bytes, Photo]:
    photo = photo_of(content)
    return photo.content, photo


def _keep(work: Work, version: Revision, attachment_id: UUID, photo: Photo) -> None:
    if version.project_id is None:
        return
    work.session.flush()
    digest = work.only(Attachment.digest, Attachment.id == attachment_id)
    work.add(
        ProgressPhoto(
            attachment_id=attachment_id,
            project_id=version.project_id,
            digest=digest,
            likeness=photo.likeness,
            width=photo.width,
            height=photo.height,
            taken_at=photo.taken_at,
            thumbnail=work.sealer.seal_file(photo.thumbnail, str(attachment_id)),
            kept_at=work.now,
        )
    )


#: On their way in photos lose what the camera noted, and what can be known of them is kept.
INTAKE = Intake(_prepare, _keep)


def photos_seen(work: Work, report: Proposal) -> SeenPhotos:
    """Return the photos of a report, each with the earlier report that had the same or a very similar picture."""
    ids = list(report.files.get("photos", ()))
    mine = {row.attachment_id: row for row in work.rows(ProgressPhoto, col(ProgressPhoto.attachment_id).in_(ids))}
    earlier = _earlier(work, report)
    seen: list[SeenPhoto] = []
    for file_id in ids:
        row = mine.get(file_id)
        name = f"第{len(seen) + 1}张"
        if row is None:
            seen.append(SeenPhoto(name))
            continue
        same = next((words for digest, _, words in earlier if digest == row.digest), "")
        like = next((words for _, one, words in earlier if difference(one, row.likeness) <= SIMILAR), "")
        seen.append(SeenPhoto(name, row.taken_at, same, like))
    return SeenPhotos(tuple(seen))


def _earlier(work: Work, report: Proposal) -> list[tuple[str, str, str]]:
    """Return digest, likeness and month of each photo that other reports of the project cite."""
    rows = work.session.exec(
        select(ProgressPhoto.digest, ProgressPhoto.likeness, Revision.record_id)
        .join(RevisionFile, col(RevisionFile.attachment_id) == col(ProgressPhoto.attachment_id))
        .join(Revision, col(Revision.id) == col(RevisionFile.revision_id))
        .where(
            ProgressPhoto.project_id == report.owner.project_id,
            Revision.record_id != report.record_id,
            col(Revision.state).in_(_PAST),
        )
        .order_by(col(ProgressPhoto.kept_at), col(ProgressPhoto.id))
    ).all()
    ids = {record_id for *_, record_id in rows}
    months = dict(
        work.session.exec(select(ProgressReport.id, ProgressReport.period).where(col(ProgressReport.id).in_(ids))).all()
    )
    return [(digest, likeness, months.get(one, "其他月份")) for digest, likeness, one in rows]
