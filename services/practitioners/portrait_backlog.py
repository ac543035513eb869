"""Portraits from before there was a detector are looked at at night, some each time, and marked as new ones are (K07)."""

import io
import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PIL import Image
from sqlmodel import col, select

from models.access import Role
from models.dialect import locked_skipping
from models.practitioner_codes import FaceSeen
from models.practitioners import Portrait
from models.sealing import CryptoError, Sealer
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.thresholds import Thresholds
from services.engine.work import Work
from services.practitioners.faces import can_look, judged, look_at

log = logging.getLogger("shenfang.practitioners")
#: Portraits looked at in one transaction, and in one night: some minutes of one core.
AT_ONCE, A_NIGHT = 100, 5_000


@dataclass(frozen=True)
class LookAtUnseen:
    """An order to examine `most` unexamined portraits, newest first, beginning with those older than `before`."""

    most: int = AT_ONCE
    before: UUID | None = None


@dataclass(frozen=True)
class LookedAt:
    """Numbers of examined and of marked portraits, and the last one."""

    taken: int
    marked: int
    last: UUID | None = None


def _gather(gathering: Gathering, order: LookAtUnseen) -> dict[UUID, FaceSeen | None]:
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


@action("practitioners.look_at_unseen", "补检从业人员照片", roles={Role.SYSTEM}, gather=_gather, event="")
def look_at_unseen(work: Work, order: LookAtUnseen, seen: dict[UUID, FaceSeen | None]) -> LookedAt:
    """Mark what was seen; who has an application before him finds the mark there as with a new portrait."""
    marks = {row_id: face for row_id, face in seen.items() if face is not None}
    rows = work.session.exec(
        locked_skipping(
            work.session, select(Portrait).where(col(Portrait.id).in_(list(marks)), col(Portrait.face).is_(None))
        )
    ).all()
    for row in rows:
        row.face = marks[row.id]
        work.add(row)
    if rows:
        work.trail.tell("DATA.UPDATE", "practitioners.look_at_unseen", detail={"portraits": len(rows)})
    return LookedAt(len(seen), len(rows), list(seen)[-1] if seen else None)


# After the nightly scans, so that what they have locked is left alone.
@job("practitioners.look_at_unseen", "补检从业人员照片", at="04:20", lease=1800)
def look_at_all_unseen(door: Door) -> int:
    """Some of them each night, none where there is no detector."""
    marked, taken, before = 0, 0, None
    while taken < A_NIGHT and can_look():
        done = door.perform(look_at_unseen, SYSTEM, LookAtUnseen(min(AT_ONCE, A_NIGHT - taken), before))
        marked, taken, before = marked + done.marked, taken + done.taken, done.last
        if not done.taken:
            break
    return marked
