"""Archives of handbooks: PDF, JSON and manifest, signed, sealed, verified; by stage, by quarter and by hand (row 79)."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import CITY_AUTHORITY, Role
from models.columns import new_id
from models.documents import Attachment, FileState
from models.handbooks import ArchiveState, ArchiveTrigger, Handbook, HandbookArchive
from models.projects import Project
from models.records import InForceState, Revision, RevisionFile
from models.sealing import CryptoError, sm3_hex
from services.audit.event_export import MANIFEST, signed_manifest, zipped
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import shanghai_text
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.kinds import KINDS
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, Unavailable
from services.engine.registry import action, query
from services.engine.words import enough_words
from services.engine.work import Work
from services.handbook.paper import handbook_page, rendered
from services.handbook.versions import READERS, content_of, latest_of, projects_in_force
from services.ports.systems import VIRUS_SCANNER

FORMAT = "shfg-handbook/1"
PDF, JSON = "handbook.pdf", "handbook.json"
#: Roles that archive a handbook by hand.
ARCHIVERS = {Role.PROJ_ADMIN, *CITY_AUTHORITY, Role.DIST_REVIEWER}
ALTERED = "归档包与归档时不一致，已报告安全管理员"
_QUARTERS = (3, 6, 9, 12)


@dataclass(frozen=True)
class ArchiveHandbook:
    """Put the newest version of a project's handbook aside."""

    project_id: UUID
    reason: str


@dataclass(frozen=True)
class Trigger:
    """The project whose handbook the night archives, and why."""

    project_id: UUID
    trigger: ArchiveTrigger


@dataclass(frozen=True)
class Package:
    """A signed package that was drawn outside the transaction; None where there is nothing to put aside."""

    handbook_id: UUID
    content_digest: str
    content: bytes


@dataclass(frozen=True)
class Waiting:
    """Files that are still checked for viruses: an archive made now would lack them for ever."""

    files: int


def _gather(gathering: Gathering, order: ArchiveHandbook | Trigger) -> Package | Waiting | None:
    scanned = gathering.systems.find(VIRUS_SCANNER) is not None
    found = gathering.look(lambda work: _source(work, order.project_id, scanned=scanned))
    if found is None or isinstance(found, Waiting):
        return found
    handbook, text, page = found
    parts = {PDF: rendered(page), JSON: text}
    about = {
        "format": FORMAT,
        "project": page.project,
        "version": handbook.version_label,
        "content": handbook.digest,
        "made": shanghai_text(gathering.now),
        "number": handbook.version_label,
    }
    manifest = signed_manifest(gathering.house.crypto, parts, about)
    content = zipped({**parts, MANIFEST: manifest}, gathering.now)
    return Package(handbook.id, handbook.digest, content)


def _source(work: Work, project_id: UUID, *, scanned: bool) -> tuple[Handbook, bytes, Any] | Waiting | None:
    handbook = work.first(work.visible(Handbook), Handbook.project_id == project_id, col(Handbook.latest).is_(True))
    if handbook is None:
        return None
    content = content_of(work, handbook)
    # Without a scanner no file is ever checked, and none waits for it.
    if scanned and (waiting := _unscanned(work, content)):
        return Waiting(waiting)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return handbook, text, handbook_page(work, handbook.id)


def _unscanned(work: Work, content: Mapping[str, Any]) -> int:
    """Return how many files that the records of a version cite are not checked for viruses yet."""
    cited = {(page["record_no"], page["version_no"]) for pages in content["chapters"].values() for page in pages}
    waiting = (
        select(Revision.record_no, Revision.version_no, func.count())
        .join(RevisionFile, col(RevisionFile.revision_id) == col(Revision.id))
        .join(Attachment, col(Attachment.id) == col(RevisionFile.attachment_id))
        .where(Attachment.state == FileState.UNSCANNED)
        .group_by(Revision.record_no, col(Revision.version_no))
    )
    return sum(count for number, version, count in work.session.exec(waiting).all() if (number, version) in cited)


@action("handbook.archive", "归档手册", roles=set(ARCHIVERS), gather=_gather, event="DATA.CREATE")
def archive_handbook(work: Work, order: ArchiveHandbook, package: Package | Waiting | None) -> UUID:
    """Put the newest version aside with a reason; one without a change since the last archive is marked."""
    work.find(work.visible(Project), Project.id == order.project_id)
    reason = enough_words(order.reason, "归档原因")
    if package is None:
        raise Conflict("该项目还没有手册，请先汇编")
    if isinstance(package, Waiting):
        raise Conflict(f"手册所引用的{package.files}个附件正在查毒，归档后不能补入，请查毒完成后再归档")
    return _keep(work, package, ArchiveTrigger.MANUAL, reason).id


@action("handbook.archive_due", "按阶段和季度归档", roles={Role.SYSTEM}, gather=_gather, event="DATA.CREATE")
def archive_due(work: Work, order: Trigger, package: Package | Waiting | None) -> int:
    """Put aside what is due tonight; while files are checked for viruses, the next night does it."""
    if not isinstance(package, Package):
        return 0
    _keep(work, package, order.trigger, "")
    return 1


def _keep(work: Work, package: Package, trigger: ArchiveTrigger, reason: str) -> HandbookArchive:
    handbook = work.get(Handbook, package.handbook_id)
    before = last_archive(work, handbook.project_id)
    row_id = new_id()
    row = HandbookArchive(
        id=row_id,
        handbook_id=handbook.id,
        project_id=handbook.project_id,
        district_code=handbook.district_code,
        head_company_id=handbook.head_company_id,
        project_company_id=handbook.project_company_id,
        stage=handbook.stage,
        trigger=trigger,
        reason=reason,
        unchanged=before is not None and before.content_digest == package.content_digest,
        digest=sm3_hex(package.content),
        content_digest=package.content_digest,
        size=len(package.content),
        package=work.sealer.seal_file(package.content, str(row_id)),
        archived_at=work.now,
    )
    work.add(row)
    number_later(work, "GD", row.district_code, work.today, lambda number: _number(work, row, number))
    work.trail.tell("DATA.CREATE", "handbook.archive", about=row, digest=row.digest)
    return row


def _number(work: Work, row: HandbookArchive, number: str) -> None:
    row.archive_no = number
    work.add(row)


def last_archive(work: Work, project_id: UUID) -> HandbookArchive | None:
    """Return the last archive of a project."""
    return work.first(
        HandbookArchive, HandbookArchive.project_id == project_id, by=col(HandbookArchive.archived_at).desc()
    )


def due(work: Work, project_id: UUID, today: date) -> ArchiveTrigger | None:
    """Return why a project's handbook is put aside tonight: a new stage, or the end of a quarter."""
    latest, before = latest_of(work, project_id), last_archive(work, project_id)
    if latest is None:
        return None
    if before is None or before.stage is not latest.stage:
        return ArchiveTrigger.STAGE
    quarter = [one for one in _QUARTERS if one < today.month]
    begun = date(today.year, (quarter[-1] if quarter else 0) + 1, 1)
    periodic = work.first(
        HandbookArchive,
        HandbookArchive.project_id == project_id,
        HandbookArchive.trigger == ArchiveTrigger.PERIODIC,
        by=col(HandbookArchive.archived_at).desc(),
    )
    last = periodic or before
    return ArchiveTrigger.PERIODIC if last.archived_at.date() < begun else None


@job("handbook.archive", "归档电子开发项目手册", at="02:10")
def archive_all(door: Door) -> int:
    """Put aside every handbook that is due, each in a transaction of its own."""
    done = 0
    for project_id in door.look(SYSTEM, projects_in_force):
        trigger = door.look(SYSTEM, lambda work, one=project_id: due(work, one, work.today))  # type: ignore[misc]
        if trigger is not None:
            done += door.perform(archive_due, SYSTEM, Trigger(project_id, trigger))
    return done


# Verification


def package_of(work: Work, archive: HandbookArchive) -> bytes | None:
    """Return the bytes of an archive, or None when they are not what was put aside."""
    try:
        plain = work.sealer.open_file(archive.package, str(archive.id))
    except CryptoError:
        return None
    return plain if sm3_hex(plain) == archive.digest else None


def is_whole(content: bytes) -> bool:
    """Tell if every part of a package is what its manifest says."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            said = json.loads(json.loads(archive.read(MANIFEST))["text"])
            files: Mapping[str, str] = said["files"]
            return set(archive.namelist()) == {*files, MANIFEST} and all(
                sm3_hex(archive.read(name)) == digest for name, digest in files.items()
            )
    except (zipfile.BadZipFile, KeyError, ValueError):
        return False


@action("handbook.verify", "核验归档", roles=set(READERS), event="DATA.STATE")
def verify_archive(work: Work, archive_id: UUID) -> ArchiveState:
    """Compute the digests of an archive again; one that was changed is an integrity failure of the highest grade."""
    return check_archive(work, work.get(HandbookArchive, archive_id))


def check_archive(work: Work, archive: HandbookArchive) -> ArchiveState:
    """Verify an archive and note the result."""
    content = package_of(work, archive)
    archive.condition = ArchiveState.INTACT if content is not None and is_whole(content) else ArchiveState.ALTERED
    archive.checked_at = work.now
    work.add(archive)
    if archive.condition is ArchiveState.ALTERED:
        work.trail.tell(
            "INTEGRITY.FAIL",
            "handbook.verify",
            result="error",
            reason="DIGEST",
            about=archive,
            digest=archive.digest,
            severity=1,
        )
    return archive.condition


@dataclass(frozen=True)
class ArchiveBytes:
    """An archive as it was put aside; `content` is None when what is stored is not that."""

    file_name: str
    content: bytes | None


@dataclass(frozen=True)
class ArchiveFile:
    """A package on its way out."""

    file_name: str
    content: bytes
    media_type: str = "application/zip"
    showable: bool = False


@query("handbook.package", "下载归档包", roles=set(READERS))
def archive_bytes(work: Work, archive_id: UUID) -> ArchiveBytes:
    """Return the package of a visible archive; the look is logged."""
    archive = work.get(HandbookArchive, archive_id)
    work.trail.tell("FILE.DOWNLOAD", "handbook.package", about=archive, digest=archive.digest)
    return ArchiveBytes(f"{archive.archive_no or archive.id}.zip", package_of(work, archive))


def open_archive(door: Door, caller: Caller, archive_id: UUID) -> ArchiveFile:
    """Return what a page hands out; a changed package is refused."""
    found = door.ask(archive_bytes, caller, archive_id)
    if found.content is None:
        raise Unavailable(ALTERED)
    return ArchiveFile(found.file_name, found.content)


@query("handbook.voided_since", "归档后作废的记录", roles=set(READERS))
def voided_since(work: Work, archive_id: UUID) -> list[str]:
    """Return the records an archive quotes that were voided since (HBK-05)."""
    archive = work.get(HandbookArchive, archive_id)
    handbook = work.first(Handbook, Handbook.id == archive.handbook_id)
    if handbook is None:
        return []
    pages = [page for pages in content_of(work, handbook)["chapters"].values() for page in pages]
    gone = []
    for page in pages:
        kind = KINDS.get(page["kind"])
        table: Any = kind.table if kind else None
        if table is not None and work.has(
            table, table.record_no == page["record_no"], table.in_force == InForceState.VOIDED
        ):
            gone.append(f"{page['label']}{page['record_no']}")
    return gone
