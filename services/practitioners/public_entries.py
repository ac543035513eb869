"""公示: the public data of a card, beside it under a MAC of its own, renewed with firm and credit list (row 48, D6)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import Role
from models.enterprise import RECORDED, CreditEntry, Enterprise, RecordState, ServiceState
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.sealed import Sealed, indexes_of
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work

_ON_SHOW = (CardState.ACTIVE, CardState.SUSPENDED)


def stands_now(state: CardState, record: RecordState, service: ServiceState) -> CardState:
    """A card's state with what its firm has become; a card that is not in force yet, or no more, stays what it is."""
    if state in _ON_SHOW and record is RecordState.CANCELLED:
        return CardState.CANCELLED
    if state is CardState.ACTIVE and (record not in RECORDED or service is not ServiceState.NORMAL):
        return CardState.SUSPENDED
    return state


def card_stands(card: InfoCard, firm: Enterprise) -> CardState:
    return stands_now(card.state, firm.record_state, firm.service_state)


def in_force() -> Any:
    """Of `info_card` joined with its `enterprise`, the cards that are in force now."""
    return sa.and_(col(InfoCard.state) == CardState.ACTIVE, firm_in_force())


def firm_in_force() -> Any:
    """The firms whose cards may be in force."""
    return sa.and_(
        col(Enterprise.record_state).in_(sorted(RECORDED)), col(Enterprise.service_state) == ServiceState.NORMAL
    )


def told_now(public: Mapping[str, Any], now: CardState, record: RecordState) -> dict[str, Any]:
    """Return the public data of a card (`public_entries.public_content`) with its present state instead of the published one.

    The time of the change is unknown until the card's own row has followed.
    """
    told = dict(public)
    if told.get("record_state"):
        told["record_state"] = record.label
    if "state" in told and told["state"] != now.label:
        told |= {"state": now.label, "since": ""}
    return told


#: Before activation and after a lapse nothing of the person is public (3.8).
NOT_PUBLIC = frozenset({CardState.PASSED, CardState.LAPSED})
#: Cards written in one transaction.
_PART = 500


def publish(work: Work, card: InfoCard) -> None:
    """Put what the public may see of a card beside it, in the transaction that changed it; its MAC is the writer's."""
    firm = work.session.get_one(Enterprise, card.enterprise_id)
    _publish(work, card, firm)


def publish_firm(work: Work, enterprise_id: UUID) -> int:
    """Publish a firm's cards again after its name, brand or record changed; returns how many changed.

    Of a very large firm only the first part: the worker publishes the rest (`cards.publish_recent`).
    """
    return publish_part(work, enterprise_id, "")[0]


def publish_part(work: Work, enterprise_id: UUID, after: str) -> tuple[int, str]:
    """A part of a firm's cards after a card number: how many say something new, and the number to go on after, or empty."""
    firm = work.session.get_one(Enterprise, enterprise_id)
    cards = work.rows(
        InfoCard,
        InfoCard.enterprise_id == enterprise_id,
        InfoCard.card_no > after,
        col(InfoCard.token_digest).is_not(None),
        col(InfoCard.id).not_in(work.locked("info_card")),
        by=InfoCard.card_no,
        most=_PART,
    )
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
    """Return the public data of a card today, nothing else is ever put there; empty where there is none or none is public."""
    told = {
        "name": card.name.plain,
        "card_no": card.card_no,
        "firm": firm.name,
        "firm_short": firm.short_name,
        "record_no": firm.record_no,
        "record_state": firm.record_state.label,
        "duty": card.duty,
        "state": card.state.label,
        "since": _iso(_since(work, card)),
        "issued_on": _iso(card.issued_on),
        "active_from": _iso(card.active_from),
        "cancelled_on": _iso(card.cancelled_on),
        "credit": credit_line(work, card),
    }
    if card.state in NOT_PUBLIC:
        return {name: value if name in ("state", "since") else "" for name, value in told.items()}
    return dict(told)


def credit_line(work: Work, card: InfoCard) -> str:
    """The person's entries in force on the sham-lease and fund-fraud lists, found by his number; usually none."""
    if card.id_no is None:
        return ""
    entries = work.rows(
        CreditEntry,
        col(CreditEntry.id_no_index).in_(indexes_of(work.sealer, "id_no", card.id_no.plain)),
        CreditEntry.since <= work.today,
        or_(col(CreditEntry.until).is_(None), col(CreditEntry.until) >= work.today),
        by=(CreditEntry.since, CreditEntry.id),
    )
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


@action("cards.publish_firm", "更新企业从业人员公示", roles={Role.SYSTEM}, event="")
def publish_again(work: Work, order: PublishPart) -> tuple[int, str]:
    """Publish again a part of a firm's cards; returns how many changed, and the card number to go on after, or empty."""
    changed, after = publish_part(work, order.enterprise_id, order.after)
    if changed:
        work.trail.tell("DATA.UPDATE", "cards.publish_firm", detail={"cards": changed})
    return changed, after


@job("cards.publish_recent", "更新公示", every=300)
def publish_recent(door: Door) -> int:
    """Cards of firms whose own record was changed lately."""
    return _publish_firms(door, door.look(SYSTEM, lambda work: _firms(work, recent=True)))


@job("cards.publish_all", "核对公示", at="04:10")
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
    total, after = 0, ""
    while True:
        changed, after = door.perform(publish_again, SYSTEM, PublishPart(firm, after))
        total += changed
        if not after:
            return total


def _firms(work: Work, *, recent: bool) -> list[UUID]:
    statement = select(InfoCard.enterprise_id).where(col(InfoCard.token_digest).is_not(None)).distinct()
    if recent:
        changed = select(Enterprise.id).where(col(Enterprise.updated_at) >= work.now - _RECENT)
        statement = statement.where(col(InfoCard.enterprise_id).in_(changed))
    return sorted(work.session.exec(statement).all())
