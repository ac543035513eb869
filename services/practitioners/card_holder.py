"""The recorded holder of a card, whose data a change of the card begins with (row 39)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from models.practitioner_codes import ApplyKind, ApplyState
from models.practitioners import CardApply, InfoCard, Practitioner
from models.privacy import Shown
from services.access.visibility import ENTERPRISE
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.orders import PersonData
from services.practitioners.records import firm_id_of_caller, of_practitioner
from services.privacy.accesses import note_access


@dataclass(frozen=True)
class CardHolder:
    """The recorded holder of a firm's own card in clear; `open_apply` is a change already begun."""

    card_id: UUID
    card_no: str
    person: PersonData
    portrait_id: UUID | None
    open_apply: UUID | None


@query("practitioners.card_holder", "填写信息卡变更", roles=ENTERPRISE, personal=True)
def card_holder(work: Work, card_id: UUID) -> CardHolder:
    """Return whose data a change of the card begins with."""
    firm_id = firm_id_of_caller(work)
    card = work.get(InfoCard, card_id)
    if card.enterprise_id != firm_id:
        raise NotFound
    holder = None
    if card.practitioner_id is not None:
        holder = work.session.exec(work.visible(Practitioner).where(Practitioner.id == card.practitioner_id)).first()
    if holder is None:
        raise Conflict("该信息卡由其他来源登记，不能在此变更，请注销后新办")
    note_access(work, [holder.id_no_index], "practitioners.card_holder", Shown.FULL, about=card)
    begun = work.session.exec(
        work.visible(CardApply)
        .where(
            CardApply.card_id == card.id,
            CardApply.kind == ApplyKind.CHANGE,
            col(CardApply.state).in_((ApplyState.DRAFT, ApplyState.RETURNED)),
        )
        .limit(1)
    ).first()
    return CardHolder(card.id, card.card_no, of_practitioner(holder), card.portrait_id, begun.id if begun else None)
