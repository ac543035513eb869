"""Portraits: made upright and clean, kept sealed, shown to those who may, looked at for faces by night (K07)."""

import io
import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PIL import Image
from sqlmodel import col, select

from models.access import Role
from models.columns import new_id
from models.practitioner_codes import FaceSeen
from models.practitioners import Portrait
from models.sealing import CryptoError, Sealer, sm3_hex
from services.access.visibility import CITY, ENTERPRISE, firm_id_of_caller
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.findings import Finding, Severity
from services.engine.jobs import job
from services.engine.look_ups import row_by
from services.engine.refusals import NotFound
from services.engine.registry import action, query
from services.engine.thresholds import Thresholds
from services.engine.work import Work
from services.practitioners.faces import SENTENCES, can_look, judged, look_at
from services.practitioners.orders import KeptPortrait
from services.practitioners.pictures import BadPicture, drawn_anew, is_blank, on_white, opened
from services.practitioners.records import kept_file
from services.practitioners.visibility import DISTRICT, WINDOW

#: Two inches at 300 dots an inch; a bigger portrait shows no more on a card.
_BOX = (413, 626)


@dataclass(frozen=True)
class MadePortrait:
    """A portrait ready to be kept; without `sealed` it cannot be used and the findings say why."""

    id: UUID
    width: int = 0
    height: int = 0
    turned: bool = False
    sealed: bytes = b""
    digest: str = ""
    face: FaceSeen | None = None
    findings: tuple[Finding, ...] = ()


def make_portrait(sealer: Sealer, content: bytes, thresholds: Thresholds) -> MadePortrait:
    """Turn, clean, look at and seal a photo; needs no database and takes its time, so never inside a transaction.

    What the detector of faces says is a warning and refuses nothing (K07).
    """
    made = new_id()
    try:
        image, turned = opened(content, most_kb=thresholds.integer("practitioners.photo_kb"), what="照片")
        shown = on_white(image)
        if is_blank(shown):
            raise BadPicture("照片是一片空白，请更换")
        plain, width, height = drawn_anew(shown, "JPEG", _BOX)
    except BadPicture as bad:
        return MadePortrait(made, findings=(_told(f"照片不符合要求：{bad.sentence}", Severity.CORRECT),))
    face = judged(look_at(shown), thresholds)
    sentences = (
        *(("照片已按拍摄方向自动转正，请核对是否正立",) if turned else ()),
        *((SENTENCES[face],) if face in SENTENCES else ()),
    )
    found = tuple(_told(sentence, Severity.WARN) for sentence in sentences)
    sealed = sealer.seal_file(plain, str(made))
    return MadePortrait(made, width, height, turned, sealed, sm3_hex(plain), face, found)


def _told(message: str, severity: Severity) -> Finding:
    return Finding(code="K07", message=message, field="portrait", severity=severity)


def store_portrait(work: Work, firm_id: UUID, made: MadePortrait) -> Portrait:
    """Keep a portrait for a firm."""
    row = Portrait(
        id=made.id,
        enterprise_id=firm_id,
        digest=made.digest,
        width=made.width,
        height=made.height,
        content=made.sealed,
        kept_at=work.now,
        face=made.face,
    )
    return work.add(row)


def _make(gathering: Gathering, content: bytes) -> MadePortrait:
    return make_portrait(gathering.sealer, content, gathering.thresholds)


@action("practitioners.keep_portrait", "上传从业人员照片", roles=ENTERPRISE, gather=_make, event="FILE.UPLOAD")
def keep_portrait(work: Work, content: bytes, made: MadePortrait) -> KeptPortrait:
    """Store a portrait of the caller's firm, or return why it cannot be used."""
    firm_id = firm_id_of_caller(work)
    if not made.sealed:
        return KeptPortrait(None, turned=False, findings=made.findings)
    row = store_portrait(work, firm_id, made)
    work.trail.tell("FILE.UPLOAD", "practitioners.keep_portrait", about=row, digest=row.digest)
    return KeptPortrait(row.id, turned=made.turned, findings=made.findings)


def portrait_of(work: Work, portrait_id: UUID | None) -> bytes:
    """Return the portrait as JPEG, empty if there is none. The calling function checks the right to it.

    Raises `RowTampered` when the stored bytes were changed.
    """
    if portrait_id is None:
        return b""
    row = row_by(work, Portrait, portrait_id)
    return kept_file(work.sealer, row, row.content) if row is not None else b""


@query("practitioners.portrait", "查看从业人员照片", roles=ENTERPRISE | DISTRICT | WINDOW | CITY, personal=True)
def see_portrait(work: Work, portrait_id: UUID) -> bytes:
    """A portrait the caller may see, as JPEG."""
    row = work.get(Portrait, portrait_id)
    found = portrait_of(work, row.id)
    if not found:
        raise NotFound
    return found


log = logging.getLogger("shenfang.practitioners")
#: Portraits looked at in one transaction, and in one night: some minutes of one core.
AT_ONCE, A_NIGHT = 100, 5_000


@dataclass(frozen=True)
class LookAtUnseen:
    """An order to examine `most` unexamined portraits, newest first, beginning with those older than `before`."""

    most: int = AT_ONCE
    before: UUID | None = None


def _look_again(gathering: Gathering, order: LookAtUnseen) -> dict[UUID, FaceSeen | None]:
    """Opening and looking take their time, so no transaction is open meanwhile; a portrait's picture never changes."""
    found = gathering.look(lambda work: _unseen(work, min(order.most, AT_ONCE), order.before))
    return {row_id: _seen(gathering.sealer, row_id, content, gathering.thresholds) for row_id, content in found}


def _unseen(work: Work, most: int, before: UUID | None) -> list[tuple[UUID, bytes]]:
    # Ids grow with time. A row that was found changed is left to those who look into it.
    columns: Any = select(Portrait.id, Portrait.content)
    rows = columns.where(col(Portrait.face).is_(None), col(Portrait.id).not_in(work.locked("portrait")))
    if before is not None:
        rows = rows.where(col(Portrait.id) < before)
    return list(work.session.exec(rows.order_by(col(Portrait.id).desc()).limit(most)).all())


def _seen(sealer: Sealer, row_id: UUID, content: bytes, thresholds: Thresholds) -> FaceSeen | None:
    """Return None where no detector is installed or the picture cannot be opened; neither counts against the holder."""
    try:
        picture = Image.open(io.BytesIO(sealer.open_file(content, str(row_id))), formats=("JPEG",))
        picture.load()
    except (CryptoError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        log.warning("portrait %s could not be looked at: %s", row_id, type(problem).__name__)
        return None
    return judged(look_at(picture), thresholds)


@action("practitioners.look_at_unseen", "补检从业人员照片", roles={Role.SYSTEM}, gather=_look_again, event="")
def look_at_unseen(work: Work, order: LookAtUnseen, seen: dict[UUID, FaceSeen | None]) -> tuple[int, int, UUID | None]:
    """Mark what was seen, as with a new portrait; returns how many were looked at, how many marked, and the last."""
    marks = {row_id: face for row_id, face in seen.items() if face is not None}
    rows = work.free(select(Portrait).where(col(Portrait.id).in_(list(marks)), col(Portrait.face).is_(None))).all()
    for row in rows:
        row.face = marks[row.id]
        work.add(row)
    if rows:
        work.trail.tell("DATA.UPDATE", "practitioners.look_at_unseen", detail={"portraits": len(rows)})
    return len(seen), len(rows), list(seen)[-1] if seen else None


# After the nightly scans, so that what they have locked is left alone.
@job("practitioners.look_at_unseen", "补检从业人员照片", at="04:20")
def look_at_all_unseen(door: Door) -> int:
    """Some of them each night, none where there is no detector."""
    marked, taken = 0, 0
    before: UUID | None = None
    # The detector is loaded, for 16 MB, only where there is something to look at.
    able = bool(door.look(SYSTEM, lambda work: _unseen(work, 1, None))) and can_look()
    while taken < A_NIGHT and able:
        order = LookAtUnseen(min(AT_ONCE, A_NIGHT - taken), before)
        seen, new, before = door.perform(look_at_unseen, SYSTEM, order)
        marked, taken = marked + new, taken + seen
        if not seen:
            break
    return marked
