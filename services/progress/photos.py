"""Photos of progress reports: stripped on their way in, known again when another report uses the same picture (PRG-10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from models.access import MARKET
from models.documents import Attachment
from models.progress import ProgressPhoto, ProgressReport
from models.records import InForceState, Revision, RevisionFile, RevisionState
from services.engine.kinds import MARKET_OFFICES, Intake, Proposal
from services.engine.registry import query
from services.engine.work import Work, shown_with
from services.files.photos import SIMILAR, Photo, difference, photo_of
from services.progress.photo_facts import SeenPhoto, SeenPhotos

shown_with(ProgressPhoto, "attachment_id", Attachment)
SLOT = "photos"
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
    return known_photos(work, ids, report.record_id, report.owner.project_id)


def known_photos(work: Work, ids: Sequence[UUID], record_id: UUID, project_id: UUID | None) -> SeenPhotos:
    """Return photos in their order, each with the other report of the project that had the same or a very similar picture."""
    mine = {row.attachment_id: row for row in work.rows(ProgressPhoto, col(ProgressPhoto.attachment_id).in_(ids))}
    others = _others(work, record_id, project_id)
    seen: list[SeenPhoto] = []
    for file_id in ids:
        row = mine.get(file_id)
        name = f"第{len(seen) + 1}张"
        if row is None:
            seen.append(SeenPhoto(name))
            continue
        same = next((words for digest, _, words in others if digest == row.digest), "")
        like = next((words for _, one, words in others if difference(one, row.likeness) <= SIMILAR), "")
        seen.append(SeenPhoto(name, row.taken_at, same, like))
    return SeenPhotos(tuple(seen))


def _others(work: Work, record_id: UUID, project_id: UUID | None) -> list[tuple[str, str, str]]:
    """Return digest, likeness and month of each photo that other reports of the project cite."""
    rows = work.session.exec(
        select(ProgressPhoto.digest, ProgressPhoto.likeness, Revision.record_id)
        .join(RevisionFile, col(RevisionFile.attachment_id) == col(ProgressPhoto.attachment_id))
        .join(Revision, col(Revision.id) == col(RevisionFile.revision_id))
        .where(
            ProgressPhoto.project_id == project_id,
            Revision.record_id != record_id,
            col(Revision.state).in_(_PAST),
        )
        .order_by(col(ProgressPhoto.kept_at), col(ProgressPhoto.id))
    ).all()
    months = _months(work, {found for *_, found in rows})
    return [(digest, likeness, months[one]) for digest, likeness, one in rows]


def _months(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    """Return the month of each report, of one that was only submitted as its latest version says."""
    months: dict[UUID, str] = {}
    for row in work.rows(Revision, col(Revision.record_id).in_(ids), by=Revision.version_no):
        months[row.record_id] = str(row.payload.json().get("values", {}).get("period") or "其他月份")
    return months


# Looking at photos


@query("progress.thumbnail", "查看照片缩略图", roles=set(MARKET_OFFICES.readers | MARKET))
def thumbnail(work: Work, attachment_id: UUID) -> bytes:
    """Return the thumbnail of a photo that the caller sees."""
    row = work.find(work.visible(ProgressPhoto), ProgressPhoto.attachment_id == attachment_id)
    return work.sealer.open_file(row.thumbnail, str(attachment_id))


@dataclass(frozen=True)
class ShownPhoto:
    """A photo by its attachment, with when it was taken and what speaks against it."""

    id: UUID
    name: str
    taken_at: datetime | None
    told: str = ""


@dataclass(frozen=True)
class PhotosBeside:
    """The photos of a report and those of the report in force before it."""

    period: str
    photos: tuple[ShownPhoto, ...]
    earlier_period: str = ""
    earlier: tuple[ShownPhoto, ...] = ()


@query("progress.photos_beside", "对比现场照片", roles=set(MARKET_OFFICES.readers | MARKET))
def photos_beside(work: Work, revision_id: UUID) -> PhotosBeside:
    """Return the photos of a version beside those of the month before, for its reviewer."""
    version = work.get(Revision, revision_id)
    period = str(version.payload.json().get("values", {}).get("period") or "")
    before = work.first(
        work.visible(ProgressReport),
        ProgressReport.project_id == version.project_id,
        ProgressReport.in_force == InForceState.EFFECTIVE,
        ProgressReport.period < period,
        by=col(ProgressReport.period).desc(),
    )
    mine = _shown(work, version.id, version.record_id, version.project_id, period)
    if before is None:
        return PhotosBeside(period, mine)
    shown = _shown(work, before.revision_id, before.id, before.project_id, before.period)
    # What speaks against a photo is said of the month that is reviewed.
    return PhotosBeside(period, mine, before.period, tuple(replace(one, told="") for one in shown))


def _shown(
    work: Work, revision_id: UUID, record_id: UUID, project_id: UUID | None, period: str
) -> tuple[ShownPhoto, ...]:
    cited = work.rows(RevisionFile, RevisionFile.revision_id == revision_id, by=RevisionFile.place)
    ids = [row.attachment_id for row in cited if row.slot == SLOT]
    seen = known_photos(work, ids, record_id, project_id)
    return tuple(
        ShownPhoto(file_id, one.name, one.taken_at, one.told(period))
        for file_id, one in zip(ids, seen.photos, strict=True)
    )
