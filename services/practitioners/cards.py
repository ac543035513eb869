"""A card and its holder on record: made at inspection, moved from state to state; each event is published (rows 40, 41)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import or_

from models.codes import Code
from models.enterprise import Enterprise
from models.identity import check_document
from models.practitioner_codes import (
    APPLY,
    CARD,
    LIVE,
    ApplyChannel,
    ApplyKind,
    CardEnd,
    CardOrigin,
    CardPause,
    CardState,
)
from models.practitioners import CardApply, InfoCard, Practitioner
from models.sealed import Sealed
from services.engine.clock import SHANGHAI
from services.engine.events import Event
from services.engine.numbering import check_digit
from services.engine.refusals import Conflict
from services.engine.steps import take_step
from services.engine.work import Work
from services.practitioners.orders import PersonData, duty_of
from services.practitioners.public_entries import publish as publish_card
from services.practitioners.records import OPEN_FIELDS, firm_of, is_suspended, placed_with, practitioner_of, sound


class CardEvent(Code):
    PASSED = "PASSED", "制卡"
    ACTIVATED = "ACTIVATED", "激活"
    CHANGED = "CHANGED", "变更"
    SUSPENDED = "SUSPENDED", "暂停"
    RESUMED = "RESUMED", "恢复"
    CANCELLED = "CANCELLED", "注销"
    LAPSED = "LAPSED", "逾期未激活"


@dataclass(frozen=True)
class CardChange:
    """An event of a card; `from_outside` where the association's own event caused it, so that it is not sent back."""

    card: InfoCard
    what: CardEvent
    from_outside: bool


#: A card has a new state and its number, and is published.
CARD_CHANGED: Event[CardChange] = Event("practitioners.card")


def tell_card(work: Work, card: InfoCard, what: CardEvent, *, outside: datetime | None = None) -> None:
    """Publish a card's new state just before the commit, when its number is drawn."""

    def publish() -> None:
        publish_card(work, card)
        CARD_CHANGED.happened(work, CardChange(card, what, outside is not None))

    work.then(publish)


def store_person(work: Work, firm: Enterprise, person: PersonData, portrait_id: UUID | None) -> Practitioner:
    """The person in the service of a firm: the row he has had there before, or a new one."""
    row = practitioner_of(work, firm.id, person.id_no)
    if row is None:
        row = Practitioner(name=Sealed.of(person.name), id_no=Sealed.of(person.id_no), **placed_with(firm))
    _write_person(row, person)
    row.photo_id, row.left_on = portrait_id or row.photo_id, None
    return work.add(row)


def _write_person(row: Practitioner, person: PersonData) -> None:
    known = check_document(person.id_type, person.id_no)
    row.name = Sealed.of(person.name)
    row.gender = Sealed.of_json(known.sex.value) if known.sex else None
    row.birthday = Sealed.of_json(known.birthday.isoformat()) if known.birthday else None
    row.mobile = Sealed.of(person.mobile) if person.mobile else None
    row.education = Sealed.of_json(person.education) if person.education else None
    for name in OPEN_FIELDS:
        setattr(row, name, getattr(person, name))
    row.note = Sealed.of_json(person.note) if person.note else None


def make_card(
    work: Work,
    firm: Enterprise,
    holder: Practitioner,
    portrait_id: UUID | None,
    *,
    outside: datetime | None = None,
) -> InfoCard:
    """Draw up a card that is not in force yet, with its number and its code; the database has one live card a person.

    `outside` is the time of the association's event that caused it, where one did.
    """
    origin = CardOrigin.LOCAL if outside is None else CardOrigin.ASSOC
    token = work.sealer.qr_token("pc")
    card = InfoCard(
        card_no="",
        enterprise_id=firm.id,
        practitioner_id=holder.id,
        name=Sealed.of(holder.name.plain),
        id_no=Sealed.of(holder.id_no.plain),
        duty=duty_of(holder.post),
        origin=origin,
        portrait_id=portrait_id,
        token=Sealed.of(token),
        token_digest=work.sealer.token_digest(token),
        issued_on=work.today,
        changed_at=work.now,
        event_at=outside or work.now,
        live=1,
        state=CardState.PASSED,
    )
    _number_card(work, card)
    work.add(card)
    work.trail.tell("DATA.CREATE", "practitioners.card", about=card, detail={"origin": str(origin)})
    tell_card(work, card, CardEvent.PASSED, outside=outside)
    return card


def _number_card(work: Work, card: InfoCard) -> None:
    """Number the card: SH, the year, seven digits, a check digit; until then the id takes the number's place."""
    card.card_no = f"~{card.id.hex}"
    series = f"SH{work.now.astimezone(SHANGHAI):%y}"

    def draw(value: int) -> None:
        digits = f"{series[2:]}{value:07d}"
        card.card_no = f"SH{digits}{check_digit(digits)}"

    work.numbers.append((series, draw))


#: These say nothing of whether the holder is in a firm's service, so an end that came before them is not out of date (row 46).
_PAUSING = frozenset({CardEvent.SUSPENDED, CardEvent.RESUMED})


def move_card(
    work: Work,
    card: InfoCard,
    step: str,
    event: CardEvent,
    *,
    reason: str = "",
    outside: datetime | None = None,
) -> None:
    """Take a state step of a card, update what depends on its state, and publish the event.

    `outside` is the time of the association's event that caused it, where one did.
    """
    take_step(work, card, CARD, step, reason=reason)
    _keep_event(card)
    card.live = 1 if card.state in LIVE else None
    card.changed_at = work.now
    if event not in _PAUSING:
        card.event_at = outside or work.now
    if card.state is not CardState.SUSPENDED:
        card.pause = None
    work.add(card)
    tell_card(work, card, event, outside=outside)


def _keep_event(card: InfoCard) -> None:
    """Date the card's content before a change, for cards loaded without an event time."""
    card.event_at = card.event_at or card.changed_at or card.created_at


def activate_card(work: Work, card: InfoCard, *, outside: datetime | None = None) -> None:
    card.active_from = work.today
    move_card(work, card, "activate", CardEvent.ACTIVATED, outside=outside)


def cancel_card(work: Work, card: InfoCard, end: CardEnd, *, outside: datetime | None = None) -> None:
    """End a live card for a reason; the holder leaves the firm's register, what waits for the card is given up."""
    card.cancelled_on, card.cancel_reason = work.today, end
    move_card(work, card, "cancel", CardEvent.CANCELLED, reason=str(end), outside=outside)
    if card.practitioner_id is not None:
        # A card ends whatever has become of the rows beside it.
        holder = work.first(Practitioner, Practitioner.id == card.practitioner_id, sound(work, Practitioner))
        if holder is not None:
            holder.left_on = holder.left_on or work.today
            work.add(holder)
    waiting = or_(CardApply.kind == ApplyKind.CHANGE, CardApply.channel == ApplyChannel.WINDOW)
    withdraw_open(work, work.rows(CardApply, CardApply.card_id == card.id, waiting, sound(work, CardApply)))


def withdraw_open(work: Work, rows: Iterable[CardApply]) -> int:
    """Withdraw those of some applications that can still be withdrawn, and return how many."""
    still_open = [row for row in rows if row.state in APPLY.open_to("withdraw")]
    for row in still_open:
        take_step(work, row, APPLY, "withdraw")
        row.check_again_at = None
        work.add(row)
    return len(still_open)


def suspend_card(work: Work, card: InfoCard, pause: CardPause) -> None:
    move_card(work, card, "suspend", CardEvent.SUSPENDED, reason=str(pause))
    card.pause = pause
    work.add(card)


def resume_card(work: Work, card: InfoCard) -> None:
    move_card(work, card, "resume", CardEvent.RESUMED)


def put_back(work: Work, card: InfoCard, earlier: CardPause | None = None) -> None:
    """A hit was lifted: in force again, unless the district's own inquiry goes on or the firm itself is suspended."""
    if card.state is not CardState.SUSPENDED:
        return
    if earlier is CardPause.INQUIRY:
        card.pause = earlier
        work.add(card)
    elif is_suspended(firm_of(work, card.enterprise_id)):
        card.pause = CardPause.FIRM
        work.add(card)
    else:
        resume_card(work, card)


def change_card(work: Work, card: InfoCard, holder: Practitioner, person: PersonData, portrait_id: UUID | None) -> None:
    """Put the inspected values in the place of the old ones, on the card and on the holder at once; the number stays."""
    if card.state is not CardState.ACTIVE:
        raise Conflict(f"信息卡现为“{card.state.label}”，不能变更，请退回该申请")
    _write_person(holder, person)
    holder.photo_id = portrait_id or holder.photo_id
    work.add(holder)
    card.name, card.duty = Sealed.of(person.name), duty_of(person.post)
    card.portrait_id = portrait_id or card.portrait_id
    # Not its `event_at`: who left before this change came through has left all the same.
    _keep_event(card)
    card.changed_at = work.now
    card.physical_made = False
    work.add(card)
    work.trail.tell("DATA.UPDATE", "practitioners.change", about=card)
    tell_card(work, card, CardEvent.CHANGED)
