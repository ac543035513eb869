"""Facts for the rules of cards: from our own tables, and the answers of police and association (leasing 4.11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.enterprise import Enterprise
from models.practitioner_codes import OPEN_APPLIES, ApplyKind, ApplyState, CardState, FaceSeen
from models.practitioners import CardApply, InfoCard, Portrait
from models.sealed import indexes_of
from services.engine.thresholds import Thresholds
from services.engine.work import Work
from services.ports.answers import Answer, SamePerson
from services.ports.blacklist import BlacklistEntry
from services.practitioners.orders import ApplyFor, PersonData


@dataclass(frozen=True)
class PortraitFacts:
    width: int
    height: int
    #: None where no detector has looked at it.
    face: FaceSeen | None = None


@dataclass(frozen=True)
class Answers:
    """Answers about a person; None where no question was asked."""

    two_factor: Answer[SamePerson] | None = None
    blacklist: Answer[tuple[BlacklistEntry, ...]] | None = None


@dataclass(frozen=True)
class ApplyFacts:
    """An application and everything its rules look at."""

    today: date
    thresholds: Thresholds
    kind: ApplyKind
    person: PersonData
    #: The firm that applies, as recorded today.
    firm: Enterprise
    portrait: PortraitFacts | None = None
    #: A live card of this person anywhere in the city.
    live: InfoCard | None = None
    #: The card a change is for; None if there is none or it is not this firm's.
    changed: CardState | None = None
    changed_is_same_person: bool = True
    #: Number and state of this firm's other open application for the person.
    open_no: str = ""
    open_state: str = ""
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True)
class Known:
    """Records of the persons of several applications, by the blind index of their number."""

    cards: Mapping[str, Sequence[InfoCard]]
    applies: Mapping[str, Sequence[CardApply]]
    portraits: Mapping[UUID, PortraitFacts]


def known_of(work: Work, firm_id: UUID, orders: Sequence[ApplyFor]) -> Known:
    """Read once for a whole batch: live cards in the city, this firm's open applications, its portraits."""
    wanted = sorted({index for order in orders for index in indexes_of(work.sealer, "id_no", order.person.id_no)})
    cards: dict[str, list[InfoCard]] = {}
    for card in work.rows(InfoCard, col(InfoCard.id_no_index).in_(wanted), InfoCard.live == 1):
        cards.setdefault(card.id_no_index or "", []).append(card)
    applies: dict[str, list[CardApply]] = {}
    for apply in work.rows(
        CardApply,
        CardApply.enterprise_id == firm_id,
        col(CardApply.id_no_index).in_(wanted),
        col(CardApply.state).in_(OPEN_APPLIES),
        CardApply.kind != ApplyKind.CANCEL,
    ):
        applies.setdefault(apply.id_no_index or "", []).append(apply)
    ids = {order.portrait_id for order in orders if order.portrait_id is not None}
    columns: Any = select(Portrait.id, Portrait.width, Portrait.height, Portrait.face)
    own = columns.where(col(Portrait.id).in_(ids), Portrait.enterprise_id == firm_id)
    portraits = {row_id: PortraitFacts(*measured) for row_id, *measured in work.session.exec(own).all()}
    return Known(cards, applies, portraits)


def apply_facts(
    work: Work, firm: Enterprise, order: ApplyFor, known: Known, answers: Answers = Answers()
) -> ApplyFacts:
    """The facts of one application; the draft it goes on with is not counted as another one."""
    indexes = indexes_of(work.sealer, "id_no", order.person.id_no)
    cards = [card for index in indexes for card in known.cards.get(index, ())]
    others = [one for index in indexes for one in known.applies.get(index, ()) if one.id != order.draft_id]
    changed, same = _changed_card(work, firm, order, indexes)
    other = min(others, key=lambda one: one.state is ApplyState.DRAFT, default=None)
    return ApplyFacts(
        today=work.today,
        thresholds=work.thresholds,
        kind=order.kind,
        person=order.person,
        firm=firm,
        portrait=known.portraits.get(order.portrait_id) if order.portrait_id else None,
        live=next((one for one in cards if one.id != order.card_id), None),
        changed=changed,
        changed_is_same_person=same,
        open_no=other.apply_no if other else "",
        open_state=other.state.label if other else "",
        answers=answers,
    )


def _changed_card(
    work: Work, firm: Enterprise, order: ApplyFor, indexes: Sequence[str]
) -> tuple[CardState | None, bool]:
    if order.kind is not ApplyKind.CHANGE or order.card_id is None:
        return None, True
    card = work.first(InfoCard, InfoCard.id == order.card_id, InfoCard.enterprise_id == firm.id)
    if card is None:
        return None, True
    return card.state, card.id_no_index in set(indexes)
