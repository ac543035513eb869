"""信息卡查询: the association asks for the current state of a card by number or holder (row 47)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import select

from models.access import Role
from models.normal import normal
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.privacy import Shown
from services.engine.copied import copy_of
from services.engine.door import Gathering
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.association_ledger import newest_card_of, only_the_association
from services.practitioners.association_messages import AskCard, CardTold
from services.practitioners.card_files import card_picture
from services.practitioners.card_status import card_stands
from services.practitioners.records import card_number, firm_of
from services.privacy.accesses import note_access


@dataclass(frozen=True)
class Drawn:
    """The picture of a card, with the state it was drawn in."""

    card_id: UUID
    valid: bool
    picture: bytes


def _draw(gathering: Gathering, order: AskCard) -> Drawn | None:
    """Drawn before the transaction: a picture takes its time."""

    def drawn(work: Work) -> Drawn | None:
        only_the_association(work)
        if not order.picture or (card := _card(work, order)) is None:
            return None
        valid = card_stands(card, firm_of(work, card.enterprise_id)) is CardState.ACTIVE
        return Drawn(card.id, valid, card_picture(work, card))

    found: Drawn | None = gathering.look(drawn)
    return found


@query("practitioners.assoc_card", "信息卡查询", roles={Role.PARTNER}, gather=_draw, personal=True)
def ask_card(work: Work, order: AskCard, drawn: Drawn | None) -> CardTold:
    """Return the card of a number, or a person's newest card; any mismatch is `NotFound`."""
    only_the_association(work)
    card = _card(work, order)
    if card is None:
        raise NotFound
    firm = firm_of(work, card.enterprise_id)
    note_access(work, [card.id_no_index], "practitioners.assoc_card", Shown.FULL, purpose=order.purpose, about=card)
    state = card_stands(card, firm)
    valid = state is CardState.ACTIVE
    # A card that changed in this very moment is shown without the picture of what it was.
    fits = drawn is not None and (drawn.card_id, drawn.valid) == (card.id, valid)
    return copy_of(
        CardTold,
        card,
        valid=valid,
        state=state,
        name=card.name.plain,
        enterprise_name=firm.name,
        uscc=firm.uscc,
        record_no=firm.record_no,
        record_state=str(firm.record_state),
        picture=drawn.picture if drawn is not None and fits else b"",
        watermarked=not valid,
    )


def _card(work: Work, order: AskCard) -> InfoCard | None:
    by_holder = bool(order.name.strip() and order.id_no.strip())
    if bool(order.card_no) is by_holder or (order.card_no and (order.name or order.id_no)):
        raise Rejected("请按信息卡编号，或按姓名和证件号码两种方式之一查询")
    return _of_holder(work, order) if by_holder else _of_number(work, order.card_no)


def _of_number(work: Work, card_no: str) -> InfoCard | None:
    return work.session.exec(select(InfoCard).where(InfoCard.card_no == card_number(card_no))).first()


def _of_holder(work: Work, order: AskCard) -> InfoCard | None:
    card = newest_card_of(work, order.id_no)
    if card is None or normal("name", card.name.plain) != normal("name", order.name):
        return None
    return card
