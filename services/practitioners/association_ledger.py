"""The ledger of events between the association and us: each known by its number, and what else it is to be seen with (row 46)."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.association import CARD_EVENT, AssociationEvent, CardEventKind, EventOrigin, EventState, EventWay
from models.dialect import locked
from models.enterprise import Enterprise
from models.partners import Partner, PartnerKind, PartnerState
from models.practitioner_codes import LIVE, CardState, TaskKind
from models.practitioners import InfoCard
from models.sealed import Sealed, indexes_of
from models.sealing import Sealer
from services.engine.findings import Finding, Severity
from services.engine.refusals import NotAllowed
from services.engine.steps import take_step
from services.engine.work import Work
from services.practitioners.association_messages import Digested, Reason, reasons_of
from services.practitioners.public_entries import card_stands
from services.practitioners.records import placed_with
from services.practitioners.tasks import raise_task

#: Clocks differ; an event of a later time than this has not happened yet.
_AHEAD = timedelta(minutes=10)
#: A message that was not believed says nothing about the order of events.
_WITHOUT_EFFECT = (EventState.CONFLICT, EventState.REFUSED, EventState.OLDER)


def only_the_association(work: Work) -> None:
    """Refuse every partner except the association, whatever its scope."""
    kind = select(Partner.kind).where(Partner.app_id == work.caller.name, Partner.state == PartnerState.ACTIVE)
    if work.session.exec(kind).first() is not PartnerKind.ASSOCIATION:
        raise NotAllowed("此接口只供经纪行业协会使用")


def heard(work: Work, event_no: str, way: EventWay = EventWay.IN) -> AssociationEvent | None:
    """An event between the caller and us by its number."""
    return work.first(
        AssociationEvent,
        AssociationEvent.app_id == work.caller.name,
        AssociationEvent.way == way,
        AssociationEvent.event_no == event_no,
    )


def received(work: Work, sent: Digested, firm: Enterprise | None, **values: Any) -> AssociationEvent:
    """Store an event as the caller has sent it, with the district of the firm it names."""
    return work.add(
        AssociationEvent(
            app_id=work.caller.name,
            way=EventWay.IN,
            received_at=work.now,
            fingerprint=sent.fingerprint(work.sealer),
            state=EventState.RECEIVED,
            **placed_with(firm),
            **values,
        )
    )


def is_the_same(sealer: Sealer, event: AssociationEvent, sent: Digested) -> bool:
    """Return whether a stored event has the content now sent; its fingerprint is under the index key of its day."""
    if event.fingerprint == sent.fingerprint(sealer):
        return True
    kept = event.content.json() if event.content is not None else {}
    return bool(kept.get("sent") == sent.plain_digest)


def untimely(work: Work, event_at: datetime) -> Finding | None:
    """Return a finding for an event dated in the future, which would precede all later events for ever."""
    if event_at <= max(work.now, work.at) + _AHEAD:
        return None
    return Finding("FORM", "事件时间晚于当前时间，请核对时钟后重新报送", "event_at", Severity.CORRECT)


def foreign_source(
    work: Work, origin: EventOrigin, source_event_no: str, *kinds: CardEventKind
) -> AssociationEvent | Finding | None:
    """The event of ours that something handed back names, what is wrong with the name, or None for their own event."""
    if origin is EventOrigin.ASSOCIATION:
        return None
    source = heard(work, source_event_no, EventWay.OUT)
    if source is not None and source.kind in kinds:
        return source
    return Finding("K11", "来源事件编号不是本系统发出的此类事件，请核对", "source_event_no", Severity.REFUSE)


def firm_of(work: Work, uscc: str) -> Enterprise | None:
    return work.first(Enterprise, Enterprise.uscc == uscc)


def held_live_card(work: Work, id_no: str) -> InfoCard | None:
    """Lock and return the live card of a person in the whole city."""
    rows = select(InfoCard).where(
        col(InfoCard.id_no_index).in_(indexes_of(work.sealer, "id_no", id_no)), col(InfoCard.state).in_(LIVE)
    )
    card: InfoCard | None = work.session.exec(locked(work.session, rows)).first()
    return card


def newest_card_of(work: Work, id_no: str, *where: Any) -> InfoCard | None:
    """Of a person's cards the live one, else the one made last."""
    return work.first(
        InfoCard,
        col(InfoCard.id_no_index).in_(indexes_of(work.sealer, "id_no", id_no)),
        *where,
        by=(sa.func.coalesce(col(InfoCard.live), 0).desc(), col(InfoCard.id).desc()),
    )


def stands_since(card: InfoCard) -> datetime:
    """Return when the card's present content took effect, by our events and the association's, in whole seconds."""
    made: datetime = card.created_at
    return (card.event_at or card.changed_at or made).replace(microsecond=0)


def told_state(work: Work, card: InfoCard | None) -> CardState | None:
    """Return the state of a card as reported to the association, computed with its firm's present state."""
    firm = work.session.get(Enterprise, card.enterprise_id) if card is not None else None
    return card_stands(card, firm) if card is not None and firm is not None else None


def told_before(
    work: Work, kind: CardEventKind, id_no: str, uscc: str, event_at: datetime, way: EventWay = EventWay.IN
) -> bool:
    """Return whether such an event of this person and firm, no earlier than this time, has passed between us."""
    found = select(AssociationEvent.id).where(
        AssociationEvent.way == way,
        AssociationEvent.kind == kind,
        AssociationEvent.uscc == uscc,
        AssociationEvent.event_at >= event_at,
        col(AssociationEvent.state).not_in(_WITHOUT_EFFECT),
        col(AssociationEvent.id_no_index).in_(indexes_of(work.sealer, "id_no", id_no)),
    )
    return work.session.exec(found.limit(1)).first() is not None


def settle(work: Work, event: AssociationEvent, state: EventState, findings: Sequence[Finding] | None = None) -> None:
    """Take an event to a state where it is not yet; with `findings` they are its reasons from now on."""
    if findings is not None:
        event.reasons = Sealed.of_json([[*astuple(one)] for one in reasons_of(findings)])
        work.add(event)
    if event.state is not state:
        take_step(work, event, CARD_EVENT, next(step for step in CARD_EVENT.steps if _leads(step, event, state)))


def _leads(step: str, event: AssociationEvent, state: EventState) -> bool:
    return CARD_EVENT.after(step, event.state) is state


def kept_reasons(event: AssociationEvent) -> tuple[Reason, ...]:
    return tuple(Reason(*one) for one in event.reasons.json()) if event.reasons is not None else ()


def raise_conflict(
    work: Work, event: AssociationEvent, words: str, *, card: InfoCard | None, firm: Enterprise | None = None
) -> None:
    """Put before the district what the association and we have differently: that of the card, without one the firm's."""
    detail = {"words": words, "event_id": str(event.id), "event_no": event.event_no}
    raise_task(work, TaskKind.ASSOC_CONFLICT, card=card, firm=firm if card is None else None, detail=detail)
