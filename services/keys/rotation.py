"""Rotation: a new key is prepared and activated, and all data under the old key is rewritten (security.md 3.5).

Every batch is a transaction that moves its mark, so that another worker continues after a kill.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.dialect import locked
from models.keys import KeyRecord, KeyRotation, RotationStage
from models.sealing import CryptoError
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.refusals import Conflict, Refusal, Rejected, Unavailable
from services.engine.registry import action
from services.engine.words import enough_words
from services.engine.work import Work, shown_whole
from services.keys import carriers
from services.keys.families import FAMILY_LABELS, PREPARED_FIRST, REWRITTEN, ROTATED
from services.ports.crypto import KeyInfo

log = logging.getLogger("shenfang.keys")
KEEPERS = {Role.SEC_ADMIN}
UNREACHABLE = "密码服务暂时不可用，密钥未作改动，请稍后再试"
#: How long every process has to notice a prepared key before it is written with.
LEAD = timedelta(seconds=15)
_BATCH, _FILES, _ROUND_SECONDS = 200, 10, 45.0


shown_whole(KeyRecord, KeyRotation, roles=KEEPERS | {Role.SYSTEM})


@dataclass(frozen=True)
class RotateKey:
    """A new key for a family; `reason` is kept with it."""

    family: str
    reason: str


@dataclass(frozen=True)
class _Changed:
    old: str
    new: KeyInfo


def _new_key(gathering: Gathering, order: RotateKey) -> _Changed:
    if order.family not in ROTATED:
        raise Rejected("没有这类密钥")
    enough_words(order.reason, "理由", least=4, most=200)
    if gathering.look(lambda work: _unfinished(work, order.family)):
        raise Conflict("这类密钥上一次轮换尚未完成，请等完成后再轮换")
    try:
        old = next(
            key.kid for key in gathering.house.crypto.keys("") if key.family == order.family and key.state == "active"
        )
        prepared = order.family in PREPARED_FIRST
        return _Changed(
            old,
            gathering.house.crypto.prepare(order.family) if prepared else gathering.house.crypto.rotate(order.family),
        )
    except CryptoError as problem:
        raise Unavailable(UNREACHABLE) from problem


def _unfinished(work: Work, family: str) -> bool:
    return work.has(KeyRotation, KeyRotation.family == family, KeyRotation.stage != RotationStage.DONE)


@action("keys.rotate", "轮换密钥", roles=KEEPERS, gather=_new_key, event="KEY.ROTATE")
def rotate_key(work: Work, order: RotateKey, changed: _Changed) -> UUID:
    """Order a rotation: the worker activates a data key and rewrites the data under the old one."""
    finished = order.family not in PREPARED_FIRST
    row = KeyRotation(
        family=order.family,
        old_kid=changed.old,
        new_kid=changed.new.kid,
        reason=enough_words(order.reason, "理由", least=4, most=200),
        stage=RotationStage.DONE if finished else RotationStage.PREPARED,
        prepared_at=work.at,
        activated_at=work.at if finished else None,
        finished_at=work.at if finished else None,
        ordered_by=work.caller.account_id,
    )
    work.add(row)
    work.trail.tell("KEY.ROTATE", "keys.rotate", about=row, reason=row.reason[:60], detail=_told(row), severity=5)
    return row.id


def _made_active(gathering: Gathering, rotation_id: UUID) -> KeyInfo:
    row = gathering.look(lambda work: work.get(KeyRotation, rotation_id))
    try:
        return gathering.house.crypto.set_state(row.new_kid, "active")
    except CryptoError as problem:
        raise Unavailable(UNREACHABLE) from problem


@action("keys.activate", "启用新密钥", roles={Role.SYSTEM}, gather=_made_active, event="KEY.ACTIVATE")
def activate_key(work: Work, rotation_id: UUID, made: KeyInfo) -> None:
    """The prepared key becomes the one that is written with."""
    row = _locked(work, rotation_id)
    if row.stage is not RotationStage.PREPARED:
        return
    row.stage, row.activated_at = RotationStage.RUNNING, work.at
    if row.family not in REWRITTEN:
        row.stage, row.finished_at = RotationStage.DONE, work.at
    work.add(row)
    work.trail.tell("KEY.ACTIVATE", "keys.activate", about=row, detail=_told(row), severity=5)


@action("keys.rewrite", "以新密钥改写", roles={Role.SYSTEM}, event="")
def rewrite_some(work: Work, rotation_id: UUID) -> bool:
    """Return a batch; true while there may be more to do now."""
    row = _locked(work, rotation_id)
    if row.stage is not RotationStage.RUNNING or carriers.writing_kid(work.sealer, row.family) != row.new_kid:
        # This process does not hold the new key yet: it will at the next round.
        return False
    todo = [place for place in carriers.places(row.family) if place.name >= row.mark_place]
    for place in todo:
        after = row.mark_row if place.name == row.mark_place else None
        done = carriers.rewrite(work.session, place, row.new_kid, after, _FILES if place.heavy else _BATCH)
        if done.last is not None:
            row.mark_place, row.mark_row = place.name, done.last
            row.rewritten, row.this_walk = row.rewritten + done.rewritten, row.this_walk + done.rewritten
            row.unfit += len(done.unfit)
            work.add(row)
            for row_id in done.unfit:
                raise_alarm(
                    work, "KEY.UNFIT", "轮换密钥时发现完整性校验不符的记录，未予改写", kind=place.name, key=str(row_id)
                )
            return True
    return _through(work, row)


def _through(work: Work, row: KeyRotation) -> bool:
    """The last table is done: finished when nothing carries the old key or nothing more can be moved, else once more."""
    row.still_old = carriers.count(work.session, row.family, row.old_kid)
    if row.still_old == 0 or row.this_walk == 0:
        row.stage, row.finished_at = RotationStage.DONE, work.at
        detail = {**_told(row), "rewritten": row.rewritten, "left": row.still_old, "unfit": row.unfit}
        work.trail.tell("KEY.REWRITTEN", "keys.rewrite", about=row, detail=detail, severity=5)
    else:
        row.unfit = row.this_walk = 0
    row.mark_place, row.mark_row = "", None
    work.add(row)
    return row.stage is not RotationStage.DONE


def open_rotations(work: Work) -> list[KeyRotation]:
    """Rotations that can be carried on now."""
    statement = select(KeyRotation).where(
        (col(KeyRotation.stage) == RotationStage.RUNNING)
        | ((col(KeyRotation.stage) == RotationStage.PREPARED) & (col(KeyRotation.prepared_at) <= work.at - LEAD))
    )
    return list(work.session.exec(statement.order_by(col(KeyRotation.prepared_at))).all())


@job("keys.rotate", "密钥轮换", every=10, due=open_rotations)
def carry_on(door: Door) -> int:
    """Make prepared keys active when every process knows them, then rewrite for a while."""
    until, done = monotonic() + _ROUND_SECONDS, 0
    for row in door.look(SYSTEM, open_rotations):
        try:
            if row.stage is RotationStage.PREPARED:
                door.perform(activate_key, SYSTEM, row.id)
                done += 1
                continue
            while (began := monotonic()) < until and door.perform(rewrite_some, SYSTEM, row.id):
                done += 1
                if door.database.sqlite:
                    # Its one writer is not queued for: a person who waits looks again now and then, and would find the
                    # lock taken by the next batch every time.
                    sleep(monotonic() - began)
        except Refusal as refusal:
            log.warning("rotation of %s waits: %s", row.family, refusal.message)
    return done


def _locked(work: Work, row_id: UUID) -> KeyRotation:
    statement = locked(work.session, work.visible(KeyRotation).where(KeyRotation.id == row_id))
    return work.session.exec(statement).one()  # type: ignore[no-any-return]


def _told(row: KeyRotation) -> dict[str, str]:
    return {"family": row.family, "label": FAMILY_LABELS[row.family], "old": row.old_kid, "new": row.new_kid}
