"""Portraits: made upright and clean before the transaction, kept sealed, shown to the firm, the district and the city (K07)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import select

from models.columns import new_id
from models.practitioner_codes import FaceSeen
from models.practitioners import Portrait
from models.sealing import Sealer, sm3_hex
from services.access.visibility import CITY, ENTERPRISE
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.refusals import NotFound
from services.engine.registry import action, query
from services.engine.thresholds import Thresholds
from services.engine.work import Work
from services.practitioners.faces import SENTENCES, judged, look_at
from services.practitioners.orders import KeepPortrait, KeptPortrait
from services.practitioners.pictures import BadPicture, drawn_anew, is_blank, on_white, opened
from services.practitioners.records import firm_id_of_caller, kept_file
from services.practitioners.thresholds import PHOTO_KB
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
        image, turned = opened(content, most_kb=thresholds.integer(PHOTO_KB), what="照片")
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
    work.add(row)
    return row


def _make(gathering: Gathering, order: KeepPortrait) -> MadePortrait:
    return make_portrait(gathering.sealer, order.content, gathering.thresholds)


@action("practitioners.keep_portrait", "上传从业人员照片", roles=ENTERPRISE, gather=_make, event="FILE.UPLOAD")
def keep_portrait(work: Work, order: KeepPortrait, made: MadePortrait) -> KeptPortrait:
    """Store a portrait of the caller's firm, or return why it cannot be used."""
    firm_id = firm_id_of_caller(work)
    if not made.sealed:
        return KeptPortrait(None, 0, 0, turned=False, findings=made.findings)
    row = store_portrait(work, firm_id, made)
    work.trail.tell("FILE.UPLOAD", "practitioners.keep_portrait", about=row, digest=row.digest)
    return KeptPortrait(row.id, row.width, row.height, turned=made.turned, findings=made.findings)


def portrait_of(work: Work, portrait_id: UUID | None) -> bytes:
    """Return the portrait as JPEG, empty if there is none. The calling function checks the right to it.

    Raises `RowTampered` when the stored bytes were changed.
    """
    if portrait_id is None:
        return b""
    row = work.session.exec(select(Portrait).where(Portrait.id == portrait_id)).first()
    return kept_file(work.sealer, row, row.content) if row is not None else b""


@query("practitioners.portrait", "查看从业人员照片", roles=ENTERPRISE | DISTRICT | WINDOW | CITY, personal=True)
def see_portrait(work: Work, portrait_id: UUID) -> bytes:
    """A portrait the caller may see, as JPEG."""
    row = work.get(Portrait, portrait_id)
    found = portrait_of(work, row.id)
    if not found:
        raise NotFound
    return found
