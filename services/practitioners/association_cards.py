"""Applications and cards made from the association's records, without an applicant or an inspection (row 45)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from models.enterprise import Enterprise
from models.practitioner_codes import APPLY, ApplyChannel, ApplyKind, ApplyState, CardOrigin
from models.practitioners import CardApply, InfoCard
from models.sealed import Sealed
from services.engine.findings import Finding
from services.engine.steps import take_step
from services.engine.work import Work
from services.practitioners.association_ledger import ACTIVATION
from services.practitioners.cards import activate_card, make_card, store_person
from services.practitioners.identity_checks import keep_findings
from services.practitioners.orders import ApplyFor
from services.practitioners.records import (
    add_opinion,
    firm_of,
    number_apply,
    person_json,
    person_of,
    place_with_firm,
    placed_with,
    tell_firm,
)
from services.practitioners.thresholds import LAPSE_DAYS


def new_application(work: Work, firm: Enterprise, order: ApplyFor, found: Sequence[Finding]) -> CardApply:
    """Make an application as if the firm had filed it; police and blacklist are asked at once or by the nightly job."""
    apply = CardApply(
        apply_no="",
        kind=ApplyKind.NEW,
        channel=ApplyChannel.ASSOC,
        id_no=Sealed.of(order.person.id_no),
        name=Sealed.of(order.person.name),
        after=Sealed.of_json(person_json(order.person)),
        portrait_id=order.portrait_id,
        submitted_at=work.now,
        check_again_at=work.now,
        state=ApplyState.SUBMITTED,
        **placed_with(firm),
    )
    number_apply(work, apply)
    keep_findings(apply, found)
    work.add(apply)
    work.trail.tell("DATA.CREATE", "practitioners.assoc_apply", about=apply)
    return apply


def pass_at_once(work: Work, apply: CardApply, event_at: datetime) -> InfoCard:
    """The association has seen the person: the card is drawn up without an inspection, for the firm to activate."""
    firm = firm_of(work, apply.enterprise_id)
    place_with_firm(apply, firm)
    take_step(work, apply, APPLY, "pass", reason="协会已登记")
    apply.decided_at = work.now
    add_opinion(work, apply, "诚信平台已登记，免予验看")
    apply.taken_by = apply.taken_at = None
    holder = store_person(work, firm, person_of(apply.after.json() if apply.after else {}), apply.portrait_id)
    card = make_card(
        work, firm, holder, apply.portrait_id, origin=CardOrigin.ASSOC, from_outside=True, event_at=event_at
    )
    apply.practitioner_id, apply.card_id = holder.id, card.id
    work.add(apply)
    days = work.thresholds.integer(LAPSE_DAYS)
    words = f"行业协会已登记{apply.name.masked()}为贵企业从业人员，信息卡已生成，请在{days}日内激活。"
    if not work.thresholds.flag(ACTIVATION):
        activate_card(work, card, from_outside=True, event_at=event_at)
        words = f"行业协会已登记{apply.name.masked()}为贵企业从业人员，信息卡已生效。"
    tell_firm(work, firm.id, "诚信平台新办信息卡", words, apply)
    return card


def card_of_application(work: Work, apply: CardApply, event_at: datetime) -> InfoCard:
    """The card an inspector has drawn up out of such an application: the association's, and of its time."""
    card: InfoCard = work.session.exec(select(InfoCard).where(InfoCard.id == apply.card_id)).one()
    card.origin, card.event_at = CardOrigin.ASSOC, event_at
    work.add(card)
    return card
