"""Attachments: uploaded files, checked by content, sealed, and identified by their digest (leasing 2.0, D17)."""

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.access import KEEPERS, Role
from models.columns import new_id
from models.documents import FILE_SCAN, Attachment, FileState
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.access.visibility import CITY, CLERKS, ENTERPRISE, STAFF
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.record_files import OF_RECORDS, cited_by_seen, is_previewed
from services.engine.refusals import Conflict, Refusal
from services.engine.registry import action, query
from services.engine.steps import begin_in, take_step
from services.engine.work import Work, visible_rows
from services.files.inspection import LARGEST, Inspected, inspect_material
from services.files.names import clean_file_name
from services.ports.systems import VIRUS_SCANNER, Scan, Systems

__all__ = ["LARGEST", "KeepAttachment", "keep_attachment", "open_attachment", "opened"]
log = logging.getLogger("shenfang.files")
VIRUS = "病毒"
_AT_ONCE = 20
#: Who else reads kept records, and with them their files.
RECORD_READERS = KEEPERS | {Role.SPATIAL_OPERATOR, Role.SPATIAL_REVIEWER, Role.ANALYST}


_OF_ROWS: dict[str, Any] = {}


def goes_with(kind: str, table: Any) -> None:
    """Show the attachments whose `object_kind` this is to those who see the row of `table` they were handed in for."""
    _OF_ROWS[kind] = table


@visible_rows(Attachment)
def with_office(work: Work, table: Any) -> Any:
    """Show an attachment to its office and the city; one of a kept record with a version that cites it, others with the
    row they were handed in for."""
    caller = work.caller
    if caller.has(Role.SYSTEM):
        return sa.true()
    allowed: list[Any] = [sa.false()]
    if caller.account_id is not None:
        allowed.append(col(table.created_by) == caller.account_id)
    if caller.has(*CITY):
        allowed.append(col(table.object_kind) != OF_RECORDS)
    if caller.has(*RECORD_READERS):
        allowed.append(cited_by_seen(work, table))
    for kind, rows in _OF_ROWS.items():
        seen: Any = work.visible(rows).with_only_columns(rows.id)
        allowed.append(sa.and_(col(table.object_kind) == kind, col(table.object_id).in_(seen)))
    return sa.or_(*allowed)


@dataclass(frozen=True)
class KeepAttachment:
    """A file as it was uploaded; its name is kept for people and never used as a path."""

    category: str
    file_name: str
    content: bytes


@dataclass(frozen=True)
class KeptAttachment:
    """A stored file. An infected file is kept for staff on duty and is not `usable`."""

    id: UUID
    digest: str
    usable: bool = True
    note: str = ""


@dataclass(frozen=True)
class Examined:
    """A file looked into and sealed, with no transaction open."""

    id: UUID
    inspected: Inspected
    scan: Scan
    sealed: bytes
    digest: str


def _examine(gathering: Gathering, order: KeepAttachment) -> Examined:
    return examined(gathering, order.content, inspect_material(order.content))


def examined(gathering: Gathering, content: bytes, inspected: Inspected) -> Examined:
    """Scan and seal content whose kind has been accepted elsewhere."""
    scan = _scan(gathering.systems, content)
    made = new_id()
    return Examined(made, inspected, scan, gathering.sealer.seal_file(content, str(made)), sm3_hex(content))


def _scan(systems: Systems, content: bytes) -> Scan:
    scanner = systems.find(VIRUS_SCANNER)
    return scanner.scan(content) if scanner is not None else Scan("silent")


@action("attachments.keep", "上传材料", roles=STAFF | ENTERPRISE, gather=_examine, event="FILE.UPLOAD")
def keep_attachment(work: Work, order: KeepAttachment, found: Examined) -> KeptAttachment:
    """Store one file; the record that cites its digest is written by its own action."""
    return store_attachment(work, order, found)


def store_attachment(
    work: Work, order: KeepAttachment, found: Examined, *, object_kind: str = "", object_id: UUID | None = None
) -> KeptAttachment:
    """Store a file that belongs to a known object."""
    row = Attachment(
        id=found.id,
        category=order.category[:40],
        file_name=Sealed.of_json(clean_file_name(order.file_name, found.inspected.extension)),
        media_type=found.inspected.media_type,
        size=len(order.content),
        digest=found.digest,
        content=found.sealed,
        object_kind=object_kind,
        object_id=object_id,
        uploaded_by=work.caller.account_id,
        district_code=work.caller.district_code or "310000",
        street_code=work.caller.street_code,
        kept_apart="、".join(found.inspected.active),
    )
    if row.kept_apart:
        begin_in(row, FileState.QUARANTINED)
    work.add(row)
    work.trail.tell("FILE.UPLOAD", "attachments.keep", about=row, digest=found.digest, detail={"size": row.size})
    _take_scan(work, row, found.scan)
    if row.kept_apart:
        _tell_quarantine(work, row)
    return KeptAttachment(row.id, row.digest, VIRUS not in row.kept_apart, _note(row))


def _take_scan(work: Work, row: Attachment, scan: Scan) -> None:
    """Return what the scanner said; silence leaves the file as it is."""
    if scan.state == "silent":
        return
    row.scanned_at, row.scanner = work.at, scan.engine
    if scan.state == "infected":
        take_step(work, row, FILE_SCAN, "quarantine", log=False)
        row.kept_apart = "、".join(part for part in (VIRUS, row.kept_apart) if part)
        raise_alarm(work, "FILE.INFECTED", "上传的文件含有病毒，已隔离", about=row)
    elif not row.kept_apart:
        take_step(work, row, FILE_SCAN, "clear", log=False)


def _tell_quarantine(work: Work, row: Attachment) -> None:
    work.trail.tell(
        "FILE.QUARANTINE",
        "attachments.keep",
        about=row,
        digest=row.digest,
        reason="VIRUS" if VIRUS in row.kept_apart else "ACTIVE",
        severity=4,
    )


def _note(row: Attachment) -> str:
    if VIRUS in row.kept_apart:
        return "该文件含有病毒，已隔离，不作为材料；请更换文件"
    if row.kept_apart:
        return f"该文件含有{row.kept_apart}，已隔离保存，只能下载查看"
    return ""


@dataclass(frozen=True)
class OpenedAttachment:
    """A file on its way out. Only a clean picture, and of a kept record a clean PDF, may be shown in a page; everything
    else is a download."""

    file_name: str
    media_type: str
    content: bytes
    showable: bool


@query("attachments.open", "查看材料", roles=CLERKS | CITY | ENTERPRISE | RECORD_READERS, personal=True)
def open_attachment(work: Work, attachment_id: UUID) -> OpenedAttachment:
    """Return a visible file; what was changed where it lies is not opened, what has a virus is not handed out."""
    return opened(work, work.get(Attachment, attachment_id), "attachments.open")


def opened(work: Work, row: Attachment, act: str) -> OpenedAttachment:
    """Return a visible file and log it; an infected file is refused."""
    if VIRUS in row.kept_apart:
        raise Conflict("该文件含有病毒，已隔离，不能下载")
    work.trail.tell("FILE.DOWNLOAD", act, about=row, digest=row.digest)
    return OpenedAttachment(
        row.file_name.json(),
        row.media_type,
        work.sealer.open_file(row.content, str(row.id)),
        _is_showable(row),
    )


def _is_showable(row: Attachment) -> bool:
    if row.state is not FileState.CLEAN:
        return False
    return row.media_type.startswith("image/") or (
        row.object_kind == OF_RECORDS and is_previewed(row.media_type, row.state)
    )


@query("attachments.unscanned", "待查毒材料", roles={Role.SYSTEM})
def unscanned_attachments(work: Work, most: int) -> list[UUID]:
    """Files no scanner has answered for yet, the oldest first."""
    return list(work.rows(Attachment.id, col(Attachment.scanned_at).is_(None), by=Attachment.created_at, most=most))


def _scan_again(gathering: Gathering, attachment_id: UUID) -> Scan:
    content: bytes = gathering.look(lambda work: _content_of(work, attachment_id))
    return _scan(gathering.systems, content)


def _content_of(work: Work, attachment_id: UUID) -> bytes:
    row = _row(work, attachment_id)
    return work.sealer.open_file(row.content, str(row.id))


def _row(work: Work, attachment_id: UUID) -> Attachment:
    return work.find(Attachment, Attachment.id == attachment_id)


@action("attachments.scan", "材料查毒", roles={Role.SYSTEM}, gather=_scan_again, event="")
def scan_attachment(work: Work, attachment_id: UUID, scan: Scan) -> bool:
    """Ask again about a file that was taken in while no scanner answered; true when one did."""
    row = _row(work, attachment_id)
    _take_scan(work, row, scan)
    work.add(row)
    if scan.state == "infected":
        _tell_quarantine(work, row)
    return scan.state != "silent"


@job("files.scan", "材料补查毒", every=60)
def scan_waiting(door: Door) -> int:
    """Scan what waits; while the scanner is silent the rest waits for the next round."""
    done = 0
    if door.systems.find(VIRUS_SCANNER) is None:
        return done
    for attachment_id in door.ask(unscanned_attachments, SYSTEM, _AT_ONCE):
        try:
            if not door.perform(scan_attachment, SYSTEM, attachment_id):
                break
            done += 1
        except Refusal as refusal:
            log.info("file %s was not scanned: %s", attachment_id, type(refusal).__name__)
    return done
