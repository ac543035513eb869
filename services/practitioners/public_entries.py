"""公示: the public data of a card, beside it under a MAC of its own, renewed with firm and credit list (row 48, D6)."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, or_, select

from models.access import Role
from models.enterprise import CreditEntry, Enterprise
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.sealed import Sealed, indexes_of
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work

#: Before activation and after a lapse nothing of the person is public (3.8).
NOT_PUBLIC = frozenset({CardState.PASSED, CardState.LAPSED})
#: Cards written in one transaction.
_PART = 500
#: What a card may tell; nothing else is ever put there.
FIELDS = (
    "name",
    "card_no",
    "firm",
    "firm_short",
    "record_no",
    "record_state",
    "duty",
    "state",
    "since",
    "issued_on",
    "active_from",
    "cancelled_on",
    "credit",
)


def publish(work: Work, card: InfoCard) -> None:
    """Put what the public may see of a card beside it, in the transaction that changed it; its MAC is the writer's."""
    firm = work.session.exec(select(Enterprise).where(Enterprise.id == card.enterprise_id)).one()
    _publish(work, card, firm)


def publish_firm(work: Work, enterprise_id: UUID) -> int:
    """Publish a firm's cards again after its name, brand or record changed; returns how many changed.

    Of a very large firm only the first part: the worker publishes the others within five minutes
    (`cards.publish_recent`).
    """
    return publish_part(work, enterprise_id, "")[0]


def publish_part(work: Work, enterprise_id: UUID, after: str) -> tuple[int, str]:
    """A part of a firm's cards after a card number: how many say something new, and the number to go on after, or empty."""
    firm = work.session.exec(select(Enterprise).where(Enterprise.id == enterprise_id)).one()
    cards = work.session.exec(
        select(InfoCard)
        .where(
            InfoCard.enterprise_id == enterprise_id,
            InfoCard.card_no > after,
            col(InfoCard.token_digest).is_not(None),
            col(InfoCard.id).not_in(work.locked("info_card")),
        )
        .order_by(col(InfoCard.card_no))
        .limit(_PART)
    ).all()
    changed = sum(_publish(work, card, firm) for card in cards)
    return changed, cards[-1].card_no if len(cards) == _PART else ""


def _publish(work: Work, card: InfoCard, firm: Enterprise) -> bool:
    content = public_content(work, card, firm)
    if card.public is not None and card.public.json() == content:
        return False
    card.public = Sealed.of_json(content)
    work.add(card)
    return True


def public_content(work: Work, card: InfoCard, firm: Enterprise) -> dict[str, object]:
    """Return the public data of a card today: a text for each of `FIELDS`, empty where there is none."""
    told = dict.fromkeys(FIELDS, "")
    told["state"] = card.state.label
    told["since"] = _iso(_since(work, card))
    if card.state not in NOT_PUBLIC:
        told |= {
            "name": card.name.plain,
            "card_no": card.card_no,
            "firm": firm.name,
            "firm_short": firm.short_name,
            "record_no": firm.record_no,
            "record_state": firm.record_state.label,
            "duty": card.duty,
            "issued_on": _iso(card.issued_on),
            "active_from": _iso(card.active_from),
            "cancelled_on": _iso(card.cancelled_on),
            "credit": credit_line(work, card),
        }
    return dict(told)


def credit_line(work: Work, card: InfoCard) -> str:
    """The person's entries in force on the sham-lease and fund-fraud lists, found by his number; usually none."""
    if card.id_no is None:
        return ""
    entries = work.session.exec(
        select(CreditEntry)
        .where(
            col(CreditEntry.id_no_index).in_(indexes_of(work.sealer, "id_no", card.id_no.plain)),
            CreditEntry.since <= work.today,
            or_(col(CreditEntry.until).is_(None), col(CreditEntry.until) >= work.today),
        )
        .order_by(col(CreditEntry.since), col(CreditEntry.id))
    ).all()
    return "；".join(f"{entry.kind}（{entry.since.isoformat()}起）" for entry in entries)


def _since(work: Work, card: InfoCard) -> date | None:
    """Since when the card is in its state; what has no day of its own began when it was first published so."""
    if card.state is CardState.ACTIVE:
        return card.active_from
    if card.state is CardState.CANCELLED:
        return card.cancelled_on
    if card.state is CardState.PASSED:
        return card.issued_on
    said = card.public.json() if card.public is not None else {}
    since = said.get("since")
    if said.get("state") == card.state.label and isinstance(since, str) and since:
        return date.fromisoformat(since)
    return work.today


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


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
    return _publish_firms(door, door.look(SYSTEM, lambda work: _firms(work, recent=True)))


@job("cards.publish_all", "核对公示", at="04:10", lease=3600)
def publish_all(door: Door) -> int:
    """Publish the cards of every firm, with the present credit list."""
    return _publish_firms(door, door.look(SYSTEM, lambda work: _firms(work, recent=False)))


def _publish_firms(door: Door, firms: list[UUID]) -> int:
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
