"""从业人员与信息卡: a firm's people with their cards, for the firm, its district and the city; masked (row 42)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, or_, select

from models.enterprise import Enterprise
from models.imports import ImportSession
from models.practitioner_codes import CardState
from models.practitioners import CardApply, InfoCard, Practitioner
from models.privacy import Shown
from models.sealed import Sealed, indexes_of
from models.tenancy_codes import IdType
from services.access.visibility import CITY, ENTERPRISE
from services.engine.paging import Paging, ordering
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work
from services.practitioners.records import card_number
from services.practitioners.visibility import DISTRICT
from services.privacy.accesses import note_access

READERS = ENTERPRISE | DISTRICT | CITY
FILTERS = ("name", "card_no", "id_no", "state", "batch", "store", "firm")


@dataclass(frozen=True)
class PeopleFilter:
    """Filter of people: name, number and card number exactly, `batch` by its number, `store` and `firm` by a part."""

    name: str = ""
    card_no: str = ""
    id_no: str = ""
    state: str = ""
    batch: str = ""
    store: str = ""
    firm: str = ""
    paging: Paging = field(default_factory=Paging)

    @property
    def about_a_person(self) -> bool:
        return bool(self.name.strip() or self.id_no.strip())


@dataclass(frozen=True)
class PersonLine:
    """A card with its holder; personal data masked. `version` is the card's."""

    id: UUID
    practitioner_id: UUID | None
    name: str
    id_type: str
    id_no: str
    mobile: str
    post: str
    store: str
    duty: str
    hired_on: date | None
    card_no: str
    state: CardState
    origin: str
    firm: str
    issued_on: date | None
    active_from: date | None
    cancelled_on: date | None
    cancel_reason: str
    portrait_id: UUID | None
    version: int


@dataclass(frozen=True)
class PeoplePage:
    total: int
    lines: tuple[PersonLine, ...] = field(default_factory=tuple)


@query("practitioners.people", "从业人员与信息卡", roles=READERS, personal=lambda order: order.about_a_person)
def list_people(work: Work, order: PeopleFilter) -> PeoplePage:
    """The visible cards of a filter with their holders, newest first."""
    offset, size = order.paging.bounds()
    if id_no := search_word(order.id_no):
        note_access(work, indexes_of(work.sealer, "id_no", id_no)[:1], "practitioners.people", Shown.MASKED)
    rows = chosen_cards(work, order)
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    known = {
        "card_no": InfoCard.card_no,
        "issued_on": InfoCard.issued_on,
        "active_from": InfoCard.active_from,
        "changed_at": InfoCard.changed_at,
    }
    found = work.session.exec(
        rows.order_by(ordering(order.paging.sort, known, "-card_no"), col(InfoCard.id)).offset(offset).limit(size)
    ).all()
    return PeoplePage(total, tuple(lines_of(work, found)))


@query("practitioners.people_counts", "信息卡各状态数量", roles=READERS)
def count_people(work: Work, order: PeopleFilter) -> dict[str, int]:
    """Count the visible cards of a filter by state; the filter's own state is ignored."""
    cards = chosen_cards(work, order, any_state=True).subquery()
    counted = work.session.exec(select(cards.c.state, func.count()).group_by(cards.c.state)).all()
    found = {str(state): count for state, count in counted}
    return {str(state.value): found.get(str(state.value), 0) for state in CardState}


def chosen_cards(work: Work, order: PeopleFilter, *, any_state: bool = False) -> Any:
    """A select of the visible cards of a filter."""
    rows = work.visible(InfoCard)
    if name := search_word(order.name):
        rows = rows.where(col(InfoCard.name_index).in_(indexes_of(work.sealer, "name", name)))
    if number := search_word(order.card_no):
        rows = rows.where(InfoCard.card_no == card_number(number))
    if id_no := search_word(order.id_no):
        rows = rows.where(col(InfoCard.id_no_index).in_(indexes_of(work.sealer, "id_no", id_no)))
    if order.state and not any_state:
        rows = rows.where(InfoCard.state == chosen(CardState, order.state))
    if batch := search_word(order.batch):
        rows = rows.where(col(InfoCard.id).in_(_of_batch(batch.upper())))
    if store := search_word(order.store):
        stores = select(Practitioner.id).where(col(Practitioner.store).contains(store, autoescape=True))
        rows = rows.where(col(InfoCard.practitioner_id).in_(stores))
    if firm := search_word(order.firm):
        named = select(Enterprise.id).where(
            or_(col(Enterprise.name).contains(firm, autoescape=True), Enterprise.uscc == firm.upper())
        )
        rows = rows.where(col(InfoCard.enterprise_id).in_(named))
    return rows


def _of_batch(batch: str) -> Any:
    """The cards that came of a batch's applications."""
    return (
        select(CardApply.card_id)
        .join(ImportSession, col(ImportSession.id) == CardApply.batch_id)
        .where(ImportSession.session_no == batch, col(CardApply.card_id).is_not(None))
    )


def lines_of(work: Work, cards: Sequence[InfoCard], *, full: bool = False) -> list[PersonLine]:
    """Return cards as lines; name and numbers are in clear only with `full`."""
    holders = {
        row.id: row
        for row in work.session.exec(
            work.visible(Practitioner).where(
                col(Practitioner.id).in_({card.practitioner_id for card in cards if card.practitioner_id})
            )
        ).all()
    }
    firms = dict(
        work.session.exec(
            select(Enterprise.id, Enterprise.name).where(col(Enterprise.id).in_({card.enterprise_id for card in cards}))
        ).all()
    )

    def shown(value: Sealed | None) -> str:
        if value is None:
            return ""
        return value.plain if full else value.masked()

    lines = []
    for card in cards:
        holder = holders.get(card.practitioner_id) if card.practitioner_id else None
        lines.append(
            PersonLine(
                id=card.id,
                practitioner_id=card.practitioner_id,
                name=shown(card.name),
                id_type=IdType.labels().get(holder.id_type, "") if holder else "",
                id_no=shown(card.id_no),
                mobile=shown(holder.mobile) if holder else "",
                post=holder.post if holder else "",
                store=holder.store if holder else "",
                duty=card.duty,
                hired_on=holder.hired_on if holder else None,
                card_no=card.card_no,
                state=card.state,
                origin=card.origin.label,
                firm=firms.get(card.enterprise_id, ""),
                issued_on=card.issued_on,
                active_from=card.active_from,
                cancelled_on=card.cancelled_on,
                cancel_reason=card.cancel_reason.label if card.cancel_reason else "",
                portrait_id=card.portrait_id,
                version=card.version,
            )
        )
    return lines
