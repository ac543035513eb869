"""公示更新: public entries follow changes of their firm and of the credit list (rows 38 and 48)."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.enterprise import Enterprise
from models.practitioners import InfoCard
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work
from services.practitioners.public_entries import publish_part

log = logging.getLogger("shenfang.practitioners")
#: How far back a changed firm is looked for; the nightly run takes what was missed.
_RECENT = timedelta(days=1)


@dataclass(frozen=True)
class PublishPart:
    """A firm, and after which card number to go on."""

    enterprise_id: UUID
    after: str = ""


@dataclass(frozen=True)
class PublishedPart:
    changed: int
    after: str


@action("cards.publish_firm", "更新企业从业人员公示", roles={Role.SYSTEM}, event="")
def publish_again(work: Work, order: PublishPart) -> PublishedPart:
    """Publish again a part of a firm's cards whose public data changed."""
    changed, after = publish_part(work, order.enterprise_id, order.after)
    if changed:
        work.trail.tell("DATA.UPDATE", "cards.publish_firm", detail={"cards": changed})
    return PublishedPart(changed, after)


@job("cards.publish_recent", "更新公示", every=300)
def publish_recent(door: Door) -> int:
    """Cards of firms whose own record was changed lately."""
    return _publish(door, door.look(SYSTEM, lambda work: _firms(work, recent=True)))


@job("cards.publish_all", "核对公示", at="04:10", lease=3600)
def publish_all(door: Door) -> int:
    """Publish the cards of every firm, with the present credit list."""
    return _publish(door, door.look(SYSTEM, lambda work: _firms(work, recent=False)))


def _publish(door: Door, firms: list[UUID]) -> int:
    changed = 0
    for firm in firms:
        try:
            changed += _publish_firm(door, firm)
        except Refusal as refusal:
            log.warning("the cards of firm %s were not published anew: %s", firm, type(refusal).__name__)
    return changed


def _publish_firm(door: Door, firm: UUID) -> int:
    changed, order = 0, PublishPart(firm)
    while True:
        part = door.perform(publish_again, SYSTEM, order)
        changed += part.changed
        if not part.after:
            return changed
        order = PublishPart(firm, part.after)


def _firms(work: Work, *, recent: bool) -> list[UUID]:
    statement = select(InfoCard.enterprise_id).where(col(InfoCard.token_digest).is_not(None)).distinct()
    if recent:
        changed = select(Enterprise.id).where(col(Enterprise.updated_at) >= work.now - _RECENT)
        statement = statement.where(col(InfoCard.enterprise_id).in_(changed))
    return sorted(work.session.exec(statement).all())
